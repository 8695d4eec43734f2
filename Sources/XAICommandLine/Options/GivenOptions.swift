package import ArgumentParser

/// Which network is asked for numbers, and by which tensors.
package struct GivenOptions: ParsableArguments {
  @Option(help: "A run's bestmodel.safetensors, or a file of PyTorch (.pt, .safetensors).")
  package var checkpoint: String
  @OptionGroup(title: "Network") package var reading: CheckpointOptions
  @Option(
    help: ArgumentHelp(
      """
      Normalized images [N, C, H, W]; where the checkpoint does not say how, the tensor 'pixels' beside them \
      tells how images are normalized.
      """, valueName: "file:name"))
  package var tensor: String
  @Option(help: "The safetensors file of given tensors.")
  package var given: String
  @Option(help: "The safetensors file to write.")
  package var raw: String
  @Option(
    parsing: .unconditional,
    help: "A class for each image; what names no class of its own is about the first.")
  package var target: String
  @Option(
    parsing: .unconditional, help: "Threads; default is one for each processor.",
    transform: Parse.threadCount)
  package var threads: Int?
  @Flag(help: "Say nothing but results, warnings and failures.")
  package var quiet = false

  package init() {}
}
