public import XAIKernels
import XAINetworks
public import XAITensor
#if canImport(Glibc)
  import Glibc
#endif

/// Gradients of any function of the logits by images.
public struct InputGradients {
  private let form: NetworkForm
  private let algorithm: ConvolutionAlgorithm
  private let batch: Int

  /// Prepares to differentiate.
  /// - Parameters:
  ///   - network: The network.
  ///   - algorithm: How convolutions sum.
  ///   - batch: The most images at once.
  public init(
    _ network: ExplainedNetwork, algorithm: ConvolutionAlgorithm = .fastest, batch: Int = 64
  ) {
    form = network.merged()
    (self.algorithm, self.batch) = (algorithm, max(1, batch))
  }

  /// Differentiates.
  /// - Parameters:
  ///   - images: `[N, C, H, W]`, normalized.
  ///   - start: Receives an image's index and its logits; returns the derivative by each of them.
  /// - Returns: Gradients `[N, C, H, W]` and logits `[N, classes]`.
  /// - Throws: Where a kernel fails.
  public func gradients(
    at images: Tensor, from start: (_ index: Int, _ logits: [Double]) -> [Double]
  ) throws(KernelFailure) -> (gradients: Tensor, logits: Tensor) {
    var (gradients, logits) = ([Tensor](), [Tensor]())
    for first in stride(from: 0, to: images.rows, by: batch) {
      let range = first..<min(first + batch, images.rows)
      let recording = try form.record(
        try form.backend.upload(images.rows(range)), keeping: .gates, algorithm: algorithm)
      let values = form.backend.download(recording.output)
      var seed: [Float] = []
      for row in 0..<range.count {
        seed += start(first + row, values.doubles(ofRow: row)).map { Float($0) }
      }
      let signal = try BackwardWalk(Composite(), algorithm: algorithm).signal(
        from: try form.backend.uploadActivation(Tensor(shape: values.shape, seed)), of: recording)
      gradients.append(form.backend.download(signal))
      logits.append(values)
    }
    return (Tensor(stacking: gradients), Tensor(stacking: logits))
  }
}

extension Tensor {
  /// A row in Double.
  func doubles(ofRow row: Int) -> [Double] {
    withUnsafeElements { elements in
      elements[row * rowCount..<(row + 1) * rowCount].map(Double.init)
    }
  }
}

extension [Double] {
  /// Shares proportional to the exponentials.
  var softmax: [Double] {
    let largest = self.max() ?? 0
    let exponentials = map { exp($0 - largest) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }
}
