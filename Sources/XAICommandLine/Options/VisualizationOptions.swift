package import ArgumentParser
package import XAIExperiments
import XAINetworks
import XAITensor

/// What is drawn, and how.
package struct VisualizationOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "Classes, separated by commas: an index, an identifier or a name.")
  package var classes: String?
  @Option(
    help: ArgumentHelp(
      "Units, separated by commas: a layer and a number, such as conv7_relu:37.", valueName: "unit")
  )
  package var units: String?
  @Option(
    help: ArgumentHelp(
      """
      Concepts whose directions in --layers are drawn, separated by commas: as for xai-explain concepts, such as \
      shapes:pattern=stripes, class:ID or folder:DIR.
      """, valueName: "source"))
  package var concept: String?
  @Option(
    parsing: .unconditional, help: "Images of a concept, at least 5; default is 50.",
    transform: Parse.positiveInteger)
  package var set = 50
  @Option(
    help: ArgumentHelp(
      """
      fourier (a spectrum with the colors of the data, under transformations) or simonyan (plain ascent of a logit); \
      default is fourier.
      """, valueName: "style"),
    transform: { try Words.one($0, of: "style") })
  package var style = VisualizationStyle.fourier
  @Option(
    parsing: .unconditional, help: "Steps of each picture; default is 128.",
    transform: Parse.positiveInteger)
  package var steps = 128
  @Option(
    parsing: .unconditional,
    help: "At most so many test images that pictures are held against; default is 500.",
    transform: Parse.positiveInteger)
  package var images = 500

  package init() {}

  package func validate() throws {
    if classes == nil && units == nil && concept == nil {
      throw ValidationError("expected --classes, --units or --concept")
    }
  }

  /// The configuration of the experiment.
  /// - Parameters:
  ///   - session: The network.
  ///   - layers: Words for the layers of concepts.
  /// - Returns: The configuration.
  /// - Throws: `CommandFailure` where a word names no class, or is no unit; `ConceptFailure`.
  package func configuration(
    of session: Session, layers: [String]?
  ) throws -> VisualizationExperiment.Configuration {
    let words = ClassWords(session.classes, count: session.classCount, option: "--classes")
    var features: [VisualizationExperiment.Feature] = []
    for word in list(classes ?? "") { features.append(.target(try words.index(of: word))) }
    for word in list(units ?? "") {
      let parts = word.split(separator: ":").map(String.init)
      guard parts.count == 2, let unit = Int(parts[1]) else {
        throw CommandFailure(
          .form, "--units \(quoted(word)): expected a layer and a number, such as conv7_relu:37")
      }
      features.append(.unit(layer: parts[0], unit))
    }
    let concepts = try concept.map { try ConceptSource.list($0) } ?? []
    guard !features.isEmpty || !concepts.isEmpty else {
      throw CommandFailure(.form, "--classes and --units name nothing; name at least one")
    }
    var configuration = VisualizationExperiment.Configuration(features)
    (configuration.concepts, configuration.layers, configuration.set) = (concepts, layers, set)
    (configuration.style, configuration.steps, configuration.images) = (style, steps, images)
    return configuration
  }
}
