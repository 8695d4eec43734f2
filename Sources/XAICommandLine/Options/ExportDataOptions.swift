package import ArgumentParser
package import XAIDatasets
import XAITensor

/// Which data are written, where and how.
package struct ExportDataOptions: ParsableArguments {
  @Option(help: "The data: \(DataSource.arguments).")
  package var data: String
  @Option(help: "The folder to make; it must not hold anything yet.")
  package var output: String
  @Flag(help: "Replace an older export in the folder, once the new one is whole.")
  package var overwrite = false
  @Option(
    help: "The layout: \(DataSource.layouts.map(\.name).joined(separator: ", ")).",
    transform: Self.layout)
  package var layout: ExportLayout = .tinyImageNet
  @Option(
    help: ArgumentHelp(
      "The size that every image is resized to: a side, or HEIGHTxWIDTH; default is the size that all "
        + "images of the data have.", valueName: "pixels"), transform: ImageSize.init)
  package var imageSize: ImageSize?
  @Flag(help: "Leave images that cannot be read out, count and list them.")
  package var skipCorrupt = false
  @Option(help: "JPEG quality, 1 to 100.", transform: Parse.positiveInteger)
  package var quality: Int = 95
  @Flag(help: "Say nothing but failures.")
  package var quiet = false

  package init() {}

  package func validate() throws {
    if quality > 100 { throw ValidationError("--quality \(quality): expected 1 to 100") }
  }

  @Sendable private static func layout(_ word: String) throws -> ExportLayout {
    guard let layout = DataSource.layouts.first(where: { $0.name == word }) else {
      throw ValidationError(
        "expected one of \(DataSource.layouts.map(\.name).joined(separator: ", "))")
    }
    return layout
  }

  /// What was asked for, else the size that the images have, if it is one.
  package func size() throws(DatasetFailure) -> ImageSize {
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
