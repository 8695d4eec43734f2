import ArgumentParser
import XAICommandLine
import XAIDatasets
import XAIFiles

/// Writes a data set as JPEG files.
struct ExportDataCommand: ParsableCommand {
  static let word = "export-data"
  static let configuration = CommandConfiguration(
    commandName: "xai-train export-data",
    abstract: "Write a data set as JPEG files.",
    discussion: "Layouts: "
      + DataSource.layouts.map { "\($0.name) (\($0.summary))" }.joined(separator: ", ") + ".")

  @OptionGroup var options: ExportDataOptions

  func run() throws {
    try Console(program: "xai-train", quiet: options.quiet).reportingFailures { console in
      let output = options.output
      // Its images would be encoded once more, and the better ones lost.
      if options.overwrite { try OutputFiles.requireOther(output, than: options.data) }
      try DatasetExport.requirePlace(output, replacing: options.overwrite)
      let size = try options.size()
      // Nothing is left in the folder of the data: each image is read once more, and that is all.
      let dataset = try DataOpening(options.data, skipCorrupt: options.skipCorrupt)
        .open(input: [3, size.height, size.width], observer: console)
      if options.imageSize != nil {
        console.note(
          "every image is resized to \(size.height) rows and \(size.width) columns (--image-size)")
      }
      let total = Split.allCases.reduce(0) { $0 + dataset.count(of: $1) }
      let bar = console.progress("exporting", total: total)
      try DatasetExport.write(
        dataset, to: output, as: options.layout, replacing: options.overwrite,
        quality: options.quality, progress: { done, _ in bar.update(done) })
      bar.finish()
      console.note(
        "\(Format.count(total)) images of \(dataset.classes.count) classes, \(size.height) rows and "
          + "\(size.width) columns each: \(output)")
    }
  }
}
