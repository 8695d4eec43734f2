/// Labelled RGB images of one size in three splits.
///
/// A data set knows its images' labels and boxes when it is opened; pixels are read on demand.
/// Images are numbered from 0 within each split, in an order that never changes.
public protocol ImageDataset: Sendable {
  /// What the data set is called, for reports: `tiny-imagenet-200`.
  var name: String { get }

  /// The classes; a label is an index into them.
  var classes: [ClassLabel] { get }

  /// Tells data sets apart: SHA-256 over the ids of the classes and the names and labels of all images,
  /// as 64 hexadecimal digits; where images are files, over their lengths in bytes, too.
  ///
  /// It depends neither on the folder's name or place nor on which of a folder's training images are held
  /// back to validate. Images of a folder of their own that validate are a list of their own.
  var digest: String { get }

  /// Tells the images of a split apart: SHA-256 over their names, labels and sizes, as 64 hexadecimal digits.
  /// - Parameter split: The split.
  /// - Returns: The digest, which depends on which images validate.
  func digest(of split: Split) -> String

  /// The number of rows of every image.
  var height: Int { get }

  /// The number of columns of every image.
  var width: Int { get }

  /// The number of images in a split.
  /// - Parameter split: The split.
  /// - Returns: The number, which may be 0.
  func count(of split: Split) -> Int

  /// What is known about an image besides its pixels.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  /// - Returns: Name, label and boxes.
  func sample(at index: Int, of split: Split) -> Sample

  /// The class of an image, without the cost of naming it.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  /// - Returns: An index into `classes`.
  func label(at index: Int, of split: Split) -> Int

  /// The name of an image, without the cost of its boxes.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  /// - Returns: The file's name.
  func name(at index: Int, of split: Split) -> String

  /// Reads the pixels of an image; several threads may do so at once.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  ///   - pixels: Receives `height * width * 3` bytes: row by row, each pixel red, green, blue.
  /// - Throws: `DatasetFailure` if the image cannot be read.
  func readPixels(
    at index: Int, of split: Split, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) throws(DatasetFailure)
}

extension ImageDataset {
  /// The number of bytes of an image.
  public var bytesPerImage: Int { height * width * 3 }

  /// The class of an image.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  /// - Returns: An index into `classes`.
  public func label(at index: Int, of split: Split) -> Int {
    sample(at: index, of: split).label
  }

  /// The name of an image.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  /// - Returns: The file's name.
  public func name(at index: Int, of split: Split) -> String {
    sample(at: index, of: split).name
  }
}
