import Synchronization
public import XAIDatasets
public import XAIImages
import XAITensor

/// Opens the data that a command line names.
public struct DataOpening: Sendable {
  private let data: String
  private let cache: String?
  private let skipCorrupt: Bool
  private let threads: Int

  /// Names the data.
  /// - Parameters:
  ///   - data: A word or a folder, of any format that there is.
  ///   - cache: The file of decoded pixels, or `none`; default is beside the data.
  ///   - skipCorrupt: Whether unreadable images are left out.
  ///   - threads: The number of threads.
  public init(data: String, cache: String?, skipCorrupt: Bool, threads: Int) {
    (self.data, self.cache) = (data, cache)
    (self.skipCorrupt, self.threads) = (skipCorrupt, threads)
  }

  /// Opens the data and tells the user what that took.
  /// - Parameters:
  ///   - input: Channels, height and width that the network takes.
  ///   - fitting: How images get that size; nil resizes them.
  ///   - validationFraction: The part of the training images held back.
  ///   - seed: The seed of that division.
  ///   - console: Who is told.
  /// - Returns: The data set.
  /// - Throws: What is missing or wrong.
  public func open(
    input: [Int], fitting: ImageFitting? = nil, validationFraction: Double, seed: UInt64,
    _ console: Console
  ) throws(DatasetFailure) -> any ImageDataset {
    guard input.first == 3 else {
      throw DatasetFailure(
        .usage, "the architecture takes images of \(input[0]) channels, the data have 3")
    }
    var options = DatasetOptions()
    options.fitting = fitting ?? ImageFitting(height: input[1], width: input[2])
    options.validationFraction = validationFraction
    options.splitSeed = seed
    options.skipCorrupt = skipCorrupt
    if let cache { options.cache = cache == "none" ? .none : .file(cache) }
    options.threads = threads
    options.tell = { console.warn($0) }
    // Begun at the first call, which tells how many images there are; threads call.
    let shown = Mutex<ProgressBar?>(nil)
    defer { shown.withLock { $0?.finish() } }
    let opened = try DataSource(data).open(options) { done, total in
      let bar = shown.withLock { bar in
        let current = bar ?? console.progress("decoding", total: total)
        bar = current
        return current
      }
      bar.update(done)
    }
    let dataset = opened.dataset
    tell(opened.report, console)
    console.note(
      "\(dataset.name): \(dataset.classes.count) classes; "
        + Split.allCases.map { "\(Format.count(dataset.count(of: $0))) \($0.rawValue)" }
        .joined(separator: ", ") + " images")
    return dataset
  }

  private func tell(_ report: OpeningReport, _ console: Console) {
    if let path = report.cache.path, let reason = report.cache.rebuiltBecause {
      console.note("decoded images into \(path) (because \(reason))")
    }
    report.notes.forEach(console.note)
    report.warnings.forEach(console.warn)
    guard !report.skipped.isEmpty else { return }
    let count = report.skipped.count
    console.warn(
      count == 1
        ? "1 image cannot be read and was left out:"
        : "\(Format.count(count)) images cannot be read and were left out:")
    for name in report.skipped { console.warn("  \(name)") }
  }
}
