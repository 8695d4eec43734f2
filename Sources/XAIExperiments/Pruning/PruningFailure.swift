public import XAITensor

/// Pruning that cannot be done.
public struct PruningFailure: Failure, Equatable {
  /// What is wrong, with its values.
  public enum Code: Sendable, Equatable {
    /// Layers would lose more filters than may go.
    case tooMuch(share: Double, filters: Int, staying: Int)
    /// So few filters go in a step that none does.
    case nothingGoes(rate: Double, filters: Int)
    /// The network has no convolution whose filters could go.
    case noFilters
    /// A split of the data that is needed is empty.
    case noImages(Split, data: String)
    /// Fine-tuning needs the classes of the network in the data, in the same order.
    case otherClasses(path: String, data: String)

    /// A split by its name.
    public enum Split: String, Sendable {
      /// Images that filters are judged on.
      case training
      /// Images that networks are chosen by.
      case validation
    }
  }

  /// What is wrong.
  public let code: Code

  /// Describes what is wrong.
  /// - Parameter code: What is wrong.
  public init(_ code: Code) { self.code = code }

  /// Something impossible was asked for, or data are wrong.
  public var kind: FailureKind {
    switch code {
    case .noImages, .otherClasses: .badData
    default: .usage
    }
  }

  /// One sentence: what is wrong, and what to do.
  public var description: String {
    switch code {
    case .tooMuch(let share, let filters, let staying):
      "\(fixedPoint(100 * share, digits: 1)) % of \(grouped(filters)) filters cannot go, as each layer keeps "
        + "its floor, \(grouped(staying)) in all; remove at most "
        + "\(Self.most(filters, staying)) %, or choose a lower floor"
    case .nothingGoes(let rate, let filters):
      "\(fixedPoint(100 * rate, digits: 1)) % of \(grouped(filters)) filters is less than one filter a step; "
        + "choose a greater rate"
    case .noFilters: "the network has no convolution with a rectifier, whose filters could go"
    case .noImages(let split, let data):
      oneLine("\(data): the \(split.rawValue) split has no image of a class that the network knows")
    case .otherClasses(let path, let data):
      oneLine(
        "\(path): its classes are not those of \(data) in the same order, so it cannot be fine-tuned between "
          + "steps; prune it without epochs")
    }
  }

  /// In whole percent, rounded down: what may go.
  private static func most(_ filters: Int, _ staying: Int) -> Int {
    100 * (filters - staying) / max(filters, 1)
  }
}
