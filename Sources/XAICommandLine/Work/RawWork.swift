import FoundationEssentials
import XAIAttribution
package import XAIExperiments
import XAIFiles
package import XAIKernels
import XAINetworks
import XAIReports
import XAITensor

/// What `attribute` does with normalized images in a file: explains, and writes raw maps.
package struct RawWork {
  private let session: Session
  private let tensors: TensorOptions
  private let console: Console

  /// Prepares for a network.
  package init(_ session: Session, _ tensors: TensorOptions, _ console: Console) {
    (self.session, self.tensors, self.console) = (session, tensors, console)
  }

  /// Explains.
  /// - Parameters:
  ///   - methods: The methods.
  ///   - target: The classes, as words.
  ///   - isDry: Whether only the cost is told.
  ///   - algorithm: How convolutions sum.
  ///   - reading: What was known about the checkpoint.
  /// - Throws: What is missing or wrong; `Interrupted` where a signal stopped it.
  package func run(
    _ methods: [MethodPreparation.Candidate], target: String, isDry: Bool,
    _ algorithm: ConvolutionAlgorithm?, _ reading: CheckpointOptions
  ) throws {
    // A file that cannot be written is told before the work.
    let file = try isDry ? nil : newFile(target, algorithm, reading)
    var configuration = RawAttribution.Configuration(
      images: try source(tensors.tensor ?? ""), targets: [], methods: methods)
    configuration.baselines = try tensors.baselineTensor.map(source)
    configuration.noise = try tensors.noiseTensor.map(source)
    configuration.algorithm = algorithm
    configuration.repetitions = tensors.repeat ?? 1
    configuration.targets = try targets(target)
    let attribution = try RawAttribution(configuration, in: session)
    // A few walks are over before an estimate is made.
    if isDry || attribution.walks > 100 {
      console.announce(
        try CostEstimate(walks: attribution.walks, on: session.network.explained))
    }
    guard let file else { return }
    do {
      try attribution.run { if tensors.repeat != nil { try tell($0) } }
    } catch {
      try save(attribution, into: file, after: error)
    }
    try file.write(attribution.findings, digest: try session.network.digest.value())
    console.note("\(Format.count(attribution.findings.count, "method")): \(file.path)")
  }

  private func newFile(
    _ target: String, _ algorithm: ConvolutionAlgorithm?, _ reading: CheckpointOptions
  ) throws -> RawMapFile {
    let path = tensors.raw ?? ""
    let checkpoint = session.network.path
    let read = [tensors.tensor, tensors.baselineTensor, tensors.noiseTensor]
      .compactMap { $0.flatMap { try? TensorReference($0).path } }
    try OutputFiles.requireDistinct(
      [("--raw", path)], from: [checkpoint] + reading.files + read)
    var metadata = [
      "program": "\(console.program) \(Toolkit.version)", "checkpoint": checkpoint,
      "targets": target, "seed": "\(session.request.seed)", "tensor": tensors.tensor ?? "",
    ]
    metadata["architecture"] = reading.architecture
    metadata["baseline"] = tensors.baselineTensor
    metadata["noise"] = tensors.noiseTensor
    metadata["convolutions"] = algorithm?.rawValue
    return try RawMapFile(path, metadata: metadata)
  }

  private func source(_ text: String) throws -> RawAttribution.Source {
    RawAttribution.Source(try TensorReference(text).tensor(), name: text)
  }

  private func targets(_ text: String) throws(CommandFailure) -> [Int] {
    let count = session.classCount
    let named = ClassWords(session.network.checkpoint.classes, count: count, option: "--target")
    return try text.split(separator: ",", omittingEmptySubsequences: false).map {
      (word) throws(CommandFailure) in
      guard !["", "predicted", "true"].contains(word.trimmingSpaces) else {
        throw CommandFailure(
          .form,
          "--target '\(word)': with --tensor expected an index from 0 to \(count - 1) for each image"
        )
      }
      return try named.index(of: word.trimmingSpaces)
    }
  }

  /// Saves what was finished before a failure or an interruption, and throws it.
  private func save(
    _ attribution: RawAttribution, into file: RawMapFile, after error: any Error
  ) throws {
    let findings = attribution.findings
    let isStopped = error is AttributionStopped
    do {
      if !findings.isEmpty {
        try file.write(
          findings, digest: try session.network.digest.value(),
          failure: isStopped ? "interrupted" : "\(error)")
      }
    } catch let second {
      // The first failure is the one to tell; an interruption is none.
      throw isStopped ? second : error
    }
    guard isStopped else { throw error }
    throw Interrupted(
      findings.isEmpty
        ? "interrupted; nothing was finished"
        : "interrupted; \(findings.count) of \(Format.count(attribution.methodCount, "method")) are in "
          + file.path)
  }

  private struct Timings: Encodable {
    let method: String
    let seconds: [Double]
  }

  /// Prints what each repetition took, as one line of JSON.
  private func tell(_ finding: RawAttribution.Finding) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let line = try encoder.encode(
      Timings(method: finding.method.identifier, seconds: finding.seconds))
    console.print(String(decoding: line, as: UTF8.self))
  }
}
