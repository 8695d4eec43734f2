package import ArgumentParser
package import XAIExperiments
package import XAIRepresentations

/// What is probed, and how.
package struct ProbeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Properties, separated by commas. Of shapes: kind, pattern, hue, size, light, radius, x, y, turn, exposure, \
      object-contrast, shade; of other data class; of all mean-red, mean-green, mean-blue, contrast, edges-across, \
      edges-down.
      """, valueName: "name"))
  package var property: String
  @Option(
    parsing: .unconditional,
    help: "At most so many training images, and as many test images; default is 500.",
    transform: Parse.positiveInteger)
  package var images = 500
  @Option(
    parsing: .unconditional, help: "The penalty of a probe's weights; default is 0.01.",
    transform: Parse.positiveNumber)
  package var penalty = 0.01
  @Option(
    help: ArgumentHelp(
      """
      What is read of maps: flat (every position) or mean (of each channel); default is flat where the memory \
      allows it.
      """, valueName: "kind"),
    transform: { try Words.one($0, of: "kind of features") })
  package var features: ProbeFeatures.Reduction?
  @Option(
    parsing: .unconditional, help: "Networks of random weights; default is 5.",
    transform: Parse.nonNegativeInteger)
  package var randomNetworks = 5
  @Option(
    parsing: .unconditional, help: "Control tasks; default is 10.",
    transform: Parse.nonNegativeInteger)
  package var controls = 10
  @Flag(help: "Take what a probe reads from the network, and tell what accuracy it loses.")
  package var ablate = false
  @Option(
    parsing: .unconditional,
    help: "Random subspaces that an ablation is held against; default is what significance needs.",
    transform: Parse.positiveInteger)
  package var subspaces: Int?

  package init() {}

  /// The configuration of the experiment.
  package func configuration(layers: [String]?) -> ProbeExperiment.Configuration {
    var names: [String] = []
    for name in list(property) where !names.contains(name) { names.append(name) }
    var configuration = ProbeExperiment.Configuration(names)
    (configuration.layers, configuration.images) = (layers, images)
    (configuration.penalty, configuration.features) = (penalty, features)
    (configuration.randomNetworks, configuration.controls) = (randomNetworks, controls)
    (configuration.ablates, configuration.subspaces) = (ablate, subspaces)
    return configuration
  }
}
