public import ArgumentParser
import Synchronization
public import XAIDatasets
import XAITensor

/// The options that all programs share: the data, and how a program behaves.
public struct CommonOptions: ParsableArguments {
  /// What `--data` names.
  @Option(help: "The data: shapes, or a folder in Tiny ImageNet's layout.")
  public var data: String
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
    var words = ["--data", data]
    if let cache { words += ["--cache", cache] }
    if skipCorrupt { words.append("--skip-corrupt") }
    if let threads { words += ["--threads", "\(threads)"] }
    if quiet { words.append("--quiet") }
    return words
  }

  /// Opens the data and tells the user what that took.
  /// - Parameters:
  ///   - input: Channels, height and width that the network takes.
  ///   - validationFraction: The part of the training images held back.
  ///   - seed: The seed of that division.
  ///   - console: Who is told.
  /// - Returns: The data set.
  /// - Throws: What is missing or wrong.
  public func open(
    input: [Int], validationFraction: Double, seed: UInt64, _ console: Console
  ) throws(DatasetFailure) -> any ImageDataset {
    guard input.first == 3 else {
      throw DatasetFailure(
        .usage, "the architecture takes images of \(input[0]) channels, the data have 3")
    }
    var options = TinyImageNet.Options()
    (options.height, options.width) = (input[1], input[2])
    options.validationFraction = validationFraction
    options.splitSeed = seed
    options.skipCorrupt = skipCorrupt
    if let cache { options.cache = cache == "none" ? .none : .file(cache) }
    options.threads = threadCount
    // Begun at the first call, which tells how many images there are; threads call.
    let shown = Mutex<ProgressBar?>(nil)
    defer { shown.withLock { $0?.finish() } }
    let dataset = try DataSource(data).open(options) { done, total in
      let bar = shown.withLock { bar in
        let current = bar ?? console.progress("decoding", total: total)
        bar = current
        return current
      }
      bar.update(done)
    }
    if let tiny = dataset as? TinyImageNet { report(tiny, console) }
    console.note(
      "\(dataset.name): \(dataset.classes.count) classes; "
        + Split.allCases.map { "\(Format.count(dataset.count(of: $0))) \($0.rawValue)" }
        .joined(separator: ", ") + " images")
    return dataset
  }

  private func report(_ dataset: TinyImageNet, _ console: Console) {
    if let path = dataset.cacheReport.path, let reason = dataset.cacheReport.rebuiltBecause {
      console.note("decoded images into \(path) (because \(reason))")
    }
    guard !dataset.skipped.isEmpty else { return }
    let count = dataset.skipped.count
    console.warn(
      count == 1
        ? "1 image cannot be read and was left out:"
        : "\(Format.count(count)) images cannot be read and were left out:")
    for name in dataset.skipped { console.warn("  \(name)") }
  }
}
