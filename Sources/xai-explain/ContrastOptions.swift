import ArgumentParser
import XAIConsole

/// What both comparisons of maps have in common.
struct ContrastOptions: ParsableArguments {
  @Flag(help: "Leave the controls out: random, constant, edge-detector, input.")
  var withoutControls = false
  @Option(
    parsing: .unconditional,
    help: "Images whose maps are drawn, from the first; numbers are about all. Default is 12.",
    transform: Parse.nonNegativeInteger)
  var pictures = 12
  @OptionGroup var session: TestOptions
}
