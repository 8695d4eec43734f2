public import XAIDatasets
public import XAITensor

/// Why training, evaluating, or reading and writing what a run leaves behind, cannot go on.
public struct TrainingFailure: Failure, Equatable {
  /// What is wrong, with its values.
  public enum Code: Sendable, Equatable {
    /// What the sentence says.
    case described
    /// A run folder that is to be resumed is not there.
    case noRunFolder(path: String)
    /// A run folder holds no state to resume from.
    case noState(path: String)
    /// A run folder holds a training already.
    case holdsTraining(path: String)
    /// A model exists where a new training would write its own.
    case holdsModel(path: String)
    /// A training is resumed with another configuration: a phrase for each value that differs.
    case otherConfiguration(folder: String, conflicts: [String])
    /// Batch norm needs at least 2 images in a batch.
    case batchTooSmall(Int)
    /// Training so many parameters takes more bytes of memory than the machine has.
    case memoryTooLittle(parameters: Int, need: Int, available: Int)
    /// A checkpoint does not say which images belong to its splits.
    case splitUnknown(path: String, Split)
  }

  /// What is wrong.
  public let code: Code
  /// The kind of failure, which decides the exit status.
  public let kind: FailureKind
  /// One sentence for people.
  public let description: String
  /// The failure of a library below that this one passes on.
  public let cause: (any Failure)?

  /// A failure with its sentence.
  /// - Parameters:
  ///   - kind: The kind of failure.
  ///   - description: What failed, where, what was expected and found, and what to do.
  public init(_ kind: FailureKind, _ description: String) {
    (code, self.kind, self.description) = (.described, kind, oneLine(description))
    cause = nil
  }

  /// A failure with its values.
  /// - Parameter code: What is wrong; `described` is for failures with a sentence.
  public init(_ code: Code) {
    (self.code, kind, description) = (code, code.kind, oneLine(code.sentence))
    cause = nil
  }

  /// Passes on the failure of a library below, whose sentence already says it all.
  /// - Parameter failure: That failure.
  public init(_ failure: some Failure) {
    (code, kind, description) = (.described, failure.kind, failure.description)
    cause = failure
  }

  /// Whether two failures say the same.
  public static func == (left: TrainingFailure, right: TrainingFailure) -> Bool {
    (left.code, left.kind, left.description) == (right.code, right.kind, right.description)
  }
}

extension TrainingFailure.Code {
  fileprivate var kind: FailureKind {
    switch self {
    case .noRunFolder, .noState: .missingInput
    case .holdsTraining, .holdsModel: .cannotCreate
    case .memoryTooLittle: .inputOutput
    case .splitUnknown: .badData
    case .described, .otherConfiguration, .batchTooSmall: .usage
    }
  }

  fileprivate var sentence: String {
    switch self {
    case .described: ""
    case .noRunFolder(let path):
      "\(path): there is no such run folder to resume; start a new training"
    case .noState(let path): "\(path): there is no state to resume from; start a new training"
    case .holdsTraining(let path):
      "\(path): holds a training already; resume it or choose another folder"
    case .holdsModel(let path): "\(path): exists already; move it away or choose another folder"
    case .otherConfiguration(let folder, let conflicts):
      "\(folder): resumed with another configuration (\(conflicts.joined(separator: "; "))): what was done "
        + "would have come out otherwise, so keep these values or start in another folder"
    case .batchTooSmall(let size):
      "a batch size of \(size): batch norm needs at least 2 images in a batch"
    case .memoryTooLittle(let parameters, let need, let available):
      "training a network of \(grouped(parameters)) parameters takes more than \(grouped(need)) bytes of "
        + "memory, and this machine has \(grouped(available)); use a smaller network"
    case .splitUnknown(let path, let split):
      "\(path): its metadata names no configuration, so it is unknown which images are its "
        + "\(split.rawValue) split; use the test split"
    }
  }
}
