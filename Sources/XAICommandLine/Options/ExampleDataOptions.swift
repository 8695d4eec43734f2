package import ArgumentParser
import XAIDatasets
package import XAIExperiments
import XAITensor

/// What all commands that search training images have in common: the network, the data, the layer whose features are
/// compared, and where they write.
package struct ExampleDataOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A safetensors file.", valueName: "file"))
  package var checkpoint: String
  @OptionGroup package var reading: CheckpointOptions
  @Option(help: "The data: \(DataSource.arguments).")
  package var data: String
  @Option(help: "The file of decoded pixels of --data, or none; default is none.")
  package var cache: String?
  @Flag(help: "Leave images that cannot be read out, count and list them.")
  package var skipCorrupt = false
  @Flag(help: "Replace older results in the folder, once the new ones are complete.")
  package var overwrite = false
  @OptionGroup package var test: TestOptions

  package init() {}

  /// Reads the network and opens the data.
  /// - Parameter console: Who is told.
  /// - Returns: The session.
  /// - Throws: What is missing, damaged or does not fit.
  package func session(_ console: Console) throws -> Session {
    try Session.study(
      [checkpoint], networksTogether: 2, reading,
      DataOpening(
        data, cache: CachePlace(word: cache) ?? .none, skipCorrupt: skipCorrupt,
        threads: test.work.threadCount), test.work, console)
  }
}

/// What images are compared by.
package struct FeatureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The layer whose outputs are compared; default is what the last dense layer reads.",
      valueName: "layer"))
  package var layer: String?
  @Option(
    help: ArgumentHelp(
      """
      A folder that keeps what the layer makes of images, in units of 1000: an interrupted call loses one, and \
      another call of the same network and data reads them.
      """, valueName: "folder"))
  package var bank: String?

  package init() {}
}
