internal import CWinograd

/// Names the packed weights that are kept with a tensor.
private enum PackingKey: Hashable {
  case forward, transposed, narrow
}

/// What becomes of the outputs of Winograd's algorithm.
struct WinogradEpilogue {
  var bias: DeviceTensor?
  var relu = false
  var gate: DeviceTensor?
  /// Whether maxima of 2x2 windows are written alone; with the winners, where the output has some.
  var pools = false
}

extension CPUBackend {
  /// A 3x3 convolution by Winograd's algorithm, with weights that stay.
  func winograd(
    _ input: DeviceTensor, weights: DeviceTensor, bias: DeviceTensor?, relu: Bool
  ) throws(KernelFailure) -> DeviceTensor {
    let extent = Array(input.shape.dropFirst(2))
    let output = try empty([input.batch, weights.shape[0]] + extent, .blocked)
    try winograd(
      input, extent: extent, weights: weights, isTransposed: false,
      WinogradEpilogue(bias: bias, relu: relu), into: output)
    return output
  }

  /// The gradient of a 3x3 convolution by its input, let through where a gate is positive.
  func winogradInputGradient(
    _ signal: DeviceTensor, weights: DeviceTensor, gate: DeviceTensor?
  ) throws(KernelFailure) -> DeviceTensor {
    let extent = Array(signal.shape.dropFirst(2))
    let gradient = try empty([signal.batch, weights.shape[1]] + extent, .blocked)
    if gate == nil, weights.shape[1] <= 4 {
      try narrowGradient(signal, weights: weights, into: gradient)
    } else {
      try winograd(
        signal, extent: extent, weights: weights, isTransposed: true,
        WinogradEpilogue(gate: gate), into: gradient)
    }
    return gradient
  }

  /// All of Winograd's algorithm.
  /// - Parameters:
  ///   - input: Blocked.
  ///   - winners: Where the input is a signal at the output of the pooling that these belong to.
  ///   - extent: Height and width of the convolution.
  ///   - weights: `[K, C, 3, 3]`.
  ///   - isTransposed: Whether from K to C channels.
  ///   - epilogue: What becomes of the outputs.
  ///   - output: Blocked; with pooling of half the extent.
  /// - Throws: Where memory runs out.
  func winograd(
    _ input: DeviceTensor, winners: PoolWinners? = nil, extent: [Int], weights: DeviceTensor,
    isTransposed: Bool, _ epilogue: WinogradEpilogue, into output: DeviceTensor
  ) throws(KernelFailure) {
    try measured("convolution \(isTransposed ? "input gradient" : "forward")") {
      () throws(KernelFailure) in
      let packed = try packed(weights, isTransposed: isTransposed)
      var shape = xai_winograd_shape(
        batch: Int64(input.batch), height: Int64(extent[0]), width: Int64(extent[1]),
        input_blocks: Int64(blocks(input.channels)),
        output_blocks: Int64(blocks(output.channels)))
      let bias = try epilogue.bias.map { tensor throws(KernelFailure) in try paddedBias(tensor) }
      let floats = elementCount(output.shape, .blocked)
      // The next convolution fetches its input ahead, wherever it lies; in training batch norm comes
      // next, and finds what was left in half of a large cache.
      let cached = epilogue.relu || epilogue.gate != nil ? 4 << 20 : 16 << 20
      var epilogue = xai_winograd_epilogue(
        bias: bias?.floats, gate: epilogue.gate?.floats, relu: epilogue.relu ? 1 : 0,
        pools: epilogue.pools ? 1 : 0, winners: epilogue.pools ? output.winners?.bytes : nil,
        streams: floats * MemoryLayout<Float>.stride > cached ? 1 : 0)
      let tiling = Tiling(shape, vectors.level)
      let scratch = try scratchpad(bytes: tiling.scratchFloats * MemoryLayout<Float>.stride)
      tiling.run(
        &shape, &epilogue, input: input.floats, winners: winners?.bytes, packed: packed.floats,
        scratch: scratch, output: output.floats)
    }
  }

  /// The bias with zeros for filling channels.
  func paddedBias(_ bias: DeviceTensor) throws(KernelFailure) -> MemoryPool.Block {
    let count = bias.shape[0]
    let padded = try pool.take(blocks(count) * block)
    padded.floats.update(from: bias.floats, count: count)
    (padded.floats + count).update(repeating: 0, count: blocks(count) * block - count)
    return padded
  }

  /// The gradient by an image: one block holds all its channels.
  private func narrowGradient(
    _ signal: DeviceTensor, weights: DeviceTensor, into gradient: DeviceTensor
  ) throws(KernelFailure) {
    try measured("convolution input gradient") { () throws(KernelFailure) in
      let (outputs, channels) = (Int64(weights.shape[0]), Int64(weights.shape[1]))
      var shape = xai_winograd_shape(
        batch: Int64(signal.batch), height: Int64(signal.shape[2]), width: Int64(signal.shape[3]),
        input_blocks: Int64(blocks(signal.channels)), output_blocks: 1)
      let vectors = vectors.level
      let count = xai_narrow_packed_count(vectors, shape.input_blocks, channels)
      let packed = try packedWeights.block(of: weights, as: PackingKey.narrow, count: Int(count)) {
        memory in
        xai_narrow_pack(vectors, weights.floats, outputs, channels, memory)
      }
      ThreadTeam.forEachRange(signal.batch * signal.shape[2]) { _, rows in
        xai_narrow_gradient(
          vectors, &shape, channels, signal.floats, packed.floats, Int64(rows.lowerBound),
          Int64(rows.upperBound), gradient.floats)
      }
    }
  }

  /// The weights as Winograd's kernels read them.
  private func packed(
    _ weights: DeviceTensor, isTransposed: Bool
  ) throws(KernelFailure) -> MemoryPool.Block {
    let (outputs, inputs) = (weights.shape[0], weights.shape[1])
    let (from, to) = isTransposed ? (outputs, inputs) : (inputs, outputs)
    let vectors = vectors.level
    let count = xai_winograd_packed_count(vectors, Int64(blocks(from)), Int64(blocks(to)))
    let layout = isTransposed ? PackingKey.transposed : .forward
    return try packedWeights.block(of: weights, as: layout, count: Int(count)) { memory in
      weights.withFactors { elements, slopes in
        ThreadTeam.forEach(blocks(to)) { index in
          xai_winograd_pack(
            vectors, elements, slopes, Int64(outputs), Int64(inputs), isTransposed ? 1 : 0,
            Int64(index), memory)
        }
      }
    }
  }
}

/// How tiles are shared out between threads.
///
/// Where the packed weights fit into a core's share of the caches, each thread takes a few tiles
/// through all three phases; else the phases follow each other, and threads divide the 36 products,
/// so that each reads its weights once. An output depends on its own tile alone, so neither choice
/// changes a bit.
private struct Tiling {
  let vectors: xai_vectors
  let tiles: Int
  /// Tiles that are under way together.
  let capacity: Int
  let isPrivate: Bool
  let threads: Int
  let inputFloats: Int
  let outputFloats: Int

  var scratchFloats: Int { (inputFloats + outputFloats) * (isPrivate ? threads : 1) }

  init(_ shape: xai_winograd_shape, _ vectors: xai_vectors) {
    self.vectors = vectors
    let lanes = Int(xai_vector_lanes(vectors))
    tiles = Int(withUnsafePointer(to: shape) { xai_winograd_tiles($0) })
    threads = ThreadTeam.count
    let channels = (Int(shape.input_blocks) * lanes, Int(shape.output_blocks) * lanes)
    let weights = 36 * channels.0 * channels.1 * MemoryLayout<Float>.stride
    isPrivate = weights <= 12 << 20 && tiles >= 8 * threads
    // Measured: 18 tiles of 256 channels fill a core's second cache, and gain from fewer or more is
    // small; the shared phases want as many as the last cache holds.
    capacity = min(tiles, isPrivate ? 18 : 256)
    inputFloats = 36 * capacity * channels.0
    outputFloats = 36 * capacity * channels.1
  }

  func run(
    _ shape: UnsafePointer<xai_winograd_shape>, _ epilogue: UnsafePointer<xai_winograd_epilogue>,
    input: UnsafePointer<Float>, winners: UnsafePointer<UInt8>?, packed: UnsafePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, output: UnsafeMutablePointer<Float>
  ) {
    let capacity = Int64(capacity)
    if isPrivate {
      ThreadTeam.forEachRange(tiles, least: 2 * self.capacity) { thread, range in
        let v = scratch + thread * (inputFloats + outputFloats)
        let m = v + inputFloats
        xai_winograd_run(
          vectors, shape, epilogue, input, winners, packed, Int64(range.lowerBound),
          Int64(range.upperBound), v, m, capacity, output)
      }
      return
    }
    let (v, m) = (scratch, scratch + inputFloats)
    for first in stride(from: Int64(0), to: Int64(tiles), by: Int(capacity)) {
      let rows = min(capacity, Int64(tiles) - first)
      ThreadTeam.forEachRange(Int(rows)) { _, range in
        xai_winograd_input(
          vectors, shape, input, winners, first + Int64(range.lowerBound),
          first + Int64(range.upperBound), v, capacity, Int64(range.lowerBound))
      }
      ThreadTeam.forEach(36) { matrix in
        xai_winograd_multiply(vectors, shape, packed, Int64(matrix), rows, v, m, capacity)
      }
      ThreadTeam.forEachRange(Int(rows)) { _, range in
        xai_winograd_output(
          vectors, shape, epilogue, m, capacity, Int64(range.lowerBound),
          first + Int64(range.lowerBound), first + Int64(range.upperBound), output)
      }
    }
  }
}
