import XAIDatasets
import XAITensor

/// Random images that exist in no file; one of them may be broken.
struct NoiseDataset: ImageDataset {
  var name = "noise"
  var classes = (0..<4).map { ClassLabel(id: "c\($0)", name: "class \($0)") }
  var height = 5
  var width = 7
  var counts: [Split: Int] = [.train: 23, .validation: 9, .test: 8]
  var broken: Int?

  func count(of split: Split) -> Int { counts[split] ?? 0 }

  func sample(at index: Int, of split: Split) -> Sample {
    let box = BoundingBox(xMin: 0, yMin: 0, xMax: 1, yMax: 1)
    return Sample(
      name: "\(split)\(index)", label: index % 4, boxes: [LabelledBox(label: index % 4, box: box)])
  }

  func readPixels(
    at index: Int, of split: Split, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) throws(DatasetFailure) {
    if index == broken { throw DatasetFailure(.badData, "image \(index) is broken") }
    var stream = RandomStream(seed: 9, purpose: split.rawValue, index)
    for position in pixels.indices {
      // Different means and spreads, so that a mix-up of channels or pixels shows.
      pixels[position] = UInt8(20 * (position % 3) + stream.integer(below: 60 + position))
    }
  }
}
