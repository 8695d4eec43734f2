internal import CDNNL

/// What a prepared convolution depends on.
struct ConvolutionKey: Hashable {
  var batch: Int
  var inputChannels: Int
  var outputChannels: Int
  var height: Int
  var width: Int
  var kernel: Int
  var direction: Direction
  var plainInput = false
  var hasBias = false
  var relu = false
  var algorithm: ConvolutionAlgorithm

  enum Direction: Int32 {
    case inference = 0
    case training = 1
    case inputGradient = 2
  }
}

/// A prepared convolution; owns oneDNN's handles.
final class Convolution {
  let key: ConvolutionKey
  var handle = xai_convolution()
  /// Names the layout of its packed weights: one and the same for all convolutions that share it.
  fileprivate(set) var packing = PackingLayout(number: 0)

  init(_ key: ConvolutionKey, block: Int, engine: dnnl_engine_t) throws(KernelFailure) {
    self.key = key
    var shape = xai_convolution_shape(
      batch: Int64(key.batch), input_channels: Int64(key.inputChannels),
      output_channels: Int64(key.outputChannels), height: Int64(key.height),
      width: Int64(key.width), kernel: Int64(key.kernel), direction: key.direction.rawValue,
      channel_block: Int32(block), plain_input: key.plainInput ? 1 : 0,
      has_bias: key.hasBias ? 1 : 0, relu: key.relu ? 1 : 0,
      winograd: key.algorithm == .fastest ? 1 : 0)
    try check(xai_convolution_create(&handle, engine, &shape)) {
      "Preparing the convolution of \(key.batch) x \(key.inputChannels) x \(key.height) x "
        + "\(key.width) to \(key.outputChannels) channels"
    }
  }

  deinit { xai_convolution_destroy(&handle) }

  /// Whether the other wants weights packed as this one does.
  fileprivate func packs(like other: Convolution) -> Bool {
    withUnsafePointer(to: handle) { own in
      withUnsafePointer(to: other.handle) { xai_convolution_packs_like(own, $0) != 0 }
    }
  }
}

/// A layout of packed weights.
struct PackingLayout: Hashable {
  let number: Int
}

extension CPUBackend {
  /// A square convolution with stride 1 and "same" padding.
  public func convolution(
    _ input: DeviceTensor, weights: DeviceTensor, bias: DeviceTensor?, mode: ForwardMode,
    algorithm: ConvolutionAlgorithm
  ) throws(KernelFailure) -> DeviceTensor {
    if algorithm == .fastest, input.layout == .blocked, weights.shape[2] == 3 {
      return try winograd(
        input, weights: weights, bias: bias, relu: mode == .inferenceWithReLU)
    }
    var key = key(input.shape, weights, mode == .training ? .training : .inference, algorithm)
    key.plainInput = input.layout == .plain
    key.hasBias = bias != nil
    key.relu = mode == .inferenceWithReLU
    let convolution = try prepared(key)
    let output = try empty(
      [input.batch, weights.shape[0]] + input.shape.dropFirst(2), .blocked)
    let packed = try packed(weights, for: convolution)
    let scratch = try scratchpad(bytes: convolution.handle.scratchpad_bytes)
    try measured("convolution forward") { () throws(KernelFailure) in
      try run(
        convolution, input: input.floats, weights: packed, bias: bias?.floats,
        output: output.floats, scratch: scratch)
    }
    return output
  }

  /// The gradient of a convolution by its input: the transposed convolution.
  public func convolutionInputGradient(
    _ signal: DeviceTensor, weights: DeviceTensor, gate: DeviceTensor?,
    algorithm: ConvolutionAlgorithm
  ) throws(KernelFailure) -> DeviceTensor {
    if algorithm == .fastest, weights.shape[2] == 3 {
      return try winogradInputGradient(signal, weights: weights, gate: gate)
    }
    let gradient = try inputGradient(signal, weights: weights, algorithm: algorithm)
    return if let gate { try rectify(gradient, output: gate, gate: .gradient) } else { gradient }
  }

  private func inputGradient(
    _ signal: DeviceTensor, weights: DeviceTensor, algorithm: ConvolutionAlgorithm
  ) throws(KernelFailure) -> DeviceTensor {
    let shape = [signal.batch, weights.shape[1]] + signal.shape.dropFirst(2)
    let convolution = try prepared(key(shape, weights, .inputGradient, algorithm))
    let gradient = try empty(shape, .blocked)
    let packed = try packed(weights, for: convolution)
    let scratch = try scratchpad(bytes: convolution.handle.scratchpad_bytes)
    try measured("convolution input gradient") { () throws(KernelFailure) in
      try run(
        convolution, input: gradient.floats, weights: packed, bias: nil, output: signal.floats,
        scratch: scratch)
    }
    return gradient
  }

  private func key(
    _ input: [Int], _ weights: DeviceTensor, _ direction: ConvolutionKey.Direction,
    _ algorithm: ConvolutionAlgorithm
  ) -> ConvolutionKey {
    precondition(
      weights.shape.count == 4 && weights.shape[1] == input[1],
      "weights \(weights.shape) do not fit an input of \(input)")
    return ConvolutionKey(
      batch: input[0], inputChannels: input[1], outputChannels: weights.shape[0],
      height: input[2], width: input[3], kernel: weights.shape[2], direction: direction,
      algorithm: algorithm)
  }

  private func prepared(_ key: ConvolutionKey) throws(KernelFailure) -> Convolution {
    if let known = convolutions[key] { return known }
    let convolution = try Convolution(key, block: block, engine: engine)
    // Most batch sizes want the same layout: weights are packed once for all of them.
    let alike = convolutions.values.first { $0.packs(like: convolution) }
    convolution.packing = alike?.packing ?? PackingLayout(number: convolutions.count)
    convolutions[key] = convolution
    return convolution
  }

  /// The weights in the layout the primitive asks for.
  private func packed(
    _ weights: DeviceTensor, for convolution: Convolution
  ) throws(KernelFailure) -> UnsafeMutablePointer<Float> {
    if convolution.handle.is_packed_plain != 0 { return weights.floats }
    let count = convolution.handle.packed_bytes / MemoryLayout<Float>.stride
    return try packedWeights.block(of: weights, as: convolution.packing, count: count) {
      memory throws(KernelFailure) in
      try measured("weight reorder") { () throws(KernelFailure) in
        try check(
          xai_convolution_pack(&convolution.handle, stream, weights.floats, memory)
        ) { "Packing a convolution's weights" }
      }
    }.floats
  }

  private func run(
    _ convolution: Convolution, input: UnsafeMutablePointer<Float>,
    weights: UnsafeMutablePointer<Float>, bias: UnsafeMutablePointer<Float>?,
    output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) throws(KernelFailure) {
    try check(
      xai_convolution_execute(
        &convolution.handle, stream, convolution.key.direction.rawValue, input, weights, bias,
        output, scratch)
    ) { "A convolution of \(convolution.key.batch) images" }
  }
}
