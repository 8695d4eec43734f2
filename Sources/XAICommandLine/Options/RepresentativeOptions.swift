package import ArgumentParser
package import XAIExperiments

/// What is picked from what.
package struct RepresentativeOptions: ParsableArguments {
  /// What columns are.
  package enum Columns: String, CaseIterable {
    case channels
  }

  @Option(
    parsing: .unconditional,
    help: "At most so many test images of --data, from the first; default is 500.",
    transform: Parse.positiveInteger)
  package var samples = 500
  @Option(
    help: ArgumentHelp(
      """
      What explanations are made of, the same in every image: channels of a layer, with what Grad-CAM gives them; \
      default is channels.
      """, valueName: "columns"), transform: { try Words.one($0, of: "kind of columns") })
  package var columns = Columns.channels
  @Option(
    help: ArgumentHelp(
      "The layer whose channels are columns; default is the last rectifier that has maps.",
      valueName: "layer"))
  package var layer: String?
  @Option(
    parsing: .unconditional, help: "The most images that are picked; default is 10.",
    transform: Parse.positiveInteger)
  package var count = 10
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share of an image's largest entry below which entries count as none; default is 0.01.",
      valueName: "share"), transform: Parse.fraction)
  package var floor = 0.01

  package init() {}

  /// The configuration of the experiment.
  package var configuration: RepresentativeExperiment.Configuration {
    var configuration = RepresentativeExperiment.Configuration()
    (configuration.images, configuration.count) = (samples, count)
    (configuration.floor, configuration.layer) = (floor, layer)
    return configuration
  }
}
