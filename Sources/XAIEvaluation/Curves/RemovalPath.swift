/// The sets of pixels of a curve: nothing, then more and more, then everything.
public struct RemovalPath: Sendable {
  /// The pixels that are gone at each point.
  public let masks: [PixelMask]
  /// How many they are, ascending, from 0 to all.
  public let sizes: [Int]

  /// Takes pixels one after the other.
  /// - Parameters:
  ///   - order: The order.
  ///   - sizes: How many are gone at each point, ascending.
  public init(_ order: PixelOrder, sizes: [Int]) {
    let count = order.pixels.count
    var mask = PixelMask(count: count)
    var done = 0
    masks = sizes.map { size in
      for pixel in order.pixels[done..<size] { mask.insert(pixel) }
      done = size
      return mask
    }
    self.sizes = sizes
  }

  /// Takes parts one after the other.
  /// - Parameters:
  ///   - order: Indices of parts.
  ///   - parts: The parts.
  public init(_ order: [Int], of parts: ImageParts) {
    var (mask, size) = (PixelMask(count: parts.pixelCount), 0)
    var (masks, sizes) = ([mask], [0])
    for part in order {
      for pixel in parts.members[part] { mask.insert(pixel) }
      size += parts.members[part].count
      masks.append(mask)
      sizes.append(size)
    }
    (self.masks, self.sizes) = (masks, sizes)
  }
}

/// How many points a curve has.
public struct CurveSteps: Sendable, Equatable {
  /// The number of steps K; 32 by default, 64 for a final table.
  public var count: Int

  /// Chooses a number of steps.
  /// - Parameter count: K, at least 1.
  /// - Throws: `EvaluationFailure` where there is no step.
  public init(_ count: Int = 32) throws(EvaluationFailure) {
    guard count > 0 else {
      throw EvaluationFailure(
        .parameter("\(count)", expected: "a whole number of at least 1"),
        of: "the number of steps of a curve")
    }
    self.count = count
  }

  /// How many pixels are gone at each point: `floor((2 k P + K) / (2 K))` for k = 0...K; where there are
  /// fewer pixels than steps, every pixel is a step.
  /// - Parameter pixels: P.
  /// - Returns: K + 1 numbers from 0 to P.
  public func sizes(pixels: Int) -> [Int] {
    let steps = min(count, pixels)
    return (0...steps).map { (2 * $0 * pixels + steps) / (2 * steps) }
  }
}
