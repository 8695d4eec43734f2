import XAITensor

#if canImport(Glibc)
  import Glibc
#endif

/// The classes of the built-in data set.
enum ShapesKind: Int, CaseIterable {
  case disk, ring, triangle, square, star, cross, crescent, heart, arrow, hourglass, spiral, flower

  /// The class as data sets name it: `s01 disk`.
  var label: ClassLabel {
    let number = rawValue + 1
    return ClassLabel(id: number < 10 ? "s0\(number)" : "s\(number)", name: "\(self)")
  }

  /// One specimen of the class.
  /// - Parameter variation: Its proportions, from -1 to 1.
  /// - Returns: Its contour.
  func outline(variation: Float) -> ShapesOutline {
    switch self {
    case .disk: return ShapesOutline(disks: [.init(x: 0, y: 0, radius: 0.85)])
    case .ring:
      return ShapesOutline(
        disks: [.init(x: 0, y: 0, radius: 0.95)],
        cuts: [.init(x: 0, y: 0, radius: 0.56 + 0.06 * variation)])
    case .triangle: return .polygon(Self.corners(radii: [1], count: 3))
    case .square: return .polygon(Self.corners(radii: [1], count: 4, turn: 0.125))
    case .star: return .polygon(Self.corners(radii: [1, 0.42 + 0.05 * variation], count: 10))
    case .cross: return Self.cross(halfWidth: 0.28 + 0.05 * variation)
    case .crescent:
      return ShapesOutline(
        disks: [.init(x: 0, y: 0, radius: 0.95)],
        cuts: [.init(x: 0.48 + 0.05 * variation, y: 0, radius: 0.78)])
    case .heart: return Self.heart(size: 0.68)
    case .arrow: return Self.arrow(shaft: 0.22 + 0.04 * variation)
    case .hourglass: return Self.hourglass(waist: 0.11 + 0.05 * variation)
    case .spiral: return Self.spiral(gap: 0.19, halfWidth: 0.095 + 0.01 * variation)
    case .flower: return Self.flower(petals: variation < 0 ? 5 : 6)
    }
  }

  /// Corners at equal angles, the first one on top, whose distances from the centre repeat.
  private static func corners(
    radii: [Float], count: Int, turn: Double = 0
  ) -> [SIMD2<Float>] {
    (0..<count).map { index in
      direction(Double(index) / Double(count) + turn - 0.25) * radii[index % radii.count]
    }
  }

  private static func cross(halfWidth w: Float) -> ShapesOutline {
    let e: Float = 0.92
    return .polygon([
      [e, -w], [e, w], [w, w], [w, e], [-w, e], [-w, w],
      [-e, w], [-e, -w], [-w, -w], [-w, -e], [w, -e], [w, -w],
    ])
  }

  private static func heart(size h: Float) -> ShapesOutline {
    let c: Float = 0.14
    var outline = ShapesOutline.polygon([[0, c + h], [h, c], [0, c - h], [-h, c]])
    let radius = h * Float(0.5).squareRoot()
    for side in [-0.5, 0.5] as [Float] {
      outline.disks.append(.init(x: side * h, y: c - 0.5 * h, radius: radius))
    }
    return outline
  }

  private static func arrow(shaft w: Float) -> ShapesOutline {
    .polygon([[1, 0], [0.2, 0.7], [0.2, w], [-0.95, w], [-0.95, -w], [0.2, -w], [0.2, -0.7]])
  }

  private static func hourglass(waist w: Float) -> ShapesOutline {
    .polygon([[-0.68, -0.8], [0.68, -0.8], [w, 0], [0.68, 0.8], [-0.68, 0.8], [-w, 0]])
  }

  /// Half circles about two centres in turn, each wider by the distance of the centres.
  private static func spiral(gap: Float, halfWidth: Float) -> ShapesOutline {
    var outline = ShapesOutline(halfWidth: halfWidth)
    for turn in 0..<5 {
      let isUpper = turn % 2 == 0
      outline.arcs.append(
        .init(x: isUpper ? 0 : gap, radius: 0.12 + Float(turn) * gap, side: isUpper ? 1 : -1))
    }
    return outline
  }

  private static func flower(petals: Int) -> ShapesOutline {
    var outline = ShapesOutline(disks: [.init(x: 0, y: 0, radius: 0.42)])
    let radius: Float = petals == 5 ? 0.35 : 0.3
    for petal in 0..<petals {
      let centre = direction(Double(petal) / Double(petals)) * 0.64
      outline.disks.append(.init(x: centre.x, y: centre.y, radius: radius))
    }
    return outline
  }
}

/// The unit vector at a fraction of a full turn.
func direction(_ turn: Double) -> SIMD2<Float> {
  SIMD2(Float(cos(2 * Double.pi * turn)), Float(sin(2 * Double.pi * turn)))
}
