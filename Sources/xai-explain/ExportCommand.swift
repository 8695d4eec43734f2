import ArgumentParser
import XAICommandLine

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

  @OptionGroup var options: ExportOptions

  func run() throws {
    try Console(program: "xai-explain", quiet: options.quiet).reportingFailures { console in
      try ExportWork(options, console).run()
    }
  }
}
