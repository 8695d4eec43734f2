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

  /// Reads `auto`, `auto:N`, `N` or names.
  /// - Parameter text: The text.
  /// - Throws: `AttributionFailure` where the number is none.
  public init(_ text: String) throws(AttributionFailure) {
    guard text == "auto" || text.hasPrefix("auto:") else {
      self = .chosen(text)
      return
    }
    guard let count = text == "auto" ? Self.standardCount : Int(text.dropFirst(5)), count > 0 else {
      throw AttributionFailure(
        .usage, "--samples \(text): expected auto:N with a number above 0, a number or names")
    }
    self = .recognised(count)
  }

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
  /// - Throws: `DatasetFailure`; `AttributionFailure` where none is recognised, or fewer than asked for.
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
      throw AttributionFailure(
        .usage,
        "--samples auto: the network knows none of the \(dataset.classes.count) classes of "
          + "\(dataset.name), so it recognises no image; choose images with --samples N or --image, or "
          + "other data")
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
    throw AttributionFailure(
      .usage,
      "--samples auto:\(wanted): of \(count) test images of \(dataset.name) the network recognises "
        + "images of \(found.count) classes; "
        + (found.isEmpty ? "choose images with --samples or --image" : "ask for that many"))
  }

  private static let together = 32
}
