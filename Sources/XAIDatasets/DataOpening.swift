public import XAIImages
public import XAITensor

/// Data as somebody asked for them, to be opened in the size that a network takes.
public struct DataOpening: Sendable {
  /// A word or a folder, of any format that there is.
  public var data: String
  /// Where decoded pixels are kept.
  public var cache: CachePlace
  /// Whether images that cannot be read are left out.
  public var skipCorrupt: Bool
  /// The number of threads that decode images; nil for one on each processor.
  public var threads: Int?
  /// The part of the training images that is held back for validation.
  public var validationFraction = 0.2
  /// The seed of that division.
  public var splitSeed: UInt64 = 0

  /// Names the data.
  /// - Parameters:
  ///   - data: A word or a folder, of any format that there is.
  ///   - cache: Where decoded pixels are kept; default is nowhere, as a few images are best read from their
  ///     own files.
  ///   - skipCorrupt: Whether images that cannot be read are left out.
  ///   - threads: The number of threads that decode images; nil for one on each processor.
  public init(
    _ data: String, cache: CachePlace = .none, skipCorrupt: Bool = false, threads: Int? = nil
  ) {
    (self.data, self.cache) = (data, cache)
    (self.skipCorrupt, self.threads) = (skipCorrupt, threads)
  }

  /// Opens the data, and tells what that took.
  /// - Parameters:
  ///   - input: Channels, height and width that the network takes.
  ///   - fitting: How images get that size; nil resizes them.
  ///   - observer: Who is told.
  /// - Returns: The data set.
  /// - Throws: What is missing or wrong.
  public func open(
    input: [Int], fitting: ImageFitting? = nil, observer: any WorkObserver = NoObserver()
  ) throws(DatasetFailure) -> any ImageDataset {
    guard input.first == 3 else {
      throw DatasetFailure(
        .usage, "the architecture takes images of \(input[0]) channels, the data have 3")
    }
    var options = DatasetOptions()
    options.fitting = fitting ?? ImageFitting(height: input[1], width: input[2])
    options.validationFraction = validationFraction
    options.splitSeed = splitSeed
    options.skipCorrupt = skipCorrupt
    options.cache = cache
    if let threads { options.threads = threads }
    options.tell = { observer.warn($0) }
    // Begun at the first call, which tells how many images there are; threads call.
    let isShown = Monitor(false)
    defer { if isShown.change({ $0 }) { observer.end() } }
    let opened = try DataSource(data).open(options) { done, total in
      isShown.change { isShown in
        if !isShown { observer.begin("decoding", total: total, unit: "images") }
        isShown = true
      }
      observer.advance(to: done, "")
    }
    let dataset = opened.dataset
    tell(opened.report, observer)
    observer.note(
      "\(dataset.name): \(dataset.classes.count) classes; "
        + Split.allCases.map { "\(grouped(dataset.count(of: $0))) \($0.rawValue)" }
        .joined(separator: ", ") + " images")
    return dataset
  }

  private func tell(_ report: OpeningReport, _ observer: any WorkObserver) {
    if let path = report.cache.path, let reason = report.cache.rebuiltBecause {
      observer.note("decoded images into \(path) (because \(reason))")
    }
    report.notes.forEach(observer.note)
    report.warnings.forEach(observer.warn)
    guard !report.skipped.isEmpty else { return }
    let count = report.skipped.count
    observer.warn(
      count == 1
        ? "1 image cannot be read and was left out:"
        : "\(grouped(count)) images cannot be read and were left out:")
    for name in report.skipped { observer.warn("  \(name)") }
  }
}
