public import XAITensor

/// Maps, masks or orders that cannot be judged.
public struct EvaluationFailure: Failure, Equatable {
  /// What is wrong, with its values.
  public enum Code: Sendable, Equatable {
    /// Extents are not those that belong here; what was expected is in words.
    case shape([Int], expected: String)
    /// A value is NaN or infinite.
    case notFinite
    /// Ranks or an order do not name every index below the count once.
    case noPermutation(of: Int)
    /// An index lies outside of what there is.
    case outside(Int, of: Int)
    /// A box has no pixel, or pixels outside of the image.
    case box([Int], height: Int, width: Int)
    /// A coalition table of so many cells takes more passes than anybody wants.
    case tooManyCells(Int, most: Int)
    /// Nothing of this name is there.
    case missing
    /// A name that nothing has; those that there are.
    case unknown(String, among: [String])
    /// A name that is no measure's.
    case noMeasure(String, among: [String])
    /// A parameter has no such value; what was expected is in words.
    case parameter(String, expected: String)
  }

  /// What is wrong.
  public let code: Code
  /// What it is about: a tensor, a map, a parameter.
  public let subject: String

  /// Describes what cannot be judged.
  /// - Parameters:
  ///   - code: What is wrong.
  ///   - subject: What it is about.
  public init(_ code: Code, of subject: String) { (self.code, self.subject) = (code, subject) }

  /// Wrong data; something impossible asked for where it is about a parameter.
  public var kind: FailureKind {
    switch code {
    case .tooManyCells, .parameter, .noMeasure: .usage
    default: .badData
    }
  }

  /// One sentence: what failed, expected and found, what to do.
  public var description: String {
    switch code {
    case .shape(let shape, let expected):
      oneLine("\(subject) has the shape \(shape), expected \(expected)")
    case .notFinite:
      oneLine("\(subject) holds NaN or infinity and cannot be judged; leave it out or mend it")
    case .noPermutation(let count):
      oneLine("\(subject) is no order: it must name each of 0 ..< \(count) once")
    case .outside(let index, let count):
      oneLine("\(subject) names \(index), expected one of 0 ..< \(count)")
    case .box(let box, let height, let width):
      oneLine(
        "\(subject) has the box \(box), expected x0 y0 x1 y1 inside of \(width) columns and \(height) rows, "
          + "both ends inclusive")
    case .tooManyCells(let count, let most):
      oneLine(
        "\(subject) has \(count) cells, whose 2^\(count) removals take "
          + (count < 63 ? "\(1 << count) passes" : "more passes than can be counted")
          + " for each image and baseline; take at most \(most)")
    case .missing: oneLine("\(subject) is missing")
    case .unknown(let name, let names):
      oneLine(
        "\(subject) names \(quoted(name)), which is not there; expected one of "
          + names.map { quoted($0) }.joined(separator: ", "))
    case .noMeasure(let name, let names):
      oneLine("\(subject): there is no measure \(quoted(name)); \(Self.hint(name, names))")
    case .parameter(let value, let expected):
      oneLine("\(subject) cannot be \(value); expected \(expected)")
    }
  }

  private static func hint(_ name: String, _ names: [String]) -> String {
    let close = Spelling.closest(to: name, in: names)
    return close.isEmpty
      ? "expected one of \(names.joined(separator: ", "))"
      : "did you mean \(close.joined(separator: " or "))?"
  }
}
