import XAITensor
public import XAIDatasets

/// Opens what `--data` names and tells the user what that took.
public struct DataOpening {
  private let console: Console

  /// Prepares to open data.
  /// - Parameter console: Who is told.
  public init(_ console: Console) { self.console = console }

  /// Opens the data, with a progress bar while images are decoded for the first time.
  /// - Parameters:
  ///   - argument: The value of `--data`.
  ///   - options: Size, split, cache.
  /// - Returns: The data set.
  /// - Throws: What is missing or wrong.
  public func open(
    _ argument: String, _ options: TinyImageNet.Options
  ) throws(DatasetFailure) -> any ImageDataset {
    // The number of images is known at the first call only.
    let bar = console.progress("decoding", total: 100)
    defer { bar.finish() }
    let dataset = try DataSource(argument).open(options) { done, total in
      bar.update(100 * done / max(total, 1), "\(Format.count(done)) of \(Format.count(total))")
    }
    if let tiny = dataset as? TinyImageNet { report(tiny) }
    console.note(
      "\(dataset.name): \(dataset.classes.count) classes; "
        + Split.allCases.map { "\(Format.count(dataset.count(of: $0))) \($0.rawValue)" }
        .joined(separator: ", ") + " images")
    return dataset
  }

  private func report(_ dataset: TinyImageNet) {
    if let path = dataset.cacheReport.path, let reason = dataset.cacheReport.rebuiltBecause {
      console.note("decoded images into \(path) (\(reason))")
    }
    guard !dataset.skipped.isEmpty else { return }
    console.warn("\(dataset.skipped.count) images cannot be read and were left out:")
    for name in dataset.skipped { console.warn("  \(name)") }
  }
}
