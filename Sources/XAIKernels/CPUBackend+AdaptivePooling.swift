extension CPUBackend {
  /// Adaptive average pooling.
  public func adaptiveAveragePool(
    _ input: DeviceTensor, to extent: [Int], of quantity: AveragedQuantity
  ) throws(KernelFailure) -> DeviceTensor {
    precondition(extent.count == 2 && extent.allSatisfy { $0 > 0 }, "pooling to \(extent)")
    let input = try blocked(input)
    return try measured("adaptive pool") { () throws(KernelFailure) in
      let output = try empty([input.batch, input.channels] + extent, .blocked)
      if block == 16 {
        pool(input, into: output, quantity, SIMD16<Float>.self)
      } else {
        pool(input, into: output, quantity, SIMD8<Float>.self)
      }
      return output
    }
  }

  /// The way back of adaptive average pooling.
  public func adaptiveAveragePoolGradient(
    _ signal: DeviceTensor, to shape: [Int]
  ) throws(KernelFailure) -> DeviceTensor {
    precondition(
      shape.count == 4 && shape.prefix(2) == signal.shape.prefix(2),
      "\(signal.shape) is no average of \(shape)")
    return try measured("adaptive pool gradient") { () throws(KernelFailure) in
      let gradient = try empty(shape, .blocked)
      if block == 16 {
        spread(signal, over: gradient, SIMD16<Float>.self)
      } else {
        spread(signal, over: gradient, SIMD8<Float>.self)
      }
      return gradient
    }
  }

  private func pool<Lanes: FloatLanes>(
    _ input: DeviceTensor, into output: DeviceTensor, _ quantity: AveragedQuantity, _: Lanes.Type
  ) {
    let windows = AdaptiveWindows(from: input.shape, to: output.shape)
    let (source, target) = (input.floats.lanes(Lanes.self), output.floats.lanes(Lanes.self))
    ThreadTeam.forEach(input.batch * blocks(input.channels)) { index in
      windows.forEach(inPlane: index) { place, columns, rows in
        var sum = Lanes()
        for row in rows {
          // Sums of rows first: fewer roundings are added up than in one long sum.
          var rowSum = Lanes()
          for position in windows.positions(of: columns, inRow: row, ofPlane: index) {
            rowSum += source[position]
          }
          sum += rowSum
        }
        let count = Float(rows.count * columns.count)
        target[place] = sum / (quantity == .values ? count : count * count)
      }
    }
  }

  private func spread<Lanes: FloatLanes>(
    _ signal: DeviceTensor, over gradient: DeviceTensor, _: Lanes.Type
  ) {
    let windows = AdaptiveWindows(from: gradient.shape, to: signal.shape)
    let plane = gradient.plane
    let (source, target) = (signal.floats.lanes(Lanes.self), gradient.floats.lanes(Lanes.self))
    ThreadTeam.forEach(signal.batch * blocks(signal.channels)) { index in
      for position in index * plane..<(index + 1) * plane { target[position] = Lanes() }
      windows.forEach(inPlane: index) { place, columns, rows in
        let share = source[place] / Float(rows.count * columns.count)
        for row in rows {
          for position in windows.positions(of: columns, inRow: row, ofPlane: index) {
            target[position] += share
          }
        }
      }
    }
  }
}

/// What adaptive average pooling averages.
public enum AveragedQuantity: Sendable {
  /// Values: their sum divided by their number.
  case values
  /// Variances of independent values: their sum divided by the square of their number, which is the
  /// variance of the mean.
  case variances
}

/// The windows of adaptive average pooling from H x W to h x w, as in PyTorch.
///
/// Output i averages the inputs `floor(i H / h) ..< ceil((i + 1) H / h)`. Windows overlap where h does not divide H, and
/// repeat where h is larger.
struct AdaptiveWindows {
  private let rows: [Range<Int>]
  private let columns: [Range<Int>]
  private let (height, width): (Int, Int)

  init(from large: [Int], to small: [Int]) {
    (height, width) = (large[2], large[3])
    rows = Self.ranges(from: large[2], to: small[2])
    columns = Self.ranges(from: large[3], to: small[3])
  }

  private static func ranges(from count: Int, to windows: Int) -> [Range<Int>] {
    (0..<windows).map { index in
      (index * count / windows)..<(((index + 1) * count + windows - 1) / windows)
    }
  }

  /// Calls a body with each output position of a plane and its window.
  func forEach(
    inPlane plane: Int, _ body: (_ place: Int, _ columns: Range<Int>, _ rows: Range<Int>) -> Void
  ) {
    var place = plane * rows.count * columns.count
    for row in rows {
      for column in columns {
        body(place, column, row)
        place += 1
      }
    }
  }

  /// Positions of the input.
  func positions(of columns: Range<Int>, inRow row: Int, ofPlane plane: Int) -> Range<Int> {
    let start = (plane * height + row) * width
    return start + columns.lowerBound..<start + columns.upperBound
  }
}
