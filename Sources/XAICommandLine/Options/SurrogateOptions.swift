package import ArgumentParser
package import XAIExperiments
import XAINetworks

/// Which simple models are fitted, and to what.
package struct SurrogateOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      tree, linear (of the logit of --target), neighbors (in the last hidden layer), separated by commas; default \
      is tree,neighbors, and with --target all.
      """, valueName: "model"),
    transform: { try Words.list($0, of: "model") })
  package var model: [SurrogateModel.Kind] = []
  @Option(
    parsing: .unconditional,
    help: "A class that is told from all others: an index, an identifier or a name.")
  package var target: String?
  @Option(
    help: ArgumentHelp(
      """
      Features, separated by commas: properties of probe, but for class; default is all that the data have.
      """, valueName: "name"))
  package var features: String?
  @Option(
    help: ArgumentHelp(
      """
      Concepts whose scores are features, separated by commas: as for xai-explain concepts, such as \
      shapes:pattern=stripes, class:ID or folder:DIR.
      """, valueName: "source"))
  package var concepts: String?
  @Option(
    parsing: .unconditional, help: "Images of a concept, at least 5; default is 50.",
    transform: Parse.positiveInteger)
  package var set = 50
  @Option(
    help: ArgumentHelp(
      """
      Units whose means are features, separated by commas: a layer and a number, such as conv7_relu:37, or a folder \
      that xai-explain dissect wrote, for all of its detectors.
      """, valueName: "unit|folder"))
  package var units: String?
  @Option(
    parsing: .unconditional,
    help: "At most so many training images, and as many test images; default is 500.",
    transform: Parse.positiveInteger)
  package var images = 500
  @Option(
    parsing: .unconditional, help: "The most questions of a tree in a row; default is 4.",
    transform: Parse.positiveInteger)
  package var depth = 4
  @Option(
    parsing: .unconditional, help: "The fewest training images of an answer; default is 2.",
    transform: Parse.positiveInteger)
  package var least = 2
  @Option(
    parsing: .unconditional, help: "The nearest images that answer; default is 5.",
    transform: Parse.positiveInteger)
  package var neighbors = 5

  package init() {}

  /// The configuration of the experiment.
  /// - Parameters:
  ///   - session: The network.
  ///   - layers: Words for the layers of concepts.
  /// - Returns: The configuration.
  /// - Throws: `CommandFailure` where a word names no class, or several; `ConceptFailure`.
  package func configuration(
    of session: Session, layers: [String]?
  ) throws -> SurrogateExperiment.Configuration {
    let words = ClassWords(session.classes, count: session.classCount, option: "--target")
    var configuration = SurrogateExperiment.Configuration()
    if let target { configuration.target = try words.index(of: target) }
    if !model.isEmpty {
      configuration.models = model
    } else if target != nil {
      configuration.models = SurrogateModel.Kind.allCases
    }
    configuration.features = features.map { list($0) }
    configuration.concepts = try concepts.map { try ConceptSource.list($0) } ?? []
    (configuration.layers, configuration.set) = (layers, set)
    configuration.units = units.map { list($0) } ?? []
    (configuration.images, configuration.depth) = (images, depth)
    (configuration.least, configuration.neighbors) = (least, neighbors)
    return configuration
  }
}
