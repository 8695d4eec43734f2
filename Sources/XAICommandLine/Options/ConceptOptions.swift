package import ArgumentParser
package import XAIExperiments
package import XAIRepresentations
import XAINetworks

/// Which concepts, which classes, and how they are tested.
package struct ConceptOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Concepts, separated by commas: shapes:pattern=stripes (scenes drawn on demand; /PAIRED behind it for the same \
      scenes with and without), class:ID,ID (training images), folder:DIR (a concept for each folder in it), \
      groups:FILE.json (lists of classes by names).
      """, valueName: "source"))
  package var concepts: String
  @Option(
    parsing: .unconditional,
    help: "Classes, separated by commas: an index, an identifier or a name.")
  package var classes: String
  @Option(
    parsing: .unconditional, help: "Images of a set, at least 5; default is 50.",
    transform: Parse.positiveInteger)
  package var set = 50
  @Option(
    parsing: .unconditional,
    help: "Sets of random images that each concept is compared with; default is 10.",
    transform: Parse.positiveInteger)
  package var runs = 10
  @Option(
    parsing: .unconditional,
    help: "Random concepts; default is 99, or 20 for each test less 1.",
    transform: Parse.positiveInteger)
  package var random: Int?
  @Option(
    help: ArgumentHelp(
      "How vectors are found: logistic, mean-difference or ridge; default is logistic.",
      valueName: "kind"),
    transform: { try Words.one($0, of: "kind of vector") })
  package var vector = ConceptVector.Kind.logistic
  @Option(
    help: ArgumentHelp(
      "What is differentiated: logit or log-probability; default is logit.", valueName: "score"),
    transform: { try Words.one($0, of: "score") })
  package var score = LayerGradients.Score.logit
  @Flag(help: "Compare concepts with each other instead of with random images: no verdicts.")
  package var relative = false
  @Option(
    parsing: .unconditional,
    help: "Networks whose layers above are random, as a second null; default is 0.",
    transform: Parse.nonNegativeInteger)
  package var randomize = 0

  package init() {}

  /// The configuration of the experiment.
  /// - Parameters:
  ///   - sources: Where concepts come from.
  ///   - session: The network.
  ///   - layers: Words for layers.
  /// - Returns: The configuration.
  /// - Throws: `CommandFailure` where a word names no class, or several.
  package func configuration(
    _ sources: [ConceptSource], of session: Session, layers: [String]?
  ) throws -> ConceptExperiment.Configuration {
    let words = ClassWords(session.classes, count: session.classCount, option: "--classes")
    var targets: [Int] = []
    for word in list(classes) {
      let index = try words.index(of: word)
      if !targets.contains(index) { targets.append(index) }
    }
    guard !targets.isEmpty else {
      throw CommandFailure(.form, "--classes names no class; name at least one")
    }
    var configuration = ConceptExperiment.Configuration(sources, targets: targets)
    configuration.layers = layers
    (configuration.set, configuration.runs) = (set, runs)
    (configuration.randomConcepts, configuration.randomNetworks) = (random, randomize)
    (configuration.vector, configuration.score) = (vector, score)
    configuration.isRelative = relative
    return configuration
  }
}
