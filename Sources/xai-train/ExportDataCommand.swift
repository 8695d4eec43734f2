import ArgumentParser
import XAIConsole
import XAIDatasets
import XAIFiles
import XAITensor

/// Writes a data set as JPEG files in Tiny ImageNet's layout.
struct ExportDataCommand: ParsableCommand {
  static let word = "export-data"
  static let configuration = CommandConfiguration(
    commandName: "xai-train export-data",
    abstract: "Write a data set as JPEG files in Tiny ImageNet's layout.",
    discussion: "Training and validation images become train/, test images become val/.")

  @Option(help: "The data: shapes, or a folder in Tiny ImageNet's layout.")
  var data: String
  @Option(help: "The folder to make; it must not hold anything yet.")
  var output: String
  @Flag(help: "Replace an older export in the folder, once the new one is whole.")
  var overwrite = false
  @Option(help: "JPEG quality, 1 to 100.", transform: Parse.positiveInteger)
  var quality: Int = 95
  @Flag(help: "Say nothing but failures.")
  var quiet = false

  func validate() throws {
    if quality > 100 { throw ValidationError("--quality \(quality): expected 1 to 100") }
  }

  func run() throws {
    try Console(program: "xai-train", quiet: quiet).reportingFailures { console in
      // Its images would be encoded once more, and the better ones lost.
      if overwrite { try OutputFiles.requireOther(output, than: data) }
      let dataset = try DataSource(data).open(TinyImageNet.Options())
      let total = Split.allCases.reduce(0) { $0 + dataset.count(of: $1) }
      let bar = console.progress("exporting", total: total)
      try DatasetExport.writeTinyImageNetLayout(
        dataset, to: output, replacing: overwrite, quality: quality,
        progress: { done, _ in bar.update(done) })
      bar.finish()
      console.note("\(Format.count(total)) images of \(dataset.classes.count) classes: \(output)")
    }
  }
}
