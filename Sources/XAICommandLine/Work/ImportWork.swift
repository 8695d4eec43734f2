import XAIAttribution
import XAIClassifiers
import XAIDatasets
import XAIExperiments
import XAIFiles
import XAIKernels
import XAINetworks
import XAITensor

/// What `import` does: reads a network, checks it, writes a checkpoint.
package struct ImportWork {
  private let options: ImportOptions
  private let console: Console

  /// Prepares an import.
  package init(_ options: ImportOptions, _ console: Console) {
    (self.options, self.console) = (options, console)
  }

  /// Imports.
  package func run() throws {
    let (path, reading, output) = (options.checkpoint, options.reading, options.output)
    let inputs = [path, options.image, options.verify].compactMap(\.self) + reading.files
    try OutputFiles.requireDistinct([("--output", output)], from: inputs)
    try AtomicFile.check(output)
    var knowledge = try reading.knowledge()
    knowledge.reading.architecture = try architecture(knowledge.reading)
    let imported = try Checkpoint.open(path, knowledge, observer: console)
    ModelSummary(imported.network).lines.forEach(console.print)
    let explained = ExplainedNetwork(
      imported.network, parameters: imported.parameters, backend: try CPUBackend())
    if let verify = options.verify {
      let found = try LogitComparison(explained, with: verify)
      console.print(
        "logits agree with \(verify): \(Format.count(found.images, "image")), largest deviation "
          + "\(found.deviation), \(found.share) of the largest logit")
    }
    if let image = options.image { try tell(image, explained, imported) }
    try imported.write(to: output)
    if imported.classes.isEmpty {
      console.note("\(output) does not name its classes; --class-names FILE adds them")
    }
    console.note("written to \(output)")
  }

  /// The named architecture in the size of the images, with as many classes as the file has.
  private func architecture(_ reading: Checkpoint.Reading) throws -> Architecture {
    let (network, checkpoint) = (options.network, options.checkpoint)
    var template: Architecture
    if let known = Architecture.family(network) {
      template = known
    } else {
      do {
        template = try Architecture.read(from: network)
      } catch {
        guard error.kind == .missingInput else { throw error }
        let close = Spelling.closest(to: network, in: Architecture.familyNames, limit: 1).first
        throw CommandFailure(
          .form,
          "there is no network \(quoted(network)): expected \(Architecture.familyNames.joined(separator: ", ")) "
            + "or an architecture file" + (close.map { "; did you mean \($0)?" } ?? ""))
      }
    }
    if let imageSize = options.imageSize {
      template.input = [template.input[0], imageSize.height, imageSize.width]
    }
    try template.validate(source: "--network \(network)")
    let archive = try TensorArchive(path: checkpoint, weights: reading.weights)
    if let fitted = template.withClasses(of: archive, reading) { return fitted }
    let others = Architecture.familyNames.filter { name in
      Architecture.family(name)?.withClasses(of: archive, reading) != nil
    }
    guard let other = others.first else { return template }
    throw CommandFailure(
      .contradiction,
      "\(checkpoint) is no \(network), its tensors are those of \(other): give --network \(other)")
  }

  private func tell(
    _ path: String, _ network: ExplainedNetwork, _ checkpoint: Checkpoint
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
