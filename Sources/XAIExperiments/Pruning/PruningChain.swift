import XAIAttribution
import XAIFiles
import XAIKernels
import XAINetworks
import XAIRepresentations
import XAITensor
import XAITraining

/// The networks of one order of filters: each step removes the least important filters of what the step before left.
///
/// Networks are files; what is missing is made from the last step that is there.
final class PruningChain {
  /// What all chains of a run share.
  struct Setup {
    let configuration: PruningExperiment.Configuration
    let images: PruningImages
    let original: ExplainedNetwork
    let checkpoint: Checkpoint
    /// Of the original network's file.
    let digest: String
    let seed: UInt64
    /// How many filters are gone after each step.
    let targets: [Int]
    let floors: [String: Int]
    let tuning: PruningTuning?
    let folder: String
  }

  private let setup: Setup
  private let curve: PruningCurve
  private var latest: (step: Int, state: PrunedState)?

  init(_ setup: Setup, _ curve: PruningCurve) {
    (self.setup, self.curve) = (setup, curve)
  }

  /// What decides the network of a step.
  func inputs(step: Int) -> [String] { [curve.name, steps(step)] }

  private func steps(_ step: Int) -> String {
    setup.targets.prefix(step).map(String.init).joined(separator: ",")
  }

  /// The file of a step's network, in the folder of the run.
  func file(step: Int) -> String { "networks/\(curve.name)-\(setup.targets[step - 1]).safetensors" }

  private func path(step: Int) -> String { "\(setup.folder)/\(file(step: step))" }

  /// The network after a step, from 1; that before the first step is the original one.
  func state(at step: Int) throws -> PrunedState {
    if let latest, latest.step == step { return latest.state }
    var state = PrunedState(of: setup.original)
    var done = 0
    for known in stride(from: step, to: 0, by: -1) {
      if let latest, latest.step == known {
        (state, done) = (latest.state, known)
        break
      }
      if let stored = PrunedState(path: path(step: known), steps: steps(known)) {
        (state, done) = (stored, known)
        break
      }
    }
    while done < step {
      done += 1
      state = try advance(state, to: done)
      latest = (done, state)
    }
    latest = (step, state)
    return state
  }

  /// Keeps the files of some steps and removes the others.
  func keep(_ wanted: Set<Int>) throws {
    for step in 1...setup.targets.count where !wanted.contains(step) {
      try Folder.remove(path(step: step))
    }
  }

  /// Whether a step's file is there and whole.
  func holds(step: Int) -> Bool {
    PrunedState(path: path(step: step), steps: steps(step)) != nil
  }

  private func advance(_ state: PrunedState, to step: Int) throws -> PrunedState {
    let seed = curve.seed(setup.seed, step: step)
    let network = state.explained(on: setup.original.backend)
    let judged =
      curve.isRandomized
      ? RandomNetworks(like: network, seed: setup.seed).all(draw: 0) : network
    let scores = try setup.images.scores(curve.criterion, of: judged, seed: seed)
    let gone = step > 1 ? setup.targets[step - 2] : 0
    let plan = PruningPlan(
      curve.criterion.normalized(scores), removing: setup.targets[step - 1] - gone,
      floors: scores.map { setup.floors[$0.layer.convolution] ?? 1 })
    var pruned = try state.without(plan)
    if let tuning = setup.tuning {
      pruned = pruned.with(
        try tuning.tuned(
          try checkpoint(pruned, step: step),
          in: "\(setup.folder)/training/\(curve.name)-\(setup.targets[step - 1])"))
    } else {
      pruned = pruned.with(
        try setup.images.recalibrated(
          pruned.explained(on: setup.original.backend),
          batches: setup.configuration.recalibration))
    }
    try checkpoint(pruned, step: step).write(to: path(step: step))
    return pruned
  }

  /// A checkpoint like any other, which says besides what it was pruned from.
  private func checkpoint(_ state: PrunedState, step: Int) throws -> Checkpoint {
    var checkpoint = setup.checkpoint
    (checkpoint.network, checkpoint.parameters) = (state.network, state.parameters)
    // What was measured of the original is not true of this one.
    for key in ["epoch", "metrics"] { checkpoint.metadata[key] = nil }
    if var training = try TrainingConfiguration.stored(in: setup.checkpoint, path: "") {
      training.architecture = state.network.architecture
      checkpoint.metadata["configuration"] = try JSONText.encode(training)
    }
    let own = PrunedNetwork.metadata(
      digest: setup.digest, filters: state.filters, criterion: curve.criterion, step: step)
    checkpoint.metadata.merge(own) { $1 }
    checkpoint.metadata["pruned_order"] = curve.name
    checkpoint.metadata[PrunedState.stepsKey] = steps(step)
    return checkpoint
  }
}
