package import ArgumentParser
import XAIAttribution
import XAIEvaluation
package import XAIExperiments
import XAIFiles
import XAITensor

/// What `evaluate` measures, and how.
package struct JudgementOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Families, separated by commas: faithfulness, localization, robustness, complexity, axioms; or measures by \
      their names, such as share or deletion.black.probability; all adds curves by squares and superpixels. \
      Default is the five families.
      """, valueName: "name,name"))
  package var measures: String?
  @Option(
    help: ArgumentHelp(
      """
      What stands in the place of what is removed, separated by commas: black, blur, white, zero, mean, noise, \
      file:PATH. Default is black,blur.
      """, valueName: "baseline,baseline"))
  package var baseline: String?
  @Option(help: "Rows x columns of the cells whose every removal is evaluated; default is 3x3.")
  package var cells: String?
  @Option(
    parsing: .unconditional, help: "Points of removal curves; default is 32, 64 for a final table.",
    transform: Parse.positiveInteger)
  package var steps: Int?
  @Option(
    help: ArgumentHelp(
      """
      The shares of an image that a box may take to count for localization; default is 0...0.25. Exact masks \
      always count.
      """, valueName: "a...b"))
  package var boxArea: String?
  @Flag(help: "Judge only images that the network classifies correctly.")
  package var correctOnly = false
  @Flag(
    help: """
      Judge the measures as well: whether they keep their mind when images are disturbed by what nobody sees, and \
      like the maps of a random network less. Takes about three times as long.
      """)
  package var meta = false
  @Option(
    help: ArgumentHelp(
      """
      What measures are worth to you: JSON such as {"share.black.logit": 2, "infidelity.blur": 1}, or a file of \
      it. Adds a total score, named as an opinion.
      """, valueName: "file|json"))
  package var scoreWeights: String?
  @Option(
    help: ArgumentHelp(
      "A folder of the randomization test, whose verdicts become columns.", valueName: "dir"))
  package var randomized: String?
  @Option(
    help: ArgumentHelp(
      "A folder of a comparison of two networks, whose similarities become a column.",
      valueName: "dir"))
  package var compared: String?

  package init() {}

  /// What is judged.
  /// - Parameters:
  ///   - images: The images.
  ///   - methods: The methods.
  /// - Returns: The configuration, without what needs a network.
  /// - Throws: Where words mean nothing.
  package func configuration(
    _ images: SampleOptions, _ methods: MethodOptions
  ) throws -> EvaluationExperiment.Configuration {
    var configuration = EvaluationExperiment.Configuration(
      images: try images.choice(), methods: try methods.candidates(comparedWith: []))
    configuration.limit = methods.limit
    if let measures { configuration.measures = Self.choices(measures) }
    if let baseline {
      configuration.baselines = try Self.words(baseline).map { word in
        let kind = try BaselineKind([word])
        if case .data = kind {
          throw ValidationError(
            "--baseline \(word): one image stands in the place of what is removed; expected black, blur, white, "
              + "zero, mean, noise or file:PATH")
        }
        return kind
      }
    }
    if let cells { configuration.cells = try Self.cells(cells) }
    if let steps { configuration.steps = steps }
    if let boxArea { configuration.boxArea = try Self.area(boxArea) }
    configuration.correctOnly = correctOnly
    configuration.triesMeasures = meta
    if let scoreWeights { configuration.weights = try Self.weights(scoreWeights) }
    return configuration
  }

  /// Bytes; far more than the weights of all measures take.
  private static let longestWeights = 1 << 20

  private static func weights(_ text: String) throws -> [String: Double] {
    let isText = text.trimmingSpaces.hasPrefix("{")
    return try JSONText.decode(
      [String: Double].self,
      from: isText ? text : try WholeFile.readText(text, limit: longestWeights),
      name: isText ? "--score-weights" : "'\(text)'")
  }

  private static func choices(_ text: String) -> [EvaluationColumns.Choice] {
    words(text).map { word in
      if word == "all" { return .everything }
      return MeasureColumn.Family(rawValue: word).map { .family($0) } ?? .name(word)
    }
  }

  private static func words(_ text: String) -> [String] {
    text.split(separator: ",").map { $0.trimmingSpaces }.filter { !$0.isEmpty }
  }

  private static func cells(_ text: String) throws -> (rows: Int, columns: Int) {
    let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sides.count == 2, let rows = sides[0], let columns = sides[1], rows > 0, columns > 0
    else {
      throw ValidationError("--cells \(text): expected rows x columns, such as 3x3")
    }
    return (rows, columns)
  }

  private static func area(_ text: String) throws -> ClosedRange<Double> {
    let ends = text.split(separator: "...", omittingEmptySubsequences: false).map { Double($0) }
    guard ends.count == 2, let low = ends[0], let high = ends[1], 0 <= low, low <= high, high <= 1
    else { throw ValidationError("--box-area \(text): expected two shares, such as 0...0.25") }
    return low...high
  }
}
