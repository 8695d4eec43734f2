import ArgumentParser
import XAIAttribution
import XAIClassifiers
import XAICommandLine
import XAIDatasets
import XAIExperiments
import XAIFiles
import XAIKernels
import XAINetworks
import XAITensor

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

  @Option(
    help: ArgumentHelp(
      "\(Architecture.familyNames.joined(separator: ", ")), or an architecture file.",
      valueName: "name|file"))
  var network: String
  @Option(help: "The network's file: a state dictionary of PyTorch, or safetensors.")
  var checkpoint: String
  @Option(
    help: ArgumentHelp(
      "The images that the network takes: a side, or HEIGHTxWIDTH; default is the network's own, 224.",
      valueName: "pixels"), transform: ImageSize.init)
  var imageSize: ImageSize?
  @OptionGroup(title: "Network") var reading: CheckpointOptions
  @Option(
    help: ArgumentHelp(
      "Print the five likeliest classes of a picture.", valueName: "file"))
  var image: String?
  @Option(
    help: ArgumentHelp(
      "A safetensors file with images [N, C, H, W], normalised, and the logits [N, classes] to expect.",
      valueName: "file"))
  var verify: String?
  @Option(help: "The checkpoint to write.")
  var output: String
  @Option(
    parsing: .unconditional, help: "Threads; default is one for each processor.",
    transform: Parse.threadCount)
  var threads: Int?
  @Flag(help: "Say nothing but results, warnings and failures.")
  var quiet = false

  func validate() throws {
    if reading.architecture != nil {
      throw ValidationError("--network names the architecture: leave --architecture out")
    }
    if reading.contents.classNames == "sorted" {
      throw ValidationError("--class-names sorted needs data; give a file of class names")
    }
  }

  func run() throws {
    try Console(program: "xai-explain", quiet: quiet).reportingFailures { console in
      ThreadTeam.setCount(threads ?? BackgroundThread.processors)
      console.warn(ofThreads: ThreadTeam.count, insteadOf: threads)
      let inputs = [checkpoint, image, verify].compactMap(\.self) + reading.files
      try OutputFiles.requireDistinct([("--output", output)], from: inputs)
      try AtomicFile.check(output)
      var knowledge = try reading.knowledge()
      knowledge.reading.architecture = try architecture(knowledge.reading)
      let imported = try reading.open(checkpoint, knowledge, console)
      ModelSummary(imported.network).lines.forEach(console.print)
      let explained = ExplainedNetwork(
        imported.network, parameters: imported.parameters, backend: try CPUBackend())
      if let verify { try compare(explained, with: verify, console) }
      if let image { try tell(image, explained, imported, console) }
      try imported.write(to: output)
      if imported.classes.isEmpty {
        console.note("\(output) does not name its classes; --class-names FILE adds them")
      }
      console.note("written to \(output)")
    }
  }

  /// The named architecture in the size of the images, with as many classes as the file has.
  private func architecture(_ reading: Checkpoint.Reading) throws -> Architecture {
    var template: Architecture
    if let known = Architecture.family(network) {
      template = known
    } else {
      do {
        template = try Architecture.read(from: network)
      } catch let failure as FileFailure {
        guard failure.kind == .missingInput else { throw failure }
        let close = Spelling.closest(to: network, in: Architecture.familyNames, limit: 1).first
        throw AttributionFailure(
          .usage,
          "there is no network \(quoted(network)): expected \(Architecture.familyNames.joined(separator: ", ")) "
            + "or an architecture file" + (close.map { "; did you mean \($0)?" } ?? ""))
      }
    }
    if let imageSize { template.input = [template.input[0], imageSize.height, imageSize.width] }
    try template.validate(source: "--network \(network)")
    let archive = try TensorArchive(path: checkpoint, weights: reading.weights)
    if let fitted = template.withClasses(of: archive, reading) { return fitted }
    let others = Architecture.familyNames.filter { name in
      Architecture.family(name)?.withClasses(of: archive, reading) != nil
    }
    guard let other = others.first else { return template }
    throw AttributionFailure(
      .usage,
      "\(checkpoint) is no \(network), its tensors are those of \(other): give --network \(other)")
  }

  /// Compares logits with those that another program computed.
  private func compare(
    _ network: ExplainedNetwork, with path: String, _ console: Console
  ) throws {
    let file = try SafetensorsFile(path: path)
    let (images, expected) = (try file.tensor("images"), try file.tensor("logits"))
    let architecture = network.network.architecture
    guard images.shape.count == 4, Array(images.shape.dropFirst()) == architecture.input,
      expected.shape == [images.rows, architecture.classes], images.rows > 0
    else {
      throw AttributionFailure(
        .badData,
        "--verify \(path): has images \(images.shape) and logits \(expected.shape), expected [N] + "
          + "\(architecture.input) and [N, \(architecture.classes)]")
    }
    let found = try Prediction.of(images, by: network).flatMap(\.logits)
    guard expected.isFinite else {
      throw AttributionFailure(.badData, "--verify \(path): its logits hold NaN or infinity")
    }
    let scale = expected.elements.map { abs($0) }.max() ?? 0
    let deviation = zip(found, expected.elements).map { abs($0 - $1) }.max() ?? 0
    let share = scale > 0 ? deviation / scale : deviation
    guard share <= Self.largestDeviation else {
      throw AttributionFailure(
        .badData,
        "--verify \(path): logits differ by \(deviation), which is \(share) of the largest; expected less "
          + "than \(Self.largestDeviation): the network is another one, or was not in evaluation (eval())"
      )
    }
    console.print(
      "logits agree with \(path): \(Format.count(images.rows, "image")), largest deviation \(deviation), "
        + "\(share) of the largest logit")
  }

  /// Two programs round sums of thousands of products differently, but not more.
  private static let largestDeviation: Float = 1e-4

  private func tell(
    _ path: String, _ network: ExplainedNetwork, _ checkpoint: Checkpoint, _ console: Console
  ) throws {
    let preprocessing = try Preprocessing(of: checkpoint)
    let images = try ExplainedImage.read([path], preprocessing.fitting, tell: console.warn)
    let predictions = try Prediction.of(
      ExplainedImage.normalised(images, preprocessing), by: network)
    for (image, prediction) in zip(images, predictions) {
      console.print("\(image.name):")
      for index in prediction.likeliest(5) {
        let name =
          checkpoint.classes.isEmpty
          ? "class \(index)" : "\(checkpoint.classes[index].id) \(checkpoint.classes[index].name)"
        console.print(
          "  \(Format.percent(prediction.probability(of: index), digits: 2))  \(name)")
      }
    }
  }
}
