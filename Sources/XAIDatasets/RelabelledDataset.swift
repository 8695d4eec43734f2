import XAITensor

/// A data set whose training and validation labels are permuted among the images of their split.
///
/// For the data randomization test (Adebayo et al. 2018, section 4): a network trained on it can
/// only memorise. Every class keeps its number of images, and the test split its labels.
public struct RelabelledDataset: ImageDataset {
  private let base: any ImageDataset
  private let labels: [Split: [Int]]

  /// Permutes the labels of a data set.
  /// - Parameters:
  ///   - base: The data set.
  ///   - seed: Names the permutation.
  public init(_ base: any ImageDataset, seed: UInt64) {
    self.base = base
    var labels: [Split: [Int]] = [:]
    for split in [Split.train, .validation] {
      var permuted = (0..<base.count(of: split)).map { base.label(at: $0, of: split) }
      var stream = RandomStream(seed: seed, purpose: "random labels/\(split.rawValue)")
      stream.shuffle(&permuted)
      labels[split] = permuted
    }
    self.labels = labels
  }

  /// The name of the data set.
  public var name: String { base.name }
  /// The classes of the data set.
  public var classes: [ClassLabel] { base.classes }
  /// The digest of the data set as it is stored.
  public var digest: String { base.digest }
  /// The number of rows of every image.
  public var height: Int { base.height }
  /// The number of columns of every image.
  public var width: Int { base.width }

  /// The digest of the images of a split as they are stored.
  /// - Parameter split: The split.
  /// - Returns: 64 hexadecimal digits.
  public func digest(of split: Split) -> String { base.digest(of: split) }

  /// The number of images in a split.
  /// - Parameter split: The split.
  /// - Returns: The number.
  public func count(of split: Split) -> Int { base.count(of: split) }

  /// What is known about an image, with its permuted label and its true boxes.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  /// - Returns: Name, label and boxes.
  public func sample(at index: Int, of split: Split) -> Sample {
    var sample = base.sample(at: index, of: split)
    sample.label = label(at: index, of: split)
    return sample
  }

  /// The permuted class of an image.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  /// - Returns: An index into `classes`.
  public func label(at index: Int, of split: Split) -> Int {
    labels[split]?[index] ?? base.label(at: index, of: split)
  }

  /// The name of an image.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  /// - Returns: The file's name.
  public func name(at index: Int, of split: Split) -> String { base.name(at: index, of: split) }

  /// Reads the pixels of an image.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  ///   - pixels: Receives `height * width * 3` bytes.
  /// - Throws: `DatasetFailure` if the image cannot be read.
  public func readPixels(
    at index: Int, of split: Split, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) throws(DatasetFailure) {
    try base.readPixels(at: index, of: split, into: pixels)
  }
}
