import XAITensor

/// An image of two objects of two classes, which do not touch, before a pixel is painted.
///
/// Everything is a pure function of seed and number. Geometry, looks and noise have streams of their own, so that
/// masks cost no painting.
struct ShapesScene {
  /// The number of rows and columns of every image.
  static let side = 64

  let objects: [(kind: ShapesKind, placement: ShapesPlacement)]
  private let source: ShapesSource

  /// Draws a pair.
  /// - Parameters:
  ///   - seed: The data set's seed.
  ///   - index: The number of the pair.
  init(pairWithSeed seed: UInt64, index: Int) {
    source = ShapesSource(seed: seed, list: "pairs", index: index)
    var stream = source.stream("objects")
    var kinds = ShapesKind.allCases
    stream.shuffle(&kinds)
    let radii = [stream.uniform(in: 10..<14), stream.uniform(in: 10..<14)]
    let half = Double(Self.side / 2)
    // Along one axis each object keeps to its half, so that they cannot touch.
    let along = (0..<2).map { number in
      Double(number) * half
        + stream.uniform(in: ShapesGeometry.room(radii[number], within: half))
    }
    let across = radii.map { stream.uniform(in: ShapesGeometry.room($0, within: 2 * half)) }
    let isUpright = stream.uniform() < 0.5
    objects = (0..<2).map { number in
      let centre = SIMD2(along[number], across[number])
      let place = isUpright ? SIMD2(centre.y, centre.x) : centre
      return (
        kinds[number], Self.placement(of: kinds[number], place, radii[number], &stream)
      )
    }
  }

  private static func placement(
    of kind: ShapesKind, _ centre: SIMD2<Double>, _ radius: Double, _ stream: inout RandomStream
  ) -> ShapesPlacement {
    let axis = direction(
      stream.uniform(in: -ShapesGeometry.mostTurn..<ShapesGeometry.mostTurn))
    let most = ShapesGeometry.mostStretch
    let stretch = Float(stream.uniform(in: 1 / most..<most))
    let variation = Float(stream.uniform(in: -1..<1))
    return ShapesPlacement(
      outline: kind.outline(variation: variation), centre: SIMD2<Float>(centre),
      radius: Float(radius), axis: axis, stretch: stretch, isMirrored: stream.uniform() < 0.5)
  }

  /// Paints the image.
  /// - Parameter bytes: Receives red, green, blue of each pixel, row by row.
  func render(into bytes: UnsafeMutableBufferPointer<UInt8>) {
    var stream = source.stream("looks")
    var canvas = ShapesCanvas(side: Self.side)
    ShapesBackground.paint(&canvas, &stream)
    for object in objects {
      let coverage = object.placement.coverage(side: Self.side)
      let behind = canvas.mean(under: coverage)
      let looks = ShapesLooks(against: behind, &stream)
      canvas.paint(object.placement, coverage, looks.colors(against: behind, source), looks)
    }
    canvas.light(ShapesLighting(&stream))
    var noise = source.stream("noise")
    let grain = noise.uniform(in: 2..<9)
    canvas.develop(into: bytes, grain: grain, &noise)
  }
}
