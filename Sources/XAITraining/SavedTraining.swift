import XAIClassifiers
public import XAIDatasets
import XAIFiles
import XAINetworks
import XAITensor

/// The state of a training that was saved.
public struct SavedTraining {
  static let velocityPrefix = "velocity"
  static let averagePrefix = "average"

  /// The configuration it was started with.
  public let configuration: TrainingConfiguration
  /// Where it stands.
  public let state: TrainingState
  /// The identifiers of its classes, in the order of the logits.
  public let classIDs: [String]
  let parameters: Parameters
  let velocities: Parameters
  let average: Parameters?
  /// How pictures reach the network.
  public let preprocessing: Preprocessing

  /// Reads `last.safetensors`.
  /// - Parameter path: The file.
  /// - Throws: What is missing or damaged.
  public init(path: String) throws {
    let file = try TensorArchive(path: path)
    let checkpoint = try Checkpoint(file)
    guard let configuration = file.metadata["configuration"],
      let state = file.metadata["training_state"]
    else {
      throw TrainingFailure(
        .badData, "\(path): holds a network but no state of a training, so it cannot be resumed")
    }
    self.configuration = try JSONText.decode(
      TrainingConfiguration.self, from: configuration, name: "\(path), metadata configuration")
    self.state = try JSONText.decode(
      TrainingState.self, from: state, name: "\(path), metadata training_state")
    do {
      try self.configuration.validate()
    } catch {
      throw TrainingFailure(.badData, "\(path), metadata configuration: \(error)")
    }
    guard self.configuration.architecture == checkpoint.network.architecture,
      self.state.isPossible(for: self.configuration)
    else {
      throw TrainingFailure(
        .badData,
        "\(path): its configuration, its state and its network contradict each other; the file was "
          + "changed, so it cannot be resumed")
    }
    parameters = checkpoint.parameters
    classIDs = checkpoint.classes.map(\.id)
    func tensors(_ prefix: String) throws -> Parameters {
      var tensors = Parameters()
      for (name, shape) in checkpoint.network.parameterShapes
      where prefix == Self.averagePrefix || !Parameters.isRunningStatistic(name) {
        let tensor = try file.tensor("\(prefix).\(name)")
        guard tensor.shape == shape, tensor.isFinite else {
          throw TrainingFailure(
            .badData,
            "\(path): tensor \(prefix).\(name) has shape \(tensor.shape), expected \(shape) of "
              + "finite numbers")
        }
        tensors[name] = tensor
      }
      return tensors
    }
    velocities = try tensors(Self.velocityPrefix)
    average = self.configuration.averaging > 0 ? try tensors(Self.averagePrefix) : nil
    preprocessing = try Preprocessing(of: checkpoint)
  }
}
