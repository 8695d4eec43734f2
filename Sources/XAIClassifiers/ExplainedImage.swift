public import XAIDatasets
public import XAIImages
public import XAINetworks
public import XAITensor

/// An image that is explained.
public struct ExplainedImage: Sendable {
  /// Its name, such as `val_0.JPEG`.
  public let name: String
  /// Where it is from: a path, or a data set.
  public let source: String
  /// The picture in the size that the network takes.
  public let picture: RGBImage
  /// The index of its true class among the network's, where that is known.
  public let label: Int?
  /// Names its random streams: made from its pixels, so that draws depend on nothing else.
  public let key: Int

  /// Describes an image.
  /// - Parameters:
  ///   - name: Its name.
  ///   - source: Where it is from.
  ///   - picture: The picture in the size that the network takes.
  ///   - label: The index of its true class.
  public init(name: String, source: String, picture: RGBImage, label: Int? = nil) {
    (self.name, self.source, self.picture, self.label) = (name, source, picture, label)
    // FNV-1a of the bytes.
    let hash = picture.pixels.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
    key = Int(truncatingIfNeeded: hash >> 1)
  }

  /// The key in hexadecimal: for files, whose readers may know no whole numbers of 64 bits.
  package var keyText: String { String(UInt64(bitPattern: Int64(key)), radix: 16) }

  /// Normalises images.
  /// - Parameters:
  ///   - images: The images.
  ///   - preprocessing: How.
  /// - Returns: `[N, 3, H, W]`.
  public static func normalised(_ images: [ExplainedImage], _ preprocessing: Preprocessing)
    -> Tensor
  {
    let count = 3 * preprocessing.height * preprocessing.width
    return Tensor(shape: [images.count, 3, preprocessing.height, preprocessing.width]) { target in
      for (index, image) in images.enumerated() {
        image.picture.pixels.withUnsafeBufferPointer { pixels in
          let row = UnsafeMutableBufferPointer(
            rebasing: target[index * count..<(index + 1) * count])
          preprocessing.apply(pixels, into: row)
        }
      }
    }
  }
}

extension ExplainedImage {
  /// Images as people see them.
  /// - Parameter images: The images, all of one size.
  /// - Returns: `[N, 3, H, W]` in [0, 1].
  public static func pixels(_ images: [ExplainedImage]) -> Tensor {
    let (height, width) = (images.first?.picture.height ?? 0, images.first?.picture.width ?? 0)
    let plane = height * width
    return Tensor(shape: [images.count, 3, height, width]) { target in
      for (index, image) in images.enumerated() {
        for (position, byte) in image.picture.pixels.enumerated() {
          target[(3 * index + position % 3) * plane + position / 3] = Float(byte) / 255
        }
      }
    }
  }
}

extension ExplainedImage {
  /// Reads files, and the JPEG and PNG files in folders and all folders below, in the order of their names.
  /// - Parameters:
  ///   - paths: Files and folders.
  ///   - fitting: How a picture of any size becomes what the network takes.
  ///   - skipCorrupt: Whether links to nothing and files that are no whole image are left out instead of
  ///     being a failure.
  ///   - tell: Receives what was left out, and which files are faulty without losing a pixel.
  /// - Returns: The images.
  /// - Throws: `DatasetFailure` where a file cannot be read or a folder holds no image.
  public static func read(
    _ paths: [String], _ fitting: ImageFitting, skipCorrupt: Bool = false,
    tell: (String) -> Void
  ) throws(DatasetFailure) -> [ExplainedImage] {
    try PictureFiles.read(paths, fitting: fitting, skipCorrupt: skipCorrupt, tell: tell)
      .map { ExplainedImage(name: $0.file.name, source: $0.file.path, picture: $0.image) }
  }

  /// Takes test images of a data set.
  /// - Parameters:
  ///   - samples: How many, from the first; or names, separated by commas.
  ///   - dataset: The data set.
  ///   - checkpoint: Says which class of the network is which of the data set.
  /// - Returns: The images, labelled where the network knows their class.
  /// - Throws: `DatasetFailure` where there is no such image.
  public static func take(
    _ samples: String, of dataset: any ImageDataset, for checkpoint: Checkpoint
  ) throws(DatasetFailure) -> [ExplainedImage] {
    let labels = LabelMapping(checkpoint, dataset)
    let count = dataset.count(of: .test)
    if let number = Int(samples) {
      guard 1...max(count, 1) ~= number, count > 0 else {
        throw DatasetFailure(
          .usage,
          "\(samples): expected a number from 1 to \(count), the test images of \(dataset.name)",
          code: .sampleCount)
      }
      return try (0..<number).map { (index) throws(DatasetFailure) in
        try image(at: index, of: dataset, labels)
      }
    }
    var positions: [String: Int] = [:]
    for index in 0..<count { positions[dataset.name(at: index, of: .test)] = index }
    let wanted = SampleNames.split(samples) { positions[$0] != nil }
    guard !wanted.isEmpty else {
      throw DatasetFailure(
        .usage, "'\(samples)' names no image; give a number or names", code: .noSample)
    }
    return try wanted.map { (name) throws(DatasetFailure) in
      guard let index = positions[name] else {
        throw DatasetFailure(
          .missingInput,
          "\(dataset.name) has no test image '\(name)'; names are such as "
            + "'\(count > 0 ? dataset.name(at: 0, of: .test) : "")'", code: .unknownSample)
      }
      return try image(at: index, of: dataset, labels)
    }
  }

  /// One test image of a data set.
  package static func image(
    at index: Int, of dataset: any ImageDataset, _ labels: LabelMapping
  ) throws(DatasetFailure) -> ExplainedImage {
    var pixels = [UInt8](repeating: 0, count: dataset.bytesPerImage)
    try pixels.withUnsafeMutableBufferPointer { (buffer) throws(DatasetFailure) in
      try dataset.readPixels(at: index, of: .test, into: buffer)
    }
    return ExplainedImage(
      name: dataset.name(at: index, of: .test), source: dataset.name,
      picture: RGBImage(height: dataset.height, width: dataset.width, pixels: pixels),
      label: labels.logit(of: dataset.label(at: index, of: .test)))
  }
}
