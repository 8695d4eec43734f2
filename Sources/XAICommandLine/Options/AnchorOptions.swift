import ArgumentParser
package import XAIExperiments

/// What rules are made of, and what they must prove.
package struct AnchorOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      What rules are about: segments (that stay), scene (features of shapes, such as pattern = stripes, all others drawn \
      again; coverage is exact); default is segments.
      """, valueName: "rules"), transform: { try Words.one($0, of: "kind of rules") })
  package var rules = AnchorExperiment.Rules.segments
  @Option(
    parsing: .unconditional, help: "About how many segments an image has; default is 16.",
    transform: Parse.positiveInteger)
  package var segments = 16
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share of samples in which a rule must keep the answer; default is 0.95.",
      valueName: "share"), transform: Parse.properFraction)
  package var threshold = 0.95
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The probability that no accepted rule of an image is less precise; default is 0.95.",
      valueName: "share"), transform: Parse.properFraction)
  package var confidence = 0.95
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The probability with which a segment outside of a rule stays; default is 0.5.",
      valueName: "share"), transform: Parse.fraction)
  package var keep = 0.5
  @Option(
    help: ArgumentHelp(
      """
      What shows where a segment does not stay: images (other training images of --data), mean (the mean color), \
      baseline (the image blurred); default is images.
      """, valueName: "fill"), transform: { try Words.one($0, of: "fill") })
  package var fill = AnchorExperiment.Fill.images

  package init() {}

  /// The configuration of the experiment.
  /// - Parameter images: Which images.
  /// - Returns: The configuration.
  package func configuration(_ images: ImageChoice) -> AnchorExperiment.Configuration {
    var configuration = AnchorExperiment.Configuration()
    (configuration.images, configuration.rules) = (images, rules)
    configuration.segments = segments
    (configuration.threshold, configuration.confidence) = (threshold, confidence)
    (configuration.keep, configuration.fill) = (keep, fill)
    return configuration
  }
}
