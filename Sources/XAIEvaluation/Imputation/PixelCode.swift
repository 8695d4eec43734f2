public import XAITensor

/// How normalized values become pixels of 8 bits again: `pixel = 255 (x std + mean)`, rounded and clipped.
public struct PixelCode: Sendable, Equatable {
  /// The value of black, for each element of an image `[C, H, W]`.
  private let black: [Double]
  /// What one of 255 levels is, for each element.
  private let step: [Double]

  /// Undoes a normalization.
  /// - Parameters:
  ///   - mean: `[C]` or `[C, H, W]`, of pixels in [0, 1].
  ///   - standardDeviation: `[C]`, positive.
  ///   - shape: `[C, H, W]`.
  /// - Throws: `EvaluationFailure` where shapes do not belong together.
  public init(mean: Tensor, standardDeviation: Tensor, shape: [Int]) throws(EvaluationFailure) {
    guard shape.count == 3, mean.shape == shape || mean.shape == [shape[0]] else {
      throw EvaluationFailure(
        .shape(mean.shape, expected: "\(shape.prefix(1)) or \(shape)"), of: "the mean")
    }
    guard standardDeviation.shape == [shape[0]],
      standardDeviation.elements.allSatisfy({ $0 > 0 && $0.isFinite })
    else {
      throw EvaluationFailure(
        .shape(standardDeviation.shape, expected: "\(shape.prefix(1)), positive"),
        of: "the standard deviation")
    }
    let plane = shape[1] * shape[2]
    let (means, deviations) = (mean.elements, standardDeviation.elements)
    let isColor = mean.shape.count == 1
    let count = shape.reduce(1, *)
    black = (0..<count).map {
      -Double(isColor ? means[$0 / plane] : means[$0]) / Double(deviations[$0 / plane])
    }
    step = (0..<count).map { 1 / (255 * Double(deviations[$0 / plane])) }
  }

  /// Finds the normalization of images of 8 bits: their values lie on a lattice of 256 levels that begins at
  /// black; `nil` where they do not.
  /// - Parameters:
  ///   - images: `[N, C, H, W]`, normalized.
  ///   - black: A black image, `[C, H, W]`.
  public init?(latticeOf images: Tensor, black: Tensor) {
    guard images.shape.count == 4, Array(images.shape.dropFirst()) == black.shape else {
      return nil
    }
    let plane = black.shape[1] * black.shape[2]
    let size = black.count
    let (values, darkest) = (images.elements, black.elements.map(Double.init))
    var steps: [Double] = []
    for channel in 0..<black.shape[0] {
      let heights = values.indices.lazy.filter { $0 % size / plane == channel }.map {
        Double(values[$0]) - darkest[$0 % size]
      }
      guard let step = Self.step(of: Array(heights)) else { return nil }
      steps.append(step)
    }
    self.black = darkest
    step = (0..<size).map { steps[$0 / plane] }
  }

  /// The distance of neighboring levels, where numbers are multiples of one, at most 255-fold.
  private static func step(of heights: [Double]) -> Double? {
    let sorted = heights.sorted()
    guard let greatest = sorted.last, greatest > 0 else { return nil }
    // Levels are further apart than Float32 rounds them.
    let rounding = 1e-5 * greatest
    let gaps = zip(sorted.dropFirst(), sorted).map(-).filter { $0 > rounding }
    guard let smallest = gaps.min() else { return nil }
    for part in 1...8 {
      var step = smallest / Double(part)
      // Each level tells the step more exactly than those below it.
      for height in sorted where height > step / 2 { step = height / (height / step).rounded() }
      let levels = sorted.map { $0 / step }
      let isLattice = levels.allSatisfy { abs($0 - $0.rounded()) < 0.02 && -0.5..<255.5 ~= $0 }
      if isLattice { return step }
    }
    return nil
  }

  /// Pixels of an image.
  /// - Parameter values: `C H W` normalized values.
  /// - Returns: As many pixels.
  public func pixels(_ values: [Double]) -> [UInt8] {
    precondition(values.count == black.count, "\(values.count) values for \(black.count) pixels")
    return values.indices.map { index in
      let level = (values[index] - black[index]) / step[index]
      return UInt8(min(max(level.rounded(.toNearestOrEven), 0), 255))
    }
  }
}
