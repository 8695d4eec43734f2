public import ArgumentParser
package import XAIDatasets
import XAITensor

/// The options that all programs share: the data, and how a program behaves.
public struct CommonOptions: ParsableArguments {
  /// What `--data` names.
  @Option(help: "The data: \(DataSource.arguments).")
  public var data: String?
  /// Where decoded pixels are kept.
  @Option(help: "The file of decoded pixels, or none; default is beside the data.")
  public var cache: String?
  /// Whether unreadable images are left out.
  @Flag(help: "Leave unreadable images out, count and list them.")
  public var skipCorrupt = false
  /// The number of threads, where it was given.
  @Option(help: "Threads; default is one for each processor.", transform: Parse.threadCount)
  public var threads: Int?
  /// Whether only results and failures are shown.
  @Flag(help: "Say nothing but results and failures.")
  public var quiet = false

  /// Reads the options.
  public init() {}

  /// The number of threads.
  public var threadCount: Int { threads ?? BackgroundThread.processors }

  /// The options as words of a command line.
  public var words: [String] {
    var words = data.map { ["--data", $0] } ?? []
    if let cache { words += ["--cache", cache] }
    if skipCorrupt { words.append("--skip-corrupt") }
    if let threads { words += ["--threads", "\(threads)"] }
    if quiet { words.append("--quiet") }
    return words
  }

  /// Refuses a command line without data, for programs that can do nothing without.
  /// - Throws: `ValidationError`.
  public func requireData() throws {
    if data == nil { throw ValidationError("Missing expected argument '--data <data>'") }
  }

  /// The data, to be opened.
  /// - Returns: The data.
  /// - Throws: `ValidationError` where no data were named.
  package func opening() throws -> DataOpening {
    try requireData()
    return DataOpening(
      data ?? "", cache: CachePlace(word: cache) ?? .automatic, skipCorrupt: skipCorrupt,
      threads: threadCount)
  }
}

extension CachePlace {
  /// Reads what `--cache` says.
  /// - Parameter word: `none`, or a file; nil where nothing was said.
  package init?(word: String?) {
    guard let word else { return nil }
    self = word == "none" ? .none : .file(word)
  }
}
