internal import CDNNL
import XAITensor

#if canImport(Glibc)
  import Glibc
#endif

/// Recycles aligned memory, so that a step allocates nothing once the first one is through.
///
/// Fresh pages cost more than the kernels that write them; a block that fits is therefore reused,
/// the smallest first. Confined to the thread of its backend.
final class MemoryPool {
  /// A piece of memory that goes back to its pool when released.
  final class Block {
    let floats: UnsafeMutablePointer<Float>
    let capacity: Int
    private weak var pool: MemoryPool?
    /// Whose memory it is, where it is not the pool's.
    private let owner: Tensor?

    /// The memory of a tensor, which nothing may write.
    init(sharing tensor: Tensor) {
      owner = tensor
      capacity = tensor.count
      // The address is that of the tensor's storage, which lives as long as its owner here.
      floats = tensor.withUnsafeElements { elements in
        guard let start = UnsafeMutablePointer(mutating: elements.baseAddress) else {
          preconditionFailure("a tensor without memory")
        }
        return start
      }
    }

    fileprivate init(floats: UnsafeMutablePointer<Float>, capacity: Int, pool: MemoryPool) {
      self.floats = floats
      self.capacity = capacity
      self.pool = pool
      owner = nil
    }

    deinit {
      guard owner == nil else { return }
      if let pool {
        pool.takeBack(floats, capacity: capacity)
      } else {
        Glibc.free(floats)
      }
    }
  }

  /// Free pieces, sorted by capacity.
  private var pieces: [(capacity: Int, floats: UnsafeMutablePointer<Float>)] = []
  /// All bytes taken from the system and not given back.
  private(set) var bytes = 0
  /// Bytes beyond which free pieces go back to the system before others are taken from it.
  var limit = Int.max

  init() { xai_return_freed_memory(Int32(2 * hugePage)) }

  /// A block of at least `count` floats with any content.
  func take(_ count: Int) throws(KernelFailure) -> Block {
    let wanted = max(count, 16)
    let first = firstIndex(holding: wanted)
    // A piece much larger than needed is left for what needs it.
    if first < pieces.count, pieces[first].capacity <= max(2 * wanted, 1 << 14) {
      let piece = pieces.remove(at: first)
      return Block(floats: piece.floats, capacity: piece.capacity, pool: self)
    }
    // Large pieces lie on huge pages: convolutions walk through memory with long strides, and with
    // pages of 4 KB they spend a sixth of their time on address translation.
    let alignment = wanted * MemoryLayout<Float>.stride >= 2 * hugePage ? hugePage : 64
    let size = (wanted * MemoryLayout<Float>.stride + alignment - 1) / alignment * alignment
    trim(to: limit - size)
    guard let address = aligned_alloc(alignment, size) else {
      throw KernelFailure(
        kind: .inputOutput,
        "Out of memory: \(size) more bytes are needed, \(bytes) are in use; "
          + "use a smaller batch")
    }
    // Advice only: where the system declines, the memory works all the same.
    if alignment == hugePage { madvise(address, size, MADV_HUGEPAGE) }
    bytes += size
    let capacity = size / MemoryLayout<Float>.stride
    return Block(
      floats: address.bindMemory(to: Float.self, capacity: capacity), capacity: capacity,
      pool: self)
  }

  /// Gives free pieces back to the system.
  /// - Parameter bytes: What may remain; the largest pieces go first.
  func trim(to bytes: Int = 0) {
    while self.bytes > bytes, let piece = pieces.popLast() {
      release(piece.floats, capacity: piece.capacity)
    }
  }

  deinit { trim() }

  private func release(_ floats: UnsafeMutablePointer<Float>, capacity: Int) {
    bytes -= capacity * MemoryLayout<Float>.stride
    Glibc.free(floats)
  }

  fileprivate func takeBack(_ floats: UnsafeMutablePointer<Float>, capacity: Int) {
    pieces.insert((capacity, floats), at: firstIndex(holding: capacity))
  }

  private func firstIndex(holding count: Int) -> Int {
    var low = 0
    var high = pieces.count
    while low < high {
      let middle = (low + high) / 2
      if pieces[middle].capacity < count { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

private let hugePage = 1 << 21
