public import XAIDatasets

/// Tells the data of a training apart, list by list: what is in each decides the digest, and nothing else.
public struct DataDigests: Codable, Sendable, Equatable {
  /// The digest of the classes in their order.
  public let classes: String
  /// The digest of the training images.
  public let training: String
  /// The digest of the validation images.
  public let validation: String
  /// The digest of the test images, which no training sees.
  public let test: String

  /// The digests of data.
  /// - Parameter dataset: The data.
  public init(_ dataset: any ImageDataset) {
    classes = dataset.classDigest
    (training, validation) = (dataset.digest(of: .train), dataset.digest(of: .validation))
    test = dataset.digest(of: .test)
  }

  /// What a training would notice of other data.
  /// - Parameter other: Their digests.
  /// - Returns: The names of the lists that differ; that of the test images decides nothing.
  func differences(to other: DataDigests) -> [String] {
    [
      ("classes", classes == other.classes), ("training images", training == other.training),
      ("validation images", validation == other.validation),
    ].filter { !$0.1 }.map(\.0)
  }
}
