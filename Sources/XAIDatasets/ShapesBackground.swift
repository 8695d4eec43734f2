import XAITensor

/// What lies behind the objects: uneven ground and clutter that belongs to no class.
enum ShapesBackground {
  /// Paints ground and clutter.
  /// - Parameters:
  ///   - canvas: An empty canvas.
  ///   - stream: Where the numbers come from.
  /// - Returns: How many pieces of clutter there are, and how often all was softened.
  @discardableResult
  static func paint(
    _ canvas: inout ShapesCanvas, _ stream: inout RandomStream
  ) -> (pieces: Int, focus: Int) {
    ground(&canvas, &stream)
    let pieces = pieces(&stream)
    clutter(&canvas, pieces, &stream)
    let focus = stream.integer(below: 3)
    for _ in 0..<focus { canvas.soften() }
    return (pieces, focus)
  }

  /// How many pieces of clutter there are.
  static func pieces(_ stream: inout RandomStream) -> Int { 2 + stream.integer(below: 4) }

  /// Paints pieces of clutter.
  static func clutter(
    _ canvas: inout ShapesCanvas, _ pieces: Int, _ stream: inout RandomStream
  ) {
    for _ in 0..<pieces { clutter(&canvas, &stream) }
  }

  /// Three colours that run into each other, with grain.
  static func ground(_ canvas: inout ShapesCanvas, _ stream: inout RandomStream) {
    let colours = (0..<3).map { _ in ShapesColour.natural(&stream) }
    let shape = field(canvas.side, cells: 16..<50, octaves: 4, &stream)
    let patches = field(canvas.side, cells: 10..<40, octaves: 2, &stream)
    let grain = field(canvas.side, cells: 2..<6, octaves: 1, &stream)
    let roughness = Float(stream.uniform(in: 0.02..<0.2))
    let slope = direction(stream.uniform()) * Float(stream.uniform(in: 0..<1.5))
    for y in 0..<canvas.side {
      for x in 0..<canvas.side {
        let index = y * canvas.side + x
        let u = Float(x) / Float(canvas.side) - 0.5
        let v = Float(y) / Float(canvas.side) - 0.5
        let first = unit(0.5 + 1.2 * shape[index] + u * slope.x + v * slope.y)
        let second = unit(0.1 + 1.8 * patches[index])
        var colour = colours[0] + (colours[1] - colours[0]) * first
        colour += (colours[2] - colour) * second
        canvas.pixels[index] = colour * (1 + roughness * 2 * grain[index])
      }
    }
  }

  private static func field(
    _ side: Int, cells: Range<Double>, octaves: Int, _ stream: inout RandomStream
  ) -> [Float] {
    let cell = SIMD2(Float(stream.uniform(in: cells)), Float(stream.uniform(in: cells)))
    return ShapesNoise(side: side, cell: cell, octaves: octaves, persistence: 0.55, &stream).values
  }

  private static func unit(_ value: Float) -> Float { min(max(value, 0), 1) }

  /// One blob, stroke or far edge with a texture of its own.
  private static func clutter(_ canvas: inout ShapesCanvas, _ stream: inout RandomStream) {
    let side = Double(canvas.side)
    let centre = SIMD2(Float(side * stream.uniform()), Float(side * stream.uniform()))
    let kind = stream.uniform()
    let outline: ShapesOutline
    let radius: Double
    switch kind {
    case ..<0.5: (outline, radius) = (blob(&stream), stream.uniform(in: 5..<18))
    case ..<0.85: (outline, radius) = (stroke(&stream), stream.uniform(in: 8..<30))
    default: (outline, radius) = (edge(&stream), side)
    }
    let placement = ShapesPlacement(
      outline: outline, centre: centre, radius: Float(radius),
      axis: direction(stream.uniform()), stretch: Float(stream.uniform(in: 0.7..<1.4)))
    let first = ShapesColour.natural(&stream)
    let second = first + (ShapesColour.natural(&stream) - first) * Float(stream.uniform())
    let texture = ShapesTexture((first, second), ShapesTextureDraws(&stream))
    canvas.paint(
      placement.coverage(side: canvas.side), opacity: Float(stream.uniform(in: 0.5..<1)),
      texture.colour)
  }

  /// A lump of unequal disks with bites taken out.
  private static func blob(_ stream: inout RandomStream) -> ShapesOutline {
    var outline = ShapesOutline()
    for _ in 0..<3 + stream.integer(below: 3) {
      outline.disks.append(disk(radius: 0.2..<0.5, distance: 0.1..<0.55, &stream))
    }
    for _ in 0..<stream.integer(below: 3) {
      outline.cuts.append(disk(radius: 0.15..<0.4, distance: 0.4..<0.9, &stream))
    }
    return outline
  }

  private static func disk(
    radius: Range<Double>, distance: Range<Double>, _ stream: inout RandomStream
  ) -> ShapesOutline.Disk {
    let place = direction(stream.uniform()) * Float(stream.uniform(in: distance))
    return .init(x: place.x, y: place.y, radius: Float(stream.uniform(in: radius)))
  }

  /// A bent line.
  private static func stroke(_ stream: inout RandomStream) -> ShapesOutline {
    var outline = ShapesOutline(halfWidth: Float(stream.uniform(in: 0.04..<0.14)))
    var place = SIMD2<Float>(-0.85, Float(stream.uniform(in: -0.4..<0.4)))
    let bends = 1 + stream.integer(below: 3)
    for bend in 1...bends {
      let x = -0.85 + 1.7 * Float(bend) / Float(bends)
      let next = SIMD2(x, Float(stream.uniform(in: -0.45..<0.45)))
      outline.strokes.append(.init(from: place, to: next))
      place = next
    }
    return outline
  }

  /// The border of something larger than the image, such as a horizon or a wall.
  private static func edge(_ stream: inout RandomStream) -> ShapesOutline {
    let radius = Float(stream.uniform(in: 1.5..<6))
    return ShapesOutline(disks: [.init(x: radius, y: 0, radius: radius)])
  }
}
