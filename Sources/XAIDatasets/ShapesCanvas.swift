import XAITensor

/// A square image while it is painted.
struct ShapesCanvas {
  let side: Int
  /// Row by row.
  var pixels: [ShapesColour]

  init(side: Int) {
    self.side = side
    pixels = [ShapesColour](repeating: .zero, count: side * side)
  }

  /// Paints a texture where something covers the canvas.
  /// - Parameters:
  ///   - coverage: What is covered.
  ///   - opacity: The weight of the new colour where coverage is full.
  ///   - colour: The colour at a column and row.
  mutating func paint(
    _ coverage: ShapesCoverage, opacity: Float = 1, _ colour: (Int, Int) -> ShapesColour
  ) {
    pixels.withUnsafeMutableBufferPointer { pixels in
      coverage.forEach { x, y, fraction in
        let old = pixels[y * side + x]
        pixels[y * side + x] = old + (colour(x, y) - old) * (fraction * opacity)
      }
    }
  }

  /// Paints an object.
  /// - Parameters:
  ///   - placement: Its outline and where it is.
  ///   - coverage: What it covers.
  ///   - colours: Its two colours.
  ///   - looks: Pattern and shade.
  mutating func paint(
    _ placement: ShapesPlacement, _ coverage: ShapesCoverage,
    _ colours: (ShapesColour, ShapesColour), _ looks: ShapesLooks
  ) {
    let texture = ShapesTexture(colours, looks.texture)
    let shade = direction(looks.shadeDirection) * Float(looks.shade)
    let slope = shade / placement.radius
    let centre = placement.centre
    paint(coverage) { x, y in
      let light = 1 + (Float(x) - centre.x) * slope.x + (Float(y) - centre.y) * slope.y
      return texture.colour(x, y) * light
    }
  }

  /// The mean colour under a coverage.
  func mean(under coverage: ShapesCoverage) -> ShapesColour {
    var (sum, weight) = (ShapesColour.zero, Float(1e-6))
    coverage.forEach { x, y, fraction in
      sum += pixels[y * side + x] * fraction
      weight += fraction
    }
    return sum / weight
  }

  /// Averages each pixel with its four neighbours, as a lens out of focus does.
  mutating func soften() {
    let old = pixels
    for y in 0..<side {
      let (above, below) = (max(y - 1, 0) * side, min(y + 1, side - 1) * side)
      for x in 0..<side {
        let beside = old[y * side + max(x - 1, 0)] + old[y * side + min(x + 1, side - 1)]
        let sum = beside + old[above + x] + old[below + x] + old[y * side + x]
        pixels[y * side + x] = sum * 0.2
      }
    }
  }

  /// Lights the scene from one side, dims it towards the corners and tints it.
  mutating func light(_ lighting: ShapesLighting) {
    let towards = direction(lighting.direction) * Float(lighting.slope)
    let vignette = Float(lighting.vignette)
    var tint = ShapesColour(repeating: Float(lighting.exposure))
    for channel in 0..<3 { tint[channel] *= Float(lighting.tint[channel]) }
    let scale = 2 / Float(side)
    for y in 0..<side {
      let v = (Float(y) + 0.5) * scale - 1
      for x in 0..<side {
        let u = (Float(x) + 0.5) * scale - 1
        let light = 1 + u * towards.x + v * towards.y - vignette * 0.5 * (u * u + v * v)
        pixels[y * side + x] *= tint * light
      }
    }
  }

  /// Adds the noise of a sensor and rounds to bytes.
  /// - Parameters:
  ///   - bytes: Receives red, green, blue of each pixel, row by row.
  ///   - grain: The amplitude of the noise in units of a byte.
  ///   - stream: Where the noise comes from.
  func develop(
    into bytes: UnsafeMutableBufferPointer<UInt8>, grain: Double, _ stream: inout RandomStream
  ) {
    let amplitude = Float(grain / 255)
    let scale = amplitude * (255 / 512)
    for index in pixels.indices {
      let bits = stream.next()
      let first = SIMD4<Int32>(truncatingIfNeeded: SIMD4(bits, bits &>> 20, bits &>> 40, 0))
      let second = SIMD4<Int32>(
        truncatingIfNeeded: SIMD4(bits &>> 10, bits &>> 30, bits &>> 50, 0))
      let triangular = ShapesColour((first & 0x3FF) &- (second & 0x3FF))
      let value = pixels[index] * 255 + triangular * scale + 0.5
      let byte = value.clampedToBytes
      bytes[index * 3] = UInt8(byte.x)
      bytes[index * 3 + 1] = UInt8(byte.y)
      bytes[index * 3 + 2] = UInt8(byte.z)
    }
  }
}
