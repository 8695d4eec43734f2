public import ArgumentParser
import XAIAttribution
import XAICommandLine
public import XAIExperiments
import XAINetworks
import XAITensor

extension RandomizationMode: ExpressibleByArgument {}
extension WeightInitializer: ExpressibleByArgument {}
extension BatchNormPolicy: ExpressibleByArgument {}
extension TestPreset: ExpressibleByArgument {}
extension RandomizationConfiguration.Target: ExpressibleByArgument {}

/// How layers are randomized.
struct RandomizeOptions: ParsableArguments {
  /// Every draw is a network whose maps are kept.
  static let mostSeeds = 10_000

  /// What a test can do without.
  enum Part: String, CaseIterable {
    case controls, health, convergence, strips
  }

  @Option(
    help: """
      A published test: thesis, or thesis-baselines with black baselines besides. It decides methods and \
      baselines, and modes and seeds unless these are given.
      """)
  var preset: TestPreset?
  @Option(
    help: ArgumentHelp(
      "Orders, separated by commas: cascading, independent, bottom-up; default is cascading.",
      valueName: "mode,mode"), transform: { try Words.list($0, of: "mode") })
  var mode: [RandomizationMode]?
  @Option(
    parsing: .unconditional, help: "Independent draws of the random layers; default is 5.",
    transform: Parse.positiveInteger)
  var seeds: Int?
  @Option(help: "Where random weights come from.")
  var initializer = WeightInitializer.heNormal
  @Option(
    help: """
      What happens to the batch norm of a random layer; recalibrate estimates its statistics anew, on the \
      first 64 of the images of --health-images.
      """)
  var batchNorm = BatchNormPolicy.reset
  @Option(
    help: """
      What is explained on a randomized network: the image's class where it is known, else what the \
      original network predicts (fixed); or what each network predicts itself (repredicted).
      """)
  var target = RandomizationConfiguration.Target.fixed
  @Option(
    help: ArgumentHelp(
      "The steps between two layers, such as fc3..conv8; default is all.", valueName: "a..b"))
  var layers: String?
  @Option(
    parsing: .unconditional,
    help: "Test images on which the health of each network is measured; default is 200.",
    transform: Parse.positiveInteger)
  var healthImages = 200
  @Option(
    help: ArgumentHelp(
      """
      What to leave out, separated by commas: controls (random, constant, edge-detector, input), health \
      (of the randomized networks), convergence (of signals), strips (of heatmaps).
      """, valueName: "part,part"), transform: { Set(try Words.list($0, of: "part")) })
  var without: Set<Part> = []
  @Flag(
    help: """
      Smooth MPRT (Hedstroem et al. 2024): test every method in the mean of 50 noisy copies, with noise of \
      0.1 of the range of pixels.
      """)
  var smooth = false
  @Flag(help: "Keep maps with their channels, [C, H, W], in the files of finished units.")
  var rawMaps = false

  /// The steps of each mode.
  func plans(of network: Network) throws -> [RandomizationPlan] {
    var modes: [RandomizationMode] = []
    for mode in self.mode ?? preset?.modes ?? [.cascading] where !modes.contains(mode) {
      modes.append(mode)
    }
    return try modes.map { mode in
      let plan = RandomizationPlan(network, mode: mode)
      guard let layers else { return plan }
      let ends = layers.split(separator: ".", omittingEmptySubsequences: true)
        .map { $0.trimmingSpaces }
      guard ends.count == 1 || ends.count == 2 else {
        throw ValidationError("--layers \(layers): expected a layer, or two as in fc3..conv8")
      }
      return try plan.steps(from: ends[0], through: ends[ends.count - 1])
    }
  }
}
