public import XAIAttribution
public import XAIClassifiers
public import XAIDatasets
public import XAINetworks
import XAITensor

/// Which test images a test takes.
public enum SampleRule: Sendable, Equatable {
  /// Images that the network recognises, so many of them.
  case recognised(Int)
  /// A number from the first, or names.
  case chosen(String)

  /// The thesis's number of images.
  public static let standardCount = 5

  /// The rule as a sentence for reports.
  public var sentence: String {
    switch self {
    case .recognised(let count):
      "The first \(count) test images that the network classifies correctly, each of another class."
    case .chosen: "The images were chosen by the user."
    }
  }

  /// Takes the images.
  /// - Parameters:
  ///   - dataset: Whose test images.
  ///   - checkpoint: The network, which says what class is which of its own.
  ///   - network: The same, to ask it.
  ///   - preprocessing: How images are normalised.
  /// - Returns: The images.
  /// - Throws: `DatasetFailure`; `ExperimentFailure` where none is recognised, or fewer than asked for.
  public func images(
    of dataset: any ImageDataset, for checkpoint: Checkpoint, _ network: ExplainedNetwork,
    _ preprocessing: Preprocessing
  ) throws -> [ExplainedImage] {
    let wanted: Int
    switch self {
    case .chosen(let text): return try ExplainedImage.take(text, of: dataset, for: checkpoint)
    case .recognised(let count): wanted = count
    }
    let labels = LabelMapping(checkpoint, dataset)
    let knowsAny = dataset.classes.indices.contains { labels.logit(of: $0) != nil }
    guard knowsAny else {
      throw ExperimentFailure(
        .recognizesNothing(dataset: dataset.name, classes: dataset.classes.count))
    }
    var found: [ExplainedImage] = []
    let count = dataset.count(of: .test)
    for first in stride(from: 0, to: count, by: Self.together) {
      let images = try (first..<min(first + Self.together, count)).map {
        try ExplainedImage.image(at: $0, of: dataset, labels)
      }
      let predictions = try Prediction.of(
        ExplainedImage.normalised(images, preprocessing), by: network)
      for (image, prediction) in zip(images, predictions)
      where image.label == prediction.predicted
        && !found.contains(where: { $0.label == image.label })
      {
        found.append(image)
        if found.count == wanted { return found }
      }
    }
    throw ExperimentFailure(
      .recognizesTooFew(
        wanted: wanted, found: found.count, images: count, dataset: dataset.name))
  }

  private static let together = 32
}
