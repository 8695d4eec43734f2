internal import CDNNL
import XAITensor

/// The backend for processors: oneDNN's convolutions and matrix products, our own loops around them.
///
/// Activations lie in channel blocks of one vector register. Every buffer comes from one pool, every
/// primitive is prepared once for each shape and shares one scratchpad.
public final class CPUBackend: Backend {
  /// Measures kernels when set.
  public var profile: KernelProfile?
  /// What our own convolutions and matrix products use.
  let vectors: VectorLevel
  /// Channels in a block: 16 with AVX-512, else 8.
  let block: Int
  let pool: MemoryPool
  let packedWeights: PackedWeights
  let engine: dnnl_engine_t
  let stream: dnnl_stream_t
  var convolutions: [ConvolutionKey: Convolution] = [:]
  private var scratch: MemoryPool.Block?

  /// Opens oneDNN on this processor.
  /// - Throws: Where the library cannot start.
  public convenience init() throws(KernelFailure) { try self.init(vectors: .best) }

  /// Opens oneDNN and our own kernels as for a lesser processor, so that tests can run those too.
  /// - Parameter vectors: What this processor has.
  /// - Throws: Where the library cannot start.
  package init(vectors: VectorLevel) throws(KernelFailure) {
    precondition(vectors.isAvailable, "this processor has no \(vectors) vectors")
    // Also where the caller did not choose a number.
    ThreadTeam.setCount(ThreadTeam.count)
    try ThreadTeam.requireThreads()
    ThreadTeam.shortenWaits()
    var engine: dnnl_engine_t?
    try check(dnnl_engine_create(&engine, dnnl_cpu, 0)) { "Opening oneDNN's CPU engine" }
    var stream: dnnl_stream_t?
    let status = dnnl_stream_create(&stream, engine, dnnl_stream_default_flags.rawValue)
    guard status == dnnl_success, let engine, let stream else {
      dnnl_engine_destroy(engine)
      throw failure(status) { "Opening a stream of oneDNN" }
    }
    self.engine = engine
    self.stream = stream
    self.vectors = vectors
    block = vectors.lanes
    pool = MemoryPool()
    packedWeights = PackedWeights(pool)
  }

  deinit {
    convolutions.removeAll()
    dnnl_stream_destroy(stream)
    dnnl_engine_destroy(engine)
  }

  /// The version of oneDNN that this process has loaded, such as `2.6.3`.
  public static var libraryVersion: String {
    "\(xai_version_major()).\(xai_version_minor()).\(xai_version_patch())"
  }

  /// The instruction set of our own kernels on this processor: `AVX-512`, `AVX2` or `plain`.
  public static var instructionSet: String { VectorLevel.best.words }

  /// One line for people: library, version, instruction set.
  public var summary: String {
    "oneDNN \(Self.libraryVersion), "
      + (block == 16 ? "AVX-512" : "AVX2 or less") + ", \(ThreadTeam.count) threads"
  }

  /// The names of oneDNN's kernels that convolutions were prepared with.
  package var libraryKernels: Set<String> {
    Set(convolutions.values.map { String(cString: $0.handle.implementation) })
  }

  /// Bytes of memory held, free pieces included.
  public var memoryInUse: Int { pool.bytes }

  /// Bytes of weights that are kept in the layouts kernels read.
  package var packedWeightsInUse: Int { packedWeights.bytes }

  /// How much memory is kept.
  public var limits: MemoryLimits {
    get { MemoryLimits(packedWeights: packedWeights.limit, total: pool.limit) }
    set { (packedWeights.limit, pool.limit) = (newValue.packedWeights, newValue.total) }
  }

  /// The scratchpad that all primitives share: they run one after the other.
  func scratchpad(bytes: Int) throws(KernelFailure) -> UnsafeMutablePointer<Float> {
    let floats = (bytes + 3) / 4
    if let scratch, scratch.capacity >= floats { return scratch.floats }
    scratch = nil
    let grown = try pool.take(floats)
    scratch = grown
    return grown.floats
  }

  func measured<Result>(
    _ name: String, _ body: () throws(KernelFailure) -> Result
  ) throws(KernelFailure) -> Result {
    guard let profile else { return try body() }
    return try profile.measure(name, body)
  }

  /// A tensor with any content.
  func empty(_ shape: [Int], _ layout: DeviceLayout) throws(KernelFailure) -> DeviceTensor {
    DeviceTensor(
      shape: shape, layout: layout, memory: try pool.take(elementCount(shape, layout)))
  }

  /// Floats in memory, filling channels included.
  func elementCount(_ shape: [Int], _ layout: DeviceLayout) -> Int {
    guard layout == .blocked else { return shape.reduce(1, *) }
    return shape[0] * blocks(shape[1]) * block * shape.dropFirst(2).reduce(1, *)
  }

  /// Blocks that hold a number of channels.
  func blocks(_ channels: Int) -> Int { (channels + block - 1) / block }
}

func check(
  _ status: dnnl_status_t, _ action: () -> String
) throws(KernelFailure) {
  if status != dnnl_success { throw failure(status, action) }
}

func failure(_ status: dnnl_status_t, _ action: () -> String) -> KernelFailure {
  let reason = String(cString: dnnl_status2str(status))
  return KernelFailure(
    kind: status == dnnl_out_of_memory ? .inputOutput : .software,
    "\(action()) failed: oneDNN answers \(reason)"
      + (status == dnnl_out_of_memory ? "; use a smaller batch" : ""))
}
