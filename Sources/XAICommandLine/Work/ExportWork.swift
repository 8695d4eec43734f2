import XAIClassifiers
import XAIFiles
import XAINetworks
import XAITensor

/// What `export` does: reads a checkpoint, and writes its parameters.
package struct ExportWork {
  private let options: ExportOptions
  private let console: Console

  /// Prepares an export.
  package init(_ options: ExportOptions, _ console: Console) {
    (self.options, self.console) = (options, console)
  }

  /// Exports.
  package func run() throws {
    let output = options.output
    try OutputFiles.requireDistinct(
      [("--output", output)], from: [options.checkpoint] + options.reading.files)
    try AtomicFile.check(output)
    let checkpoint = try Checkpoint.open(
      options.checkpoint, options.reading.knowledge(), takesPictures: false, observer: console)
    if options.format == .toolkit {
      try checkpoint.write(to: output, halvesWeights: options.half)
      console.note(
        "\(Format.count(checkpoint.parameters.names.count, "tensor"))"
          + "\(options.half ? ", weights of 16 bits," : "") written to \(output)")
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
