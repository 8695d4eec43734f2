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
}
