/// The operations of a network, as slow and literal as their definitions, in Double.
///
/// Nothing here is shared with what it tests: no blocks, no folding, no reuse of outputs.
public enum Reference {
  /// A convolution with stride 1 and zero padding, bias included.
  /// - Parameters:
  ///   - input: `[N, C, H, W]`.
  ///   - weights: `[K, C, k, k]`, k odd.
  ///   - bias: `[K]`, or nothing.
  /// - Returns: `[N, K, H, W]`.
  public static func convolution(
    _ input: ReferenceArray, _ weights: ReferenceArray, bias: ReferenceArray? = nil
  ) -> ReferenceArray {
    var output = ReferenceArray([input.batch, weights.shape[0]] + input.shape.dropFirst(2))
    if let bias {
      for index in output.values.indices {
        output.values[index] = bias.values[index / output.plane % output.channels]
      }
    }
    forEachTap(of: input.shape, weights.shape) { image, k, c, row, column, i, j, y, x in
      output[image, k, row, column] += weights[k, c, i, j] * input[image, c, y, x]
    }
    return output
  }

  /// The gradient of a convolution by its input: each output hands its signal to what it read.
  /// - Parameters:
  ///   - signal: `[N, K, H, W]`.
  ///   - weights: `[K, C, k, k]`.
  /// - Returns: `[N, C, H, W]`.
  public static func convolutionInputGradient(
    _ signal: ReferenceArray, _ weights: ReferenceArray
  ) -> ReferenceArray {
    var gradient = ReferenceArray([signal.batch, weights.shape[1]] + signal.shape.dropFirst(2))
    forEachTap(of: gradient.shape, weights.shape) { image, k, c, row, column, i, j, y, x in
      gradient[image, c, y, x] += weights[k, c, i, j] * signal[image, k, row, column]
    }
    return gradient
  }

  /// The gradient of a convolution by its weights.
  /// - Parameters:
  ///   - input: `[N, C, H, W]`.
  ///   - signal: `[N, K, H, W]`.
  ///   - kernel: Extent of the kernel.
  /// - Returns: `[K, C, k, k]`.
  public static func convolutionWeightGradient(
    _ input: ReferenceArray, _ signal: ReferenceArray, kernel: Int = 3
  ) -> ReferenceArray {
    var gradient = ReferenceArray([signal.channels, input.channels, kernel, kernel])
    forEachTap(of: input.shape, gradient.shape) { image, k, c, row, column, i, j, y, x in
      gradient[k, c, i, j] += signal[image, k, row, column] * input[image, c, y, x]
    }
    return gradient
  }

  /// Visits every product of a convolution: output (row, column), kernel (i, j), input (y, x).
  @inline(__always)
  private static func forEachTap(
    of input: [Int], _ weights: [Int],
    _ body: (Int, Int, Int, Int, Int, Int, Int, Int, Int) -> Void
  ) {
    let (height, width, kernel) = (input[2], input[3], weights[2])
    for image in 0..<input[0] {
      for k in 0..<weights[0] {
        for c in 0..<weights[1] {
          for i in 0..<kernel {
            for j in 0..<kernel {
              for row in 0..<height {
                let y = row + i - kernel / 2
                guard 0..<height ~= y else { continue }
                for column in 0..<width {
                  let x = column + j - kernel / 2
                  if 0..<width ~= x { body(image, k, c, row, column, i, j, y, x) }
                }
              }
            }
          }
        }
      }
    }
  }

  /// A dense layer, `y = W x + b`.
  /// - Parameters:
  ///   - input: `[N, C]`.
  ///   - weights: `[K, C]`.
  ///   - bias: `[K]`, or nothing.
  /// - Returns: `[N, K]`.
  public static func dense(
    _ input: ReferenceArray, _ weights: ReferenceArray, bias: ReferenceArray? = nil
  ) -> ReferenceArray {
    var output = ReferenceArray([input.batch, weights.shape[0]])
    for image in 0..<input.batch {
      for k in 0..<weights.shape[0] {
        output[image, k] = bias?.values[k] ?? 0
        for c in 0..<input.channels { output[image, k] += weights[k, c] * input[image, c] }
      }
    }
    return output
  }

  /// The gradient of a dense layer by its input.
  /// - Parameters:
  ///   - signal: `[N, K]`.
  ///   - weights: `[K, C]`.
  /// - Returns: `[N, C]`.
  public static func denseInputGradient(
    _ signal: ReferenceArray, _ weights: ReferenceArray
  ) -> ReferenceArray {
    var gradient = ReferenceArray([signal.batch, weights.shape[1]])
    for image in 0..<signal.batch {
      for k in 0..<signal.channels {
        for c in 0..<weights.shape[1] { gradient[image, c] += weights[k, c] * signal[image, k] }
      }
    }
    return gradient
  }

  /// The gradient of a dense layer by its weights.
  /// - Parameters:
  ///   - input: `[N, C]`.
  ///   - signal: `[N, K]`.
  /// - Returns: `[K, C]`.
  public static func denseWeightGradient(
    _ input: ReferenceArray, _ signal: ReferenceArray
  ) -> ReferenceArray {
    var gradient = ReferenceArray([signal.channels, input.channels])
    for image in 0..<signal.batch {
      for k in 0..<signal.channels {
        for c in 0..<input.channels { gradient[k, c] += signal[image, k] * input[image, c] }
      }
    }
    return gradient
  }

  /// The sum of each channel over images and positions: the gradient by a bias.
  /// - Parameter array: `[N, C, ...]`.
  /// - Returns: `[C]`.
  public static func channelSums(_ array: ReferenceArray) -> ReferenceArray {
    var sums = ReferenceArray([array.channels])
    for (index, value) in array.values.enumerated() {
      sums.values[index / array.plane % array.channels] += value
    }
    return sums
  }
}
