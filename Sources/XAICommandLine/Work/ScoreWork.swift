import XAIAttribution
import XAIEvaluation
import XAIExperiments
import XAIFiles
import XAIKernels
import XAINetworks
import XAITensor

/// What `evaluate` does with maps and random choices in a file: measures, and writes raw numbers.
package struct ScoreWork {
  private let session: Session
  private let options: ScoreFiles
  private let seed: UInt64
  private let console: Console

  /// Prepares for a network.
  /// - Parameters:
  ///   - checkpoint: The network's file.
  ///   - reading: What is known about it.
  ///   - options: What is measured.
  ///   - run: How the work runs.
  ///   - console: Who is told.
  /// - Throws: What is missing, damaged or does not fit.
  package init(
    _ checkpoint: String, _ reading: CheckpointOptions, _ options: ScoreFiles,
    _ run: RunOptions, _ console: Console
  ) throws {
    // A file that cannot be written is told before the work.
    let read = [checkpoint, options.given, try TensorReference(options.tensor).path]
    try OutputFiles.requireDistinct([("--raw", options.raw)], from: read + reading.files)
    try AtomicFile.check(options.raw)
    var request = Session.Request(
      checkpoints: [checkpoint], seed: run.seed, memory: run.memory)
    request.takesPictures = false
    session = try Session(request, reading, nil, console)
    (self.options, seed, self.console) = (options, run.seed, console)
  }

  /// Measures.
  /// - Throws: What is missing or wrong; `Interrupted` where a signal stopped it.
  package func run() throws {
    let input = try input(
      try TensorReference(options.tensor).tensor(), try SafetensorsFile(path: options.given))
    console.becomesStoppable()
    let network = JudgedNetwork(
      session.network.explained,
      in: AttributionContext(
        memory: session.memory.activations, algorithm: options.convolutions,
        isStopped: { [console] in console.isStopped }))
    let output = try console.stoppable("interrupted; nothing was written") {
      try EvaluationTensors(input, on: network).compute()
    }
    for (name, reason) in output.omitted { console.warn("\(name) is left out: \(reason)") }
    try SafetensorsFile.write(output.tensors, metadata: try metadata(), to: options.raw)
    console.note("\(Format.count(output.tensors.count, "tensor")): \(options.raw)")
  }

  private func input(
    _ images: Tensor, _ file: SafetensorsFile
  ) throws -> EvaluationTensors.Input {
    guard let parameters = file.metadata["parameters"] else {
      throw FileFailure(
        .badData,
        "'\(options.given)' has no \"parameters\" in its metadata, which name the tensors that are wanted"
      )
    }
    var given: [String: TensorData] = [:]
    for entry in file.entries { given[entry.name] = try file.data(entry) }
    let checkpoint = session.network.checkpoint
    return EvaluationTensors.Input(
      images: images, targets: try targets(for: images.rows), given: given,
      parameters: try JSONText.decode(
        [String: JSONValue].self, from: parameters, name: "the metadata of '\(options.given)'"),
      code: checkpoint.saysHowImagesAreNormalised
        ? try PixelCode(
          mean: checkpoint.mean, standardDeviation: checkpoint.standardDeviation,
          shape: checkpoint.network.architecture.input) : nil,
      draws: EvaluationDraws(seed: seed))
  }

  private func targets(for count: Int) throws(CommandFailure) -> [Int] {
    let words = ClassWords(
      session.network.checkpoint.classes, count: session.classCount, option: "--target")
    let targets = try options.target.split(separator: ",", omittingEmptySubsequences: false).map {
      (word) throws(CommandFailure) in try words.index(of: word.trimmingSpaces)
    }
    guard targets.count == 1 || targets.count == count else {
      throw CommandFailure(
        .form, "--target has \(targets.count) classes for \(count) images; give one or \(count)")
    }
    return targets.count == 1 ? Array(repeating: targets[0], count: count) : targets
  }

  private func metadata() throws -> [String: String] {
    [
      "program": "\(console.program) \(Toolkit.version)", "checkpoint": session.network.path,
      "checkpoint.sha256": try session.network.digest.value(), "tensor": options.tensor,
      "given": options.given, "targets": options.target, "seed": "\(seed)",
    ]
  }
}

extension SafetensorsFile {
  /// A tensor in a type that holds it exactly.
  fileprivate func data(_ entry: Entry) throws(FileFailure) -> TensorData {
    switch entry.type {
    case .float64: .float64(shape: entry.shape, try doubles(entry.name))
    case let type? where type.isInteger:
      .int64(shape: entry.shape, try integers(entry.name))
    default: .float32(try tensor(entry.name))
    }
  }
}
