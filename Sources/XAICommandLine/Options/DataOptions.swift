package import ArgumentParser
package import XAIDatasets
import XAITensor

/// The data of a command that cannot do without.
package struct DataOptions: ParsableArguments {
  @Option(help: "The data: \(DataSource.arguments).")
  package var data: String
  @Option(help: "The file of decoded pixels of --data, or none; default is none.")
  package var cache: String?
  @Flag(help: "Leave images that cannot be read out, count and list them.")
  package var skipCorrupt = false

  package init() {}

  /// The data, to be opened.
  /// - Parameter threads: The threads that decode images.
  /// - Returns: The data.
  package func opening(threads: Int) -> DataOpening {
    DataOpening(
      data, cache: CachePlace(word: cache) ?? .none, skipCorrupt: skipCorrupt, threads: threads)
  }
}
