package import ArgumentParser

/// What all tests of explanations have in common: how they run, and where they write.
package struct TestOptions: ParsableArguments {
  @OptionGroup package var work: RunOptions
  @Flag(help: "Tell what it would cost, and do nothing.")
  package var dryRun = false
  @Option(help: "The folder to write.")
  package var output: String?

  @OptionGroup package var color: ColorOptions

  package init() {}

  package func validate() throws {
    if output == nil && !dryRun { throw ValidationError("expected --output, a folder to write") }
  }
}
