public import XAITensor

/// What all units of a randomization test have in common.
public struct RandomizationOrigin: StoreOrigin {
  /// The first kind of work that was stored: it has no name in its files.
  public static let work: String? = nil

  /// The version of the toolkit.
  public var version: String
  /// The digest of the checkpoint.
  public var checkpoint: String
  /// How layers are randomized and what is explained.
  public var configuration: RandomizationConfiguration
  /// The digest of the images that batch norm is recalibrated on, where it is.
  public var calibration: String?

  /// Groups what units have in common.
  /// - Parameters:
  ///   - version: The version of the toolkit.
  ///   - checkpoint: The digest of the checkpoint.
  ///   - configuration: How layers are randomized and what is explained.
  ///   - calibration: `[N, C, H, W]`, the images that batch norm is recalibrated on, where it is.
  public init(
    version: String, checkpoint: String, configuration: RandomizationConfiguration,
    calibration: Tensor? = nil
  ) {
    (self.version, self.checkpoint) = (version, checkpoint)
    (self.configuration, self.calibration) = (configuration, calibration?.fingerprintText)
  }

  /// What is another than in a folder.
  /// - Parameter known: What the folder says.
  /// - Returns: The differences.
  public func differences(from known: RandomizationOrigin) -> [UnitStore.Difference] {
    let wanted = self
    let (old, new) = (known.configuration, wanted.configuration)
    let pairs: [(UnitStore.Difference.Subject, String, String)] = [
      (.version, known.version, wanted.version),
      (
        .checkpoint, String(known.checkpoint.prefix(12)), String(wanted.checkpoint.prefix(12))
      ),
      (
        .initializer, old.randomization.initializer.rawValue,
        new.randomization.initializer.rawValue
      ),
      (.batchNorm, old.randomization.batchNorm.rawValue, new.randomization.batchNorm.rawValue),
      (.target, old.target.rawValue, new.target.rawValue),
      (.seed, "\(old.seed)", "\(new.seed)"),
    ]
    var differences = pairs.filter { $1 != $2 }
      .map { UnitStore.Difference(subject: $0, known: $1, wanted: $2) }
    if known.calibration != wanted.calibration, old.randomization == new.randomization {
      differences.append(UnitStore.Difference(subject: .calibration, known: "", wanted: ""))
    }
    return differences
  }
}
