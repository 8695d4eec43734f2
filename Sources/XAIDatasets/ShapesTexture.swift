import XAITensor

/// A colour: red, green, blue from 0 to 1; the fourth lane is unused.
typealias ShapesColour = SIMD4<Float>

/// A two-coloured pattern that fills an object or a piece of clutter.
struct ShapesTexture {
  let pattern: ShapesPattern
  let light: ShapesColour
  let dark: ShapesColour
  private let axis: SIMD2<Float>
  private let frequency: Float
  private let phase: SIMD2<Float>
  private let salt: UInt64

  /// Makes what was drawn.
  /// - Parameters:
  ///   - colours: The two colours.
  ///   - draws: The pattern and its place.
  init(_ colours: (ShapesColour, ShapesColour), _ draws: ShapesTextureDraws) {
    pattern = draws.pattern
    (light, dark) = colours
    axis = direction(draws.axis)
    frequency = Float(1 / draws.pattern.periods.at(draws.period))
    // Far enough from zero that places in the pattern's frame are positive all over the image.
    phase = (SIMD2<Float>(draws.phase) + 1) * 64
    salt = draws.salt
  }

  /// The colour at a pixel.
  func colour(_ x: Int, _ y: Int) -> ShapesColour {
    let (dx, dy) = (Float(x), Float(y))
    let u = (dx * axis.x + dy * axis.y) * frequency + phase.x
    let v = (dy * axis.x - dx * axis.y) * frequency + phase.y
    return dark + (light - dark) * amount(u, v)
  }

  /// How light the pattern is at a place in its own frame, from 0 to 1.
  private func amount(_ u: Float, _ v: Float) -> Float {
    switch pattern {
    case .gradient: return wave(u)
    case .stripes: return edge(wave(u) - 0.5)
    case .checks: return edge((wave(u) - 0.5) * (wave(v) - 0.5) * 4)
    case .dots:
      let (a, b) = (wave(u) - 0.5, wave(v) - 0.5)
      return edge(0.3 - (a * a + b * b) * 2)
    case .mottle: return mottle(u, v)
    }
  }

  /// A triangle wave of period 1 between 0 and 1.
  private func wave(_ u: Float) -> Float {
    let way = u - Float(Int32(u))
    return way < 0.5 ? 2 * way : 2 - 2 * way
  }

  /// A soft step about 0.
  private func edge(_ value: Float) -> Float { min(max(value * 4 + 0.5, 0), 1) }

  private func mottle(_ u: Float, _ v: Float) -> Float {
    let (i, j) = (Int(u), Int(v))
    let (a, b) = (u - Float(i), v - Float(j))
    let (s, t) = (a * a * (3 - 2 * a), b * b * (3 - 2 * b))
    let upper = knot(i, j) + (knot(i + 1, j) - knot(i, j)) * s
    let lower = knot(i, j + 1) + (knot(i + 1, j + 1) - knot(i, j + 1)) * s
    return upper + (lower - upper) * t
  }

  private func knot(_ i: Int, _ j: Int) -> Float {
    let place = UInt64(bitPattern: Int64(i)) &* 0x9E37_79B9 &+ UInt64(bitPattern: Int64(j))
    return Float(RandomStream.mix(salt &+ place) >> 40) * 0x1p-24
  }
}

extension ShapesColour {
  /// Draws a colour as photos have them: any brightness, mostly muted.
  static func natural(_ stream: inout RandomStream) -> ShapesColour {
    let brightness = Float(stream.uniform(in: 0.08..<0.92))
    let saturation = Float(stream.uniform() * stream.uniform() * 0.55)
    var tint = ShapesColour()
    for channel in 0..<3 { tint[channel] = Float(stream.uniform(in: -1..<1)) }
    return ((tint * saturation + brightness) * 255).clampedToBytes * (1 / 255)
  }

  /// The colour with every channel from 0 to 255.
  var clampedToBytes: ShapesColour {
    let bright = replacing(with: ShapesColour(repeating: 255), where: self .> 255)
    return bright.replacing(
      with: ShapesColour(repeating: 0), where: bright .< ShapesColour(repeating: 0))
  }

  /// How far two colours are from each other, at most 1 in each channel.
  func distance(to other: ShapesColour) -> Float {
    let difference = self - other
    return (difference * difference * ShapesColour(1, 1, 1, 0)).sum().squareRoot()
  }
}
