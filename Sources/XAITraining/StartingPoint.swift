import XAIClassifiers
public import XAIDatasets
public import XAINetworks
import XAITensor

/// What a training starts from in place of random parameters: those of a checkpoint.
///
/// Classes are matched by their identifiers. The weights of an output whose class both know are taken over,
/// in the order of the data; an output that is new begins as that of an untrained network does.
public struct StartingPoint: Sendable {
  /// The parameters of the network that is to be trained.
  public let parameters: Parameters
  /// How many of the outputs were taken over; the others are new.
  public let knownClasses: Int
  /// Whether the checkpoint names no classes, as many as the data have, so that their order is assumed to be
  /// that of the data.
  public let assumesOrder: Bool
  /// How images are normalized; nothing where that is measured on the data.
  public let preprocessing: Preprocessing?

  /// Fits a checkpoint to a network and its data.
  /// - Parameters:
  ///   - checkpoint: What was trained before.
  ///   - network: The network to be trained: that of the checkpoint but for the number of classes.
  ///   - classes: The identifiers of the data's classes, in the order of the labels.
  ///   - seed: The seed of new weights.
  ///   - keepsPreprocessing: Whether images are normalized as the checkpoint says.
  /// - Throws: `TrainingFailure` where the networks differ, `DatasetFailure` where the preprocessing is of
  ///   other images.
  public init(
    _ checkpoint: Checkpoint, for network: Network, classes: [String], seed: UInt64,
    keepsPreprocessing: Bool
  ) throws {
    var parameters = Parameters.initial(for: network, seed: seed)
    let outputs = network.parameterNames(of: network.logits.map { [$0.name] } ?? [])
    let known = Self.rows(of: checkpoint, for: classes)
    for name in parameters.names {
      guard let fresh = parameters[name], let trained = checkpoint.parameters[name],
        trained.shape.dropFirst() == fresh.shape.dropFirst(),
        outputs.contains(name) || trained.shape == fresh.shape
      else {
        throw TrainingFailure(
          .badData, "the checkpoint is of another network: its tensor \(name) does not fit")
      }
      parameters[name] =
        outputs.contains(name) ? Self.rows(known, of: trained, else: fresh) : trained
    }
    self.parameters = parameters
    knownClasses = known.count { $0 != nil }
    assumesOrder = checkpoint.classes.isEmpty && knownClasses > 0
    preprocessing = keepsPreprocessing ? try Preprocessing(of: checkpoint) : nil
  }

  /// The output of a checkpoint for each class, where it has one.
  private static func rows(of checkpoint: Checkpoint, for classes: [String]) -> [Int?] {
    guard !checkpoint.classes.isEmpty else {
      let isAlike = checkpoint.network.architecture.classes == classes.count
      return classes.indices.map { isAlike ? $0 : nil }
    }
    let outputs = Dictionary(
      checkpoint.classes.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    return classes.map { outputs[$0] }
  }

  private static func rows(_ rows: [Int?], of trained: Tensor, else fresh: Tensor) -> Tensor {
    Tensor(
      stacking: rows.enumerated().map { position, row in
        row.map { trained.row($0) } ?? fresh.row(position)
      })
  }
}
