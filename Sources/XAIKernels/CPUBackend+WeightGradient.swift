internal import CWinograd

/// Sums over images and positions: the gradients of convolutions and dense layers by their weights.
///
/// Each sum has its order, whoever computes it: threads divide the sums, not their terms.
extension CPUBackend {
  /// The gradient of a convolution by its weights.
  public func convolutionWeightGradient(
    input: DeviceTensor, signal: DeviceTensor, into gradient: DeviceTensor,
    algorithm: ConvolutionAlgorithm
  ) throws(KernelFailure) {
    let shape = gradient.shape
    precondition(
      shape.count == 4 && shape[1] == input.channels && shape[0] == signal.channels
        && input.batch == signal.batch,
      "\(shape) does not fit \(input.shape) and \(signal.shape)")
    try measured("convolution weight gradient") { () throws(KernelFailure) in
      if algorithm == .fastest, input.layout == .blocked, shape[2] == 3 {
        try winogradWeightGradient(input, signal, into: gradient)
      } else {
        try directWeightGradient(input, signal, into: gradient)
      }
    }
    gradient.generation += 1
  }

  private func winogradWeightGradient(
    _ input: DeviceTensor, _ signal: DeviceTensor, into gradient: DeviceTensor
  ) throws(KernelFailure) {
    var shape = xai_winograd_shape(
      batch: Int64(input.batch), height: Int64(input.shape[2]), width: Int64(input.shape[3]),
      input_blocks: Int64(blocks(input.channels)), output_blocks: Int64(blocks(signal.channels)))
    let vectors = vectors.level
    let groups = Int(xai_winograd_gradient_groups(vectors, &shape))
    let transforms = Int(xai_winograd_gradient_floats(vectors, &shape))
    let groupSums = Int(xai_winograd_gradient_sums(vectors, &shape))
    let threads = groups > 1 ? min(groups, ThreadTeam.count) : 1
    let count = threads * transforms + groups * groupSums
    let transformed = try scratchpad(bytes: count * MemoryLayout<Float>.stride)
    let sums = transformed + threads * transforms
    let (inputs, signals, target) = (input.floats, signal.floats, gradient.floats)
    withUnsafePointer(to: shape) { shape in
      if groups > 1 {
        ThreadTeam.forEachRange(groups) { thread, range in
          for group in range {
            xai_winograd_gradient_run(
              vectors, shape, Int64(group), inputs, signals, transformed + thread * transforms,
              sums + group * groupSums)
          }
        }
      } else {
        sumTogether(shape, inputs, signals, transformed, sums)
      }
      ThreadTeam.forEachRange(signal.channels) { _, range in
        xai_winograd_gradient_output(
          vectors, shape, sums, Int64(input.channels), Int64(range.lowerBound),
          Int64(range.upperBound), target)
      }
    }
  }

  /// Sums where threads divide the products: few tiles, or too many channels for sums of several groups.
  private func sumTogether(
    _ shape: UnsafePointer<xai_winograd_shape>, _ inputs: UnsafePointer<Float>,
    _ signals: UnsafePointer<Float>, _ transformed: UnsafeMutablePointer<Float>,
    _ sums: UnsafeMutablePointer<Float>
  ) {
    let vectors = vectors.level
    let products = Int(xai_winograd_gradient_products(shape))
    let tiles = xai_winograd_tiles(shape)
    let capacity = xai_winograd_gradient_capacity(shape)
    for first in stride(from: 0, to: tiles, by: Int(capacity)) {
      let rows = min(capacity, tiles - first)
      ThreadTeam.forEachRange(Int(rows), least: 4) { _, range in
        let (start, end) = (Int64(range.lowerBound), Int64(range.upperBound))
        xai_winograd_gradient_transform(
          vectors, shape, inputs, signals, first + start, first + end, transformed, start)
      }
      ThreadTeam.forEachRange(products) { _, range in
        xai_winograd_gradient_multiply(
          vectors, shape, Int64(range.lowerBound), Int64(range.upperBound), transformed, rows,
          first > 0 ? 1 : 0, sums)
      }
    }
  }

  private func directWeightGradient(
    _ input: DeviceTensor, _ signal: DeviceTensor, into gradient: DeviceTensor
  ) throws(KernelFailure) {
    let shape = xai_direct_shape(
      channels: Int64(input.channels), height: Int64(input.shape[2]),
      width: Int64(input.shape[3]), kernel: Int64(gradient.shape[2]),
      output_blocks: Int64(blocks(signal.channels)), is_plain: input.layout == .plain ? 1 : 0)
    let vectors = vectors.level
    let imageFloats = elementCount([1] + input.shape.dropFirst(), input.layout)
    let signalFloats = elementCount([1] + signal.shape.dropFirst(), .blocked)
    let rows = gradient.shape.dropFirst().reduce(1, *)
    let (inputs, signals, target) = (input.floats, signal.floats, gradient.floats)
    try withUnsafePointer(to: shape) { shape throws(KernelFailure) in
      let padded = Int(xai_direct_padded_floats(vectors, shape))
      // Images that a large cache holds together.
      let images = max(1, min(input.batch, (1 << 20) / padded))
      let count = images * padded + rows * blocks(signal.channels) * block
      let scratch = try scratchpad(bytes: count * MemoryLayout<Float>.stride)
      let sums = scratch + images * padded
      let products = Int(xai_direct_products(vectors, shape))
      for first in stride(from: 0, to: input.batch, by: images) {
        let number = min(images, input.batch - first)
        ThreadTeam.forEach(number) { image in
          xai_direct_pad(
            vectors, shape, inputs + (first + image) * imageFloats, scratch + image * padded)
        }
        ThreadTeam.forEachRange(products) { _, range in
          xai_direct_multiply(
            vectors, shape, Int64(range.lowerBound), Int64(range.upperBound), scratch,
            signals + first * signalFloats, Int64(number), first > 0 ? 1 : 0, sums)
        }
      }
      ThreadTeam.forEachRange(signal.channels) { _, range in
        xai_direct_output(
          vectors, shape, sums, Int64(range.lowerBound), Int64(range.upperBound), target)
      }
    }
  }

  /// The gradient of a dense layer by its weights, `dW = dy^T x`.
  public func denseWeightGradient(
    input: DeviceTensor, signal: DeviceTensor, into gradient: DeviceTensor
  ) throws(KernelFailure) {
    let (outputs, inputs) = (gradient.shape[0], gradient.shape[1])
    precondition(
      outputs == signal.channels && inputs == input.channels && input.batch == signal.batch,
      "\(gradient.shape) does not fit \(input.shape) and \(signal.shape)")
    try measured("dense weight gradient") { () throws(KernelFailure) in
      let (left, right) = (blocks(outputs), blocks(inputs))
      let stride = right * block
      // Blocks that are not full are summed elsewhere: the gradient has no room for what fills them.
      let isFull = left * block == outputs && stride == inputs
      let (leftFloats, rightFloats) = (input.batch * left * block, input.batch * stride)
      let count = leftFloats + rightFloats + (isFull ? 0 : left * block * stride)
      let packedLeft = try scratchpad(bytes: count * MemoryLayout<Float>.stride)
      let packedRight = packedLeft + leftFloats
      let target = isFull ? gradient.floats : packedRight + rightFloats
      multiply(
        (signal.floats, packedLeft, left), (input.floats, packedRight, right),
        rows: input.batch, into: target)
      guard !isFull else { return }
      ThreadTeam.forEach(outputs) { row in
        (gradient.floats + row * inputs).update(from: target + row * stride, count: inputs)
      }
    }
    gradient.generation += 1
  }

  /// One factor of a product over rows: where it lies, where it is packed, its column blocks.
  private typealias Factor = (
    rows: UnsafeMutablePointer<Float>, packed: UnsafeMutablePointer<Float>, blocks: Int
  )

  private func multiply(
    _ left: Factor, _ right: Factor, rows: Int, into target: UnsafeMutablePointer<Float>
  ) {
    let (vectors, rows, block) = (vectors.level, Int64(rows), block)
    for (factor, isLeft) in [(left, Int32(1)), (right, 0)] {
      let panels = xai_matrix_panels(vectors, Int64(factor.blocks), isLeft)
      ThreadTeam.forEachRange(Int(panels)) { _, range in
        xai_matrix_pack_panels(
          vectors, factor.rows, rows, Int64(factor.blocks), isLeft, Int64(range.lowerBound),
          Int64(range.upperBound), factor.packed)
      }
    }
    let panels = xai_matrix_panels(vectors, Int64(left.blocks), 1)
    ThreadTeam.forEachRange(Int(panels)) { _, range in
      xai_matrix_multiply_panels(
        vectors, left.packed, Int64(left.blocks), right.packed, Int64(right.blocks), rows,
        Int64(range.lowerBound), Int64(range.upperBound), target, Int64(right.blocks * block))
    }
  }
}
