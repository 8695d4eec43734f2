import XAITensor

#if canImport(Glibc)
  import Glibc
#endif

/// An image in a colour space in which distances are about as people see them.
struct LabImage {
  let height: Int
  let width: Int
  /// L, a, b of each pixel in row-major order; the last lane is 0.
  let colors: [SIMD4<Double>]

  /// Converts an image: three channels are sRGB and become CIE L*a*b* (D65), one channel becomes L*; of
  /// any other number the first four, times 100, are taken as they are.
  /// - Parameter pixels: `[1, C, H, W]` in [0, 1].
  init(_ pixels: Tensor) {
    (height, width) = (pixels.shape[2], pixels.shape[3])
    let (plane, channels) = (height * width, pixels.shape[1])
    colors = pixels.withUnsafeElements { values in
      (0..<plane).map { pixel in
        func value(_ channel: Int) -> Double { Double(values[channel * plane + pixel]) }
        switch channels {
        case 1: return Self.lab(red: value(0), green: value(0), blue: value(0))
        case 3: return Self.lab(red: value(0), green: value(1), blue: value(2))
        default:
          var color = SIMD4<Double>()
          for channel in 0..<min(channels, 4) { color[channel] = 100 * value(channel) }
          return color
        }
      }
    }
  }

  subscript(_ row: Int, _ column: Int) -> SIMD4<Double> { colors[row * width + column] }

  /// The position with the smallest gradient among a pixel and its eight neighbours.
  func flattest(around row: Int, _ column: Int) -> (row: Int, column: Int) {
    var (best, smallest) = ((row, column), gradient(row, column))
    for y in max(0, row - 1)...min(height - 1, row + 1) {
      for x in max(0, column - 1)...min(width - 1, column + 1) {
        let steepness = gradient(y, x)
        if steepness < smallest { (best, smallest) = ((y, x), steepness) }
      }
    }
    return best
  }

  /// The squared length of the central difference (Achanta et al., section 3).
  private func gradient(_ row: Int, _ column: Int) -> Double {
    let down = self[min(row + 1, height - 1), column] - self[max(row - 1, 0), column]
    let right = self[row, min(column + 1, width - 1)] - self[row, max(column - 1, 0)]
    return (down * down).sum() + (right * right).sum()
  }

  /// CIE 1976 L*a*b* of sRGB (IEC 61966-2-1) under D65.
  static func lab(red: Double, green: Double, blue: Double) -> SIMD4<Double> {
    let (r, g, b) = (linear(red), linear(green), linear(blue))
    let x = root((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047)
    let y = root(0.2126729 * r + 0.7151522 * g + 0.0721750 * b)
    let z = root((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883)
    return SIMD4(116 * y - 16, 500 * (x - y), 200 * (y - z), 0)
  }

  private static func linear(_ value: Double) -> Double {
    value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
  }

  private static func root(_ value: Double) -> Double {
    value > 216.0 / 24389 ? cbrt(value) : (24389.0 / 27 * value + 16) / 116
  }
}
