import ArgumentParser
import XAIAttribution
import XAICommandLine
import XAIFiles
import XAINetworks
import XAITensor

/// Writes a network's parameters for another program.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a network's parameters for PyTorch, or a checkpoint to pass on.",
    discussion: """
      --format swift-xai writes a checkpoint of this toolkit with all that its use needs; with --half its \
      weights have 16 bits, which is half the size.

      A network of the VGG family gets torchvision's names, so that

        model = torchvision.models.vgg16(num_classes=10)
        model.load_state_dict(torch.load("vgg16.pt", weights_only=True))

      takes them; any other network keeps the names of this toolkit.
      """)

  @Option(help: "The checkpoint.")
  var checkpoint: String
  @OptionGroup(title: "Network") var reading: CheckpointOptions
  @Option(help: "For which program.")
  var format: Program = .torch
  @Flag(
    help: """
      With --format swift-xai: write weights in 16 bits, rounded to nearest. Biases, batch norm and statistics \
      keep 32.
      """)
  var half = false
  @Option(help: "The file to write: .pt for torch.load, or .safetensors.")
  var output: String
  @Flag(help: "Say nothing but results, warnings and failures.")
  var quiet = false

  /// The programs that parameters are written for.
  enum Program: String, ExpressibleByArgument, CaseIterable {
    case torch
    case toolkit = "swift-xai"
  }

  func validate() throws {
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

  func run() throws {
    try Console(program: "xai-explain", quiet: quiet).reportingFailures { console in
      try OutputFiles.requireDistinct([("--output", output)], from: [checkpoint] + reading.files)
      try AtomicFile.check(output)
      let checkpoint = try reading.open(checkpoint, console, takesPictures: false)
      if format == .toolkit {
        try checkpoint.write(to: output, halvesWeights: half)
        console.note(
          "\(Format.count(checkpoint.parameters.names.count, "tensor"))\(half ? ", weights of 16 bits," : "") "
            + "written to \(output)")
        return
      }
      let names = checkpoint.network.torchvisionNames
      if names == nil {
        console.note(
          "torchvision has no such network, so tensors keep their names: "
            + "\(checkpoint.parameters.names.prefix(2).joined(separator: ", ")), ...")
      }
      let tensors = (names ?? checkpoint.parameters.names.map { ($0, $0) }).compactMap {
        own, name in
        checkpoint.parameters[own].map { (name: name, tensor: $0) }
      }
      if output.hasSuffix(".safetensors") {
        try SafetensorsFile.write(
          tensors.map { ($0.name, .float32($0.tensor)) }, metadata: ["format": "pt"], to: output)
      } else {
        try TorchFile.write(tensors, to: output)
      }
      console.note("\(Format.count(tensors.count, "tensor")) written to \(output)")
    }
  }
}
