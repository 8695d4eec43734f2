import ArgumentParser
package import XAIExperiments

/// What stands for what.
package struct PrototypeOptions: ParsableArguments {
  @Option(
    name: .customLong("class"), parsing: .unconditional,
    help: ArgumentHelp(
      """
      Classes by an index, an identifier or a name, separated by commas, each a set of its own; all for all images \
      as one set, each for every class; default is each.
      """, valueName: "class"))
  package var classes = Self.each
  @Option(
    parsing: .unconditional, help: "Prototypes of each set; default is 6.",
    transform: Parse.positiveInteger)
  package var count = 6
  @Option(
    parsing: .unconditional, help: "Criticisms of each set; default is 4.",
    transform: Parse.nonNegativeInteger)
  package var criticisms = 4
  @Option(
    parsing: .unconditional,
    help: "At most so many training images of a set, drawn; default is 8000.",
    transform: Parse.positiveInteger)
  package var most = 8000
  @Option(
    parsing: .unconditional,
    help: "At most so many test images that prototypes classify; default is 1000.",
    transform: Parse.positiveInteger)
  package var tests = 1000

  private static let all = "all"
  private static let each = "each"

  package init() {}

  /// The configuration of the experiment.
  /// - Parameters:
  ///   - features: What images are compared by.
  ///   - session: The network, whose classes words may name.
  /// - Returns: The configuration.
  /// - Throws: Where words mean nothing.
  package func configuration(
    _ features: FeatureOptions, _ session: Session
  ) throws -> PrototypeExperiment.Configuration {
    var configuration = PrototypeExperiment.Configuration()
    (configuration.count, configuration.criticisms) = (count, criticisms)
    (configuration.most, configuration.tests) = (most, tests)
    (configuration.layer, configuration.store) = (features.layer, features.bank)
    switch classes {
    case Self.all: configuration.scope = .together
    case Self.each: configuration.scope = .eachClass
    default:
      let words = ClassWords(session.classes, count: session.classCount, option: "--class")
      configuration.scope = .classes(try list(classes).map { try words.index(of: $0) })
    }
    return configuration
  }
}
