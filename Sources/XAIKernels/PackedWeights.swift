/// Weights in the layouts that kernels read.
///
/// They are kept with the tensors they were made from, until these change or others need the room.
/// Confined to the thread of its backend.
final class PackedWeights {
  /// Weights in one layout.
  final class Packing {
    let memory: MemoryPool.Block
    /// That of the tensor when it was packed.
    fileprivate var generation: Int
    fileprivate var lastUse = 0

    fileprivate init(_ memory: MemoryPool.Block, of generation: Int) {
      (self.memory, self.generation) = (memory, generation)
    }
  }

  private struct Place {
    weak var tensor: DeviceTensor?
    let layout: AnyHashable
    var packing: Packing? { tensor?.packings[layout] }
  }

  /// Bytes beyond which packings that were not used for longest go.
  var limit = Int.max
  private let pool: MemoryPool
  private var places: [Place] = []
  private var uses = 0

  init(_ pool: MemoryPool) { self.pool = pool }

  /// Of all packings that are kept.
  var bytes: Int { floats * MemoryLayout<Float>.stride }

  private var floats: Int { places.reduce(0) { $0 + ($1.packing?.memory.capacity ?? 0) } }

  /// A tensor in a layout, packed where it is not yet or no longer.
  /// - Parameters:
  ///   - weights: The tensor.
  ///   - layout: Names the layout.
  ///   - count: Floats that it takes.
  ///   - pack: Writes them.
  /// - Returns: The memory, which stays as it is until the next call.
  /// - Throws: Where memory runs out or packing fails.
  func block(
    of weights: DeviceTensor, as layout: some Hashable, count: Int,
    _ pack: (UnsafeMutablePointer<Float>) throws(KernelFailure) -> Void
  ) throws(KernelFailure) -> MemoryPool.Block {
    let layout = AnyHashable(layout)
    uses += 1
    let known = weights.packings[layout]
    known?.lastUse = uses
    if let known, known.generation == weights.generation { return known.memory }
    if known == nil { makeRoom(count) }
    let packing =
      if let known { known } else { Packing(try pool.take(count), of: weights.generation) }
    // A recycled block may be larger than what was asked for.
    if known == nil, packing.memory.capacity > count { makeRoom(packing.memory.capacity) }
    try pack(packing.memory.floats)
    (packing.generation, packing.lastUse) = (weights.generation, uses)
    if known == nil {
      weights.packings[layout] = packing
      places.append(Place(tensor: weights, layout: layout))
    }
    weights.dropPlainElements()
    return packing.memory
  }

  /// Forgets packings until there is room for another one.
  private func makeRoom(_ count: Int) {
    places.removeAll { $0.packing == nil }
    var floats = count + self.floats
    let most = limit / MemoryLayout<Float>.stride
    guard floats > most else { return }
    places.sort { ($0.packing?.lastUse ?? 0) > ($1.packing?.lastUse ?? 0) }
    while floats > most, let oldest = places.popLast() {
      floats -= oldest.packing?.memory.capacity ?? 0
      oldest.tensor?.packings[oldest.layout] = nil
    }
  }
}
