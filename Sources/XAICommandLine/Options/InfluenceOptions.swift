package import ArgumentParser
package import XAIExperiments

/// How influence is asked about.
package struct InfluenceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      neighbors (nearest features), head (leaving out of the last layer, fitted again), tracin (products of \
      gradients of dense layers), ekfac (the last layer's curvature in factors), separated by commas; neighbors are \
      always among them. Default is neighbors,head.
      """, valueName: "method"),
    transform: { try Words.list($0, of: "method") })
  package var method: [InfluenceMethod] = [.neighbors, .head]
  @Option(
    parsing: .unconditional, help: "The length of lists; default is 8.",
    transform: Parse.positiveInteger)
  package var top = 8
  @Flag(
    inversion: .prefixedNo,
    help: """
      Really leave training images out and fit the last layer again, to hold numbers against; default for shapes \
      alone.
      """)
  package var check: Bool?
  @Option(
    parsing: .unconditional,
    help: "At most so many training images, drawn; default is all of them.",
    transform: Parse.positiveInteger)
  package var most: Int?
  @Option(
    parsing: .unconditional,
    help: """
      The weight of |W|^2 / 2 in the last layer; default is the run's weight decay, 0.0001 at least.
      """, transform: Parse.positiveNumber)
  package var penalty: Double?
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Checkpoints of earlier epochs, at which tracin takes gradients as well.", valueName: "file"))
  package var epochs: [String] = []

  package init() {}

  package func validate() throws {
    if !epochs.isEmpty && !method.contains(.tracin) {
      throw ValidationError("--epochs needs --method tracin")
    }
    if check == true && !method.contains(where: { $0 == .head || $0 == .ekfac }) {
      throw ValidationError("--check leaves out of the last layer; it needs --method head or ekfac")
    }
  }

  /// The configuration of the experiment.
  /// - Parameters:
  ///   - images: Which images are asked about.
  ///   - features: What images are compared by.
  /// - Returns: The configuration.
  package func configuration(
    _ images: ImageChoice, _ features: FeatureOptions
  ) -> InfluenceExperiment.Configuration {
    var configuration = InfluenceExperiment.Configuration()
    (configuration.images, configuration.methods, configuration.top) = (images, method, top)
    (configuration.checks, configuration.most) = (check, most)
    (configuration.penalty, configuration.epochs) = (penalty, epochs)
    (configuration.layer, configuration.store) = (features.layer, features.bank)
    return configuration
  }
}
