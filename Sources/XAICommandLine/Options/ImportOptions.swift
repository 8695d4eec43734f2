package import ArgumentParser
import XAINetworks

/// Which network is imported, and how it is checked.
package struct ImportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "\(Architecture.familyNames.joined(separator: ", ")), or an architecture file.",
      valueName: "name|file"))
  package var network: String
  @Option(help: "The network's file: a state dictionary of PyTorch, or safetensors.")
  package var checkpoint: String
  @Option(
    help: ArgumentHelp(
      "The images that the network takes: a side, or HEIGHTxWIDTH; default is the network's own, 224.",
      valueName: "pixels"), transform: ImageSize.init)
  package var imageSize: ImageSize?
  @OptionGroup(title: "Network") package var reading: CheckpointOptions
  @Option(
    help: ArgumentHelp(
      "Print the five likeliest classes of a picture.", valueName: "file"))
  package var image: String?
  @Option(
    help: ArgumentHelp(
      "A safetensors file with images [N, C, H, W], normalised, and the logits [N, classes] to expect.",
      valueName: "file"))
  package var verify: String?
  @Option(help: "The checkpoint to write.")
  package var output: String
  @Option(
    parsing: .unconditional, help: "Threads; default is one for each processor.",
    transform: Parse.threadCount)
  package var threads: Int?
  @Flag(help: "Say nothing but results, warnings and failures.")
  package var quiet = false

  package init() {}

  package func validate() throws {
    if reading.architecture != nil {
      throw ValidationError("--network names the architecture: leave --architecture out")
    }
    if reading.contents.classNames == "sorted" {
      throw ValidationError("--class-names sorted needs data; give a file of class names")
    }
  }
}
