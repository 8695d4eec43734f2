import XAIAttribution
import XAICommandLine
import XAIExperiments
import XAIKernels
import XAINetworks
import XAITensor

/// What both forms share: the network, and how methods run on it.
final class ExplanationSession {
  let session: Session
  let console: Console
  private let algorithm: ConvolutionAlgorithm?
  private var bar: ProgressBar?
  private var walked = 0.0
  /// Notes that were told.
  private var told: Set<String> = []

  init(_ command: AttributeCommand, _ console: Console) throws {
    self.console = console
    algorithm = command.convolutions
    session = try Session(
      .init(
        checkpoints: [command.checkpoint], seed: command.seed, memory: command.memory,
        skipCorrupt: command.images.skipCorrupt),
      command.reading,
      .init(
        data: command.images.data, cache: command.images.cache,
        skipCorrupt: command.images.skipCorrupt, threads: command.threadCount),
      console, takesPictures: command.tensors.tensor == nil)
  }

  var checkpoint: Checkpoint { session.network.checkpoint }

  var network: ExplainedNetwork { session.network.explained }

  /// What a request costs, in walks by the fastest convolutions.
  func walks(of method: MethodUnderTest, _ request: AttributionRequest) -> Double {
    method.method.slowness(on: network, algorithm: algorithm)
      * method.method.cost(of: request, on: network.network).walks
  }

  /// Checks a request before any work.
  /// - Returns: The method with the parameters that it really uses.
  func prepared(
    _ method: MethodUnderTest, for request: AttributionRequest
  ) throws -> MethodUnderTest {
    try named(method) {
      var prepared = method
      prepared.method = try method.method.prepared(for: request, on: network.network)
      return prepared
    }
  }

  /// Says which method a failure is from.
  private func named<Result>(
    _ method: MethodUnderTest, _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch let failure as AttributionFailure {
      throw AttributionFailure(failure.kind, "\(method.identifier): \(failure.description)")
    }
  }

  /// Tells what work costs, before it begins.
  func announce(_ estimate: CostEstimate) {
    console.note(
      "about \(Format.count(Format.whole(estimate.walks))) walks through the network, "
        + "\(Format.duration(estimate.seconds))")
  }

  /// Shows a bar until `finish`.
  func begin(walks: Double) {
    walked = 0
    bar = console.progress("explaining", total: Format.whole(walks), unit: "walks")
  }

  /// Computes one method's maps.
  /// - Throws: `AttributionStopped` where the user asked to stop.
  func attribute(
    _ method: MethodUnderTest, _ request: AttributionRequest
  ) throws -> (Attribution, seconds: Double) {
    let start = ContinuousClock.now
    let before = walked
    let slowness = method.method.slowness(on: network, algorithm: algorithm)
    let context = AttributionContext(
      memory: session.memory.activations, algorithm: algorithm,
      advance: { [self] walks in
        walked += slowness * walks
        bar?.update(Int(walked), method.identifier)
      },
      isStopped: { Interruption.requested })
    if Interruption.requested { throw AttributionStopped() }
    let result = try named(method) {
      try method.method.attribute(request, on: network, in: context).inspected
    }
    // Methods may need fewer walks than they expected.
    walked = before + walks(of: method, request)
    bar?.update(Int(walked), method.identifier)
    return (result, (.now - start) / .seconds(1))
  }

  /// Tells, unless the console is quiet, what else should be known about maps: what is about all of them,
  /// once; what is about several images, in one sentence.
  func tell(
    _ notes: [Attribution.Note], of method: MethodUnderTest, _ name: (Int) -> String
  ) {
    let places = Dictionary(grouping: notes, by: \.text).mapValues { $0.compactMap(\.image) }
    for text in notes.map(\.text) {
      let names = (places[text] ?? []).map(name)
      let others = names.count > 3 ? " and \(Format.count(names.count - 3, "other"))" : ""
      let place = names.isEmpty ? "" : " of \(names.prefix(3).joined(separator: ", "))\(others)"
      let sentence = "\(method.identifier)\(place): \(text)"
      if told.insert(sentence).inserted { console.note(sentence) }
    }
  }

  /// Removes the bar.
  func finish() { bar?.finish() }

  /// Warns where a map does not keep the law of its theory.
  ///
  /// Where that cannot be told, the map has a note, which is stored with it and told unless the console is
  /// quiet.
  func warn(of law: LawCheck, _ identifier: String, _ image: String) {
    guard law.holds == false else { return }
    console.warn(
      "\(identifier) of \(image): \(law.law.rawValue) does not hold: expected a sum of "
        + "\(Self.number(law.expected)), found \(Self.number(law.found)), relative error "
        + "\(Self.number(law.relativeError)) above \(Self.number(law.tolerance))")
  }

  /// A number in few digits.
  private static func number(_ value: Double) -> String {
    abs(value) >= 1e-3 || value == 0 ? Format.fixed(value, digits: 4) : "\(Float(value))"
  }
}
