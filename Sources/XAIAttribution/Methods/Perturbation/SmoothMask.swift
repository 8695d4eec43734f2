#if canImport(Glibc)
  import Glibc
#endif

/// A smooth mask made of bumps on a grid (Fong, Patrick and Vedaldi 2019, section 3.2).
///
/// `m(u) = sum_i v_i softmax_i(20 v_i)`, `v_i = p_i exp(-2 max(0, |u - c_i| / sigma - 1/2)^2)`,
/// `c_i = step i + (step - 1) / 2`: a maximum that has slopes.
package struct SmoothMask {
  /// Rows and columns of grid points.
  package let size: [Int]
  private let extent: [Int]
  /// The bump of each grid point at each pixel, where it is not 0 to rounding.
  private let bumps: [[(point: Int, height: Double)]]
  private let sharpness: Double

  /// Makes the bumps.
  /// - Parameters:
  ///   - extent: H and W.
  ///   - step: Pixels from one grid point to the next.
  ///   - sigma: The width of a bump, in pixels.
  ///   - size: Rows and columns of grid points; as many as cover the image where it is nil.
  ///   - sharpness: The factor of values in the softmax.
  ///   - falloff: How fast a bump falls.
  ///   - plateau: The distance up to which it does not, in units of sigma.
  package init(
    _ extent: [Int], step: Int, sigma: Double, size: [Int]? = nil, sharpness: Double = 20,
    falloff: Double = 2, plateau: Double = 0.5
  ) {
    self.sharpness = sharpness
    let size = size ?? extent.map { ($0 + step - 1) / step }
    (self.extent, self.size) = (extent, size)
    func center(_ index: Int) -> Double { Double(step * index) + Double(step - 1) / 2 }
    bumps = (0..<extent[0] * extent[1]).map { pixel in
      let (y, x) = (Double(pixel / extent[1]), Double(pixel % extent[1]))
      return (0..<size[0] * size[1]).compactMap { point in
        let (down, right) = (y - center(point / size[1]), x - center(point % size[1]))
        let distance = max(0, (down * down + right * right).squareRoot() / sigma - plateau)
        let height = exp(-falloff * distance * distance)
        // What is left out would add less than Float32 shows.
        return height > 1e-12 ? (point, height) : nil
      }
    }
  }

  private var points: Int { size[0] * size[1] }

  /// The mask of grid values.
  /// - Parameter values: p, one for each grid point.
  /// - Returns: `[H, W]`.
  package func mask(_ values: [Double]) -> [Double] {
    bumps.map { near in
      // Points that are too far weigh exp(0) each and add nothing.
      var (sum, total) = (0.0, Double(points - near.count))
      for bump in near {
        let value = values[bump.point] * bump.height
        let weight = exp(sharpness * value)
        sum += value * weight
        total += weight
      }
      return sum / total
    }
  }

  /// What a derivative by each pixel says about grid values.
  /// - Parameters:
  ///   - values: p.
  ///   - byPixel: `[H, W]`.
  ///   - mask: The mask of the values.
  /// - Returns: One for each grid point.
  package func gradient(_ values: [Double], by byPixel: [Double], at mask: [Double]) -> [Double] {
    var gradient = Array(repeating: 0.0, count: points)
    for (pixel, near) in bumps.enumerated() where byPixel[pixel] != 0 {
      var total = Double(points - near.count)
      let weights = near.map { exp(sharpness * values[$0.point] * $0.height) }
      for weight in weights { total += weight }
      for (place, bump) in near.enumerated() {
        let value = values[bump.point] * bump.height
        let slope = weights[place] / total * (1 + sharpness * (value - mask[pixel]))
        gradient[bump.point] += byPixel[pixel] * slope * bump.height
      }
    }
    return gradient
  }
}
