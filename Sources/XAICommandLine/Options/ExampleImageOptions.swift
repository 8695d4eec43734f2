package import ArgumentParser
package import XAIExperiments

/// What all commands that ask about given images have in common: the network, the images, and where they write.
package struct ExampleImageOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A safetensors file.", valueName: "file"))
  package var checkpoint: String
  @OptionGroup package var reading: CheckpointOptions
  @OptionGroup package var chosen: SampleOptions
  @Flag(help: "Replace older results in the folder, once the new ones are complete.")
  package var overwrite = false
  @OptionGroup package var test: TestOptions

  package init() {}

  package func validate() throws { try chosen.validateUse() }

  /// Reads the network and opens the data.
  /// - Parameters:
  ///   - other: A second network that is asked besides; nil for none.
  ///   - console: Who is told.
  /// - Returns: The session.
  /// - Throws: What is missing, damaged or does not fit.
  package func session(also other: String? = nil, _ console: Console) throws -> Session {
    let checkpoints = [checkpoint] + [other].compactMap(\.self)
    return try chosen.session(
      checkpoints, networksTogether: checkpoints.count + 1, reading, test.work, console)
  }
}
