package import ArgumentParser
package import XAIExperiments

/// How similarity is measured.
package struct SimilarityOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      cka (linear), cka-rbf (what is near counts), svcca (layers of the same size of maps), separated by commas; \
      default is cka.
      """, valueName: "measure"),
    transform: { try Words.list($0, of: "measure") })
  package var measure: [SimilarityMatrix.Measure] = [.cka]
  @Option(
    parsing: .unconditional, help: "At most so many test images, from the first; default is 1024.",
    transform: Parse.positiveInteger)
  package var images = 1024
  @Option(
    parsing: .unconditional, help: "Images of a batch, at least 4; default is 128.",
    transform: Parse.positiveInteger)
  package var batch = 128
  @Flag(help: "One batch of all images: no standard error, and memory for all of them.")
  package var full = false

  package init() {}

  /// The configuration of the experiment.
  package func configuration(layers: [String]?) -> SimilarityExperiment.Configuration {
    var configuration = SimilarityExperiment.Configuration()
    (configuration.layers, configuration.measures) = (layers, measure)
    (configuration.images, configuration.batch) = (images, full ? nil : batch)
    return configuration
  }
}
