/// Where a failure happened and what it is about; nil what makes no sense for it.
public struct FailureContext: Sendable, Equatable {
  /// The file or folder.
  public var path: String?
  /// The tensor.
  public var tensor: String?
  /// The node of a network.
  public var node: String?
  /// What was expected.
  public var expected: String?
  /// What was found.
  public var found: String?

  /// Says where and what.
  /// - Parameters:
  ///   - path: The file or folder.
  ///   - tensor: The tensor.
  ///   - node: The node of a network.
  ///   - expected: What was expected.
  ///   - found: What was found.
  public init(
    path: String? = nil, tensor: String? = nil, node: String? = nil, expected: String? = nil,
    found: String? = nil
  ) {
    (self.path, self.tensor, self.node) = (path, tensor, node)
    (self.expected, self.found) = (expected, found)
  }
}
