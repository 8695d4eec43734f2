#if canImport(Glibc)
  import Glibc
#endif

public import XAITensor

/// Softmax cross-entropy with optional label smoothing, in Double.
///
/// Source: Szegedy et al. 2016. The target distribution is `(1 - smoothing) one-hot + smoothing / classes`, as in PyTorch.
public struct CrossEntropy: Sendable {
  /// The share of the target spread over all classes, in [0, 1).
  public let smoothing: Double

  /// Chooses the smoothing.
  /// - Parameter smoothing: The share spread over all classes.
  public init(smoothing: Double = 0) {
    precondition(0..<1 ~= smoothing, "a label smoothing of \(smoothing) is not in [0, 1)")
    self.smoothing = smoothing
  }

  /// What a batch costs.
  public struct Result: Sendable {
    /// The mean loss over the batch.
    public var loss: Double
    /// How many images have their largest logit at their label.
    public var correct: Int
    /// The gradient of the mean loss by the logits, `[N, classes]`.
    public var gradient: Tensor
  }

  /// Loss and gradient of a batch.
  /// - Parameters:
  ///   - logits: `[N, classes]`.
  ///   - labels: N class indices.
  /// - Returns: Mean loss, correct predictions and gradient.
  public func callAsFunction(_ logits: Tensor, labels: [Int]) -> Result {
    let (count, classes) = (logits.shape[0], logits.shape[1])
    precondition(labels.count == count, "\(labels.count) labels for \(count) images")
    var loss = 0.0
    var correct = 0
    let spread = smoothing / Double(classes)
    let gradient = Tensor(shape: logits.shape) { gradient in
      logits.withUnsafeElements { logits in
        for image in 0..<count {
          let row = UnsafeBufferPointer(rebasing: logits[image * classes..<(image + 1) * classes])
          let label = labels[image]
          precondition(row.indices.contains(label), "label \(label) of \(classes) classes")
          var largest = 0
          for index in 1..<classes where row[index] > row[largest] { largest = index }
          if largest == label { correct += 1 }
          let top = Double(row[largest])
          let normalizer = log(row.reduce(0.0) { $0 + exp(Double($1) - top) }) + top
          for index in 0..<classes {
            let logProbability = Double(row[index]) - normalizer
            let target = spread + (index == label ? 1 - smoothing : 0)
            if target > 0 { loss -= target * logProbability }
            gradient.initializeElement(
              at: image * classes + index,
              to: Float((exp(logProbability) - target) / Double(count)))
          }
        }
      }
    }
    return Result(loss: loss / Double(count), correct: correct, gradient: gradient)
  }
}
