#if canImport(Glibc)
  import Glibc
#endif
import XAIStatistics

/// A picture as a scaled spectrum: parameters z `[C, H, W/2 + 1, 2]`, real and imaginary.
///
/// Olah et al. 2017.
///
///     u[y,x] = (1 / sqrt(H W)) sum_ky sum_kx m_kx Re(z s e^{2 pi i (ky y/H + kx x/W)}) / 4
///     color = sigmoid(R u + log(mean / (1 - mean)))
///
/// with m = 1 for kx = 0 and, W even, kx = W/2, else 2; s = 1 / max(f, 1 / max(H, W))^decay; f in cycles a
/// pixel. z = 0 is the mean color of the data.
public struct FourierPicture: Sendable {
  /// Channels, rows and columns.
  public let shape: [Int]
  /// Numbers of z.
  public var parameterCount: Int { 2 * shape[0] * shape[1] * columns }
  /// The shape of z.
  public var parameterShape: [Int] { [shape[0], shape[1], columns, 2] }

  private let colors: ColorStatistics
  private let columns: Int
  private let factors: [Double]
  private let offsets: [Double]
  /// cos and sin of 2 pi k y / H by k y mod H, and of W.
  private let down: [(cos: Double, sin: Double)]
  private let across: [(cos: Double, sin: Double)]

  /// Prepares pictures.
  /// - Parameters:
  ///   - shape: Channels, rows and columns.
  ///   - colors: Of the data.
  ///   - decay: The power of the spectrum's fall.
  public init(shape: [Int], colors: ColorStatistics, decay: Double = 1) {
    let (height, width) = (shape[1], shape[2])
    let columns = width / 2 + 1
    self.shape = shape
    self.colors = colors
    self.columns = columns
    offsets = colors.mean.map { mean in
      let bounded = min(max(mean, 1e-6), 1 - 1e-6)
      return log(bounded / (1 - bounded))
    }
    let norm = 1 / Double(height * width).squareRoot() / 4
    let least = 1 / Double(max(height, width))
    factors = (0..<height * columns).map { index in
      let (ky, kx) = (index / columns, index % columns)
      let fy = Double(ky <= (height - 1) / 2 ? ky : ky - height) / Double(height)
      let fx = Double(kx) / Double(width)
      let multiplicity = kx == 0 || 2 * kx == width ? 1.0 : 2
      let frequency = max((fx * fx + fy * fy).squareRoot(), least)
      return norm * multiplicity / pow(frequency, decay)
    }
    down = Self.circle(height)
    across = Self.circle(width)
  }

  private static func circle(_ count: Int) -> [(cos: Double, sin: Double)] {
    (0..<count).map {
      (cos(2 * .pi * Double($0) / Double(count)), sin(2 * .pi * Double($0) / Double(count)))
    }
  }

  /// The colors of parameters, 0 to 1.
  /// - Parameter parameters: z.
  /// - Returns: `[C, H, W]`.
  public func colors(of parameters: [Double]) -> [Double] {
    let fields = (0..<shape[0]).map { field(parameters, channel: $0) }
    let area = shape[1] * shape[2]
    var result = [Double](repeating: 0, count: shape[0] * area)
    for channel in 0..<shape[0] {
      for position in 0..<area {
        var sum = offsets[channel]
        for other in 0..<shape[0] { sum += colors.root[channel, other] * fields[other][position] }
        result[channel * area + position] = 1 / (1 + exp(-sum))
      }
    }
    return result
  }

  /// The gradient by parameters of what has a gradient by colors.
  /// - Parameters:
  ///   - gradient: By colors, `[C, H, W]`.
  ///   - values: The colors.
  /// - Returns: In the shape of z.
  public func gradient(_ gradient: [Double], colors values: [Double]) -> [Double] {
    let area = shape[1] * shape[2]
    let before = gradient.indices.map { gradient[$0] * values[$0] * (1 - values[$0]) }
    return (0..<shape[0]).flatMap { channel in
      let field = (0..<area).map { position in
        (0..<shape[0]).reduce(0.0) {
          $0 + colors.root[$1, channel] * before[$1 * area + position]
        }
      }
      return spectrum(field)
    }
  }

  /// u of a channel.
  private func field(_ parameters: [Double], channel: Int) -> [Double] {
    let (height, width) = (shape[1], shape[2])
    let start = channel * height * columns * 2
    // First along columns: complex sums over ky for each row y and kx.
    var partial = [Double](repeating: 0, count: height * columns * 2)
    for ky in 0..<height {
      for y in 0..<height {
        let turn = down[ky * y % height]
        for kx in 0..<columns {
          let (source, target) = (start + (ky * columns + kx) * 2, (y * columns + kx) * 2)
          let factor = factors[ky * columns + kx]
          let (real, imaginary) = (factor * parameters[source], factor * parameters[source + 1])
          partial[target] += real * turn.cos - imaginary * turn.sin
          partial[target + 1] += real * turn.sin + imaginary * turn.cos
        }
      }
    }
    var field = [Double](repeating: 0, count: height * width)
    for y in 0..<height {
      for x in 0..<width {
        var sum = 0.0
        for kx in 0..<columns {
          let turn = across[kx * x % width]
          let source = (y * columns + kx) * 2
          sum += partial[source] * turn.cos - partial[source + 1] * turn.sin
        }
        field[y * width + x] = sum
      }
    }
    return field
  }

  /// The transpose of `field`.
  private func spectrum(_ field: [Double]) -> [Double] {
    let (height, width) = (shape[1], shape[2])
    var partial = [Double](repeating: 0, count: height * columns * 2)
    for y in 0..<height {
      for kx in 0..<columns {
        var (real, imaginary) = (0.0, 0.0)
        for x in 0..<width {
          let turn = across[kx * x % width]
          real += field[y * width + x] * turn.cos
          imaginary -= field[y * width + x] * turn.sin
        }
        partial[(y * columns + kx) * 2] = real
        partial[(y * columns + kx) * 2 + 1] = imaginary
      }
    }
    var result = [Double](repeating: 0, count: height * columns * 2)
    for ky in 0..<height {
      for y in 0..<height {
        let turn = down[ky * y % height]
        for kx in 0..<columns {
          let (source, target) = ((y * columns + kx) * 2, (ky * columns + kx) * 2)
          let factor = factors[ky * columns + kx]
          result[target] += factor * (partial[source] * turn.cos + partial[source + 1] * turn.sin)
          result[target + 1] +=
            factor * (partial[source + 1] * turn.cos - partial[source] * turn.sin)
        }
      }
    }
    return result
  }
}
