import XAIClassifiers
import XAIDatasets
import XAIEvaluation

/// Where the object of an image is.
struct ObjectTruth {
  /// How it is known.
  let kind: EvaluatedImage.Truth
  /// The pixels that show it.
  let mask: ObjectMask
  /// The box around it, where there is one.
  let box: PixelBox?

  /// Finds the objects of test images.
  struct Finder {
    private let dataset: any ImageDataset
    private let positions: [String: Int]
    private let area: ClosedRange<Double>

    /// Prepares for a data set.
    /// - Parameters:
    ///   - dataset: The data set.
    ///   - area: The shares of the image that a box may take.
    init(_ dataset: any ImageDataset, area: ClosedRange<Double>) {
      (self.dataset, self.area) = (dataset, area)
      var positions: [String: Int] = [:]
      for index in 0..<dataset.count(of: .test) {
        positions[dataset.name(at: index, of: .test)] = index
      }
      self.positions = positions
    }

    /// Where the object of an image is.
    /// - Parameter image: A test image of the data set.
    /// - Returns: The truth; nil where it is not known, or where boxes of such a size do not count.
    /// - Throws: `EvaluationFailure` where a box leaves the image.
    func truth(of image: ExplainedImage) throws(EvaluationFailure) -> ObjectTruth? {
      guard let position = positions[image.name], image.source == dataset.name else { return nil }
      let (height, width) = (dataset.height, dataset.width)
      if let dataset = dataset as? any MaskedDataset {
        let mask = dataset.mask(at: position, of: .test)
        let pixels = PixelMask(count: height * width) {
          mask.contains(row: $0 / width, column: $0 % width)
        }
        return ObjectTruth(
          kind: .mask, mask: ObjectMask(pixels, height: height, width: width),
          box: try box(mask.box, of: image.name))
      }
      let sample = dataset.sample(at: position, of: .test)
      var boxes: [PixelBox] = []
      for labelled in sample.boxes where labelled.label == sample.label {
        boxes.append(try box(labelled.box, of: image.name))
      }
      guard !boxes.isEmpty else { return nil }
      let mask = ObjectMask(boxes, height: height, width: width)
      guard area.contains(mask.areaShare) else { return nil }
      return ObjectTruth(kind: .box, mask: mask, box: boxes.count == 1 ? boxes[0] : nil)
    }

    private func box(_ box: BoundingBox, of name: String) throws(EvaluationFailure) -> PixelBox {
      try PixelBox(
        x0: box.xMin, y0: box.yMin, x1: box.xMax, y1: box.yMax, height: dataset.height,
        width: dataset.width, subject: name)
    }
  }
}
