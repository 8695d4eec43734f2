public import XAINetworks
import XAIFiles
import XAITensor

/// A network that results are about.
public struct StudiedNetwork: Codable, Sendable {
  /// What the results call it: `A`, `B`.
  public var name: String
  /// Its file.
  public var checkpoint: ExplanationResults.CheckpointRecord
}

/// The images that results are about.
public struct StudiedData: Codable, Sendable, Equatable {
  /// The name of the data set.
  public var name: String
  /// The split: `train`, `validation`, `test`.
  public var split: String
  /// The number of images.
  public var images: Int
}

/// A class of the network, by all of its names.
public struct StudiedClass: Codable, Sendable, Equatable {
  /// The logit's index.
  public var index: Int
  /// Its identifier, where the checkpoint has one.
  public var id: String?
  /// Its name, where the checkpoint has one.
  public var name: String?

  /// Describes a class.
  /// - Parameters:
  ///   - index: The logit's index.
  ///   - classes: What the classes of the network are called; may be empty.
  public init(_ index: Int, of classes: [Checkpoint.ClassName]) {
    self.index = index
    guard classes.indices.contains(index) else { return }
    (id, name) = (classes[index].id, classes[index].name)
  }

  /// Its name without synonyms, its identifier or its index, whichever says most.
  public var words: String {
    name.map { String($0.prefix { $0 != "," }) } ?? id ?? "class \(index)"
  }
}

extension Session {
  /// The networks, called `A` and `B`.
  func studied() throws(FileFailure) -> [StudiedNetwork] {
    try networks.enumerated().map { (index, network) throws(FileFailure) in
      StudiedNetwork(
        name: ["A", "B"][index],
        checkpoint: try .init(
          network.checkpoint, path: network.path, sha256: try network.digest.value()))
    }
  }

  /// Stops where the observer asks for it.
  func checkStop() throws(WorkStopped) { if observer.isStopped { throw WorkStopped() } }
}
