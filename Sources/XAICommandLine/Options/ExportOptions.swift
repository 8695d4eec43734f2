package import ArgumentParser

/// Which network is exported, and for which program.
package struct ExportOptions: ParsableArguments {
  @Option(help: "The checkpoint.")
  package var checkpoint: String
  @OptionGroup(title: "Network") package var reading: CheckpointOptions
  @Option(help: "For which program.")
  package var format: Program = .torch
  @Flag(
    help: """
      With --format swift-xai: write weights in 16 bits, rounded to nearest. Biases, batch norm and statistics \
      keep 32.
      """)
  package var half = false
  @Option(help: "The file to write: .pt for torch.load, or .safetensors.")
  package var output: String
  @Flag(help: "Say nothing but results, warnings and failures.")
  package var quiet = false

  /// The programs that parameters are written for.
  package enum Program: String, ExpressibleByArgument, CaseIterable {
    case torch
    case toolkit = "swift-xai"
  }

  package init() {}

  package func validate() throws {
    guard [".pt", ".pth", ".safetensors"].contains(where: { output.hasSuffix($0) }) else {
      throw ValidationError("--output \(output): expected a name that ends in .pt or .safetensors")
    }
    if format == .toolkit, !output.hasSuffix(".safetensors") {
      throw ValidationError(
        "--output \(output): a checkpoint of this toolkit has a name that ends in .safetensors")
    }
    if half, format != .toolkit {
      throw ValidationError("--half goes with --format swift-xai; for PyTorch, call .half() there")
    }
  }
}
