#if canImport(Glibc)
  import Glibc
#endif

/// Eight pixels at once: the renderer walks along rows in steps of eight.
typealias Lanes = SIMD8<Float>

/// The contour of an object or of clutter, in a frame where it fits the unit circle.
///
/// Contours are given by signed distances (negative inside), so that coverage, hence the
/// antialiasing and the exact masks, costs one evaluation for each pixel. The distances of the
/// parts are exact (formulas after I. Quilez, "2D distance functions"); a union or a cut is exact
/// at the contour, which is all that coverage looks at.
struct ShapesOutline {
  /// A filled disk; as a cut, it takes away what it covers.
  struct Disk {
    var x: Float
    var y: Float
    var radius: Float
  }

  /// An edge of a polygon or a stroke, with what its distance needs.
  struct Edge {
    let x: Float
    let y: Float
    let stepX: Float
    let stepY: Float
    let inverseSquare: Float

    init(from start: SIMD2<Float>, to end: SIMD2<Float>) {
      (x, y) = (start.x, start.y)
      (stepX, stepY) = (end.x - start.x, end.y - start.y)
      inverseSquare = 1 / max(stepX * stepX + stepY * stepY, 1e-12)
    }
  }

  /// Half of a circle's line: the half above its centre where `side` is 1, below where it is -1.
  struct Arc {
    var x: Float
    var radius: Float
    var side: Float
  }

  var disks: [Disk] = []
  var cuts: [Disk] = []
  var arcs: [Arc] = []
  var strokes: [Edge] = []
  var polygon: [Edge] = []
  /// Half the width of arcs and strokes.
  var halfWidth: Float = 0

  /// The closed polygon through some corners.
  static func polygon(_ corners: [SIMD2<Float>]) -> ShapesOutline {
    var outline = ShapesOutline()
    for (index, corner) in corners.enumerated() {
      outline.polygon.append(Edge(from: corner, to: corners[(index + 1) % corners.count]))
    }
    return outline
  }

  /// The signed distances of eight points.
  func distance(_ x: Lanes, _ y: Lanes) -> Lanes {
    var distance = Lanes(repeating: 1e9)
    for arc in arcs { distance = lesser(distance, Self.distance(x, y, to: arc)) }
    if !strokes.isEmpty { distance = lesser(distance, Self.squares(x, y, strokes).squareRoot()) }
    distance -= halfWidth
    if !polygon.isEmpty { distance = lesser(distance, polygonDistance(x, y)) }
    for disk in disks {
      distance = lesser(distance, length(x - disk.x, y - disk.y) - disk.radius)
    }
    for cut in cuts { distance = greater(distance, cut.radius - length(x - cut.x, y - cut.y)) }
    return distance
  }

  private static func distance(_ x: Lanes, _ y: Lanes, to arc: Arc) -> Lanes {
    let (u, v) = (x - arc.x, y * arc.side)
    let toLine = magnitude(length(u, v) - arc.radius)
    let toEnd = length(magnitude(u) - arc.radius, v)
    return toEnd.replacing(with: toLine, where: v .> 0)
  }

  /// The squared distance to the nearest of some edges.
  private static func squares(_ x: Lanes, _ y: Lanes, _ edges: [Edge]) -> Lanes {
    var least = Lanes(repeating: 1e18)
    for edge in edges {
      let (u, v) = (x - edge.x, y - edge.y)
      let along = clampedToUnit((u * edge.stepX + v * edge.stepY) * edge.inverseSquare)
      let (du, dv) = (u - along * edge.stepX, v - along * edge.stepY)
      least = lesser(least, du * du + dv * dv)
    }
    return least
  }

  private func polygonDistance(_ x: Lanes, _ y: Lanes) -> Lanes {
    var inside = x .!= x
    for edge in polygon {
      let (u, v) = (x - edge.x, y - edge.y)
      let above = v .>= 0
      let below = v .< edge.stepY
      let left = (v * edge.stepX) .> (u * edge.stepY)
      inside = inside .^ ((above .& below .& left) .| .!(above .| below .| left))
    }
    let distance = Self.squares(x, y, polygon).squareRoot()
    return distance.replacing(with: -distance, where: inside)
  }
}

@inline(__always) func lesser(_ a: Lanes, _ b: Lanes) -> Lanes {
  a.replacing(with: b, where: b .< a)
}

@inline(__always) func greater(_ a: Lanes, _ b: Lanes) -> Lanes {
  a.replacing(with: b, where: b .> a)
}

@inline(__always) func magnitude(_ a: Lanes) -> Lanes { greater(a, -a) }

@inline(__always) func length(_ x: Lanes, _ y: Lanes) -> Lanes { (x * x + y * y).squareRoot() }

@inline(__always) func clampedToUnit(_ a: Lanes) -> Lanes {
  lesser(greater(a, .zero), Lanes(repeating: 1))
}
