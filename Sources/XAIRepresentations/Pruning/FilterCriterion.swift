public import XAIAttribution
import XAIKernels
import XAINetworks
public import XAITensor

/// What a filter is worth.
public enum FilterCriterion: String, Sendable, Codable, CaseIterable {
  /// Relevance by the z+ rule without bias, batch norm merged, 1 at the true class, summed over images and
  /// positions (Yeom et al. 2021).
  case lrp
  /// The mean over images of |mean over positions of output times gradient of the cross-entropy| (Molchanov 2017).
  case taylor
  /// The same with the gradient alone.
  case gradient
  /// The sum of the magnitudes of its weights (Li 2017).
  case weight
  /// Chance: a criterion that does not beat it explains nothing.
  case random
}

/// The worth of the filters of a layer, before layers are made comparable.
public struct FilterScores: Sendable, Equatable {
  /// The layer.
  public let layer: FilterLayer
  /// One for each filter.
  public let values: [Double]

  /// Groups scores.
  public init(layer: FilterLayer, values: [Double]) { (self.layer, self.values) = (layer, values) }
}

extension FilterCriterion {
  /// Scores all filters of a network.
  /// - Parameters:
  ///   - network: The network.
  ///   - images: `[N, C, H, W]`, normalized: a few of each class, of the training split.
  ///   - labels: Their classes.
  ///   - seed: For `random`.
  ///   - batch: The most images at once.
  /// - Returns: One entry for each convolution, from the input to the logits.
  /// - Throws: `RepresentationFailure` where a label is no class, or what a kernel throws.
  public func scores(
    of network: ExplainedNetwork, images: Tensor, labels: [Int], seed: UInt64 = 0, batch: Int = 64
  ) throws -> [FilterScores] {
    let layers = FilterLayer.all(of: network.network)
    switch self {
    case .weight:
      return layers.map { layer in
        let weights = network.parameters["\(layer.convolution).weight"]
        let sums = weights?.map { abs($0) }.rowSums ?? []
        return FilterScores(layer: layer, values: sums)
      }
    case .random:
      return layers.map { layer in
        var stream = RandomStream(seed: seed, purpose: "pruning/random/\(layer.convolution)")
        return FilterScores(layer: layer, values: (0..<layer.filters).map { _ in stream.uniform() })
      }
    case .lrp, .taylor, .gradient:
      return try passes(layers, network, images, labels, batch)
    }
  }

  /// Scores from a forward and a backward pass for each image.
  private func passes(
    _ layers: [FilterLayer], _ network: ExplainedNetwork, _ images: Tensor, _ labels: [Int],
    _ batch: Int
  ) throws -> [FilterScores] {
    guard labels.count == images.rows, images.rows > 0 else {
      throw RepresentationFailure(
        .shape(of: "the labels", found: [labels.count], expected: "[\(images.rows)]"))
    }
    let form = network.merged()
    let composite = self == .lrp ? LRPAlphaBeta.zPlus.composite : Composite()
    let rectifiers = Dictionary(
      uniqueKeysWithValues: try layers.map { (try form.place(of: $0.rectifier), $0) })
    let extent = max(composite.extent(in: form.network), .gates)
    var totals = layers.map { [Double](repeating: 0, count: $0.filters) }
    let positions = Dictionary(uniqueKeysWithValues: layers.enumerated().map { ($1.rectifier, $0) })
    for start in stride(from: 0, to: images.rows, by: batch) {
      let range = start..<min(start + batch, images.rows)
      let recording = try form.record(
        try form.backend.upload(images.rows(range)), keeping: extent,
        and: Set(layers.map(\.rectifier)), algorithm: .direct)
      let seed = try self.start(
        Array(labels[range]), logits: form.backend.download(recording.output))
      var walk = BackwardWalk(composite, algorithm: .direct)
      walk.observe = { index, signal throws(KernelFailure) in
        guard let layer = rectifiers[index], let position = positions[layer.rectifier] else {
          return
        }
        let output = recording.output(of: index).map(form.backend.download)
        let sums = worth(form.backend.download(signal), output)
        for (filter, sum) in sums.enumerated() { totals[position][filter] += sum }
      }
      _ = try walk.signal(from: try form.backend.uploadActivation(seed), of: recording)
    }
    let count = self == .lrp ? 1 : Double(images.rows)
    return zip(layers, totals).map { layer, sums in
      FilterScores(layer: layer, values: sums.map { $0 / count })
    }
  }

  /// What starts at the logits: 1 at the label, or the gradient of each image's own cross-entropy.
  private func start(
    _ labels: [Int], logits: Tensor
  ) throws(RepresentationFailure) -> Tensor {
    var start = Tensor(shape: logits.shape)
    for (row, label) in labels.enumerated() {
      guard 0..<logits.rowCount ~= label else {
        throw RepresentationFailure(.unknownClass(label, count: logits.rowCount))
      }
      if self != .lrp {
        for (index, share) in logits.softmax(ofRow: row).enumerated() {
          start[row, index] = Float(share)
        }
      }
      start[row, label] += self == .lrp ? 1 : -1
    }
    return start
  }

  /// What images say each channel is worth, summed over images.
  private func worth(_ signal: Tensor, _ output: Tensor?) -> [Double] {
    let channels = signal.shape[1]
    let area = signal.rowCount / channels
    var sums = [Double](repeating: 0, count: channels)
    signal.withUnsafeElements { signal in
      let output = output?.elements ?? []
      for index in 0..<signal.count / area {
        var sum = 0.0
        for position in index * area..<(index + 1) * area {
          sum += Double(signal[position]) * (self == .taylor ? Double(output[position]) : 1)
        }
        sums[index % channels] += self == .lrp ? sum : abs(sum / Double(area))
      }
    }
    return sums
  }

  /// Scores that compare between layers: of lrp and weight divided by the layer's sum, of the others by their
  /// length; of random as they are.
  /// - Parameter scores: Of all layers.
  /// - Returns: The same, normalized; a layer of zeros stays.
  public func normalized(_ scores: [FilterScores]) -> [FilterScores] {
    scores.map { layer in
      let size: Double =
        switch self {
        case .lrp, .weight: layer.values.reduce(0, +)
        case .taylor, .gradient: layer.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        case .random: 1
        }
      guard size > 0 else { return layer }
      return FilterScores(layer: layer.layer, values: layer.values.map { $0 / size })
    }
  }
}
