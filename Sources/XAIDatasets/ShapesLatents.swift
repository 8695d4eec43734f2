import XAITensor

/// Where a part of a scene was drawn: the streams of one image.
public struct ShapesSource: Sendable, Equatable, Codable {
  /// The data set's seed.
  public var seed: UInt64
  /// The list that the image belongs to, such as a split.
  public var list: String
  /// Its number in the list.
  public var index: Int

  /// Names streams.
  /// - Parameters:
  ///   - seed: The data set's seed.
  ///   - list: The list that the image belongs to.
  ///   - index: Its number in the list.
  public init(seed: UInt64, list: String, index: Int) {
    (self.seed, self.list, self.index) = (seed, list, index)
  }

  func stream(_ purpose: String) -> RandomStream {
    RandomStream(seed: seed, purpose: "shapes/\(purpose)/\(list)", index)
  }
}

/// Everything that a scene of one object drew, by name and in the order of its streams: its exogenous variables.
///
/// `ShapesModel` paints the same bytes of them as the data set shows; changed by `ShapesAction`, it paints what the
/// scene would have been, all other draws unchanged (Pearl 2009: abduction, action, prediction).
public struct ShapesLatents: Sendable, Equatable, Codable {
  /// The streams that sensor noise and further candidates of colors come from.
  public let source: ShapesSource
  /// The object's form and where it is.
  public internal(set) var geometry: ShapesGeometry
  /// Whose ground lies behind it.
  public internal(set) var ground: ShapesSource
  /// Whose clutter lies on the ground.
  public internal(set) var clutter: ShapesSource
  /// How many pieces of clutter.
  public internal(set) var pieces: Int
  /// How often the background is softened.
  public internal(set) var focus: Int
  /// What the object looks like.
  public internal(set) var looks: ShapesLooks
  /// How the scene is lit.
  public internal(set) var lighting: ShapesLighting
  /// The amplitude of the sensor's noise in units of a byte, 2 to 9.
  public internal(set) var grain: Double

  static let grains = 2.0..<9
}

/// The object's form and where it is.
public struct ShapesGeometry: Sendable, Equatable, Codable {
  /// The index of its class.
  public internal(set) var kind: Int
  /// Proportions of the form, -1 to 1.
  public internal(set) var variation: Double
  /// The radius in pixels.
  public internal(set) var scale: Double
  /// Where the center lies in the room that its size leaves, 0 to 1 across and down.
  public internal(set) var place: SIMD2<Double>
  /// In full turns.
  public internal(set) var turn: Double
  /// The x axis is stretched by this factor and the y axis shrunk by it.
  public internal(set) var stretch: Double
  /// Whether it is seen in a mirror.
  public internal(set) var isMirrored: Bool

  static let scales = 18.0..<27
  static let mostStretch = 1.08
  /// In full turns; objects in photos mostly stand upright too.
  static let mostTurn = 0.09
  static let turns = -mostTurn..<mostTurn
  static let stretches = 1 / mostStretch..<mostStretch
  static let variations = -1.0..<1

  init(of kind: ShapesKind, _ stream: inout RandomStream) {
    self.kind = kind.rawValue
    scale = stream.uniform(in: Self.scales)
    place = SIMD2(stream.uniform(), stream.uniform())
    turn = stream.uniform(in: Self.turns)
    stretch = stream.uniform(in: Self.stretches)
    variation = stream.uniform(in: Self.variations)
    isMirrored = stream.uniform() < 0.5
  }

  /// Where the center of an object may be so that it stays inside.
  static func room(_ radius: Double, within length: Double) -> Range<Double> {
    let reach = radius * mostStretch + 0.5
    return reach..<length - reach
  }

  /// The center in pixels; that of the first pixel is (0.5, 0.5).
  public var center: SIMD2<Double> {
    let room = Self.room(scale, within: Double(ShapesScene.side))
    return SIMD2(room.at(place.x), room.at(place.y))
  }

  var form: ShapesKind { ShapesKind(rawValue: kind) ?? .disk }

  var placement: ShapesPlacement {
    ShapesPlacement(
      outline: form.outline(variation: Float(variation)), centre: SIMD2<Float>(center),
      radius: Float(scale), axis: direction(turn), stretch: Float(stretch),
      isMirrored: isMirrored)
  }
}

/// What an object looks like.
public struct ShapesLooks: Sendable, Equatable, Codable {
  /// Colors that were drawn for the lighter part, in their order; the fourth number is unused.
  public internal(set) var firstCandidates: [SIMD4<Float>]
  /// Colors that were drawn for the darker part.
  public internal(set) var secondCandidates: [SIMD4<Float>]
  /// Two colors that were set, whatever lies behind the object; nil where candidates decide.
  public internal(set) var colors: [SIMD4<Float>]?
  /// The pattern and its place.
  public internal(set) var texture: ShapesTextureDraws
  /// The direction of the shade across the object, in turns.
  public internal(set) var shadeDirection: Double
  /// Its amount, 0 to 0.35.
  public internal(set) var shade: Double

  static let shades = 0.0..<0.35

  /// Draws looks against what lies behind the object.
  init(against behind: ShapesColour, _ stream: inout RandomStream) {
    var choice = ShapesColorChoice(behind: behind)
    while choice.wantsFirst { choice.offerFirst(.natural(&stream)) }
    while choice.wantsSecond { choice.offerSecond(.natural(&stream)) }
    (firstCandidates, secondCandidates) = (choice.firsts, choice.seconds)
    texture = ShapesTextureDraws(&stream)
    shadeDirection = stream.uniform()
    shade = stream.uniform(in: Self.shades)
  }

  /// The two colors against what lies behind the object: of the candidates the first ones that differ enough.
  ///
  /// Candidates go on in a stream of their own where those drawn do not suffice, so that no later draw moves.
  func colors(against behind: ShapesColour, _ source: ShapesSource) -> (ShapesColour, ShapesColour)
  {
    if let colors, colors.count == 2 { return (colors[0], colors[1]) }
    var choice = ShapesColorChoice(behind: behind)
    var more = source.stream("candidates")
    for candidate in firstCandidates where choice.wantsFirst { choice.offerFirst(candidate) }
    while choice.wantsFirst { choice.offerFirst(.natural(&more)) }
    for candidate in secondCandidates where choice.wantsSecond { choice.offerSecond(candidate) }
    while choice.wantsSecond { choice.offerSecond(.natural(&more)) }
    return choice.colors
  }
}

/// Chooses two colors that differ from what is behind an object, by any color in any direction.
struct ShapesColorChoice {
  let behind: ShapesColour
  private(set) var firsts: [ShapesColour] = []
  private(set) var seconds: [ShapesColour] = []
  private var second = ShapesColour()

  /// After so many refusals the last candidate stands.
  private static let mostRefusals = 12

  init(behind: ShapesColour) { self.behind = behind }

  var colors: (ShapesColour, ShapesColour) { (firsts.last ?? behind, second) }

  var wantsFirst: Bool {
    guard let last = firsts.last else { return true }
    return firsts.count <= Self.mostRefusals && last.distance(to: behind) < 0.45
  }

  mutating func offerFirst(_ candidate: ShapesColour) {
    firsts.append(candidate)
    second = candidate
  }

  var wantsSecond: Bool {
    guard let first = firsts.last else { return false }
    return seconds.count < Self.mostRefusals
      && (second.distance(to: first) < 0.1 || second.distance(to: behind) < 0.35)
  }

  mutating func offerSecond(_ candidate: ShapesColour) {
    guard let first = firsts.last else { return }
    seconds.append(candidate)
    second = first + (candidate - first) * 0.45
  }
}

/// How a scene is lit.
public struct ShapesLighting: Sendable, Equatable, Codable {
  /// The direction of the slope of light, in turns.
  public internal(set) var direction: Double
  /// Its amount, 0 to 0.5.
  public internal(set) var slope: Double
  /// How much darker corners are, 0 to 0.35.
  public internal(set) var vignette: Double
  /// What all light is multiplied by, 0.7 to 1.2.
  public internal(set) var exposure: Double
  /// What each channel is multiplied by besides, 0.9 to 1.1.
  public internal(set) var tint: [Double]

  static let slopes = 0.0..<0.5
  static let vignettes = 0.0..<0.35
  static let exposures = 0.7..<1.2
  static let tints = 0.9..<1.1

  init(_ stream: inout RandomStream) {
    direction = stream.uniform()
    slope = stream.uniform(in: Self.slopes)
    vignette = stream.uniform(in: Self.vignettes)
    exposure = stream.uniform(in: Self.exposures)
    tint = (0..<3).map { _ in stream.uniform(in: Self.tints) }
  }
}

extension Range<Double> {
  /// The value at a share of the way, as a stream draws it.
  func at(_ share: Double) -> Double { lowerBound + (upperBound - lowerBound) * share }

  /// The share of the way at which a value lies.
  func share(of value: Double) -> Double { (value - lowerBound) / (upperBound - lowerBound) }
}
