package import ArgumentParser
import XAIExamples
package import XAIExperiments

/// How images are cut, and by whose maps.
package struct SegmentOptions: ParsableArguments {
  @OptionGroup package var methods: MethodOptions
  @Option(
    parsing: .unconditional,
    help: """
      The class that maps are about: predicted, true, an index, an identifier or a name; default is predicted.
      """)
  package var target = "predicted"
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What parting two pixels of equal colors costs; default is 8.", valueName: "cost"),
    transform: Parse.nonNegativeNumber)
  package var smoothness = GraphCutSegmentation().smoothness

  package init() {}

  /// Whose maps are cut where nobody chose.
  private static let standardMethods = "saliency,grad-cam"

  /// The configuration of the experiment.
  /// - Parameters:
  ///   - images: Which images.
  ///   - session: The network, whose classes words may name.
  /// - Returns: The configuration.
  /// - Throws: Where words mean nothing.
  package func configuration(
    _ images: ImageChoice, _ session: Session
  ) throws -> SegmentExperiment.Configuration {
    var methods = methods
    methods.method = methods.method ?? Self.standardMethods
    var configuration = SegmentExperiment.Configuration(
      methods: try methods.candidates(comparedWith: []))
    configuration.images = images
    configuration.target = try TargetChoice.one(target, of: session)
    configuration.cut.smoothness = smoothness
    return configuration
  }
}
