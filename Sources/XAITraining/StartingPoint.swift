import XAIClassifiers
public import XAIDatasets
public import XAINetworks
import XAITensor

/// What a training starts from in place of random parameters: those of a checkpoint.
///
/// Classes are matched as a `LabelMapping` does, by their identifiers or, where the checkpoint has names alone,
/// by those. The weights of an output whose class both know are taken over, in the order of the data; an output
/// that is new begins as that of an untrained network does.
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
  ///   - dataset: The data, whose classes become the outputs.
  ///   - seed: The seed of new weights.
  ///   - keepsPreprocessing: Whether images are normalized as the checkpoint says.
  /// - Throws: `TrainingFailure` where the networks differ, `DatasetFailure` where the preprocessing is of
  ///   other images.
  public init(
    _ checkpoint: Checkpoint, for network: Network, dataset: any ImageDataset, seed: UInt64,
    keepsPreprocessing: Bool
  ) throws {
    var parameters = Parameters.initial(for: network, seed: seed)
    let outputs = network.parameterNames(of: network.logits.map { [$0.name] } ?? [])
    let mapping = LabelMapping(checkpoint, dataset)
    let known = dataset.classes.indices.map { mapping.logit(of: $0) }
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
    assumesOrder = mapping.assumesOrder && knownClasses > 0
    preprocessing = keepsPreprocessing ? try Preprocessing(of: checkpoint) : nil
  }

  private static func rows(_ rows: [Int?], of trained: Tensor, else fresh: Tensor) -> Tensor {
    Tensor(
      stacking: rows.enumerated().map { position, row in
        row.map { trained.row($0) } ?? fresh.row(position)
      })
  }
}
