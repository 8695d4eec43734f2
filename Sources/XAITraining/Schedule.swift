#if canImport(Glibc)
  import Glibc
#endif
import XAITensor

/// How the learning rate changes in the course of a run.
///
/// Epochs and steps count from 0. Only `plateau` looks at the validation loss; what it remembers
/// is a `State` of its own, which a checkpoint stores so that a resumed run continues exactly.
public enum Schedule: Codable, Sendable, Equatable {
  /// The same rate throughout.
  case constant
  /// Multiplies the rate by `factor` after every `every` epochs (torch's `StepLR`).
  case step(factor: Double = 0.2, every: Int = 2)
  /// Multiplies the rate by `factor` when more than `patience` epochs in a row were not below
  /// best * (1 - `threshold`).
  ///
  /// That is torch's `ReduceLROnPlateau` in mode `min` with a relative threshold and no cooldown.
  /// - Note: Deviation: torch leaves out reductions of less than 1e-8.
  case plateau(factor: Double = 0.2, patience: Int = 2, threshold: Double = 1e-4)
  /// Rises linearly in the first `warmupEpochs` epochs, then falls along half a cosine to 0
  /// (Loshchilov and Hutter 2017, equation 5, without restarts; warm-up: Goyal et al. 2017).
  case cosine(warmupEpochs: Int = 0)
  /// Rises in the first `riseEpochs` epochs from 1/25 of the base rate to it, then falls to 1/250,000, both along
  /// half a cosine; momentum goes the other way, from its own value to `lowestMomentum` and back (Smith and Topin
  /// 2019). That is torch's `OneCycleLR` with its own defaults and `pct_start` = `riseEpochs` / epochs.
  case oneCycle(riseEpochs: Int, lowestMomentum: Double = 0.85)

  /// What a schedule remembers about the epochs so far.
  public struct State: Codable, Sendable, Equatable {
    /// The lowest validation loss that counted as an improvement; none before the first.
    public internal(set) var bestLoss: Double?
    /// Epochs since then, or since the last reduction.
    public internal(set) var badEpochs = 0
    /// How often the rate was reduced.
    public internal(set) var reductions = 0

    /// The state before the first epoch.
    public init() {}
  }

  /// The rate of one step.
  /// - Parameters:
  ///   - base: The rate that the schedule scales.
  ///   - step: The step's number in the whole run, from 0.
  ///   - stepsPerEpoch: Steps in an epoch.
  ///   - totalEpochs: Epochs of the whole run: where the cosine reaches 0 and one cycle ends.
  ///   - state: What the schedule remembers of finished epochs.
  /// - Returns: The rate. Warm-up is at `base / (warmupEpochs * stepsPerEpoch)` in the first step
  ///   and at `base` in its last.
  public func rate(
    base: Double, step: Int, stepsPerEpoch: Int, totalEpochs: Int, state: State
  ) -> Double {
    precondition(step >= 0 && stepsPerEpoch > 0, "step \(step), \(stepsPerEpoch) in an epoch")
    switch self {
    case .constant:
      return base
    case .step(let factor, let every):
      return base * pow(factor, Double(step / stepsPerEpoch / every))
    case .plateau(let factor, _, _):
      return base * pow(factor, Double(state.reductions))
    case .cosine(let warmupEpochs):
      // In Double, which is exact for every run that ends, and does not overflow for the others.
      let warm = Double(warmupEpochs) * Double(stepsPerEpoch)
      if Double(step) < warm { return base * Double(step + 1) / warm }
      let length = max(1, Double(totalEpochs) * Double(stepsPerEpoch) - warm)
      let position = min(1, (Double(step) - warm) / length)
      return base * (1 + cos(Double.pi * position)) / 2
    case .oneCycle(let riseEpochs, _):
      let (start, end) = (base / 25, base / 250_000)
      let phase = Self.phase(of: step, stepsPerEpoch, riseEpochs, totalEpochs)
      return phase.isRise
        ? between(start, base, phase.position) : between(base, end, phase.position)
    }
  }

  /// The momentum of one step.
  /// - Parameters:
  ///   - base: The momentum of the descent.
  ///   - step: The step's number in the whole run, from 0.
  ///   - stepsPerEpoch: Steps in an epoch.
  ///   - totalEpochs: Epochs of the whole run.
  /// - Returns: The momentum, which only `oneCycle` changes.
  public func momentum(base: Double, step: Int, stepsPerEpoch: Int, totalEpochs: Int) -> Double {
    guard case .oneCycle(let riseEpochs, let lowest) = self else { return base }
    let phase = Self.phase(of: step, stepsPerEpoch, riseEpochs, totalEpochs)
    return phase.isRise
      ? between(base, lowest, phase.position) : between(lowest, base, phase.position)
  }

  /// Whether every rate depends on the number of epochs.
  package var looksAhead: Bool {
    switch self {
    case .constant, .step, .plateau: false
    case .cosine, .oneCycle: true
    }
  }

  /// Where a step of one cycle lies: in the rise or in the fall, and how far, from 0 to 1.
  ///
  /// As torch counts: the rise ends at its last step, where the rate is the highest.
  private static func phase(
    of step: Int, _ stepsPerEpoch: Int, _ riseEpochs: Int, _ totalEpochs: Int
  ) -> (isRise: Bool, position: Double) {
    let top = Double(riseEpochs) * Double(stepsPerEpoch) - 1
    let last = Double(totalEpochs) * Double(stepsPerEpoch) - 1
    if Double(step) <= top { return (true, top > 0 ? Double(step) / top : 1) }
    return (false, min(1, (Double(step) - top) / max(1, last - top)))
  }

  /// Half a cosine from one number to another.
  private func between(_ start: Double, _ end: Double, _ position: Double) -> Double {
    end + (start - end) * (1 + cos(Double.pi * position)) / 2
  }

  /// The rate of an epoch, where it does not change inside epochs.
  /// - Parameters:
  ///   - base: The rate that the schedule scales.
  ///   - epoch: The epoch's number, from 0.
  ///   - totalEpochs: Epochs of the whole run.
  ///   - state: What the schedule remembers of finished epochs.
  /// - Returns: The rate: that of a run with one step in each epoch.
  public func rate(base: Double, epoch: Int, totalEpochs: Int, state: State) -> Double {
    rate(base: base, step: epoch, stepsPerEpoch: 1, totalEpochs: totalEpochs, state: state)
  }

  /// Takes note of a finished epoch.
  /// - Parameters:
  ///   - validationLoss: The epoch's validation loss; NaN is never an improvement.
  ///   - state: What is remembered.
  public func finishEpoch(validationLoss: Double, state: inout State) {
    guard case .plateau(_, let patience, let threshold) = self else { return }
    if state.bestLoss.map({ validationLoss < $0 * (1 - threshold) }) ?? validationLoss.isFinite {
      state.bestLoss = validationLoss
      state.badEpochs = 0
    } else {
      state.badEpochs += 1
    }
    if state.badEpochs > patience {
      state.reductions += 1
      state.badEpochs = 0
    }
  }

  /// Checks the numbers that a command line or a file supplied.
  /// - Parameter totalEpochs: Epochs of the whole run.
  /// - Throws: `TrainingFailure` of kind `usage` that names the first number that cannot be.
  public func validate(totalEpochs: Int) throws(TrainingFailure) {
    func require(_ holds: Bool, _ sentence: String) throws(TrainingFailure) {
      if !holds { throw TrainingFailure(.usage, sentence) }
    }
    switch self {
    case .constant:
      break
    case .step(let factor, let every):
      try require(
        factor > 0 && factor <= 1, "the schedule's factor must be in (0, 1], but it is \(factor)")
      try require(every > 0, "the step schedule needs at least 1 epoch per step, not \(every)")
    case .plateau(let factor, let patience, let threshold):
      try require(
        factor > 0 && factor <= 1, "the schedule's factor must be in (0, 1], but it is \(factor)")
      try require(patience >= 0, "the plateau's patience must not be negative: \(patience)")
      try require(
        threshold >= 0 && threshold < 1,
        "the plateau's threshold must be in [0, 1), but it is \(threshold)")
    case .cosine(let warmupEpochs):
      try require(warmupEpochs >= 0, "the warm-up epochs must not be negative: \(warmupEpochs)")
      try require(
        warmupEpochs < totalEpochs,
        "the warm-up of \(warmupEpochs) epochs must be shorter than the run of \(totalEpochs)")
    case .oneCycle(let riseEpochs, let lowest):
      try require(
        1..<max(2, totalEpochs) ~= riseEpochs,
        "the rise of one cycle takes at least 1 epoch and less than the run of \(totalEpochs), not "
          + "\(riseEpochs)")
      try require(
        0..<1 ~= lowest, "the lowest momentum must be at least 0 and below 1, but it is \(lowest)")
    }
  }
}
