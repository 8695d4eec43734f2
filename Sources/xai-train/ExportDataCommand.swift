import ArgumentParser
import XAICommandLine
import XAIDatasets
import XAIFiles
import XAITensor

/// Writes a data set as JPEG files.
struct ExportDataCommand: ParsableCommand {
  static let word = "export-data"
  static let configuration = CommandConfiguration(
    commandName: "xai-train export-data",
    abstract: "Write a data set as JPEG files.",
    discussion: "Layouts: "
      + DataSource.layouts.map { "\($0.name) (\($0.summary))" }.joined(separator: ", ") + ".")

  @Option(help: "The data: \(DataSource.arguments).")
  var data: String
  @Option(help: "The folder to make; it must not hold anything yet.")
  var output: String
  @Flag(help: "Replace an older export in the folder, once the new one is whole.")
  var overwrite = false
  @Option(
    help: "The layout: \(DataSource.layouts.map(\.name).joined(separator: ", ")).",
    transform: Self.layout)
  var layout: ExportLayout = .tinyImageNet
  @Option(
    help: ArgumentHelp(
      "The size that every image is resized to: a side, or HEIGHTxWIDTH; default is the size that all "
        + "images of the data have.", valueName: "pixels"), transform: ImageSize.init)
  var imageSize: ImageSize?
  @Flag(help: "Leave images that cannot be read out, count and list them.")
  var skipCorrupt = false
  @Option(help: "JPEG quality, 1 to 100.", transform: Parse.positiveInteger)
  var quality: Int = 95
  @Flag(help: "Say nothing but failures.")
  var quiet = false

  private static func layout(_ word: String) throws -> ExportLayout {
    guard let layout = DataSource.layouts.first(where: { $0.name == word }) else {
      throw ValidationError(
        "expected one of \(DataSource.layouts.map(\.name).joined(separator: ", "))")
    }
    return layout
  }

  func validate() throws {
    if quality > 100 { throw ValidationError("--quality \(quality): expected 1 to 100") }
  }

  func run() throws {
    try Console(program: "xai-train", quiet: quiet).reportingFailures { console in
      // Its images would be encoded once more, and the better ones lost.
      if overwrite { try OutputFiles.requireOther(output, than: data) }
      try DatasetExport.requirePlace(output, replacing: overwrite)
      console.offer("--skip-corrupt", as: .leaveOutUnreadable)
      let size = try self.size()
      // Nothing is left in the folder of the data: each image is read once more, and that is all.
      let dataset = try DataOpening(
        data: data, cache: "none", skipCorrupt: skipCorrupt, threads: BackgroundThread.processors
      ).open(input: [3, size.height, size.width], validationFraction: 0.2, seed: 0, console)
      if imageSize != nil {
        console.note(
          "every image is resized to \(size.height) rows and \(size.width) columns (--image-size)")
      }
      let total = Split.allCases.reduce(0) { $0 + dataset.count(of: $1) }
      let bar = console.progress("exporting", total: total)
      try DatasetExport.write(
        dataset, to: output, as: layout, replacing: overwrite, quality: quality,
        progress: { done, _ in bar.update(done) })
      bar.finish()
      console.note(
        "\(Format.count(total)) images of \(dataset.classes.count) classes, \(size.height) rows and "
          + "\(size.width) columns each: \(output)")
    }
  }

  /// What was asked for, else the size that the images have, if it is one.
  private func size() throws -> ImageSize {
    if let imageSize { return imageSize }
    let sizes = try DataSource(data).storedSizes(skipCorrupt: skipCorrupt)
    guard let stored = sizes, stored.isOne else {
      let found = sizes.map { "its images have different sizes, \($0)" }
      throw DatasetFailure(
        .usage,
        "'\(data)': \(found ?? "the size of its images is not known"); say with --image-size to which "
          + "one they are to be resized")
    }
    return ImageSize(height: stored.heights.lowerBound, width: stored.widths.lowerBound)
  }
}
