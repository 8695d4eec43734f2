import XAIAttribution
import XAIConsole
import XAIDatasets
import XAIExperiments
import XAIKernels
import XAINetworks
import XAITensor

/// What both forms share: the network, and how methods run on it.
final class ExplanationSession {
  private(set) var checkpoint: Checkpoint
  let network: ExplainedNetwork
  let console: Console
  private let memory: MemoryPlan
  private let algorithm: ConvolutionAlgorithm?
  private var bar: ProgressBar?
  private var walked = 0.0
  /// Notes that were told.
  private var told: Set<String> = []

  init(_ command: AttributeCommand, _ console: Console) throws {
    self.console = console
    algorithm = command.convolutions
    checkpoint = try command.reading.open(
      command.checkpoint, console, takesPictures: command.tensors.tensor == nil)
    network = ExplainedNetwork(
      checkpoint.network, parameters: checkpoint.parameters, backend: try CPUBackend())
    memory = try MemoryPlan(command.memory, for: 1, of: checkpoint.network)
    network.backend.limits = memory.kernels
  }

  /// Completes the classes of the network by those of data.
  func takeClasses(of dataset: (any ImageDataset)?, _ command: AttributeCommand) throws {
    checkpoint = try command.reading.complete(
      checkpoint, command.checkpoint, by: dataset, console)
  }

  /// Checks a request before any work.
  /// - Returns: The method with the parameters that it really uses.
  func prepared(
    _ choice: MethodSelection.Choice, for request: AttributionRequest
  ) throws -> MethodSelection.Choice {
    try named(choice) {
      var prepared = choice
      prepared.method = try choice.method.prepared(for: request, on: network.network)
      return prepared
    }
  }

  /// Says which method a failure is from.
  private func named<Result>(
    _ choice: MethodSelection.Choice, _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch let failure as AttributionFailure {
      throw AttributionFailure(failure.kind, "\(choice.identifier): \(failure.description)")
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
    _ choice: MethodSelection.Choice, _ request: AttributionRequest
  ) throws -> (Attribution, seconds: Double) {
    let start = ContinuousClock.now
    let before = walked
    let context = AttributionContext(
      memory: memory.activations, algorithm: algorithm,
      advance: { [self] walks in
        walked += walks
        bar?.update(Int(walked), choice.identifier)
      },
      isStopped: { Interruption.requested })
    if Interruption.requested { throw AttributionStopped() }
    let result = try named(choice) {
      try choice.method.attribute(request, on: network, in: context).inspected
    }
    // Methods may need fewer walks than they expected.
    walked = before + choice.method.cost(of: request, on: network.network).walks
    bar?.update(Int(walked), choice.identifier)
    return (result, (.now - start) / .seconds(1))
  }

  /// Tells, unless the console is quiet, what else should be known about maps: what is about all of them,
  /// once; what is about several images, in one sentence.
  func tell(
    _ notes: [Attribution.Note], of choice: MethodSelection.Choice, _ name: (Int) -> String
  ) {
    let places = Dictionary(grouping: notes, by: \.text).mapValues { $0.compactMap(\.image) }
    for text in notes.map(\.text) {
      let names = (places[text] ?? []).map(name)
      let others = names.count > 3 ? " and \(Format.count(names.count - 3, "other"))" : ""
      let place = names.isEmpty ? "" : " of \(names.prefix(3).joined(separator: ", "))\(others)"
      let sentence = "\(choice.identifier)\(place): \(text)"
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
