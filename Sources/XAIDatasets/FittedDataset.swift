public import XAIImages

/// A data set whose images have another size than the one it makes them in.
public struct FittedDataset: ImageDataset {
  private let base: any ImageDataset
  private let fitting: ImageFitting

  /// Fits every image of a data set.
  /// - Parameters:
  ///   - base: The data set.
  ///   - fitting: Which size, and how it comes about.
  public init(_ base: any ImageDataset, _ fitting: ImageFitting) {
    (self.base, self.fitting) = (base, fitting)
  }

  /// The name of the data set.
  public var name: String { base.name }
  /// The classes of the data set.
  public var classes: [ClassLabel] { base.classes }
  /// The digest of the data set as it is stored.
  public var digest: String { base.digest }
  /// The number of rows of every image.
  public var height: Int { fitting.height }
  /// The number of columns of every image.
  public var width: Int { fitting.width }

  /// The digest of the images of a split as they are stored.
  /// - Parameter split: The split.
  /// - Returns: 64 hexadecimal digits.
  public func digest(of split: Split) -> String { base.digest(of: split) }

  /// The number of images in a split.
  /// - Parameter split: The split.
  /// - Returns: The number.
  public func count(of split: Split) -> Int { base.count(of: split) }

  /// What is known about an image; its boxes follow its pixels.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  /// - Returns: Name, label and boxes.
  public func sample(at index: Int, of split: Split) -> Sample {
    var sample = base.sample(at: index, of: split)
    let extent = ImageExtent(height: base.height, width: base.width)
    sample.boxes = sample.boxes.compactMap { labelled in
      labelled.box.fitted(from: extent, by: fitting)
        .map { LabelledBox(label: labelled.label, box: $0) }
    }
    return sample
  }

  /// The class of an image.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  /// - Returns: An index into `classes`.
  public func label(at index: Int, of split: Split) -> Int { base.label(at: index, of: split) }

  /// The name of an image.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  /// - Returns: The file's name.
  public func name(at index: Int, of split: Split) -> String { base.name(at: index, of: split) }

  /// Reads the pixels of an image and fits them.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  ///   - pixels: Receives `height * width * 3` bytes.
  /// - Throws: `DatasetFailure` if the image cannot be read.
  public func readPixels(
    at index: Int, of split: Split, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) throws(DatasetFailure) {
    precondition(pixels.count == bytesPerImage, "\(pixels.count) bytes do not hold one image")
    var image = RGBImage(height: base.height, width: base.width, repeating: (0, 0, 0))
    try image.pixels.withUnsafeMutableBufferPointer { (buffer) throws(DatasetFailure) in
      try base.readPixels(at: index, of: split, into: buffer)
    }
    image.fitted(fitting).pixels.withUnsafeBytes {
      UnsafeMutableRawBufferPointer(pixels).copyMemory(from: $0)
    }
  }
}
