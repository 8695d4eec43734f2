import ArgumentParser
package import XAIExperiments

/// How units are dissected.
package struct DissectionOptions: ParsableArguments {
  @Option(
    parsing: .unconditional, help: "At most so many test images, from the first; default is 1000.",
    transform: Parse.positiveInteger)
  package var images = 1000
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share of positions at which a unit counts as active; default is 0.005.",
      valueName: "share"),
    transform: Parse.properFraction)
  package var quantile = 0.005
  @Option(
    parsing: .unconditional,
    help: "The least intersection over union of a detector; default is 0.04.",
    transform: Parse.fraction)
  package var iou = 0.04
  @Option(
    parsing: .unconditional,
    help: "How often masks are moved between images; default is 199.",
    transform: Parse.positiveInteger)
  package var permutations = 199
  @Option(
    parsing: .unconditional, help: "Networks of random weights; default is 5.",
    transform: Parse.nonNegativeInteger)
  package var randomNetworks = 5

  package init() {}

  package func validate() throws {
    if permutations < 19 {
      throw ValidationError(
        "expected at least 19 --permutations, as fewer can never be significant at 5 %")
    }
  }

  /// The configuration of the experiment.
  package func configuration(layers: [String]?) -> DissectionExperiment.Configuration {
    var configuration = DissectionExperiment.Configuration()
    (configuration.layers, configuration.images) = (layers, images)
    (configuration.quantile, configuration.iou) = (quantile, iou)
    (configuration.permutations, configuration.randomNetworks) = (permutations, randomNetworks)
    return configuration
  }
}
