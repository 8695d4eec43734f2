package import ArgumentParser
package import XAIExperiments

/// How suspects are found.
package struct SuspectOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      self-influence (how much an image bends the last layer to itself), loss, margin, neighbors (the share that has \
      another label), separated by commas; default is all of them.
      """, valueName: "score"),
    transform: { try Words.list($0, of: "score") })
  package var score: [SuspectKind] = SuspectKind.allCases
  @Option(
    parsing: .unconditional,
    help: "At most so many training images, drawn; default is all of them.",
    transform: Parse.positiveInteger)
  package var most: Int?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Exchange the labels of this share of images, and tell how well each score finds them.",
      valueName: "share"), transform: Parse.properFraction)
  package var flip: Double?
  @Option(
    parsing: .unconditional, help: "Neighbors that are asked for their label; default is 10.",
    transform: Parse.positiveInteger)
  package var neighbors = 10
  @Option(
    parsing: .unconditional,
    help: "The most suspicious images of each score that are shown; default is 24.",
    transform: Parse.positiveInteger)
  package var top = 24
  @Option(
    parsing: .unconditional,
    help: """
      The weight of |W|^2 / 2 in the last layer; default is the run's weight decay, 0.0001 at least.
      """, transform: Parse.positiveNumber)
  package var penalty: Double?

  package init() {}

  package func validate() throws {
    if score.isEmpty { throw ValidationError("expected a --score") }
  }

  /// The configuration of the experiment.
  /// - Parameter features: What images are compared by.
  /// - Returns: The configuration.
  package func configuration(_ features: FeatureOptions) -> SuspectExperiment.Configuration {
    var configuration = SuspectExperiment.Configuration()
    configuration.scores = SuspectKind.allCases.filter(score.contains)
    (configuration.most, configuration.flip) = (most, flip)
    (configuration.neighbors, configuration.top) = (neighbors, top)
    configuration.penalty = penalty
    (configuration.layer, configuration.store) = (features.layer, features.bank)
    return configuration
  }
}
