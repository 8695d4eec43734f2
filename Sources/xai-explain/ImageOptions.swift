import ArgumentParser
import XAIAttribution
import XAICommandLine
import XAIDatasets
import XAIImages

/// The options of images and pictures.
struct ImageOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "JPEG or PNG files, or folders of them; other sizes are resized.", valueName: "file|folder"))
  var image: [String] = []
  @Option(help: "Test images of \(DataSource.arguments).")
  var data: String?
  @Option(help: "The file of decoded pixels of --data, or none; default is none.")
  var cache: String?
  @Flag(help: "Leave images that cannot be read out, count and list them.")
  var skipCorrupt = false
  @Option(
    parsing: .unconditional,
    help: "How many test images of --data, from the first; or their names, by commas.")
  var samples: String?
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      """
      What methods compare with: blur, black, white, zero, mean, noise, data, data:N or file PATH. \
      Default is blur; data:64 for a distribution; the image and the image blurred for gradient-shap.
      """, valueName: "baseline"))
  var baseline: [String] = []
  @Option(help: "Which relevance the heatmaps show.")
  var sign: MapSign?
  @Flag(help: "Tell what the work would cost, and do nothing.")
  var dryRun = false
  @Flag(help: "Replace older explanations in the folder, once the new ones are complete.")
  var overwrite = false
  @Option(help: "The folder to write.")
  var output: String?

  func validateUse() throws {
    if image.isEmpty && data == nil {
      throw ValidationError("expected --image, or --data with --samples, or --tensor")
    }
    if image.isEmpty && samples == nil {
      throw ValidationError("--data needs --samples, a number or names")
    }
    if samples != nil && data == nil { throw ValidationError("--samples needs --data") }
    if samples != nil && !image.isEmpty {
      throw ValidationError("expected --image or --samples, not both")
    }
    if output == nil && !dryRun { throw ValidationError("expected --output, a folder to write") }
  }

  /// These options say nothing about raw tensors.
  func requireNothing() throws {
    let options: [(String, Bool)] = [
      ("--image", !image.isEmpty), ("--data", data != nil), ("--samples", samples != nil),
      ("--baseline", !baseline.isEmpty), ("--sign", sign != nil), ("--output", output != nil),
      ("--skip-corrupt", skipCorrupt),
      ("--overwrite", overwrite),
    ]
    for (option, isGiven) in options where isGiven {
      throw ValidationError("\(option) cannot be given with --tensor")
    }
  }
}
