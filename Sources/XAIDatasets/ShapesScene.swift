import XAITensor

/// What an image shows, before a pixel is painted.
///
/// Everything is a pure function of seed, list and number. Geometry, looks and noise have streams
/// of their own, so that masks cost no painting.
struct ShapesScene {
  /// The number of rows and columns of every image.
  static let side = 64
  private static let maximalStretch = 1.08
  /// In full turns; objects in photos mostly stand upright too.
  private static let maximalTurn = 0.09

  let objects: [(kind: ShapesKind, placement: ShapesPlacement)]
  private let seed: UInt64
  private let list: String
  private let index: Int

  /// An image of one object.
  /// - Parameters:
  ///   - kind: The object's class.
  ///   - seed: The data set's seed.
  ///   - list: The list that the image belongs to, such as a split.
  ///   - index: Its number in the list.
  init(of kind: ShapesKind, seed: UInt64, list: String, index: Int) {
    (self.seed, self.list, self.index) = (seed, list, index)
    var stream = RandomStream(seed: seed, purpose: "shapes/objects/\(list)", index)
    let radius = stream.uniform(in: 18..<27)
    let room = Self.room(radius, within: Double(Self.side))
    let centre = SIMD2(stream.uniform(in: room), stream.uniform(in: room))
    objects = [(kind, Self.placement(of: kind, centre, radius, &stream))]
  }

  /// An image of two objects of two classes, which do not touch.
  /// - Parameters:
  ///   - seed: The data set's seed.
  ///   - index: The number of the pair.
  init(pairWithSeed seed: UInt64, index: Int) {
    (self.seed, list, self.index) = (seed, "pairs", index)
    var stream = RandomStream(seed: seed, purpose: "shapes/objects/pairs", index)
    var kinds = ShapesKind.allCases
    stream.shuffle(&kinds)
    let radii = [stream.uniform(in: 10..<14), stream.uniform(in: 10..<14)]
    let half = Double(Self.side / 2)
    // Along one axis each object keeps to its half, so that they cannot touch.
    let along = (0..<2).map { number in
      Double(number) * half + stream.uniform(in: Self.room(radii[number], within: half))
    }
    let across = radii.map { stream.uniform(in: Self.room($0, within: 2 * half)) }
    let isUpright = stream.uniform() < 0.5
    objects = (0..<2).map { number in
      let centre = SIMD2(along[number], across[number])
      let place = isUpright ? SIMD2(centre.y, centre.x) : centre
      return (
        kinds[number], Self.placement(of: kinds[number], place, radii[number], &stream)
      )
    }
  }

  /// Where the centre may be so that the object stays inside.
  private static func room(_ radius: Double, within length: Double) -> Range<Double> {
    let reach = radius * maximalStretch + 0.5
    return reach..<length - reach
  }

  private static func placement(
    of kind: ShapesKind, _ centre: SIMD2<Double>, _ radius: Double, _ stream: inout RandomStream
  ) -> ShapesPlacement {
    let axis = direction(stream.uniform(in: -maximalTurn..<maximalTurn))
    let stretch = Float(stream.uniform(in: 1 / maximalStretch..<maximalStretch))
    return ShapesPlacement(
      outline: kind.outline(&stream), centre: SIMD2<Float>(centre), radius: Float(radius),
      axis: axis, stretch: stretch, isMirrored: stream.uniform() < 0.5)
  }

  /// Paints the image.
  /// - Parameter bytes: Receives red, green, blue of each pixel, row by row.
  func render(into bytes: UnsafeMutableBufferPointer<UInt8>) {
    var looks = RandomStream(seed: seed, purpose: "shapes/looks/\(list)", index)
    var canvas = ShapesCanvas(side: Self.side)
    ShapesBackground.paint(&canvas, &looks)
    for object in objects {
      let coverage = object.placement.coverage(side: Self.side)
      let behind = canvas.mean(under: coverage)
      let texture = ShapesTexture(Self.colours(against: behind, &looks), &looks)
      let shade = direction(looks.uniform()) * Float(looks.uniform(in: 0..<0.35))
      let slope = shade / object.placement.radius
      let centre = object.placement.centre
      canvas.paint(coverage) { x, y in
        let light = 1 + (Float(x) - centre.x) * slope.x + (Float(y) - centre.y) * slope.y
        return texture.colour(x, y) * light
      }
    }
    canvas.light(&looks)
    var noise = RandomStream(seed: seed, purpose: "shapes/noise/\(list)", index)
    canvas.develop(into: bytes, &noise)
  }

  /// Two colours of an object that differ from what is behind it, by any colour in any direction.
  private static func colours(
    against behind: ShapesColour, _ stream: inout RandomStream
  ) -> (ShapesColour, ShapesColour) {
    var first = ShapesColour.natural(&stream)
    for _ in 0..<12 where first.distance(to: behind) < 0.45 { first = .natural(&stream) }
    var second = first
    for _ in 0..<12 where second.distance(to: first) < 0.1 || second.distance(to: behind) < 0.35 {
      second = first + (ShapesColour.natural(&stream) - first) * 0.45
    }
    return (first, second)
  }
}
