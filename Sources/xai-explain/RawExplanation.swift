import FoundationEssentials
import XAIAttribution
import XAICommandLine
import XAIExperiments
import XAIFiles
import XAIKernels
import XAINetworks
import XAITensor

/// Explains normalised images in a file, and writes raw maps.
struct RawExplanation {
  private typealias Work = (method: MethodUnderTest, request: AttributionRequest)
  private typealias Finished = (method: MethodUnderTest, maps: Tensor)

  private let command: AttributeCommand
  private let session: ExplanationSession

  init(_ command: AttributeCommand, _ session: ExplanationSession) {
    (self.command, self.session) = (command, session)
  }

  func run(_ selection: MethodSelection, on text: String) throws {
    // A file that cannot be written is told before the work.
    if !command.images.dryRun {
      try OutputFiles.requireDistinct([("--raw", path)], from: inputs)
      try AtomicFile.check(path)
    }
    let images = try self.images(text)
    try compute(try work(selection, on: images))
  }

  private var path: String { command.tensors.raw ?? "" }

  private var inputs: [String] {
    let tensors = [
      command.tensors.tensor, command.tensors.baselineTensor, command.tensors.noiseTensor,
    ]
    return [command.checkpoint] + command.reading.files
      + tensors.compactMap { $0.flatMap { try? TensorReference($0).path } }
  }

  /// Which method with which request; methods that cannot are left out, or an error where named.
  private func work(_ selection: MethodSelection, on images: Tensor) throws -> [Work] {
    let baselines = try command.tensors.baselineTensor.map { try tensor($0, "--baseline-tensor") }
    var request = AttributionRequest(
      images: images, targets: try targets(for: images.rows), seed: command.seed)
    request.noise = try noise(for: images)
    let checkpoint = session.checkpoint
    if checkpoint.saysHowImagesAreNormalised {
      request.bounds = try PixelBaselines(
        mean: checkpoint.mean, standardDeviation: checkpoint.standardDeviation,
        shape: checkpoint.network.architecture.input
      ).bounds
    }
    var work: [Work] = []
    for choice in selection.choices {
      request.baselines = try self.baselines(baselines, for: choice, images)
      guard request.baselines != nil || choice.method.baselineNeed == .none else {
        session.console.warn("\(choice.identifier) is left out: it needs --baseline-tensor")
        continue
      }
      work.append(
        (try session.prepared(MethodUnderTest(choice, baseline: nil), for: request), request))
    }
    guard !work.isEmpty else {
      throw AttributionFailure(.usage, "every chosen method needs --baseline-tensor")
    }
    return work
  }

  private func compute(_ work: [Work]) throws {
    let times = command.tensors.repeat ?? 1
    let walks = work.reduce(0) { $0 + session.walks(of: $1.method, $1.request) * Double(times) }
    // A few walks are over before an estimate is made.
    if command.images.dryRun || walks > 100 {
      session.announce(try CostEstimate(walks: walks, on: session.network))
    }
    if command.images.dryRun { return }
    Interruption.install()
    let digest = session.session.network.digest
    session.begin(walks: walks)
    defer { session.finish() }
    var maps: [Finished] = []
    do {
      for (method, request) in work {
        maps.append((method, try attribute(method, request, times: times)))
      }
    } catch {
      try save(maps, of: work.count, after: error, digest)
    }
    try write(maps, ["complete": "true"], digest)
    session.finish()
    session.console.note("\(Format.count(maps.count, "method")): \(path)")
  }

  /// Computes one method's maps, and tells what should be known about them.
  private func attribute(
    _ method: MethodUnderTest, _ request: AttributionRequest, times: Int
  ) throws -> Tensor {
    var (result, seconds) = try session.attribute(method, request)
    var timings = [seconds]
    for _ in 1..<times {
      (result, seconds) = try session.attribute(method, request)
      timings.append(seconds)
    }
    if command.tensors.repeat != nil { try tell(timings, method.identifier) }
    for image in 0..<result.maps.rows where !result.maps.row(image).isFinite {
      session.console.warn(
        "\(method.identifier) of image \(image + 1): the map holds NaN or infinity")
    }
    for (image, law) in result.laws.enumerated() where result.maps.row(image).isFinite {
      session.warn(of: law, method.identifier, "image \(image + 1)")
    }
    session.tell(result.notes, of: method) { "image \($0 + 1)" }
    return result.maps
  }

  /// Saves what was finished before a failure or an interruption, and throws it.
  private func save(
    _ maps: [Finished], of count: Int, after error: any Error, _ digest: FileDigest
  ) throws {
    let isStopped = error is AttributionStopped
    do {
      let reason = isStopped ? "interrupted" : "\(error)"
      if !maps.isEmpty { try write(maps, ["complete": "false", "failure": reason], digest) }
    } catch let second {
      // The first failure is the one to tell; an interruption is none.
      throw isStopped ? second : error
    }
    guard isStopped else { throw error }
    throw Interrupted(
      maps.isEmpty
        ? "interrupted; nothing was finished"
        : "interrupted; \(maps.count) of \(Format.count(count, "method")) are in \(path)")
  }

  private struct Timings: Encodable {
    let method: String
    let seconds: [Double]
  }

  /// Prints what each repetition took, as one line of JSON.
  private func tell(_ seconds: [Double], _ identifier: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let line = try encoder.encode(Timings(method: identifier, seconds: seconds))
    session.console.print(String(decoding: line, as: UTF8.self))
  }

  private func write(
    _ maps: [Finished], _ more: [String: String], _ digest: FileDigest
  ) throws {
    var parameters: [String: MethodParameters] = [:]
    for (method, _) in maps {
      parameters[method.identifier] = try MethodParameters(of: method.method)
    }
    let tensors = command.tensors
    var metadata = [
      "program": "xai-explain \(Toolkit.version)", "checkpoint": command.checkpoint,
      "checkpoint.sha256": try digest.value(),
      "parameters": String(try JSONText.encode(parameters).dropLast()),
      "targets": command.target ?? "", "seed": "\(command.seed)", "tensor": tensors.tensor ?? "",
    ]
    metadata["architecture"] = command.reading.architecture
    metadata["baseline"] = tensors.baselineTensor
    metadata["noise"] = tensors.noiseTensor
    metadata["convolutions"] = command.convolutions?.rawValue
    try SafetensorsFile.write(
      maps.map { ($0.method.identifier, .float32($0.maps)) },
      metadata: metadata.merging(more) { $1 }, to: path)
  }

  private var input: [Int] { session.checkpoint.network.architecture.input }

  private func tensor(_ text: String, _ option: String) throws -> Tensor {
    let tensor = try TensorReference(text).tensor()
    guard tensor.isFinite else {
      throw AttributionFailure(.badData, "\(option) \(text): holds NaN or infinity")
    }
    return tensor
  }

  private func images(_ text: String) throws -> Tensor {
    let images = try tensor(text, "--tensor")
    guard images.shape.count == 4, Array(images.shape.dropFirst()) == input, images.rows > 0 else {
      throw AttributionFailure(
        .badData, "--tensor \(text): has the shape \(images.shape), expected [N] + \(input)")
    }
    return images
  }

  private func targets(for count: Int) throws -> [Int] {
    let classes = session.checkpoint.network.architecture.classes
    let words = (command.target ?? "").split(separator: ",", omittingEmptySubsequences: false)
    let named = ClassWords(session.checkpoint.classes, count: classes, option: "--target")
    let targets = try words.map { word in
      guard !["", "predicted", "true"].contains(word.trimmingSpaces) else {
        throw AttributionFailure(
          .usage,
          "--target '\(word)': with --tensor expected an index from 0 to \(classes - 1) for each "
            + "image")
      }
      return try named.index(of: word.trimmingSpaces)
    }
    guard targets.count == count || targets.count == 1 else {
      throw AttributionFailure(
        .usage, "--target has \(targets.count) indices for \(count) images; give one or \(count)")
    }
    return targets.count == count ? targets : Array(repeating: targets[0], count: count)
  }

  private func noise(for images: Tensor) throws -> Tensor? {
    guard let text = command.tensors.noiseTensor else { return nil }
    let noise = try tensor(text, "--noise-tensor")
    guard noise.shape.count == 5, Array(noise.shape.dropFirst()) == images.shape, noise.rows > 0
    else {
      throw AttributionFailure(
        .badData,
        "--noise-tensor \(text): has the shape \(noise.shape), expected [S] + \(images.shape)")
    }
    return noise
  }

  /// The baselines of a method; nothing where it needs none, or may be left out for want of them.
  private func baselines(
    _ tensor: Tensor?, for choice: MethodSelection.Choice, _ images: Tensor
  ) throws -> Baselines? {
    let need = choice.method.usefulBaseline
    if need == .none { return nil }
    guard let tensor else {
      if choice.isNamed && choice.method.baselineNeed != .none {
        throw AttributionFailure(.usage, "\(choice.identifier) needs --baseline-tensor FILE:NAME")
      }
      return nil
    }
    let text = "--baseline-tensor \(command.tensors.baselineTensor ?? "")"
    if tensor.shape.count == 5, Array(tensor.shape.dropFirst(2)) == input,
      tensor.rows == images.rows, tensor.shape[1] > 0
    {
      return .perImage(tensor)
    }
    guard tensor.shape.count == 4, Array(tensor.shape.dropFirst()) == input, tensor.rows > 0 else {
      throw AttributionFailure(
        .badData, "\(text): has the shape \(tensor.shape), expected [N] + \(input)")
    }
    if need == .several { return .shared(tensor) }
    guard tensor.rows == images.rows || tensor.rows == 1 else {
      throw AttributionFailure(
        .badData,
        "\(text): has \(tensor.rows) baselines for \(images.rows) images; \(choice.identifier) "
          + "compares each image with one")
    }
    return .one(
      tensor.rows == 1
        ? tensor.rows(at: Array(repeating: 0, count: images.rows)) : tensor)
  }
}
