package import ArgumentParser
import XAIAttribution
package import XAIDatasets
package import XAIExperiments
package import XAIImages

/// The options of images and pictures.
package struct ImageOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "JPEG or PNG files, or folders of them; other sizes are resized.", valueName: "file|folder"))
  package var image: [String] = []
  @Option(help: "Test images of \(DataSource.arguments).")
  package var data: String?
  @Option(help: "The file of decoded pixels of --data, or none; default is none.")
  package var cache: String?
  @Flag(help: "Leave images that cannot be read out, count and list them.")
  package var skipCorrupt = false
  @Option(
    parsing: .unconditional,
    help: "How many test images of --data, from the first; or their names, by commas.")
  package var samples: String?
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      """
      What methods compare with: blur, black, white, zero, mean, noise, data, data:N or file PATH. \
      Default is blur; data:64 for a distribution; the image and the image blurred for gradient-shap.
      """, valueName: "baseline"))
  package var baseline: [String] = []
  @Option(help: "Which relevance the heatmaps show.")
  package var sign: MapSign?
  @Flag(help: "Tell what the work would cost, and do nothing.")
  package var dryRun = false
  @Flag(help: "Replace older explanations in the folder, once the new ones are complete.")
  package var overwrite = false
  @Option(help: "The folder to write.")
  package var output: String?

  package init() {}

  /// Which images are explained.
  package var choice: ImageChoice {
    samples.map { .samples(.chosen($0)) } ?? .files(image, skipCorrupt: skipCorrupt)
  }

  /// The data that a session opens.
  package func opening(threads: Int) -> DataOpening? {
    data.map {
      DataOpening(
        $0, cache: CachePlace(word: cache) ?? .none, skipCorrupt: skipCorrupt, threads: threads)
    }
  }

  package func validateUse() throws {
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
  package func requireNothing() throws {
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
