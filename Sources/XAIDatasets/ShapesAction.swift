import XAITensor

/// A feature that is set, whatever would have caused it (a hard intervention; Pearl 2009).
public enum ShapesAction: Sendable, Equatable {
  /// The radius in pixels; the center keeps its share of the room that is left.
  case scale(Double)
  /// The center across, in pixels.
  case x(Double)
  /// The center down, in pixels.
  case y(Double)
  /// In full turns.
  case turn(Double)
  /// A factor.
  case stretch(Double)
  /// Whether it is seen in a mirror.
  case mirrored(Bool)
  /// Another scene's ground.
  case ground(ShapesSource)
  /// Another scene's clutter.
  case clutter(ShapesSource)
  /// The most pieces of clutter that stay.
  case pieces(Int)
  /// How often the background is softened.
  case focus(Int)
  /// The two colors, red, green, blue from 0 to 1.
  case colors([[Float]])
  /// The pattern; its period keeps its share of the pattern's range.
  case pattern(ShapesPattern)
  /// The pattern's period in pixels.
  case period(Double)
  /// The amount of shade across the object.
  case shade(Double)
  /// The slope of light over the picture.
  case slope(Double)
  /// How much darker corners are.
  case vignette(Double)
  /// What all light is multiplied by.
  case exposure(Double)
  /// What each channel is multiplied by.
  case tint([Double])
  /// What one channel is multiplied by: 0 red, 1 green, 2 blue.
  case tintOf(channel: Int, Double)
  /// The amplitude of the sensor's noise.
  case grain(Double)

  /// Parents are set before what depends on them.
  fileprivate var rank: Int {
    switch self {
    case .scale, .pattern: 0
    default: 1
    }
  }
}

extension ShapesLatents {
  /// The scene with features set, all other draws unchanged.
  ///
  /// What depends on them follows by its mechanism: another ground may make another color the first one that
  /// differs enough.
  /// - Parameter actions: What is set; a change twice is a change once, and no change is the scene itself.
  /// - Returns: The changed scene.
  /// - Throws: `DatasetFailure` where a value is outside of what scenes draw.
  public func applying(_ actions: [ShapesAction]) throws(DatasetFailure) -> ShapesLatents {
    var changed = self
    for action in actions.filter({ $0.rank == 0 }) + actions.filter({ $0.rank > 0 }) {
      try changed.apply(action)
    }
    return changed
  }

  /// The scene with its colors held, whatever comes to lie behind them.
  public var holdingColors: ShapesLatents {
    var held = self
    held.looks.colors = ShapesModel.picture(of: self).truth.colors.map {
      SIMD4($0[0], $0[1], $0[2], 0)
    }
    return held
  }

  private mutating func apply(_ action: ShapesAction) throws(DatasetFailure) {
    func checked(
      _ value: Double, _ range: Range<Double>, _ name: String
    ) throws(DatasetFailure) -> Double {
      guard range.contains(value) || value == range.upperBound else {
        throw DatasetFailure(
          .usage, "\(name) is \(value), expected \(range.lowerBound) to \(range.upperBound)")
      }
      return value
    }
    let room = { ShapesGeometry.room($0, within: Double(ShapesScene.side)) }
    switch action {
    case .scale(let value):
      geometry.scale = try checked(value, ShapesGeometry.scales, "scale")
    case .x(let value):
      let room = room(geometry.scale)
      geometry.place.x = room.share(of: try checked(value, room, "x"))
    case .y(let value):
      let room = room(geometry.scale)
      geometry.place.y = room.share(of: try checked(value, room, "y"))
    case .turn(let value):
      geometry.turn = try checked(value, ShapesGeometry.turns, "turn")
    case .stretch(let value):
      geometry.stretch = try checked(value, ShapesGeometry.stretches, "stretch")
    case .mirrored(let value): geometry.isMirrored = value
    case .ground(let source): ground = source
    case .clutter(let source): clutter = source
    case .pieces(let count): pieces = Int(try checked(Double(count), 0..<5, "pieces of clutter"))
    case .focus(let count): focus = Int(try checked(Double(count), 0..<2, "focus"))
    case .colors(let colors):
      guard colors.count == 2, colors.allSatisfy({ $0.count == 3 }),
        colors.joined().allSatisfy({ 0...1 ~= $0 })
      else {
        throw DatasetFailure(
          .usage, "color is \(colors), expected two of three numbers from 0 to 1")
      }
      looks.colors = colors.map { SIMD4($0[0], $0[1], $0[2], 0) }
    case .pattern(let pattern): looks.texture.pattern = pattern
    case .period(let value):
      let range = looks.texture.pattern.periods
      looks.texture.period = range.share(of: try checked(value, range, "period"))
    case .shade(let value): looks.shade = try checked(value, ShapesLooks.shades, "shade")
    case .slope(let value): lighting.slope = try checked(value, ShapesLighting.slopes, "light")
    case .vignette(let value):
      lighting.vignette = try checked(value, ShapesLighting.vignettes, "vignette")
    case .exposure(let value):
      lighting.exposure = try checked(value, ShapesLighting.exposures, "exposure")
    case .tint(let values):
      guard values.count == 3 else {
        throw DatasetFailure(.usage, "tint is \(values), expected three numbers")
      }
      for value in values { _ = try checked(value, ShapesLighting.tints, "tint") }
      lighting.tint = values
    case .tintOf(let channel, let value):
      guard lighting.tint.indices.contains(channel) else {
        throw DatasetFailure(.usage, "there is no channel \(channel); expected 0 to 2")
      }
      lighting.tint[channel] = try checked(value, ShapesLighting.tints, "tint")
    case .grain(let value): grain = try checked(value, ShapesLatents.grains, "grain")
    }
  }
}
