import XAIAttribution
import XAIClassifiers
import XAIDatasets
import XAIExamples
import XAIKernels
import XAINetworks
import XAITensor

extension InfluenceExperiment {
  /// Images whose gradients are in memory together.
  private static let gradientsTogether = 16

  /// Products of the gradients of the images asked about with those of every training image, by the dense layers,
  /// summed over the kept epochs and the network.
  /// - Parameter images: Those asked about, normalized.
  /// - Returns: For each of them a number for each training image.
  /// - Throws: `WorkStopped` where the observer asked to stop; what reading and kernels throw.
  func gradientProducts(_ images: Tensor) throws -> [[Double]] {
    let networks = try configuration.epochs.map(keptNetwork) + [session.network.explained]
    let total = networks.count * training.numbers.count
    session.observer.begin("comparing gradients", total: total, unit: "images")
    defer { session.observer.end() }
    let pictures = PictureList(dataset, .train, training.numbers)
    var done = 0
    let products = try networks.map { network -> [[Double]] in
      let dense = network.network.nodes.filter(\.isDense).map(\.name)
      let gradients = ParameterGradients(network, of: dense, algorithm: .fastest)
      let asked = try gradients.factors(of: images, labels: subjects.map(target))
      var rows = subjects.map { _ in [Double]() }
      for start in stride(from: 0, to: training.numbers.count, by: Self.gradientsTogether) {
        try session.checkStop()
        let range = start..<min(start + Self.gradientsTogether, training.numbers.count)
        let own = try gradients.factors(
          of: try pictures.normalized(range, by: requests.preprocessing),
          labels: Array(training.labels[range]))
        for (row, values) in TracIn.products(ofFactors: asked, with: own).enumerated() {
          rows[row] += values
        }
        done += range.count
        session.observer.advance(to: done, "tracin")
      }
      return rows
    }
    // Rates of kept epochs are not known, so that each counts alike.
    return TracIn.sum(products, rates: Array(repeating: 1, count: products.count))
  }

  /// A network of an earlier epoch.
  private func keptNetwork(_ path: String) throws -> ExplainedNetwork {
    let checkpoint = try Checkpoint.open(
      path, session.request.knowledge, observer: session.observer)
    _ = try ComparableCheckpoints(
      session.network.checkpoint, checkpoint, names: (session.network.path, path))
    return ExplainedNetwork(
      checkpoint.network, parameters: checkpoint.parameters,
      backend: session.network.explained.backend)
  }
}
