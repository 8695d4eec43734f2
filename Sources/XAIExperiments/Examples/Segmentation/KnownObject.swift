import XAIClassifiers
import XAIDatasets
import XAIExamples

/// Where the object of a test image is: its boxes, and its exact mask where the data draw it themselves.
struct KnownObject {
  /// xMin, yMin, xMax, yMax of each object of the image's class, both corners in it.
  let boxes: [[Int]]
  /// `[H, W]`; nil where boxes are all that is known.
  let mask: [Bool]?

  /// Finds the objects of test images.
  struct Finder {
    private let dataset: any ImageDataset
    private let positions: [String: Int]

    init(_ dataset: any ImageDataset) {
      self.dataset = dataset
      positions = Dictionary(
        (0..<dataset.count(of: .test)).map { (dataset.name(at: $0, of: .test), $0) },
        uniquingKeysWith: { first, _ in first })
    }

    /// Where the object of an image is; nil where nobody says.
    func object(of image: ExplainedImage) -> KnownObject? {
      guard image.source == dataset.name, let position = positions[image.name] else { return nil }
      if let dataset = dataset as? any MaskedDataset {
        let mask = dataset.mask(at: position, of: .test)
        return KnownObject(
          boxes: [Self.corners(mask.box)],
          mask: (0..<dataset.height * dataset.width).map {
            mask.contains(row: $0 / dataset.width, column: $0 % dataset.width)
          })
      }
      let sample = dataset.sample(at: position, of: .test)
      let boxes = sample.boxes.filter { $0.label == sample.label }.map { Self.corners($0.box) }
      return boxes.isEmpty ? nil : KnownObject(boxes: boxes, mask: nil)
    }

    private static func corners(_ box: BoundingBox) -> [Int] {
      [box.xMin, box.yMin, max(box.xMin, box.xMax), max(box.yMin, box.yMax)]
    }
  }

  /// The intersection over union with the box that fits best; 0 without a box.
  func overlap(_ box: [Int]?) -> Double {
    guard let box else { return 0 }
    return boxes.map { LargestPart.overlap($0, box) }.max() ?? 0
  }
}
