public import XAIDatasets
public import XAIImages
package import XAITensor

/// Pictures in the size that the networks take, each read when it is needed.
public struct PictureList: Sendable {
  /// The number of pictures.
  public let count: Int
  /// Names the pictures by their content; empty where nobody asks.
  package let identity: String
  private let read: @Sendable (Int) throws -> RGBImage

  /// Takes what reads pictures.
  /// - Parameters:
  ///   - count: The number of pictures.
  ///   - identity: Names them by their content, where finished work is to be known again.
  ///   - read: Receives a picture's place; returns the picture. Several threads may call.
  public init(
    count: Int, identity: String = "", _ read: @escaping @Sendable (Int) throws -> RGBImage
  ) {
    (self.count, self.identity, self.read) = (count, identity, read)
  }

  /// Takes pictures that are in memory.
  /// - Parameter pictures: The pictures, all of one size.
  public init(_ pictures: [RGBImage]) { self.init(count: pictures.count) { pictures[$0] } }

  /// Takes images of a data set.
  /// - Parameters:
  ///   - dataset: The data set.
  ///   - split: The split.
  ///   - indices: The images' numbers in the split, in the order of the list.
  public init(_ dataset: any ImageDataset, _ split: Split, _ indices: [Int]) {
    self.init(
      count: indices.count,
      identity:
        "\(dataset.digest) \(split.rawValue) \(indices.map(String.init).joined(separator: " "))"
    ) { try dataset.picture(at: indices[$0], of: split) }
  }

  /// One picture.
  /// - Parameter index: Its place.
  /// - Returns: The picture.
  /// - Throws: What reading throws.
  public func picture(at index: Int) throws -> RGBImage { try read(index) }

  /// Pictures as a network takes them.
  /// - Parameters:
  ///   - indices: Their places.
  ///   - preprocessing: How they are normalized.
  /// - Returns: `[n, 3, H, W]`.
  /// - Throws: What reading throws.
  package func normalized(
    _ indices: some Collection<Int>, by preprocessing: Preprocessing
  ) throws -> Tensor {
    let pictures = try indices.map(read)
    let count = 3 * preprocessing.height * preprocessing.width
    return Tensor(
      shape: [pictures.count, 3, preprocessing.height, preprocessing.width]
    ) { target in
      for (index, picture) in pictures.enumerated() {
        picture.pixels.withUnsafeBufferPointer {
          preprocessing.apply(
            $0,
            into: UnsafeMutableBufferPointer(
              rebasing: target[index * count..<(index + 1) * count]))
        }
      }
    }
  }
}

extension ImageDataset {
  /// Reads an image.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  /// - Returns: The picture.
  /// - Throws: `DatasetFailure` where it cannot be read.
  package func picture(at index: Int, of split: Split) throws(DatasetFailure) -> RGBImage {
    var picture = RGBImage(height: height, width: width, repeating: (0, 0, 0))
    try picture.pixels.withUnsafeMutableBufferPointer { (pixels) throws(DatasetFailure) in
      try readPixels(at: index, of: split, into: pixels)
    }
    return picture
  }
}

extension RGBImage {
  /// A digest of the pixels, by which two pictures are told apart.
  package var digest: UInt64 {
    // FNV-1a of the bytes.
    pixels.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
