public import XAIAttribution
public import XAIClassifiers
public import XAIDatasets
public import XAINetworks
import XAITensor

/// Makes requests of images: normalised, with the baselines that a method wants.
public struct RequestMaker {
  /// How images are normalised.
  public let preprocessing: Preprocessing
  /// What decides random draws.
  public let seed: UInt64
  private let baselines: BaselineMaker

  /// Prepares for a network.
  /// - Parameters:
  ///   - checkpoint: The network, and how its images are normalised.
  ///   - dataset: Where distributions of baselines are taken from.
  ///   - seed: What decides random draws.
  ///   - skipCorrupt: Whether files that are no whole image are left out of a folder of baselines.
  ///   - tell: Receives what is odd about files of baselines.
  /// - Throws: `ExperimentFailure` where the network takes no pictures; `DatasetFailure`.
  public init(
    _ checkpoint: Checkpoint, dataset: (any ImageDataset)?, seed: UInt64,
    skipCorrupt: Bool = false, tell: @escaping (String) -> Void
  ) throws {
    let input = checkpoint.network.architecture.input
    guard input[0] == 3 else {
      throw ExperimentFailure(.notPictures(channels: input[0]))
    }
    preprocessing = try Preprocessing(of: checkpoint)
    self.seed = seed
    baselines = try BaselineMaker(
      checkpoint, preprocessing, dataset: dataset, seed: seed, skipCorrupt: skipCorrupt, tell: tell)
  }

  /// What a method compares with where it compares at all.
  /// - Parameters:
  ///   - method: The method.
  ///   - chosen: What the user chose.
  /// - Returns: The choice, else the method's own default; nothing where it compares with nothing.
  public static func baseline(
    of method: any AttributionMethod, chosen: BaselineKind?
  ) -> BaselineKind? {
    method.usefulBaseline == .none
      ? nil : chosen ?? method.defaultBaseline
  }

  /// Why baselines cannot be made.
  /// - Parameter kind: Which.
  /// - Returns: The reason; nil where they can.
  public func obstacle(_ kind: BaselineKind) -> ExperimentFailure? { baselines.obstacle(kind) }

  /// Describes what is to be explained.
  /// - Parameters:
  ///   - images: The images.
  ///   - targets: One class for each.
  ///   - method: The method that explains them.
  ///   - baseline: What it compares with.
  /// - Returns: The request.
  /// - Throws: `ExperimentFailure` where the baselines do not suit the method; what reading throws.
  public func request(
    _ images: [ExplainedImage], targets: [Int], for method: any AttributionMethod,
    baseline: BaselineKind?
  ) throws -> AttributionRequest {
    let normalised = ExplainedImage.normalised(images, preprocessing)
    return AttributionRequest(
      images: normalised, pixels: ExplainedImage.pixels(images), targets: targets,
      baselines: try baseline.map {
        try baselines.make($0, for: method.usefulBaseline, of: images, normalised)
      }, seed: seed, keys: images.map(\.key), bounds: baselines.bounds)
  }

  /// Describes what is to be explained: images with something added to each, such as neighbors of one image.
  ///
  /// Noise and samples are those of the images themselves.
  /// - Parameters:
  ///   - images: The images.
  ///   - disturbances: `[3, H, W]` for each, in normalized units.
  ///   - targets: One class for each.
  ///   - method: The method that explains them.
  ///   - baseline: What it compares with.
  /// - Returns: The request.
  /// - Throws: `ExperimentFailure` where the baselines do not suit the method; what reading throws.
  func request(
    _ images: [ExplainedImage], disturbedBy disturbances: [Tensor], targets: [Int],
    for method: any AttributionMethod, baseline: BaselineKind?
  ) throws -> AttributionRequest {
    let noise = Tensor(stacking: disturbances.map { $0.reshaped(to: [1] + $0.shape) })
    let normalised = ExplainedImage.normalised(images, preprocessing).combined(with: noise, +)
    var pixels = ExplainedImage.pixels(images)
    let deviations = baselines.deviations
    let plane = preprocessing.height * preprocessing.width
    noise.withUnsafeElements { noise in
      pixels.withUnsafeMutableElements { pixels in
        for index in pixels.indices {
          let deviation = deviations[index / plane % deviations.count]
          pixels[index] = min(max(pixels[index] + noise[index] * deviation, 0), 1)
        }
      }
    }
    return AttributionRequest(
      images: normalised, pixels: pixels, targets: targets,
      baselines: try baseline.map {
        try baselines.make($0, for: method.usefulBaseline, of: images, normalised)
      }, seed: seed, keys: images.map(\.key), bounds: baselines.bounds)
  }

  /// What stands in the place of removed pixels of each image.
  /// - Parameters:
  ///   - kind: The baseline.
  ///   - images: The images.
  /// - Returns: `[3, H, W]` for each.
  /// - Throws: `ExperimentFailure` where the baseline is a distribution or cannot be made; what reading throws.
  func fillings(_ kind: BaselineKind, of images: [ExplainedImage]) throws -> [Tensor] {
    let normalised = ExplainedImage.normalised(images, preprocessing)
    let tensor = try baselines.make(kind, for: .one, of: images, normalised).values
    return images.indices.map {
      tensor.row($0).reshaped(to: Array(normalised.shape.dropFirst()))
    }
  }
}
