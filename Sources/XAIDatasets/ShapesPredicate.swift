import XAITensor

/// A statement about one feature that a scene satisfies: its value where that is one of several words, else the quarter
/// of its distribution that its number lies in.
///
/// All draws of a scene are independent, so that the probability of several predicates is the product of theirs.
public struct ShapesPredicate: Sendable, Equatable {
  /// What it is about.
  public let feature: ShapesFeature
  /// The position of the word, or the quarter from 0.
  public let part: Int
  /// How many words or quarters there are, each as likely.
  public let parts: Int
  private let words: String

  private static let quarters = 4
  private static let numerals = ["first", "second", "third", "fourth"]

  /// Describes a scene; nil where the feature follows from others, or is another scene's as a whole, which no scene has
  /// by chance.
  /// - Parameters:
  ///   - feature: The feature.
  ///   - latents: The scene.
  public init?(_ feature: ShapesFeature, of latents: ShapesLatents) {
    self.feature = feature
    switch feature.domain(in: latents) {
    case .words(let all):
      guard let word = latents.word(of: feature), all.indices.contains(word) else { return nil }
      (part, parts) = (word, all.count)
      words = "\(feature.rawValue) = \(all[word])"
    case .numbers(let range):
      (part, parts) = (Self.quarter(latents.share(of: feature) ?? 0), Self.quarters)
      if feature.parents.isEmpty {
        let ends = [part, part + 1].map { Self.text(range.at(Double($0) / Double(Self.quarters))) }
        words = "\(feature.rawValue) in [\(ends[0]), \(ends[1]))"
      } else {
        let parent = feature == .period ? "pattern" : "size"
        words =
          "\(feature.rawValue) in the \(Self.numerals[part]) quarter of what its \(parent) leaves"
      }
    case .scenes, .measured: return nil
    }
  }

  /// All predicates of a scene, in the order of features.
  /// - Parameter latents: The scene.
  /// - Returns: The predicates.
  public static func all(of latents: ShapesLatents) -> [ShapesPredicate] {
    ShapesFeature.allCases.compactMap { ShapesPredicate($0, of: latents) }
  }

  /// The share of scenes that satisfy it, exactly.
  public var probability: Double { 1 / Double(parts) }

  /// Such as `pattern = stripes` or `exposure in [0.95, 1.075)`.
  public var description: String { words }

  /// Whether a scene satisfies it.
  /// - Parameter latents: The scene.
  /// - Returns: Whether it does.
  public func holds(for latents: ShapesLatents) -> Bool {
    latents.word(of: feature).map { $0 == part }
      ?? latents.share(of: feature).map { Self.quarter($0) == part } ?? false
  }

  private static func quarter(_ share: Double) -> Int {
    min(max(Int(share * Double(quarters)), 0), quarters - 1)
  }

  private static func text(_ number: Double) -> String {
    fixedPoint(number, digits: abs(number) < 2 ? 4 : 2)
  }
}

extension ShapesLatents {
  /// A scene drawn among those that satisfy predicates: of a random scene those features take the word, or the share of
  /// their own draw within the quarter; what follows from them follows.
  /// - Parameters:
  ///   - predicates: What it satisfies, each about another feature.
  ///   - source: The streams of everything else.
  public init(satisfying predicates: [ShapesPredicate], from source: ShapesSource) {
    var stream = source.stream("factors")
    let drawn = stream.integer(below: ShapesKind.allCases.count)
    let kind = predicates.first { $0.feature == .kind }?.part ?? drawn
    self = ShapesModel.latents(of: kind, from: source)
    for predicate in predicates { impose(predicate) }
  }

  private mutating func impose(_ predicate: ShapesPredicate) {
    let feature = predicate.feature
    func within(_ range: Range<Double>) -> Double {
      let share = min(max(self.share(of: feature) ?? 0, 0), 1 - 1e-9)
      return range.at((Double(predicate.part) + share) / Double(predicate.parts))
    }
    let unit = 0.0..<1
    switch feature {
    case .pattern: looks.texture.pattern = ShapesPattern.allCases[predicate.part]
    case .mirrored: geometry.isMirrored = predicate.part == 1
    case .focus: focus = predicate.part
    case .variation: geometry.variation = within(ShapesGeometry.variations)
    case .scale: geometry.scale = within(ShapesGeometry.scales)
    case .x: geometry.place.x = within(unit)
    case .y: geometry.place.y = within(unit)
    case .turn: geometry.turn = within(ShapesGeometry.turns)
    case .stretch: geometry.stretch = within(ShapesGeometry.stretches)
    case .period: looks.texture.period = within(unit)
    case .shade: looks.shade = within(ShapesLooks.shades)
    case .light: lighting.slope = within(ShapesLighting.slopes)
    case .vignette: lighting.vignette = within(ShapesLighting.vignettes)
    case .exposure: lighting.exposure = within(ShapesLighting.exposures)
    case .tintRed: lighting.tint[0] = within(ShapesLighting.tints)
    case .tintGreen: lighting.tint[1] = within(ShapesLighting.tints)
    case .tintBlue: lighting.tint[2] = within(ShapesLighting.tints)
    case .grain: grain = within(Self.grains)
    case .kind, .ground, .clutter, .behind, .color, .apparentColor: break
    }
  }
}
