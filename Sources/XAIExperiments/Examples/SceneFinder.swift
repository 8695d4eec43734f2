import XAIClassifiers
import XAIDatasets
import XAIImages
import XAITensor

/// Finds what the scenes of test images drew: abduction, which is exact as the toolkit drew them.
struct SceneFinder {
  private let dataset: ShapesDataset
  private let positions: [String: Int]

  /// Prepares for the data of a session.
  /// - Parameter session: The network and the data.
  /// - Throws: `ExperimentFailure` where the data are no scenes, or not in the size in which they are drawn.
  init(_ session: Session) throws(ExperimentFailure) {
    guard let dataset = session.dataset as? ShapesDataset else {
      throw ExperimentFailure(.noScenes(session.dataset?.name))
    }
    self.dataset = dataset
    positions = Dictionary(
      (0..<dataset.count(of: .test)).map { (dataset.name(at: $0, of: .test), $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// How many scenes the distribution functions of features are known from.
  var count: Int { dataset.count(of: .train) }

  /// What the scene of an image drew.
  /// - Parameter image: A test image of the data.
  /// - Returns: What paints exactly its bytes.
  /// - Throws: `ExperimentFailure` where it is another image.
  func latents(of image: ExplainedImage) throws(ExperimentFailure) -> ShapesLatents {
    guard image.source == dataset.name, let position = positions[image.name] else {
      throw ExperimentFailure(.noScenes(image.source))
    }
    let latents = dataset.latents(at: position, of: .test)
    guard ShapesModel.picture(of: latents).pixels == image.picture.pixels else {
      throw ExperimentFailure(.noScenes(image.source))
    }
    return latents
  }
}
