package import ArgumentParser
import XAIAttribution
package import XAIExperiments

/// What may change, and what is wanted.
package struct CounterfactualOptions: ParsableArguments {
  /// What removed segments may show.
  package enum Removed: String, CaseIterable {
    case blur, mean, black
  }

  @Option(
    help: ArgumentHelp(
      """
      evidence (segments are removed, the fewest), region (cells of features are those of another image, the \
      fewest), distance (pixels change as little as possible); default is evidence.
      """, valueName: "kind"), transform: { try Words.one($0, of: "kind of counterfactuals") })
  package var kind = CounterfactualKind.evidence
  @Option(
    parsing: .unconditional,
    help: """
      The class that is wanted: other (any), second (the second most probable), true, an index, an identifier or a \
      name; default is other.
      """)
  package var goal = Self.other
  @Option(
    parsing: .unconditional,
    help: "About how many segments an image has, for evidence; default is 16.",
    transform: Parse.positiveInteger)
  package var segments = 16
  @Option(
    help: ArgumentHelp(
      "What removed segments show: blur, mean, black; default is blur.", valueName: "baseline"),
    transform: { try Words.one($0, of: "baseline") })
  package var baseline = Removed.blur
  @Option(
    help: ArgumentHelp(
      "A second network, which is asked whether it agrees with every answer.", valueName: "file"))
  package var also: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The most passes of a search; it tells where it ended there.", valueName: "passes"),
    transform: Parse.positiveInteger)
  package var budget: Int?
  @Option(
    parsing: .unconditional,
    help: """
      At most so many training images for prices of pixels, plausibility and other images, drawn; default is 5000.
      """, transform: Parse.positiveInteger)
  package var most = 5000
  @Option(
    parsing: .unconditional,
    help: "At most so many test images that plausibility is held against, drawn; default is 1000.",
    transform: Parse.positiveInteger)
  package var tests = 1000
  @Option(
    help: ArgumentHelp(
      "A folder that keeps the features of the data's images, in units of 1000.",
      valueName: "folder"))
  package var bank: String?

  private static let other = "other"

  package init() {}

  /// The configuration of the experiment.
  /// - Parameters:
  ///   - images: Which images.
  ///   - session: The network, whose classes words may name.
  /// - Returns: The configuration.
  /// - Throws: Where words mean nothing.
  package func configuration(
    _ images: ImageChoice, _ session: Session
  ) throws -> CounterfactualExperiment.Configuration {
    var configuration = CounterfactualExperiment.Configuration()
    (configuration.images, configuration.kind) = (images, kind)
    (configuration.segments, configuration.budget) = (segments, budget)
    (configuration.most, configuration.tests, configuration.store) = (most, tests, bank)
    configuration.baseline =
      switch baseline {
      case .blur: .blur
      case .mean: .mean
      case .black: .black
      }
    configuration.goal =
      switch goal {
      case Self.other: .other
      case "second": .second
      case "true": .label
      default:
        .index(
          try ClassWords(session.classes, count: session.classCount, option: "--goal")
            .index(of: goal))
      }
    return configuration
  }
}
