import XAITensor

/// How the elements of a device tensor lie in memory.
public enum DeviceLayout: Sendable, Equatable {
  /// Row-major, as in `Tensor`: parameters and images.
  case plain
  /// `[N, ceil(C / B), H, W, B]` with the backend's channel block B; channels that fill up the last
  /// block are zero. Activations and their gradients; `[N, C]` counts as `[N, C, 1, 1]`.
  case blocked
}

/// A tensor in a backend's memory: opaque, written by the backend's operations alone.
///
/// Its memory returns to the backend when the last reference goes.
public final class DeviceTensor {
  /// Logical extents: `[N, C, H, W]`, `[N, C]` or the shape of a parameter.
  public let shape: [Int]
  /// How the elements lie in memory.
  public let layout: DeviceLayout
  private var content: Content
  /// Counts the writes since creation, so that what was packed from the content knows when it is stale.
  var generation = 0
  /// The content in the layouts of kernels, by their names.
  var packings: [AnyHashable: PackedWeights.Packing] = [:]

  /// The generations that products last read, as the matrix and as the transposed one.
  var productGenerations: [Bool: Int] = [:]

  /// Rows and what each is multiplied by, where the elements are such a product.
  private var factors: (tensor: Tensor, slopes: [Double])?

  /// Of a pooled convolution's output: which element of its window each value was.
  var winners: PoolWinners?

  init(shape: [Int], layout: DeviceLayout, memory: MemoryPool.Block) {
    self.shape = shape
    self.layout = layout
    content = .owned(memory)
  }

  /// A plain tensor in the host's memory, which is only read and can be made again.
  init(sharing tensor: Tensor, remake: @escaping () -> Tensor) {
    shape = tensor.shape
    layout = .plain
    content = .shared(MemoryPool.Block(sharing: tensor), remake)
  }

  /// Rows of a plain tensor in the host's memory times a factor each, which are only read.
  init(scaling tensor: Tensor, rowsBy slopes: [Double]) {
    shape = tensor.shape
    layout = .plain
    content = .dropped { tensor.scalingRows(by: slopes) }
    factors = (tensor, slopes)
  }

  /// Where the elements are; makes them again where they were dropped.
  ///
  /// For the backend's own thread: kernels take the address before they divide their work.
  var memory: MemoryPool.Block {
    switch content {
    case .owned(let memory), .shared(let memory, _): return memory
    case .dropped(let remake):
      let memory = MemoryPool.Block(sharing: remake())
      content = .shared(memory, remake)
      return memory
    }
  }

  /// Calls a body with elements, and with what each row of them is to be multiplied by, if anything.
  func withFactors(_ body: (UnsafePointer<Float>, UnsafePointer<Double>?) -> Void) {
    guard case .dropped = content, let factors else { return body(memory.floats, nil) }
    factors.tensor.withUnsafeElements { elements in
      factors.slopes.withUnsafeBufferPointer { slopes in
        guard let elements = elements.baseAddress else { return }
        body(elements, slopes.baseAddress)
      }
    }
  }

  /// Whether operations may write it.
  var isWritable: Bool {
    if case .owned = content { true } else { false }
  }

  /// Gives the plain elements away after they were packed, where they can be made again.
  func dropPlainElements() {
    if case .shared(_, let remake) = content { content = .dropped(remake) }
  }

  private enum Content {
    case owned(MemoryPool.Block)
    case shared(MemoryPool.Block, () -> Tensor)
    case dropped(() -> Tensor)
  }

  /// Whether it is the output of a pooled convolution that remembers its winners.
  public var hasWinners: Bool { winners != nil }

  var floats: UnsafeMutablePointer<Float> { memory.floats }

  /// N, C and H * W of an activation.
  var batch: Int { shape[0] }
  var channels: Int { shape[1] }
  var plane: Int { shape.dropFirst(2).reduce(1, *) }
}

/// Which elements of its windows a pooling chose.
struct PoolWinners {
  /// Height and width of what was pooled.
  let extent: [Int]
  /// One byte for each value of the pooling's output, blocked as they are: 0 to 3 in row-major order.
  let memory: MemoryPool.Block

  var bytes: UnsafeMutablePointer<UInt8> {
    UnsafeMutableRawPointer(memory.floats).assumingMemoryBound(to: UInt8.self)
  }
}
