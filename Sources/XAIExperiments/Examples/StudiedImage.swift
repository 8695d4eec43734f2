import XAIClassifiers
import XAITensor

/// An image that results are about, and what the network says of it.
public struct StudiedImage: Codable, Sendable, Equatable {
  /// Its name.
  public var name: String
  /// Where it is from: a path, or a data set.
  public var source: String
  /// A digest of its pixels in hexadecimal, which names its random streams.
  public var key: String
  /// Its true class, where that is known.
  public var label: StudiedClass?
  /// The predicted class.
  public var predicted: StudiedClass
  /// The probability of the predicted class.
  public var probability: Double
}

/// An image with what the network says of it, and the class that is asked about.
struct StudiedSubject {
  let image: ExplainedImage
  let prediction: Prediction
  let target: Int

  /// What results say about it.
  func record(of session: Session) -> StudiedImage {
    let classes = session.classes
    return StudiedImage(
      name: image.name, source: image.source, key: image.keyText,
      label: image.label.map { StudiedClass($0, of: classes) },
      predicted: StudiedClass(prediction.predicted, of: classes),
      probability: prediction.probability(of: prediction.predicted))
  }
}

extension Session {
  /// Reads images and asks the first network about them; an image that was given twice is studied once.
  /// - Parameters:
  ///   - choice: Which.
  ///   - requests: What makes requests for the first network.
  ///   - target: Which class of each is asked about.
  /// - Returns: At least one.
  /// - Throws: What reading throws; `ExperimentFailure` where a target is not known.
  func subjects(
    _ choice: ImageChoice, _ requests: RequestMaker, target: TargetChoice = .predicted
  ) throws -> [StudiedSubject] {
    var images: [ExplainedImage] = []
    for image in try self.images(choice, requests) {
      if let same = images.first(where: { $0.key == image.key }) {
        observer.tell(
          ExperimentRemark.repeated(image: image.name, source: image.source, first: same.name))
      } else {
        images.append(image)
      }
    }
    guard !images.isEmpty else { throw ExperimentFailure(.noImageLeft(of: 0)) }
    let isOfData = if case .samples = choice { true } else { false }
    return try zip(images, predictions(of: images, by: network, requests)).map {
      StudiedSubject(
        image: $0, prediction: $1,
        target: try target.index(of: $0, $1, for: .explanation(ofData: isOfData)))
    }
  }
}
