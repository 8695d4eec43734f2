import XAIAttribution
import XAINetworks
import XAITensor

extension MethodAxioms {
  /// Symmetry: two channels that the network treats alike, and that are equal in image and baseline, must get
  /// equal relevance.
  ///
  /// The first layer reads the mean of their weights, and the second channel of everything is replaced by the
  /// first.
  ///
  /// Source: Sundararajan et al. 2017.
  /// - Parameter channels: The two channels.
  /// - Returns: For each image the greatest difference of their relevance by the greatest magnitude of the map;
  ///   `nil` for methods without channels and for zero maps.
  /// - Throws: What the method throws; `EvaluationFailure` where there are no such channels.
  public func symmetry(channels: (Int, Int) = (0, 1)) throws -> [Double?] {
    let count = network.network.architecture.input[0]
    guard count > 1 else { return Array(repeating: nil, count: request.count) }
    for channel in [channels.0, channels.1] where !(0..<count ~= channel) {
      throw EvaluationFailure(.outside(channel, of: count), of: "the channels of the symmetry")
    }
    guard let first, let weight = network.parameters["\(first.name).weight"] else {
      return Array(repeating: nil, count: request.count)
    }
    let symmetric = edited { $0["\(first.name).weight"] = weight.averaging(channels, of: count) }
    let maps = try maps(of: try request.equalizing(channels), on: symmetric)
    guard maps.shape[1] == count else { return Array(repeating: nil, count: request.count) }
    let plane = maps.shape[2] * maps.shape[3]
    return (0..<maps.rows).map { image in
      let map = maps.row(image).elements.map(Double.init)
      let greatest = map.reduce(0) { max($0, abs($1)) }
      let difference = (0..<plane).reduce(0.0) {
        max($0, abs(map[channels.0 * plane + $1] - map[channels.1 * plane + $1]))
      }
      return greatest > 0 ? difference / greatest : nil
    }
  }
}

extension Tensor {
  /// First weights that read the mean of two channels' weights from both.
  fileprivate func averaging(_ channels: (Int, Int), of count: Int) -> Tensor {
    let (weights, width) = (elements, rowCount / count)
    func mean(_ offset: Int) -> Float {
      (weights[offset + channels.0 * width] + weights[offset + channels.1 * width]) / 2
    }
    return changingChannel(channels.0, of: count) { _, offset in mean(offset) }
      .changingChannel(channels.1, of: count) { _, offset in mean(offset) }
  }

  /// Images `[..., C, H, W]` whose second channel is the first.
  fileprivate func equalizing(_ channels: (Int, Int)) -> Tensor {
    let plane = shape[shape.count - 2] * shape[shape.count - 1]
    let size = plane * shape[shape.count - 3]
    var equal = self
    equal.withUnsafeMutableElements { elements in
      for image in stride(from: 0, to: elements.count, by: size) {
        for pixel in 0..<plane {
          elements[image + channels.1 * plane + pixel] =
            elements[image + channels.0 * plane + pixel]
        }
      }
    }
    return equal
  }
}

extension AttributionRequest {
  /// The request with the second channel of everything replaced by the first.
  fileprivate func equalizing(_ channels: (Int, Int)) throws -> AttributionRequest {
    var equal = self
    equal.images = images.equalizing(channels)
    equal.pixels = pixels?.equalizing(channels)
    equal.noise = noise?.equalizing(channels)
    equal.baselines = baselines.map {
      $0.kind == .shared
        ? .shared($0.values.equalizing(channels)) : .perImage($0.values.equalizing(channels))
    }
    equal.bounds = try bounds.map {
      try PixelBounds(low: $0.low.equalizing(channels), high: $0.high.equalizing(channels))
    }
    return equal
  }
}
