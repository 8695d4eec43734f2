public import ArgumentParser
public import XAIExperiments
import XAITensor

extension RandomizationMode: ExpressibleByArgument {}
extension WeightInitializer: ExpressibleByArgument {}
extension BatchNormPolicy: ExpressibleByArgument {}
extension TestPreset: ExpressibleByArgument {}
extension RandomizationConfiguration.Target: ExpressibleByArgument {}

/// How layers are randomized.
package struct RandomizeOptions: ParsableArguments {
  /// Every draw is a network whose maps are kept.
  static let mostSeeds = 10_000

  @Option(
    help: """
      A published test: thesis, or thesis-baselines with black baselines besides. It decides methods and \
      baselines, and modes and seeds unless these are given.
      """)
  package var preset: TestPreset?
  @Option(
    help: ArgumentHelp(
      "Orders, separated by commas: cascading, independent, bottom-up; default is cascading.",
      valueName: "mode,mode"), transform: { try Words.list($0, of: "mode") })
  package var mode: [RandomizationMode]?
  @Option(
    parsing: .unconditional, help: "Independent draws of the random layers; default is 5.",
    transform: Parse.positiveInteger)
  package var seeds: Int?
  @Option(help: "Where random weights come from.")
  package var initializer = WeightInitializer.heNormal
  @Option(
    help: """
      What happens to the batch norm of a random layer; recalibrate estimates its statistics anew, on the \
      first 64 of the images of --health-images.
      """)
  package var batchNorm = BatchNormPolicy.reset
  @Option(
    help: """
      What is explained on a randomized network: the image's class where it is known, else what the \
      original network predicts (fixed); or what each network predicts itself (repredicted).
      """)
  package var target = RandomizationConfiguration.Target.fixed
  @Option(
    help: ArgumentHelp(
      "The steps between two layers, such as fc3..conv8; default is all.", valueName: "a..b"))
  package var layers: String?
  @Option(
    parsing: .unconditional,
    help: "Test images on which the health of each network is measured; default is 200.",
    transform: Parse.positiveInteger)
  package var healthImages = 200
  @Option(
    help: ArgumentHelp(
      """
      What to leave out, separated by commas: controls (random, constant, edge-detector, input), health \
      (of the randomized networks), convergence (of signals), strips (of heatmaps).
      """, valueName: "part,part"), transform: { Set(try Words.list($0, of: "part")) })
  package var without: Set<RandomizationExperiment.Part> = []
  @Flag(
    help: """
      Smooth MPRT (Hedstroem et al. 2024): test every method in the mean of 50 noisy copies, with noise of \
      0.1 of the range of pixels.
      """)
  package var smooth = false
  @Flag(help: "Keep maps with their channels, [C, H, W], in the files of finished units.")
  package var rawMaps = false

  package init() {}

  /// Refuses what cannot be.
  package func validate() throws {
    _ = try ends
    if let seeds, seeds > Self.mostSeeds {
      throw ValidationError("--seeds \(seeds): at most \(Self.mostSeeds) draws are made")
    }
  }

  /// The first and the last layer.
  private var ends: (first: String, last: String)? {
    get throws {
      guard let layers else { return nil }
      let ends = layers.split(separator: ".", omittingEmptySubsequences: true)
        .map { $0.trimmingSpaces }
      guard ends.count == 1 || ends.count == 2 else {
        throw ValidationError("--layers \(layers): expected a layer, or two as in fc3..conv8")
      }
      return (ends[0], ends[ends.count - 1])
    }
  }

  /// What is tested.
  /// - Parameters:
  ///   - images: The images.
  ///   - methods: The methods and their parameters.
  /// - Returns: The configuration.
  /// - Throws: Where words mean nothing.
  package func configuration(
    _ images: TestImageOptions, _ methods: MethodOptions
  ) throws -> RandomizationExperiment.Configuration {
    var configuration = RandomizationExperiment.Configuration(
      images: try images.chosen.choice(),
      methods: try preset?.methods { try methods.apply(to: &$0) }
        .map { .init($0, isRequired: false) }
        ?? methods.candidates(comparedWith: images.baseline))
    configuration.limit = preset == nil ? methods.limit : nil
    configuration.isSmooth = smooth
    configuration.modes = mode ?? preset?.modes ?? [.cascading]
    configuration.layers = try ends
    configuration.draws = seeds ?? preset?.seeds ?? 5
    configuration.randomization = Randomization(initializer: initializer, batchNorm: batchNorm)
    configuration.target = target
    configuration.healthImages = healthImages
    configuration.without = without
    configuration.keepsChannels = rawMaps
    return configuration
  }
}
