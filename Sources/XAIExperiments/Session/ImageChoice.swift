public import XAIClassifiers
import XAIDatasets
import XAITensor

/// Which images an experiment is about.
public enum ImageChoice: Sendable, Equatable {
  /// Files, and folders of them; files that are no whole image are left out where that is asked for.
  case files([String], skipCorrupt: Bool = false)
  /// Test images of the data.
  case samples(SampleRule)

  /// The rule as a sentence for reports.
  public var sentence: String {
    switch self {
    case .files: SampleRule.chosen("").sentence
    case .samples(let rule): rule.sentence
    }
  }
}

extension Session {
  /// Reads images in the size that the first network takes.
  /// - Parameters:
  ///   - choice: Which.
  ///   - requests: What makes requests for the first network.
  /// - Returns: The images.
  /// - Throws: What reading throws; `ExperimentFailure` where no rule finds them.
  public func images(_ choice: ImageChoice, _ requests: RequestMaker) throws -> [ExplainedImage] {
    switch choice {
    case .files(let paths, let skipCorrupt):
      return try ExplainedImage.read(
        paths, requests.preprocessing.fitting, skipCorrupt: skipCorrupt, tell: observer.warn)
    case .samples(let rule):
      guard let dataset else { throw ExperimentFailure(.noData) }
      return try rule.images(
        of: dataset, for: network.checkpoint, network.explained, requests.preprocessing)
    }
  }

  /// Asks a network about images.
  /// - Parameters:
  ///   - images: The images.
  ///   - network: A network of the session.
  ///   - requests: What makes requests for it.
  /// - Returns: One prediction for each image.
  /// - Throws: `KernelFailure`; `ExperimentFailure` where a logit is NaN or infinite.
  package func predictions(
    of images: [ExplainedImage], by network: Network, _ requests: RequestMaker
  ) throws -> [Prediction] {
    try Prediction.of(
      ExplainedImage.normalised(images, requests.preprocessing), by: network.explained)
  }
}
