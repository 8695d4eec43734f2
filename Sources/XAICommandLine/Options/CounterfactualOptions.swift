package import ArgumentParser
import XAIAttribution
package import XAIExperiments

/// What may be set where actions are sought, and what it costs.
package struct RecourseOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The only features that may be set, separated by commas; default is all that can be.",
      valueName: "features"))
  package var actionable: String?
  @Option(
    help: ArgumentHelp(
      "Features that may not be set, separated by commas.", valueName: "features"))
  package var immutable: String?
  @Option(
    help: ArgumentHelp(
      "What features may be, such as exposure=0.9:1.2,turn=-0.02:0.02.", valueName: "ranges"))
  package var bounds: String?
  @Option(
    help: ArgumentHelp(
      """
      Consequences (color, x, y, period) that stay as they were in a second search, as if nothing caused them: what it \
      promised and what comes of it stand beside the first.
      """, valueName: "features"))
  package var hold: String?
  @Option(
    help: ArgumentHelp(
      """
      What it costs to set a feature: percentile (the share of scenes between both values), log-percentile (the last \
      percents are dear), all (percentile, of every feature that moved); default is percentile.
      """, valueName: "cost"), transform: { try Words.one($0, of: "cost") })
  package var cost: RecourseWishes.Cost?
  @Option(
    parsing: .unconditional,
    help: "How many answers of different features; default is 3.", transform: Parse.positiveInteger)
  package var diverse: Int?

  package init() {}

  /// What is wished for.
  /// - Parameter kind: What may change.
  /// - Returns: The wishes.
  /// - Throws: `CommandFailure` where no actions are sought.
  func wishes(_ kind: CounterfactualKind) throws(CommandFailure) -> RecourseWishes {
    var wishes = RecourseWishes()
    (wishes.actionable, wishes.immutable) = (actionable, immutable)
    (wishes.bounds, wishes.hold) = (bounds, hold)
    wishes.cost = cost ?? wishes.cost
    wishes.diverse = diverse ?? wishes.diverse
    guard kind != .scene, kind != .photo else { return wishes }
    let given: [(name: String, isGiven: Bool)] = [
      ("--actionable", actionable != nil), ("--immutable", immutable != nil),
      ("--bounds", bounds != nil), ("--hold", hold != nil), ("--cost", cost != nil),
      ("--diverse", diverse != nil),
    ]
    if let first = given.first(where: \.isGiven) {
      throw CommandFailure(.form, "\(first.name) needs --kind scene or photo")
    }
    return wishes
  }
}

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
      fewest), distance (pixels change as little as possible), scene (features of shapes are set, at least cost, and \
      what follows from them follows), photo (exposure, contrast, hue, blur, crop, shift, turn, mirror, quality, at \
      least cost); default is evidence.
      """, valueName: "kind"), transform: { try Words.one($0, of: "kind of counterfactuals") })
  package var kind = CounterfactualKind.evidence
  @Option(
    parsing: .unconditional,
    help: """
      The class that is wanted: other (any; of scenes and photos whose prediction is wrong the true one), second (the \
      second most probable), true, an index, an identifier or a name; default is other.
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

  @OptionGroup package var recourse: RecourseOptions

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
    configuration.wishes = try recourse.wishes(kind)
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
