public import XAIImages
import XAITensor

/// A property of scenes that is a concept, written `pattern=stripes`.
///
/// `kind`, `pattern`, `hue` (the apparent color's name), `size` (thirds of the radius), `place` (thirds of the room
/// across or down) and `light` (thirds of the exposure).
public enum ShapesFactor: Sendable, Equatable {
  /// A class of forms.
  case kind(Int)
  /// A pattern.
  case pattern(ShapesPattern)
  /// The name of the object's apparent color; neither black, white nor gray.
  case hue(ColorName)
  /// 0 small, 1 medium, 2 large.
  case size(Int)
  /// A third across, 0 left, 1 center, 2 right.
  case column(Int)
  /// A third down, 0 top, 1 middle, 2 bottom.
  case row(Int)
  /// 0 dark, 1 normal, 2 bright.
  case light(Int)

  private static let sizes = ["small", "medium", "large"]
  private static let columns = ["left", "center", "right"]
  private static let rows = ["top", "middle", "bottom"]
  private static let lights = ["dark", "normal", "bright"]
  private static let hues = ColorName.allCases.filter { ![.black, .white, .gray].contains($0) }

  /// Reads `FACTOR=VALUE`.
  /// - Parameter text: Such as `size=large`.
  /// - Throws: `DatasetFailure`, which lists what there is.
  public init(_ text: String) throws(DatasetFailure) {
    let words = text.split(separator: "=", maxSplits: 1).map(String.init)
    let (name, value) = (words.first ?? "", words.count > 1 ? words[1] : "")
    let known: [(String, [String], (Int) -> ShapesFactor)] = [
      ("kind", ShapesKind.allCases.map { "\($0)" }, { .kind($0) }),
      ("pattern", ShapesPattern.allCases.map(\.rawValue), { .pattern(ShapesPattern.allCases[$0]) }),
      ("hue", Self.hues.map(\.rawValue), { .hue(Self.hues[$0]) }),
      ("size", Self.sizes, { .size($0) }),
      ("place", Self.columns + Self.rows, { $0 < 3 ? .column($0) : .row($0 - 3) }),
      ("light", Self.lights, { .light($0) }),
    ]
    guard let (_, values, make) = known.first(where: { $0.0 == name }) else {
      throw DatasetFailure(
        .usage,
        "there is no factor \(quoted(name)) of shapes; expected "
          + known.map(\.0).joined(separator: ", "))
    }
    guard let index = values.firstIndex(of: value) else {
      throw DatasetFailure(
        .usage,
        "there is no \(name) \(quoted(value)) of shapes; expected "
          + values.joined(separator: ", "))
    }
    self = make(index)
  }

  static func third(_ share: Double, _ names: [String]) -> String {
    names[min(max(Int(share * 3), 0), 2)]
  }

  /// The values of this factor.
  var count: Int {
    switch self {
    case .kind: ShapesKind.allCases.count
    case .pattern: ShapesPattern.allCases.count
    case .hue: Self.hues.count
    case .size, .column, .row, .light: 3
    }
  }

  /// The index of the value.
  private var index: Int {
    switch self {
    case .kind(let index), .size(let index), .column(let index), .row(let index), .light(let index):
      index
    case .pattern(let pattern): ShapesPattern.allCases.firstIndex(of: pattern) ?? 0
    case .hue(let hue): Self.hues.firstIndex(of: hue) ?? 0
    }
  }

  /// The same factor with another value, so many further on.
  func moved(by steps: Int) -> ShapesFactor {
    let next = (index + steps) % count
    switch self {
    case .kind: return .kind(next)
    case .pattern: return .pattern(ShapesPattern.allCases[next])
    case .hue: return .hue(Self.hues[next])
    case .size: return .size(next)
    case .column: return .column(next)
    case .row: return .row(next)
    case .light: return .light(next)
    }
  }

  /// Whether a scene has it.
  /// - Parameter truth: What is true of the scene.
  /// - Returns: Whether it has.
  public func holds(for truth: ShapesTruth) -> Bool {
    let room = ShapesGeometry.room(truth.radius, within: Double(ShapesScene.side))
    func isIn(_ third: Int, _ value: Double) -> Bool {
      min(max(Int(room.share(of: value) * 3), 0), 2) == third
    }
    switch self {
    case .kind(let index): return truth.kind == "\(ShapesKind.allCases[index])"
    case .pattern(let pattern): return truth.pattern == pattern
    case .hue(let hue): return truth.hue == hue
    case .size(let third): return truth.size == Self.sizes[third]
    case .column(let third): return isIn(third, truth.center[0])
    case .row(let third): return isIn(third, truth.center[1])
    case .light(let third): return truth.light == Self.lights[third]
    }
  }

  /// A scene with this factor, all other draws unchanged.
  ///
  /// A third takes the share of its own draw within the third. Of a hue the two colors get it, each with its own
  /// brightness.
  /// - Parameter latents: The scene.
  /// - Returns: The changed scene.
  public func set(in latents: ShapesLatents) -> ShapesLatents {
    var changed = latents
    func third(_ number: Int, _ share: Double) -> Double {
      (Double(number) + min(max(share, 0), 1 - 1e-9)) / 3
    }
    switch self {
    case .kind(let index): changed.geometry.kind = index
    case .pattern(let pattern): changed.looks.texture.pattern = pattern
    case .size(let number):
      let range = ShapesGeometry.scales
      changed.geometry.scale = range.at(third(number, range.share(of: latents.geometry.scale)))
    case .column(let number):
      changed.geometry.place.x = third(number, latents.geometry.place.x)
    case .row(let number): changed.geometry.place.y = third(number, latents.geometry.place.y)
    case .light(let number):
      let range = ShapesLighting.exposures
      changed.lighting.exposure = range.at(
        third(number, range.share(of: latents.lighting.exposure)))
    case .hue(let hue):
      changed.looks.colors = ShapesModel.picture(of: latents).truth.colors.map {
        hue.painted(brightness: $0.max() ?? 0.5)
      }
    }
    return changed
  }
}

extension ColorName {
  /// A strong color of this name.
  fileprivate func painted(brightness: Float) -> ShapesColour {
    let value = self == .brown ? 0.35 + 0.2 * brightness : 0.65 + 0.3 * brightness
    let degrees: Float =
      switch self {
      case .orange, .brown: 30
      case .yellow: 57
      case .green: 120
      case .cyan: 185
      case .blue: 230
      case .purple: 280
      case .pink: 322
      default: 0
      }
    let saturation: Float = 0.75
    func channel(_ offset: Float) -> Float {
      let place = (offset + degrees / 60).truncatingRemainder(dividingBy: 6)
      return value * (1 - saturation * max(0, min(place, 4 - place, 1)))
    }
    return ShapesColour(channel(5), channel(3), channel(1), 0)
  }
}

/// Scenes of a concept, drawn on demand from streams of their own.
public struct ShapesConceptScenes: Sendable {
  /// What the scenes have in common.
  public let factor: ShapesFactor
  private let seed: UInt64

  /// Names scenes.
  /// - Parameters:
  ///   - factor: What they have in common.
  ///   - seed: The data set's seed.
  public init(_ factor: ShapesFactor, seed: UInt64 = 0) {
    (self.factor, self.seed) = (factor, seed)
  }

  /// A scene with the factor, and the same scene with another value of it: they differ in nothing else.
  public struct Pair: Sendable, Equatable {
    /// With the factor's value.
    public let concept: ShapesPicture
    /// With another value.
    public let counterpart: ShapesPicture
  }

  /// The scene of a number.
  ///
  /// Where what is apparent is not what was set, such as a hue under a tint, the next draw is taken.
  /// - Parameter index: Any number that is not negative.
  /// - Returns: The picture.
  public func picture(at index: Int) -> ShapesPicture { pair(at: index).concept }

  /// The pair of a number.
  /// - Parameter index: Any number that is not negative.
  /// - Returns: Both pictures.
  public func pair(at index: Int) -> Pair {
    var last: Pair?
    for attempt in 0..<Self.mostAttempts {
      let source = ShapesSource(seed: seed, list: "concepts", index: index + attempt << 32)
      var stream = source.stream("factors")
      let kind = stream.integer(below: ShapesKind.allCases.count)
      let other = factor.moved(by: 1 + stream.integer(below: factor.count - 1))
      let latents = ShapesModel.latents(of: kind, from: source)
      let pair = Pair(
        concept: ShapesModel.picture(of: factor.set(in: latents)),
        counterpart: ShapesModel.picture(of: other.set(in: latents)))
      if factor.holds(for: pair.concept.truth), !factor.holds(for: pair.counterpart.truth) {
        return pair
      }
      last = pair
    }
    // Beyond any chance: a factor that cannot be seen would have failed its tests.
    return last ?? pair(at: index + 1)
  }

  private static let mostAttempts = 64
}

/// Random scenes, drawn on demand from streams of their own.
public struct ShapesRandomScenes: Sendable {
  private let seed: UInt64

  /// Names scenes.
  /// - Parameter seed: The data set's seed.
  public init(seed: UInt64 = 0) { self.seed = seed }

  /// The scene of a number.
  /// - Parameter index: Any number that is not negative.
  /// - Returns: The picture, of a class drawn for it.
  public func picture(at index: Int) -> ShapesPicture {
    let (kind, source) = origin(of: index)
    return ShapesModel.picture(of: ShapesModel.latents(of: kind.rawValue, from: source))
  }

  /// The name of the class of a scene, without the cost of painting it.
  /// - Parameter index: Any number that is not negative.
  /// - Returns: The name.
  public func kind(at index: Int) -> String { "\(origin(of: index).kind)" }

  private func origin(of index: Int) -> (kind: ShapesKind, source: ShapesSource) {
    let source = ShapesSource(seed: seed, list: "random", index: index)
    var stream = source.stream("factors")
    return (ShapesKind.allCases[stream.integer(below: ShapesKind.allCases.count)], source)
  }
}
