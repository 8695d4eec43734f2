/// What all units of a folder have in common: work that differs in it cannot share the folder.
public protocol StoreOrigin: Codable, Sendable, Equatable {
  /// What the key `work` says of the kind of work; nil where there is no such key, as in a randomization test.
  static var work: String? { get }

  /// What is another than in a folder.
  /// - Parameter known: What the folder says.
  /// - Returns: The differences, for people.
  func differences(from known: Self) -> [UnitStore.Difference]
}
