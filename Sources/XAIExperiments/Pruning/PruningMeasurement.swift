import XAIAttribution
import XAIDatasets
import XAIKernels
import XAINetworks
import XAIRepresentations
import XAIStatistics
import XAITensor

/// What is kept of a step: everything that its row of the results is made of.
struct PruningMeasurement: Codable {
  var filters: [Int]
  var parameters: Int
  var multiplyAdds: Int
  var validation: PruningAccuracy
  var maps: Double?

  /// Measures a network.
  init(
    _ state: PrunedState, on backend: any Backend, _ images: PruningImages,
    limit: Int?, originalMaps: [[Double]]
  ) throws {
    let network = state.explained(on: backend)
    filters = FilterLayer.all(of: state.network).map(\.filters)
    parameters = state.network.parameterCount
    multiplyAdds = state.network.multiplyAdds
    validation = try images.accuracy(of: network, on: .validation, atMost: limit)
    let own = try images.maps(of: network, count: originalMaps.count)
    let correlations = zip(own, originalMaps).compactMap { Ranks.spearman($0, $1) }
    maps = correlations.isEmpty ? nil : correlations.mean
  }

  var isPossible: Bool { validation.isPossible && filters.allSatisfy { $0 > 0 } }

  func point(step: Int, removed: Int) -> PrunedPoint {
    PrunedPoint(
      step: step, removed: removed, filters: filters, parameters: parameters,
      multiplyAdds: multiplyAdds, validation: PrunedAccuracy(validation), maps: maps)
  }
}

extension PrunedAccuracy {
  init(_ accuracy: PruningAccuracy) {
    let interval = CountTests.wilson(accuracy.top1, of: accuracy.images)
    self.init(
      images: accuracy.images, top1: accuracy.share, lower: interval.lowerBound,
      upper: interval.upperBound, top5: Double(accuracy.top5) / Double(accuracy.images),
      loss: accuracy.loss)
  }
}

extension PrunedState {
  /// Images a second, the best of three batches: of this machine at this moment.
  func speed(on backend: any Backend) throws -> Double {
    let pass = try InferencePass(network, parameters: parameters, backend: backend)
    let images = Tensor(shape: [Self.together] + network.architecture.input, repeating: 0.5)
    var best = Double.infinity
    // The first lays weights out for the kernels.
    for _ in 0..<4 {
      let start = ContinuousClock.now
      _ = try pass.logits(images)
      best = min(best, (.now - start) / .seconds(1))
    }
    return Double(Self.together) / max(best, 1e-9)
  }

  private static let together = 32
}
