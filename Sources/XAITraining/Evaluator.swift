public import XAIDatasets
public import XAIKernels
public import XAINetworks
public import XAITensor

/// Runs a trained network over a split, batches assembled beside the computation.
public struct Evaluator {
  private let pass: InferencePass
  private let preprocessing: Preprocessing
  private let batchSize: Int

  /// Prepares an evaluation.
  /// - Parameters:
  ///   - network: The network.
  ///   - parameters: Its parameters.
  ///   - preprocessing: How images are normalised.
  ///   - batchSize: Images at a time; the result does not depend on it beyond rounding.
  ///   - backend: What computes.
  /// - Throws: Where memory runs out.
  public init(
    network: Network, parameters: Parameters, preprocessing: Preprocessing, batchSize: Int,
    backend: any Backend
  ) throws(KernelFailure) {
    pass = try InferencePass(network, parameters: parameters, backend: backend)
    self.preprocessing = preprocessing
    self.batchSize = batchSize
  }

  /// Computes the logits of every image of a split, in order.
  /// - Parameters:
  ///   - dataset: The images.
  ///   - split: Which of them.
  ///   - extent: Rows and columns that they are brought to; nil where they stay as they are.
  ///   - stride: Every so many of them are looked at.
  ///   - body: Receives each batch with its logits `[N, classes]`; returns whether to go on.
  /// - Throws: `DatasetFailure`, `KernelFailure`, or what the body throws.
  public func forEachBatch(
    of dataset: any ImageDataset, split: Split, extent: (height: Int, width: Int)? = nil,
    stride: Int = 1, _ body: (Batch, Tensor) throws -> Bool
  ) throws {
    let loader = BatchLoader(
      dataset: dataset, split: split, preprocessing: preprocessing, batchSize: batchSize,
      extent: extent, stride: stride)
    while let batch = try loader.next() {
      guard try body(batch, try pass.logits(batch.images)) else { return }
    }
  }
}
