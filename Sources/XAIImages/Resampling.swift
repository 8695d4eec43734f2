/// The samples that make each sample of a line of another length, with their weights.
///
/// A filter whose support grows with the reduction, in 22-bit fixed point with 8 bits between rows and
/// columns: the arithmetic of Pillow (`src/libImaging/Resample.c`; for nearest, `Geometry.c`).
struct Resampling {
  private static let precision: Int32 = 22
  /// What sums begin with, to be rounded.
  static let half: Int32 = 1 << (precision - 1)

  /// The first source of each target.
  private(set) var starts: [Int] = []
  /// The weights of all targets, one target after the other.
  private(set) var weights: [Int32] = []
  /// Where the weights of each target begin; one more than there are targets.
  private var bounds: [Int] = [0]
  /// Whether every target is the source of the same number.
  let isIdentity: Bool

  /// The number of targets.
  var count: Int { starts.count }

  /// Prepares some targets of a line.
  /// - Parameters:
  ///   - count: The length of the line.
  ///   - newCount: The length that it gets.
  ///   - range: The targets that are wanted, at least one.
  ///   - interpolation: The filter.
  init(
    from count: Int, to newCount: Int, range: Range<Int>,
    by interpolation: ImageFitting.Interpolation
  ) {
    isIdentity = count == newCount && range == 0..<count
    if count == newCount {
      for index in range { append(index, [1]) }
      return
    }
    switch interpolation {
    case .nearest: appendNearest(count, newCount, range)
    case .bilinear:
      append(count, newCount, range, support: 1) { max(0, 1 - abs($0)) }
    case .bicubic: append(count, newCount, range, support: 2, Self.cubic)
    }
  }

  /// The sources of all targets.
  var sources: Range<Int> {
    let first = starts.min() ?? 0
    let end = starts.indices.map { starts[$0] + range($0).count }.max() ?? first
    return first..<end
  }

  /// The numbers of a target's weights.
  func range(_ index: Int) -> Range<Int> { bounds[index]..<bounds[index + 1] }

  /// A sum as 8 bits.
  static func level(_ sum: Int32) -> UInt8 { UInt8(clamping: sum >> precision) }

  /// Keys, *Cubic convolution interpolation for digital image processing* (1981), *a* = -0.5.
  private static func cubic(_ position: Double) -> Double {
    let (a, x) = (-0.5, abs(position))
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
  }

  private mutating func append(_ start: Int, _ values: [Double]) {
    starts.append(start)
    for value in values {
      let scaled = value * Double(1 << Self.precision)
      weights.append(Int32(value < 0 ? scaled - 0.5 : scaled + 0.5))
    }
    bounds.append(weights.count)
  }

  private mutating func append(
    _ count: Int, _ newCount: Int, _ range: Range<Int>, support: Double,
    _ filter: (Double) -> Double
  ) {
    let scale = Double(count) / Double(newCount)
    let filterScale = max(scale, 1)
    let reach = support * filterScale
    for index in range {
      let center = (Double(index) + 0.5) * scale
      let first = max(Int(center - reach + 0.5), 0)
      let end = min(Int(center + reach + 0.5), count)
      let values = (first..<end).map {
        filter((Double($0) - center + 0.5) * (1 / filterScale))
      }
      let sum = values.reduce(0, +)
      append(first, values.map { $0 / sum })
    }
  }

  private mutating func appendNearest(_ count: Int, _ newCount: Int, _ range: Range<Int>) {
    let scale = Double(count) / Double(newCount)
    // Added up as Pillow does, whose rounding decides at the borders between pixels.
    var position = scale * 0.5
    for index in 0..<range.upperBound {
      if index >= range.lowerBound { append(min(Int(position), count - 1), [1]) }
      position += scale
    }
  }
}
