import ArgumentParser
import XAIConsole
import XAIDatasets
import XAIFiles
import XAITensor

/// Writes a data set as JPEG files.
struct ExportDataCommand: ParsableCommand {
  static let word = "export-data"
  static let configuration = CommandConfiguration(
    commandName: "xai-train export-data",
    abstract: "Write a data set as JPEG files, in Tiny ImageNet's layout or in class folders.",
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
      let opened = try DataSource(data).open(DatasetOptions())
      opened.report.warnings.forEach(console.warn)
      let dataset = opened.dataset
      let total = Split.allCases.reduce(0) { $0 + dataset.count(of: $1) }
      let bar = console.progress("exporting", total: total)
      try DatasetExport.write(
        dataset, to: output, as: layout, replacing: overwrite, quality: quality,
        progress: { done, _ in bar.update(done) })
      bar.finish()
      console.note("\(Format.count(total)) images of \(dataset.classes.count) classes: \(output)")
    }
  }
}
