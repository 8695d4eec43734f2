#if canImport(Glibc)
  import Glibc
#endif
public import XAITensor

/// A circular shift, a rotation with a change of size about the middle, another shift: what a picture has to
/// survive.
///
/// A picture of a spectrum is periodic, so that a shift brings in no border. Rotation and scale are one bilinear
/// resampling with reflected borders; without them nothing is resampled.
public struct PictureTransformation: Sendable, Equatable {
  /// Rows down and columns right, before rotation.
  public var shift: [Int]
  /// Degrees.
  public var rotation = 0.0
  /// More than 0; larger than 1 enlarges.
  public var scale = 1.0
  /// Rows down and columns right, after rotation.
  public var secondShift = [0, 0]

  /// A shift alone.
  /// - Parameter shift: Rows down and columns right.
  public init(shift: [Int] = [0, 0]) { self.shift = shift }

  /// How far transformations go.
  public struct Range: Sendable, Equatable {
    /// Pixels of the first shift in either direction.
    public var shift = 4
    /// Degrees in either direction.
    public var rotation = 10.0
    /// The least and the largest scale.
    public var scale = 0.9...1.1
    /// Pixels of the second shift.
    public var secondShift = 2

    /// The defaults.
    public init() {}

    /// The transformation of a step.
    /// - Parameter stream: The picture's stream.
    /// - Returns: A transformation, uniform in all its numbers.
    public func draw(_ stream: inout RandomStream) -> PictureTransformation {
      func shift(_ most: Int, _ stream: inout RandomStream) -> [Int] {
        (0..<2).map { _ in stream.integer(below: 2 * most + 1) - most }
      }
      var drawn = PictureTransformation(shift: shift(self.shift, &stream))
      drawn.rotation = (2 * stream.uniform() - 1) * rotation
      drawn.scale = scale.lowerBound + (scale.upperBound - scale.lowerBound) * stream.uniform()
      drawn.secondShift = shift(secondShift, &stream)
      return drawn
    }
  }

  /// Transforms planes.
  /// - Parameters:
  ///   - planes: `[C, H, W]`.
  ///   - extent: H and W.
  /// - Returns: The same shape.
  public func apply(_ planes: [Double], extent: [Int]) -> [Double] {
    let taps = taps(extent)
    let area = extent[0] * extent[1]
    var result = [Double](repeating: 0, count: planes.count)
    for start in stride(from: 0, to: planes.count, by: area) {
      for (target, sources) in taps.enumerated() {
        for tap in sources { result[start + target] += tap.weight * planes[start + tap.index] }
      }
    }
    return result
  }

  /// The transpose of `apply`: the way back of a gradient.
  /// - Parameters:
  ///   - gradient: `[C, H, W]`.
  ///   - extent: H and W.
  /// - Returns: The same shape.
  public func transposed(_ gradient: [Double], extent: [Int]) -> [Double] {
    let taps = taps(extent)
    let area = extent[0] * extent[1]
    var result = [Double](repeating: 0, count: gradient.count)
    for start in stride(from: 0, to: gradient.count, by: area) {
      for (target, sources) in taps.enumerated() {
        for tap in sources { result[start + tap.index] += tap.weight * gradient[start + target] }
      }
    }
    return result
  }

  private typealias Tap = (index: Int, weight: Double)

  /// What each pixel of the result is made of.
  private func taps(_ extent: [Int]) -> [[Tap]] {
    let (height, width) = (extent[0], extent[1])
    func wrapped(_ value: Int, _ length: Int) -> Int { ((value % length) + length) % length }
    return (0..<height * width).map { position in
      let y = wrapped(position / width - secondShift[0], height)
      let x = wrapped(position % width - secondShift[1], width)
      return resampled(y, x, extent).map { tap in
        let row = wrapped(tap.index / width - shift[0], height)
        let column = wrapped(tap.index % width - shift[1], width)
        return (row * width + column, tap.weight)
      }
    }
  }

  private func resampled(_ y: Int, _ x: Int, _ extent: [Int]) -> [Tap] {
    let (height, width) = (extent[0], extent[1])
    guard rotation != 0 || scale != 1 else { return [(y * width + x, 1)] }
    let angle = rotation * .pi / 180
    let (middleY, middleX) = (Double(height - 1) / 2, Double(width - 1) / 2)
    let (dy, dx) = ((Double(y) - middleY) / scale, (Double(x) - middleX) / scale)
    let row = Self.blend(middleY + cos(angle) * dy - sin(angle) * dx, height)
    let column = Self.blend(middleX + sin(angle) * dy + cos(angle) * dx, width)
    return row.flatMap { one in
      column.map { (one.index * width + $0.index, one.weight * $0.weight) }
    }
  }

  /// The two positions of an axis that a place lies between, reflected at the border without repeating it.
  private static func blend(_ place: Double, _ length: Int) -> [Tap] {
    let first = Int(place.rounded(.down))
    let share = place - Double(first)
    func reflected(_ index: Int) -> Int {
      let period = max(2 * (length - 1), 1)
      let wrapped = ((index % period) + period) % period
      return min(wrapped, period - wrapped)
    }
    return [(reflected(first), 1 - share), (reflected(first + 1), share)]
  }
}
