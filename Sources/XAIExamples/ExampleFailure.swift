public import XAITensor

/// Something that cannot be asked of examples, rules or counterfactuals.
public struct ExampleFailure: Failure, Equatable {
  /// What is wrong, with its values.
  public enum Code: Sendable, Equatable {
    /// A tensor of another shape.
    case shape(of: String, found: [Int], expected: String)
    /// A number out of its range.
    case value(of: String, found: String, expected: String)
    /// Something that is not there.
    case missing(String)
    /// A class that the network does not have.
    case unknownClass(Int, count: Int)
    /// NaN or infinity.
    case notFinite(String)
    /// An optimum that rounding or the number of steps kept out of reach.
    case notConverged(String, gradient: Double)
  }

  /// What is wrong.
  public let code: Code

  /// Describes what is wrong.
  /// - Parameter code: What is wrong.
  public init(_ code: Code) { self.code = code }

  /// Something impossible was asked for, data are wrong, or a computation did not end.
  public var kind: FailureKind {
    switch code {
    case .value, .unknownClass: .usage
    case .shape, .missing, .notFinite: .badData
    case .notConverged: .software
    }
  }

  /// One sentence: what is wrong, where, expected and found, what to do.
  public var description: String {
    switch code {
    case .shape(let what, let found, let expected):
      oneLine("\(what) has the shape \(found), expected \(expected)")
    case .value(let what, let found, let expected):
      oneLine("\(what) is \(found), expected \(expected)")
    case .missing(let what): oneLine("there is no \(what)")
    case .unknownClass(let index, let count):
      "there is no class \(index); give one from 0 to \(count - 1)"
    case .notFinite(let what): oneLine("\(what) holds NaN or infinity")
    case .notConverged(let what, let gradient):
      oneLine(
        "\(what) did not come to its optimum: a slope of \(gradient) is left; raise the penalty")
    }
  }
}
