import XAIAttribution
import XAINetworks
import XAITensor

extension MethodAxioms {
  /// Dummy: the first layer does not read one channel any more; the share of absolute relevance that this
  /// channel still gets must be 0.
  ///
  /// Source: Sundararajan et al. 2017, sensitivity (b).
  /// - Parameter channel: The channel.
  /// - Returns: One for each image, in [0, 1]; `nil` for methods without channels, networks of one channel and
  ///   zero maps.
  /// - Throws: What the method throws; `EvaluationFailure` where there is no such channel.
  public func dummy(channel: Int = 0) throws -> [Double?] {
    let channels = network.network.architecture.input[0]
    guard 0..<channels ~= channel else {
      throw EvaluationFailure(.outside(channel, of: channels), of: "the dummy channel")
    }
    guard channels > 1, let first, let weight = network.parameters["\(first.name).weight"] else {
      return Array(repeating: nil, count: request.count)
    }
    let blind = edited {
      $0["\(first.name).weight"] = weight.changingChannel(channel, of: channels) { _, _ in 0 }
    }
    let maps = try maps(of: request, on: blind)
    guard maps.shape[1] == channels else { return Array(repeating: nil, count: request.count) }
    let plane = maps.shape[2] * maps.shape[3]
    return (0..<maps.rows).map { image in
      let magnitudes = maps.row(image).elements.map { Double(abs($0)) }
      let total = magnitudes.reduce(0, +)
      let own = magnitudes[channel * plane..<(channel + 1) * plane].reduce(0, +)
      return total > 0 ? own / total : nil
    }
  }
}
