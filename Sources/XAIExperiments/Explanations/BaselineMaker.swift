public import XAIAttribution
public import XAIClassifiers
public import XAIDatasets
public import XAINetworks
public import XAITensor

/// Makes the baselines of images.
public final class BaselineMaker {
  private let preprocessing: Preprocessing
  private let pixels: PixelBaselines
  private let checkpoint: Checkpoint
  private let dataset: (any ImageDataset)?
  private let seed: UInt64
  private let skipCorrupt: Bool
  private let tell: (String) -> Void
  /// Images of files and of the data by what names them, read once.
  private var known: [String: [ExplainedImage]] = [:]

  /// Prepares for a network.
  /// - Parameters:
  ///   - checkpoint: The network, and how its images are normalised.
  ///   - preprocessing: The same as a procedure.
  ///   - dataset: Where distributions are taken from.
  ///   - seed: Where noise is drawn from.
  ///   - skipCorrupt: Whether files that are no whole image are left out of a folder of baselines.
  ///   - tell: Receives what was left out, and which files are faulty without losing a pixel.
  /// - Throws: `AttributionFailure` where the normalization does not belong to the network's images.
  public init(
    _ checkpoint: Checkpoint, _ preprocessing: Preprocessing, dataset: (any ImageDataset)?,
    seed: UInt64, skipCorrupt: Bool = false, tell: @escaping (String) -> Void
  ) throws {
    (self.checkpoint, self.preprocessing) = (checkpoint, preprocessing)
    (self.dataset, self.seed) = (dataset, seed)
    (self.skipCorrupt, self.tell) = (skipCorrupt, tell)
    pixels = try PixelBaselines(
      mean: checkpoint.mean, standardDeviation: checkpoint.standardDeviation,
      shape: checkpoint.network.architecture.input)
  }

  /// The standard deviation that each channel was divided by.
  var deviations: [Float] { checkpoint.standardDeviation.elements }

  /// What pixels of pictures can be, normalized.
  var bounds: PixelBounds { pixels.bounds }

  /// Why baselines cannot be made.
  /// - Parameter kind: Which.
  /// - Returns: The reason; nil where they can.
  public func obstacle(_ kind: BaselineKind) -> ExperimentFailure? {
    guard case .data = kind, dataset == nil else { return nil }
    return ExperimentFailure(.noData)
  }

  /// Makes the baselines of images.
  /// - Parameters:
  ///   - kind: Which.
  ///   - need: Whether a method wants one for each image or a distribution.
  ///   - images: The images.
  ///   - normalised: The same, `[N, C, H, W]`.
  /// - Returns: The baselines.
  /// - Throws: `ExperimentFailure` where they do not suit the need; what reading throws.
  public func make(
    _ kind: BaselineKind, for need: BaselineNeed, of images: [ExplainedImage], _ normalised: Tensor
  ) throws -> Baselines {
    func each(_ one: Tensor) -> Baselines {
      .one(one.rows(at: Array(repeating: 0, count: images.count)))
    }
    switch kind {
    case .blur: return .one(pixels.blurred(normalised))
    case .black: return each(pixels.uniform(0))
    case .white: return each(pixels.uniform(1))
    case .zero: return .one(Tensor(shape: normalised.shape))
    case .mean: return each(pixels.meanColour())
    case .noise: return .one(pixels.noise(seed: seed, keys: images.map(\.key)))
    case .blurAndImage:
      let blurred = pixels.blurred(normalised)
      let pairs = (0..<images.count).flatMap { [blurred.row($0), normalised.row($0)] }
      return .perImage(
        Tensor(stacking: pairs)
          .reshaped(to: [images.count, 2] + Array(normalised.shape.dropFirst())))
    case .data(let count): return try distribution(of: count, for: need, images)
    case .file(let path):
      let found = try files(path)
      guard need == .several || found.count == 1 else {
        throw ExperimentFailure(.baselineImages(path: path, count: found.count))
      }
      let tensor = ExplainedImage.normalised(found, preprocessing)
      return need == .several ? .shared(tensor) : each(tensor)
    }
  }

  /// The first images of the data, for each image without itself.
  private func distribution(
    of count: Int, for need: BaselineNeed, _ images: [ExplainedImage]
  ) throws -> Baselines {
    if need == .one { throw ExperimentFailure(.baselineDistribution) }
    let candidates = try self.candidates(min(count, .max - 1) + 1)
    let tensor = ExplainedImage.normalised(candidates, preprocessing)
    let choices = images.map { image in
      Array(candidates.indices.filter { candidates[$0].key != image.key }.prefix(count))
    }
    guard choices.allSatisfy({ $0.count == count }) else {
      throw ExperimentFailure(
        .baselineDataTooFew(
          wanted: count, found: candidates.count, dataset: dataset?.name ?? ""))
    }
    if choices.allSatisfy({ $0 == choices[0] }) { return .shared(tensor.rows(at: choices[0])) }
    return .perImage(
      tensor.rows(at: choices.flatMap(\.self))
        .reshaped(to: [images.count, count] + Array(tensor.shape.dropFirst())))
  }

  private func candidates(_ count: Int) throws -> [ExplainedImage] {
    if let images = known["data"], images.count == count { return images }
    guard let dataset else { return [] }
    let labels = LabelMapping(checkpoint, dataset)
    let images = try (0..<min(count, dataset.count(of: .test))).map {
      try ExplainedImage.image(at: $0, of: dataset, labels)
    }
    known["data"] = images
    return images
  }

  private func files(_ path: String) throws -> [ExplainedImage] {
    if let images = known["file:\(path)"] { return images }
    let images = try ExplainedImage.read(
      [path], preprocessing.fitting, skipCorrupt: skipCorrupt, tell: tell)
    known["file:\(path)"] = images
    return images
  }
}
