public import XAITensor

/// Something that cannot be asked of a network's representations.
public struct RepresentationFailure: Failure, Equatable {
  /// What is wrong, with its values.
  public enum Code: Sendable, Equatable {
    /// No node has this name.
    case unknownLayer(String, known: [String])
    /// A layer of other extents than a measure takes.
    case unfitLayer(String, shape: [Int], expected: String)
    /// A unit that a layer does not have.
    case unknownUnit(Int, layer: String, count: Int)
    /// A class that the network does not have.
    case unknownClass(Int, count: Int)
    /// Images, masks or labels that do not fit each other.
    case shape(of: String, found: [Int], expected: String)
    /// A tensor that is not there.
    case missing(String)
    /// A number that is out of its range.
    case value(of: String, found: String, expected: String)
    /// Too few of something.
    case tooFew(String, found: Int, needed: Int)
    /// A set of images that has something in common with another one, or with itself.
    case shared(String, with: String)
    /// So few random concepts that nothing can be significant.
    case neverSignificant(controls: Int, tests: Int, needed: Int)
    /// A layer that would lose all of its channels.
    case emptyLayer(String)
    /// NaN or infinity.
    case notFinite(String)
  }

  /// What is wrong.
  public let code: Code

  /// Describes what is wrong.
  /// - Parameter code: What is wrong.
  public init(_ code: Code) { self.code = code }

  /// Something impossible was asked for, or data are wrong.
  public var kind: FailureKind {
    switch code {
    case .shape, .missing, .notFinite, .shared: .badData
    default: .usage
    }
  }

  /// One sentence: what is wrong, where, expected and found, what to do.
  public var description: String {
    switch code {
    case .unknownLayer(let name, let known):
      oneLine(
        "there is no layer \(quoted(name)); the network has \(known.joined(separator: ", "))")
    case .unfitLayer(let name, let shape, let expected):
      oneLine("the layer \(name) has the shape \(shape), expected \(expected)")
    case .unknownUnit(let unit, let layer, let count):
      "the layer \(layer) has no unit \(unit); give one from 0 to \(count - 1)"
    case .unknownClass(let index, let count):
      "there is no class \(index); give one from 0 to \(count - 1)"
    case .shape(let what, let found, let expected):
      oneLine("\(what) has the shape \(found), expected \(expected)")
    case .missing(let name): oneLine("there is no \(name)")
    case .value(let what, let found, let expected):
      oneLine("\(what) is \(found), expected \(expected)")
    case .tooFew(let what, let found, let needed):
      oneLine("there are \(found) \(what), and at least \(needed) are needed")
    case .shared(let what, let other):
      oneLine("\(what) holds an image of \(other); sets must have none in common, and none twice")
    case .neverSignificant(let controls, let tests, let needed):
      "with \(controls) random concepts no result of \(tests) tests can be significant at 5 %; give at least "
        + "\(needed)"
    case .emptyLayer(let name): oneLine("the layer \(name) would lose all of its channels")
    case .notFinite(let what): oneLine("\(what) holds NaN or infinity")
    }
  }
}
