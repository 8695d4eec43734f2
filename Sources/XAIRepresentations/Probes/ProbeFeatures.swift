import XAIKernels
public import XAIStatistics
public import XAITensor

/// Features of training rows and of others as products, centered and scaled by the training rows alone.
public struct ProbeFeatures: Sendable {
  /// s: the root of the mean square length of the centered training rows.
  public let scale: Double
  /// The mean of the training rows.
  public let mean: [Double]
  /// Products of the training rows, `[n, n]`.
  public let gram: Matrix
  /// Products of the test rows with the training rows, `[m, n]`.
  public let cross: Matrix
  private let training: Tensor

  /// How features are read from a layer of maps.
  public enum Reduction: String, Sendable, Codable, CaseIterable {
    /// Every position of every channel.
    case flat
    /// The mean of each channel over its positions.
    case mean
  }

  /// Takes rows.
  /// - Parameters:
  ///   - training: `[n, ...]`.
  ///   - test: `[m, ...]` of the same row length.
  ///   - task: What it is for, in the words of a failure.
  /// - Throws: `StatisticsFailure` where all training rows are equal.
  public init(
    training: Tensor, test: Tensor, for task: String = "a probe"
  ) throws(StatisticsFailure) {
    precondition(training.rowCount == test.rowCount, "\(training.shape) with \(test.shape)")
    self.training = training
    mean = GramProducts.mean(training)
    let scaled = try ScaledGram(
      GramProducts.gram(training, minus: mean, threads: ThreadTeam.count), for: task)
    (scale, gram) = (scaled.scale, scaled.gram)
    cross = scaled.scaled(
      GramProducts.products(test, training, minus: mean, threads: ThreadTeam.count))
  }

  /// Vectors of features that coefficients of the training rows stand for.
  /// - Parameter coefficients: `[n, k]`.
  /// - Returns: `[k, features]`, in scaled features.
  public func weights(_ coefficients: Matrix) -> Matrix {
    var weights = GramProducts.combinations(coefficients, of: training, minus: mean)
    for index in weights.elements.indices { weights.elements[index] /= scale }
    return weights
  }

  /// The features of a layer's outputs.
  /// - Parameters:
  ///   - outputs: `[N, C, H, W]` or `[N, C]`.
  ///   - reduction: What is read of maps.
  /// - Returns: `[N, features]`.
  public static func features(of outputs: Tensor, _ reduction: Reduction) -> Tensor {
    guard reduction == .mean, outputs.shape.count == 4 else {
      return outputs.reshaped(to: [outputs.rows, outputs.rowCount])
    }
    let area = outputs.shape[2] * outputs.shape[3]
    return Tensor(shape: [outputs.rows, outputs.shape[1]]) { target in
      outputs.withUnsafeElements { source in
        for index in target.indices {
          let sum = source[index * area..<(index + 1) * area].reduce(0.0) { $0 + Double($1) }
          target[index] = Float(sum / Double(area))
        }
      }
    }
  }
}
