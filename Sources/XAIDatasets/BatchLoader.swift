public import XAITensor

/// Some images as a network takes them.
public struct Batch: Sendable, Equatable {
  /// The normalised images: `[N, C, H, W]`.
  public var images: Tensor
  /// The class of each image.
  public var labels: [Int]
  /// The number of each image in its split.
  public var indices: [Int]

  /// Puts a batch together.
  /// - Parameters:
  ///   - images: The normalised images: `[N, C, H, W]`.
  ///   - labels: The class of each image.
  ///   - indices: The number of each image in its split.
  public init(images: Tensor, labels: [Int], indices: [Int]) {
    self.images = images
    self.labels = labels
    self.indices = indices
  }
}

/// In which order an epoch goes through a split.
public enum BatchOrder: Sendable, Equatable {
  /// As the data set numbers the images.
  case sequential
  /// In an order of its own for every seed and epoch.
  case shuffled(seed: UInt64, epoch: Int)

  /// The numbers of all images in this order.
  /// - Parameter count: How many there are.
  /// - Returns: A permutation of 0 ..< count.
  public func indices(count: Int) -> [Int] {
    var indices = Array(0..<count)
    if case .shuffled(let seed, let epoch) = self {
      var stream = RandomStream(seed: seed, purpose: "order", epoch)
      stream.shuffle(&indices)
    }
    return indices
  }

  /// Names the draws of the augmentation; an order that is not random counts as epoch 0.
  fileprivate var draw: (seed: UInt64, epoch: Int) {
    if case .shuffled(let seed, let epoch) = self { (seed, epoch) } else { (0, 0) }
  }
}

/// Assembles the batches of one epoch on a thread of its own, a few ahead of the computation.
///
/// A batch depends on the data, the arguments and its number only: starting in the middle of an
/// epoch gives exactly the batches of one that was not interrupted.
public final class BatchLoader: Sendable {
  /// The number of batches of the whole epoch, those before the first included.
  public let batchCount: Int
  private let queue: Monitor<Queue>
  private let thread: BackgroundThread?

  /// How many assembled batches wait at most.
  private static let ahead = 3

  private struct Queue {
    var ready: [Result<Batch, DatasetFailure>] = []
    var isFinished = false
    var isAbandoned = false
  }

  /// Starts to assemble batches.
  /// - Parameters:
  ///   - dataset: The images.
  ///   - split: Which of them.
  ///   - preprocessing: How they are normalised.
  ///   - augmentation: How they are changed at random.
  ///   - batchSize: Images per batch; the last batch holds what is left.
  ///   - order: In which order they come.
  ///   - firstBatch: The number of the first batch wanted, to continue an epoch.
  ///   - extent: Rows and columns that the images are brought to after everything else, by the mean over areas:
  ///     at most those of the data, which they keep where it is nil.
  ///   - stride: Every so many images of the order are loaded: 1 for all.
  public init(
    dataset: any ImageDataset, split: Split, preprocessing: Preprocessing,
    augmentation: Augmentation = .none, batchSize: Int, order: BatchOrder = .sequential,
    firstBatch: Int = 0, extent: (height: Int, width: Int)? = nil, stride: Int = 1
  ) {
    precondition(batchSize > 0 && firstBatch >= 0, "batches of \(batchSize) from \(firstBatch)")
    precondition(stride > 0, "every \(stride)th image")
    precondition(
      (preprocessing.height, preprocessing.width) == (dataset.height, dataset.width),
      "the preprocessing is of images of another size")
    let assembler = BatchAssembler(
      dataset: dataset, split: split, preprocessing: preprocessing, augmentation: augmentation,
      draw: order.draw,
      resizing: extent.flatMap {
        $0 == (dataset.height, dataset.width)
          ? nil : AreaResizing(height: dataset.height, width: dataset.width, to: $0)
      })
    let order = order.indices(count: dataset.count(of: split))
    let indices = Swift.stride(from: 0, to: order.count, by: stride).map { order[$0] }
    // Neither sum overflows, however large a batch is asked for.
    let batchCount = indices.isEmpty ? 0 : (indices.count - 1) / batchSize + 1
    let queue = Monitor(Queue())
    thread = BackgroundThread {
      for number in Swift.stride(from: firstBatch, to: batchCount, by: 1) {
        let members = indices.dropFirst(number * batchSize).prefix(batchSize)
        let result = Result { () throws(DatasetFailure) in
          try assembler.batch(Array(members)) { queue.change { $0.isAbandoned } }
        }
        let goesOn = queue.change(when: { $0.ready.count < Self.ahead || $0.isAbandoned }) {
          $0.ready.append(result)
          if case .failure = result { return false }
          return !$0.isAbandoned
        }
        guard goesOn else { return }
      }
      queue.change { $0.isFinished = true }
    }
    self.batchCount = batchCount
    self.queue = queue
  }

  deinit {
    queue.change { $0.isAbandoned = true }
    thread?.join()
  }

  /// Waits for the next batch.
  /// - Returns: The batch, or nothing after the last one.
  /// - Throws: `DatasetFailure` if one of its images cannot be read; then no batch follows.
  public func next() throws(DatasetFailure) -> Batch? {
    guard thread != nil else {
      throw DatasetFailure(
        .inputOutput,
        "the system has no thread left to load batches; end other programs, or raise the limits of "
          + "processes and memory (ulimit -u, ulimit -v)")
    }
    let result = queue.change(when: { !$0.ready.isEmpty || $0.isFinished }) { queue in
      if case .failure = queue.ready.first { return queue.ready.first }
      return queue.ready.isEmpty ? nil : queue.ready.removeFirst()
    }
    return try result?.get()
  }
}
