package import ArgumentParser

/// What both comparisons of maps have in common.
package struct ContrastOptions: ParsableArguments {
  /// What a comparison can do without.
  package enum Part: String, CaseIterable {
    case controls
  }

  @Option(
    help: ArgumentHelp(
      "What to leave out: controls (random, constant, edge-detector, input).", valueName: "part"),
    transform: { Set(try Words.list($0, of: "part")) })
  package var without: Set<Part> = []
  @Option(
    parsing: .unconditional,
    help: "Images whose maps are drawn, from the first; numbers are about all. Default is 12.",
    transform: Parse.nonNegativeInteger)
  package var pictures = 12
  @Flag(help: "Begin again in a folder of older results: these and their finished maps go first.")
  package var overwrite = false
  @OptionGroup package var session: TestOptions

  package init() {}
}
