import ArgumentParser
import XAICommandLine

/// What both comparisons of maps have in common.
struct ContrastOptions: ParsableArguments {
  /// What a comparison can do without.
  enum Part: String, CaseIterable {
    case controls
  }

  @Option(
    help: ArgumentHelp(
      "What to leave out: controls (random, constant, edge-detector, input).", valueName: "part"),
    transform: { Set(try Words.list($0, of: "part")) })
  var without: Set<Part> = []
  @Option(
    parsing: .unconditional,
    help: "Images whose maps are drawn, from the first; numbers are about all. Default is 12.",
    transform: Parse.nonNegativeInteger)
  var pictures = 12
  @Flag(help: "Replace older results in the folder, once the new ones are complete.")
  var overwrite = false
  @OptionGroup var session: TestOptions
}
