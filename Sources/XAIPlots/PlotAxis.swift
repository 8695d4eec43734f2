import XAITensor

#if canImport(Glibc)
  import Glibc
#endif

/// The scale of one side of a plot: a range of numbers, and ticks at multiples of 1, 2 or 5 times
/// a power of ten.
package struct PlotAxis {
  package let range: ClosedRange<Double>
  package let step: Double

  /// An axis whose ends are ticks and that contains all of the numbers.
  /// - Parameters:
  ///   - numbers: The finite numbers to show; without any the axis runs from 0 to 1.
  ///   - intervals: About how many intervals between ticks are wished for.
  package init(containing numbers: [Double], intervals: Int = 5) {
    var low = numbers.min() ?? 0
    var high = numbers.max() ?? 1
    if high - low < 1e-9 * max(1, low.magnitude, high.magnitude) {
      let margin = max(0.05, 0.05 * low.magnitude)
      (low, high) = (low - margin, high + margin)
    }
    step = Self.niceStep(atLeast: (high - low) / Double(intervals))
    // A rounding error must not cost an interval.
    range = step * (low / step + 1e-9).rounded(.down)...step * (high / step - 1e-9).rounded(.up)
  }

  /// An axis of whole numbers with exactly these ends.
  /// - Parameters:
  ///   - range: The first and last number.
  ///   - intervals: At most how many intervals between ticks are wished for.
  package init(counting range: ClosedRange<Int>, intervals: Int = 10) {
    let length = Double(range.upperBound - range.lowerBound)
    step = max(1, Self.niceStep(atLeast: length / Double(intervals)))
    let margin = length == 0 ? 0.5 : 0
    self.range = Double(range.lowerBound) - margin...Double(range.upperBound) + margin
  }

  /// Where the ticks are, all within the range.
  package var ticks: [Double] {
    let first = (range.lowerBound / step - 1e-9).rounded(.up)
    let last = (range.upperBound / step + 1e-9).rounded(.down)
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }

  /// A tick's label, with as many digits as tell it from its neighbours.
  package func label(_ tick: Double) -> String {
    fixedPoint(tick, digits: min(9, max(0, -Int(log10(step).rounded(.down)))))
  }

  /// Where a number lies: 0 at the lower end, 1 at the upper.
  package func position(_ number: Double) -> Double {
    (number - range.lowerBound) / (range.upperBound - range.lowerBound)
  }

  private static func niceStep(atLeast raw: Double) -> Double {
    guard raw > 0 else { return 1 }
    let exponent = log10(raw).rounded(.down)
    for candidate in [1.0, 2, 5, 10] {
      // Division keeps decimal steps such as 0.2 exact.
      let step = exponent < 0 ? candidate / pow(10, -exponent) : candidate * pow(10, exponent)
      if step >= raw * (1 - 1e-9) { return step }
    }
    return raw
  }
}
