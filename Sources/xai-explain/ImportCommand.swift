import ArgumentParser
import XAICommandLine

/// Makes a checkpoint of a network that another program trained.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make a checkpoint of a network from elsewhere.",
    usage: """
      xai-explain import --network vgg16 --checkpoint FILE --preprocessing imagenet --output FILE
             xai-explain import --network FILE.json --checkpoint FILE --output FILE
      """,
    discussion: """
      Reads a state dictionary of torchvision's or timm's VGG family (.pt, .pth, .safetensors), or of any \
      network that an architecture file describes, and writes a checkpoint that every command takes, with \
      classes and preprocessing. Prints its layers, and the five likeliest classes of --image.

      --verify compares its logits with those of PyTorch, saved by

        import torch, torchvision
        from safetensors.torch import save_file
        model = torchvision.models.vgg16(weights="DEFAULT").eval()
        images = torch.randn(2, 3, 224, 224)
        save_file({"images": images, "logits": model(images).detach()}, "expected.safetensors")
      """)

  @OptionGroup var options: ImportOptions

  func run() throws {
    try Console.run(
      "xai-explain", quiet: options.quiet, threads: options.threads, offersSkipping: false
    ) { console in try ImportWork(options, console).run() }
  }
}
