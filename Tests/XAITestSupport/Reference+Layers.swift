#if canImport(Glibc)
  import Glibc
#endif

extension Reference {
  /// What batch norm adds to a variance.
  public static let epsilon = 1e-5

  /// Mean and biased variance of each channel, in two passes.
  /// - Parameter input: `[N, C, ...]`.
  /// - Returns: Two arrays `[C]`.
  public static func moments(
    _ input: ReferenceArray
  ) -> (mean: ReferenceArray, variance: ReferenceArray) {
    let count = Double(input.batch * input.plane)
    var mean = channelSums(input)
    for channel in mean.values.indices { mean.values[channel] /= count }
    let centered = perChannel(input) { value, channel in value - mean.values[channel] }
    var variance = channelSums(centered.combined(with: centered, *))
    for channel in variance.values.indices { variance.values[channel] /= count }
    return (mean, variance)
  }

  /// Batch norm with given moments (Ioffe and Szegedy 2015, algorithm 1).
  /// - Parameters:
  ///   - input: `[N, C, ...]`.
  ///   - mean: `[C]`.
  ///   - variance: `[C]`.
  ///   - scale: gamma, `[C]`.
  ///   - shift: beta, `[C]`.
  /// - Returns: The shape of the input.
  public static func batchNorm(
    _ input: ReferenceArray, mean: ReferenceArray, variance: ReferenceArray, scale: ReferenceArray,
    shift: ReferenceArray
  ) -> ReferenceArray {
    perChannel(input) { value, c in
      let normalized = (value - mean.values[c]) / (variance.values[c] + epsilon).squareRoot()
      return scale.values[c] * normalized + shift.values[c]
    }
  }

  /// The gradient of batch norm in training (Ioffe and Szegedy 2015, section 3, literally).
  /// - Parameters:
  ///   - signal: The gradient by the output.
  ///   - input: The input whose moments normalised.
  ///   - scale: gamma, `[C]`.
  ///   - constantMoments: A wrong rule, for showing that it is noticed: moments that do not depend
  ///     on the input.
  /// - Returns: The gradients by input, scale and shift.
  public static func batchNormGradient(
    _ signal: ReferenceArray, input: ReferenceArray, scale: ReferenceArray,
    constantMoments: Bool = false
  ) -> (input: ReferenceArray, scale: ReferenceArray, shift: ReferenceArray) {
    let (mean, variance) = moments(input)
    let count = Double(input.batch * input.plane)
    let deviation = variance.values.map { ($0 + epsilon).squareRoot() }
    let centered = perChannel(input) { value, c in value - mean.values[c] }
    let normalized = perChannel(centered) { value, c in value / deviation[c] }
    let byNormalized = perChannel(signal) { value, c in value * scale.values[c] }
    var byVariance = channelSums(byNormalized.combined(with: centered, *))
    var byMean = channelSums(byNormalized)
    let centerSums = channelSums(centered)
    for c in deviation.indices {
      byVariance.values[c] *= -0.5 * pow(deviation[c], -3)
      byMean.values[c] =
        -byMean.values[c] / deviation[c] - byVariance.values[c] * 2 * centerSums.values[c] / count
      if constantMoments { (byVariance.values[c], byMean.values[c]) = (0, 0) }
    }
    var byInput = perChannel(byNormalized) { value, c in
      value / deviation[c] + byMean.values[c] / count
    }
    let tilt = perChannel(centered) { value, c in byVariance.values[c] * 2 * value / count }
    byInput = byInput.combined(with: tilt, +)
    return (byInput, channelSums(signal.combined(with: normalized, *)), channelSums(signal))
  }

  /// `max(x, 0)`.
  /// - Parameter input: Any shape.
  /// - Returns: The same shape.
  public static func relu(_ input: ReferenceArray) -> ReferenceArray {
    ReferenceArray(input.shape, input.values.map { max($0, 0) })
  }

  /// The gradient of ReLU, 0 at exactly 0.
  /// - Parameters:
  ///   - signal: The gradient by the output.
  ///   - input: The input of the forward pass.
  /// - Returns: The gradient by the input.
  public static func reluGradient(
    _ signal: ReferenceArray, input: ReferenceArray
  ) -> ReferenceArray { signal.combined(with: input) { $1 > 0 ? $0 : 0 } }

  /// 2x2 max pooling with stride 2; an odd last row or column is left out.
  /// - Parameter input: `[N, C, H, W]`.
  /// - Returns: `[N, C, H / 2, W / 2]`.
  public static func maxPool(_ input: ReferenceArray) -> ReferenceArray {
    let (height, width) = (input.shape[2] / 2, input.shape[3] / 2)
    var output = ReferenceArray([input.batch, input.channels, height, width])
    forEachWindow(input) { image, channel, row, column, winner in
      output[image, channel, row, column] = input[image, channel, winner.row, winner.column]
    }
    return output
  }

  /// Hands each signal to the first maximum of its window in row-major order.
  /// - Parameters:
  ///   - signal: `[N, C, H / 2, W / 2]`.
  ///   - input: The input of the forward pass.
  /// - Returns: `[N, C, H, W]`.
  public static func maxPoolGradient(
    _ signal: ReferenceArray, input: ReferenceArray
  ) -> ReferenceArray {
    var gradient = ReferenceArray(input.shape)
    forEachWindow(input) { image, channel, row, column, winner in
      gradient[image, channel, winner.row, winner.column] = signal[image, channel, row, column]
    }
    return gradient
  }

  /// The mean of each channel over all positions.
  /// - Parameter input: `[N, C, H, W]`.
  /// - Returns: `[N, C]`.
  public static func averagePool(_ input: ReferenceArray) -> ReferenceArray {
    var output = ReferenceArray([input.batch, input.channels])
    for (index, value) in input.values.enumerated() {
      output.values[index / input.plane] += value / Double(input.plane)
    }
    return output
  }

  /// The gradient of the mean: every position gets the same share.
  /// - Parameters:
  ///   - signal: `[N, C]`.
  ///   - input: The input of the forward pass.
  /// - Returns: `[N, C, H, W]`.
  public static func averagePoolGradient(
    _ signal: ReferenceArray, input: ReferenceArray
  ) -> ReferenceArray {
    ReferenceArray(
      input.shape,
      input.values.indices.map { signal.values[$0 / input.plane] / Double(input.plane) })
  }

  /// The inputs of a window of adaptive average pooling, and where its output lies.
  ///
  /// Source: PyTorch, `AdaptiveAvgPool2d`.
  private static func adaptiveWindows(
    _ shape: [Int], to extent: [Int], _ body: (_ output: Int, _ inputs: [Int]) -> Void
  ) {
    for plane in 0..<shape[0] * shape[1] {
      for row in 0..<extent[0] {
        for column in 0..<extent[1] {
          var inputs: [Int] = []
          for y in 0..<shape[2] {
            for x in 0..<shape[3] {
              // floor(i H / h) <= y < ceil((i + 1) H / h), without division.
              let inRow =
                (y + 1) * extent[0] > row * shape[2] && y * extent[0] < (row + 1) * shape[2]
              let inColumn =
                (x + 1) * extent[1] > column * shape[3] && x * extent[1] < (column + 1) * shape[3]
              if inRow && inColumn { inputs.append((plane * shape[2] + y) * shape[3] + x) }
            }
          }
          body((plane * extent[0] + row) * extent[1] + column, inputs)
        }
      }
    }
  }

  /// Adaptive average pooling.
  /// - Parameters:
  ///   - input: `[N, C, H, W]`.
  ///   - extent: h and w.
  ///   - power: The number of inputs of a window to this power is what their sum is divided by.
  /// - Returns: `[N, C, h, w]`.
  public static func adaptivePool(
    _ input: ReferenceArray, to extent: [Int], power: Int = 1
  ) -> ReferenceArray {
    var output = ReferenceArray(Array(input.shape.prefix(2)) + extent)
    adaptiveWindows(input.shape, to: extent) { place, inputs in
      let divisor = (0..<power).reduce(1.0) { product, _ in product * Double(inputs.count) }
      output.values[place] = inputs.reduce(0) { $0 + input.values[$1] } / divisor
    }
    return output
  }

  /// The gradient of adaptive average pooling.
  /// - Parameters:
  ///   - signal: `[N, C, h, w]`.
  ///   - input: The input of the forward pass.
  /// - Returns: `[N, C, H, W]`.
  public static func adaptivePoolGradient(
    _ signal: ReferenceArray, input: ReferenceArray
  ) -> ReferenceArray {
    var gradient = ReferenceArray(input.shape)
    adaptiveWindows(input.shape, to: Array(signal.shape.dropFirst(2))) { place, inputs in
      for position in inputs {
        gradient.values[position] += signal.values[place] / Double(inputs.count)
      }
    }
    return gradient
  }

  /// Softmax cross-entropy with label smoothing, and its gradient by the logits.
  ///
  /// Source: Szegedy et al. 2016.
  /// - Parameters:
  ///   - logits: `[N, classes]`.
  ///   - labels: A class for each image.
  ///   - smoothing: The share of the target that is spread over all classes.
  /// - Returns: The mean loss and its gradient.
  public static func crossEntropy(
    _ logits: ReferenceArray, labels: [Int], smoothing: Double = 0
  ) -> (loss: Double, gradient: ReferenceArray) {
    var (loss, gradient) = (0.0, ReferenceArray(logits.shape))
    for image in 0..<logits.batch {
      let row = (0..<logits.channels).map { logits[image, $0] }
      let sum = row.reduce(0) { $0 + exp($1) }
      for index in row.indices {
        let target =
          smoothing / Double(row.count) + (index == labels[image] ? 1 - smoothing : 0)
        let probability = exp(row[index]) / sum
        loss -= target * log(probability) / Double(logits.batch)
        gradient[image, index] = (probability - target) / Double(logits.batch)
      }
    }
    return (loss, gradient)
  }

  private static func perChannel(
    _ input: ReferenceArray, _ function: (Double, Int) -> Double
  ) -> ReferenceArray {
    let (plane, channels) = (input.plane, input.channels)
    return ReferenceArray(
      input.shape,
      input.values.enumerated().map { function($1, $0 / plane % channels) })
  }

  private static func forEachWindow(
    _ input: ReferenceArray, _ body: (Int, Int, Int, Int, (row: Int, column: Int)) -> Void
  ) {
    for image in 0..<input.batch {
      for channel in 0..<input.channels {
        for row in 0..<input.shape[2] / 2 {
          for column in 0..<input.shape[3] / 2 {
            var winner = (row: 2 * row, column: 2 * column)
            for place in [(0, 1), (1, 0), (1, 1)] {
              let other = (row: 2 * row + place.0, column: 2 * column + place.1)
              if input[image, channel, other.row, other.column]
                > input[image, channel, winner.row, winner.column]
              {
                winner = other
              }
            }
            body(image, channel, row, column, winner)
          }
        }
      }
    }
  }
}
