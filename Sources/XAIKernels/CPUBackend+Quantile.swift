extension CPUBackend {
  /// Sends a signal back through a rectifier where output times signal is among the largest.
  public func rectify(
    _ signal: DeviceTensor, output: DeviceTensor, aboveRank rank: Int
  ) throws(KernelFailure) -> DeviceTensor {
    precondition(signal.shape == output.shape, "\(signal.shape) does not fit \(output.shape)")
    let count = signal.channels * signal.plane
    precondition(0..<count ~= rank, "no score of \(count) has the rank \(rank)")
    return block == 16
      ? try rectify(signal, output, rank, SIMD16<Float>.self)
      : try rectify(signal, output, rank, SIMD8<Float>.self)
  }

  private func rectify<Lanes: FloatLanes>(
    _ signal: DeviceTensor, _ output: DeviceTensor, _ rank: Int, _: Lanes.Type
  ) throws(KernelFailure) -> DeviceTensor {
    let result = try empty(signal.shape, .blocked)
    let (signals, outputs) = (signal.floats.lanes(Lanes.self), output.floats.lanes(Lanes.self))
    let target = result.floats.lanes(Lanes.self)
    let (plane, blocks, block, channels) = (
      signal.plane, blocks(signal.channels), block, signal.channels
    )
    try measured("rectifier, by rank") { () throws(KernelFailure) in
      ThreadTeam.forEach(signal.batch) { image in
        let start = image * blocks * plane
        let threshold = RankSelection.element(atRank: rank) { visit in
          for index in 0..<blocks {
            // Filling channels are no units.
            let lanes = min(block, channels - index * block)
            for position in start + index * plane..<start + (index + 1) * plane {
              let scores = signals[position] * outputs[position]
              for lane in 0..<lanes { visit(scores[lane]) }
            }
          }
        }
        let thresholds = Lanes(repeating: threshold)
        for position in start..<start + blocks * plane {
          let (signal, output) = (signals[position], outputs[position])
          target[position] = signal.kept(where: signal * output, exceeds: thresholds)
        }
      }
    }
    return result
  }
}

/// Finds the element of a rank without sorting: by its digits, the most significant first.
///
/// Three passes over the elements, whatever they are; ties cost nothing, unlike with pivots.
enum RankSelection {
  /// The element that a number of others precede in descending order.
  /// - Parameters:
  ///   - rank: From 0, the largest.
  ///   - forEach: Hands every element to its argument; called once for each pass.
  /// - Returns: The element, bit for bit.
  @inline(__always)
  static func element(atRank rank: Int, _ forEach: ((Float) -> Void) -> Void) -> Float {
    var (prefix, remaining) = (UInt32(0), rank)
    // 11, 11 and 10 bits; `known` are the bits above them.
    for (shift, width) in [(UInt32(21), UInt32(11)), (10, 11), (0, 10)] {
      let known = shift + width
      var counts = [Int](repeating: 0, count: 1 << width)
      counts.withUnsafeMutableBufferPointer { counts in
        forEach { value in
          let key = Self.key(of: value)
          // A shift by 32 gives 0 on both sides: nothing is known yet.
          if key >> known == prefix >> known {
            counts[Int(key >> shift & (1 << width - 1))] += 1
          }
        }
      }
      var digit = counts.count - 1
      while digit > 0 && remaining >= counts[digit] {
        remaining -= counts[digit]
        digit -= 1
      }
      prefix |= UInt32(digit) << shift
    }
    return value(of: prefix)
  }

  /// An unsigned number that is larger for larger values.
  @inline(__always)
  private static func key(of value: Float) -> UInt32 {
    let bits = value.bitPattern
    return bits >> 31 == 0 ? bits | 0x8000_0000 : ~bits
  }

  private static func value(of key: UInt32) -> Float {
    Float(bitPattern: key >> 31 == 0 ? ~key : key & 0x7FFF_FFFF)
  }
}
