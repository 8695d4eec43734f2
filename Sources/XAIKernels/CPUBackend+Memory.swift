public import XAITensor

extension CPUBackend {
  /// Copies a tensor to the device.
  /// - Parameter tensor: Any shape; stays `.plain`.
  /// - Returns: The device tensor.
  /// - Throws: Where memory runs out.
  public func upload(_ tensor: Tensor) throws(KernelFailure) -> DeviceTensor {
    let device = try empty(tensor.shape, .plain)
    write(tensor, into: device)
    return device
  }

  /// A tensor that operations only read, in the host's memory until it is packed.
  /// - Parameter make: Makes the tensor, the same one at any time.
  /// - Returns: The device tensor, `.plain`.
  /// - Throws: Never; other backends may.
  public func constant(_ make: @escaping () -> Tensor) throws(KernelFailure) -> DeviceTensor {
    DeviceTensor(sharing: make(), remake: make)
  }

  /// A tensor that operations only read, the product of one on the host and a factor for each row.
  /// - Parameters:
  ///   - tensor: At least one axis.
  ///   - slopes: What each row along the first axis is multiplied by.
  /// - Returns: The device tensor, `.plain`.
  /// - Throws: Never; other backends may.
  public func constant(
    _ tensor: Tensor, scalingRowsBy slopes: [Double]
  ) throws(KernelFailure) -> DeviceTensor {
    precondition(tensor.rows == slopes.count, "\(slopes.count) factors for \(tensor.shape)")
    return DeviceTensor(scaling: tensor, rowsBy: slopes)
  }

  /// Copies the content of a tensor into one that exists.
  /// - Parameters:
  ///   - tensor: The values.
  ///   - target: A `.plain` device tensor of that shape.
  public func write(_ tensor: Tensor, into target: DeviceTensor) {
    precondition(
      target.layout == .plain && target.shape == tensor.shape,
      "\(tensor.shape) cannot be written into \(target.shape)")
    precondition(target.isWritable, "a constant cannot be written")
    tensor.withUnsafeElements { elements in
      guard let base = elements.baseAddress else { return }
      target.floats.update(from: base, count: elements.count)
    }
    target.generation += 1
  }

  /// A `.plain` tensor of zeros.
  /// - Parameter shape: Its extents.
  /// - Returns: The tensor.
  /// - Throws: Where memory runs out.
  public func zeros(_ shape: [Int]) throws(KernelFailure) -> DeviceTensor {
    let device = try empty(shape, .plain)
    device.floats.update(repeating: 0, count: elementCount(shape, .plain))
    return device
  }

  /// Copies an activation to the device.
  /// - Parameter tensor: `[N, C, H, W]` or `[N, C]`.
  /// - Returns: The same values `.blocked`.
  /// - Throws: Where memory runs out.
  public func uploadActivation(_ tensor: Tensor) throws(KernelFailure) -> DeviceTensor {
    let device = try empty(tensor.shape, .blocked)
    tensor.withUnsafeElements { elements in
      guard let base = elements.baseAddress else { return }
      reorder(
        plain: UnsafeMutablePointer(mutating: base), blocked: device, toBlocked: true)
    }
    return device
  }

  /// Copies a device tensor to the host.
  /// - Parameter tensor: Any layout.
  /// - Returns: The values in row-major order of the logical shape.
  public func download(_ tensor: DeviceTensor) -> Tensor {
    Tensor(shape: tensor.shape) { elements in
      guard let base = elements.baseAddress else { return }
      switch tensor.layout {
      case .plain: base.initialize(from: tensor.floats, count: elements.count)
      case .blocked: reorder(plain: base, blocked: tensor, toBlocked: false)
      }
    }
  }

  /// Copies between row-major order and channel blocks; filling channels become 0.
  func reorder(
    plain: UnsafeMutablePointer<Float>, blocked: DeviceTensor, toBlocked: Bool
  ) {
    let (channels, plane, block) = (blocked.channels, blocked.plane, block)
    let blocks = blocks(channels)
    ThreadTeam.forEach(blocked.batch * blocks) { index in
      let (image, first) = (index / blocks, index % blocks * block)
      let lanes = blocked.floats + index * plane * block
      let rows = plain + (image * channels + first) * plane
      let used = min(block, channels - first)
      for position in 0..<plane {
        if toBlocked {
          for lane in 0..<used { lanes[position * block + lane] = rows[lane * plane + position] }
          for lane in used..<block { lanes[position * block + lane] = 0 }
        } else {
          for lane in 0..<used { rows[lane * plane + position] = lanes[position * block + lane] }
        }
      }
    }
  }

  /// `[N, C, H, W]` to `[N, C * H * W]` in the order C, H, W.
  /// - Parameter input: Blocked, or plain for images.
  /// - Returns: `[N, C * H * W]`, blocked.
  /// - Throws: Where memory runs out.
  public func flatten(_ input: DeviceTensor) throws(KernelFailure) -> DeviceTensor {
    try measured("flatten") { () throws(KernelFailure) in
      let features = input.channels * input.plane
      let output = try empty([input.batch, features], .blocked)
      copyRows(of: input, flat: output, toFlat: true)
      return output
    }
  }

  /// The way back of `flatten`.
  /// - Parameters:
  ///   - signal: `[N, C * H * W]`, blocked.
  ///   - shape: `[N, C, H, W]`.
  /// - Returns: The same values, blocked.
  /// - Throws: Where memory runs out.
  public func unflatten(
    _ signal: DeviceTensor, to shape: [Int]
  ) throws(KernelFailure) -> DeviceTensor {
    precondition(
      shape.dropFirst().reduce(1, *) == signal.channels && shape[0] == signal.batch,
      "\(signal.shape) cannot be seen as \(shape)")
    return try measured("flatten") { () throws(KernelFailure) in
      let output = try empty(shape, .blocked)
      copyRows(of: output, flat: signal, toFlat: false)
      return output
    }
  }

  /// Copies between an activation and its flat rows, whose stride is a multiple of the block.
  private func copyRows(of activation: DeviceTensor, flat: DeviceTensor, toFlat: Bool) {
    let (channels, plane, block) = (activation.channels, activation.plane, block)
    let features = channels * plane
    let stride = blocks(features) * block
    let blocks = blocks(channels)
    ThreadTeam.forEach(activation.batch) { image in
      let row = flat.floats + image * stride
      if activation.layout == .plain {
        let pixels = activation.floats + image * features
        if toFlat {
          row.update(from: pixels, count: features)
        } else {
          pixels.update(from: row, count: features)
        }
      } else {
        let lanes = activation.floats + image * blocks * block * plane
        for channel in 0..<blocks * block {
          let source = lanes + channel / block * plane * block + channel % block
          for position in 0..<plane {
            if channel >= channels {
              if !toFlat { source[position * block] = 0 }
            } else if toFlat {
              row[channel * plane + position] = source[position * block]
            } else {
              source[position * block] = row[channel * plane + position]
            }
          }
        }
      }
      if toFlat { for filler in features..<stride { row[filler] = 0 } }
    }
  }
}
