#if canImport(Glibc)
  import Glibc
#endif

/// How much of a picture is fine grain: the share of the energy of its spectrum, the mean left out, above a
/// frequency.
public enum SpectralEnergy {
  /// The share.
  /// - Parameters:
  ///   - planes: `[C, H, W]`.
  ///   - shape: C, H and W.
  ///   - frequency: Cycles a pixel.
  /// - Returns: From 0 to 1; nil of a constant picture.
  public static func share(
    of planes: [Double], shape: [Int], above frequency: Double = 0.25
  ) -> Double? {
    let (height, width) = (shape[1], shape[2])
    let area = height * width
    var (fine, total) = (0.0, 0.0)
    for start in stride(from: 0, to: planes.count, by: area) {
      let plane = Array(planes[start..<start + area])
      let mean = plane.reduce(0, +) / Double(area)
      let rows = transform(
        plane.map { ($0 - mean, 0) }, count: height, length: width, step: 1, width)
      let whole = transform(rows, count: width, length: height, step: width, 1)
      for (index, value) in whole.enumerated() {
        let energy = value.0 * value.0 + value.1 * value.1
        let fy = cycles(index / width, height)
        let fx = cycles(index % width, width)
        total += energy
        if (fx * fx + fy * fy).squareRoot() > frequency { fine += energy }
      }
    }
    return total > 0 ? fine / total : nil
  }

  private static func cycles(_ index: Int, _ length: Int) -> Double {
    Double(min(index, length - index)) / Double(length)
  }

  /// Discrete Fourier transforms along one axis.
  private static func transform(
    _ values: [(Double, Double)], count: Int, length: Int, step: Int, _ stride: Int
  ) -> [(Double, Double)] {
    let circle = (0..<length).map { index in
      let angle = -2 * Double.pi * Double(index) / Double(length)
      return (cos(angle), sin(angle))
    }
    var result = values
    for line in 0..<count {
      for target in 0..<length {
        var sum = (0.0, 0.0)
        for source in 0..<length {
          let (turn, value) = (
            circle[source * target % length], values[line * stride + source * step]
          )
          sum.0 += value.0 * turn.0 - value.1 * turn.1
          sum.1 += value.0 * turn.1 + value.1 * turn.0
        }
        result[line * stride + target * step] = sum
      }
    }
    return result
  }
}
