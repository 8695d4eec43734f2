import XAIImages
import XAITensor

/// A data set in the layout of Tiny ImageNet (Stanford CS231n), with any number of classes and
/// images.
///
/// | file | content |
/// |---|---|
/// | `wnids.txt` | one class per line, in the order of the labels |
/// | `words.txt` | wnid, tab, names separated by commas |
/// | `train/WNID/images/` | the training images of a class |
/// | `train/WNID/WNID_boxes.txt` | file name and x0 y0 x1 y1 of their objects; may be missing |
/// | `val/images/` | the labelled validation images, our test split |
/// | `val/val_annotations.txt` | file name, wnid and x0 y0 x1 y1 of their objects |
///
/// The images of `train` are divided into the splits train and validation.
public struct TinyImageNet: ImageDataset {
  /// How the data set is read.
  public typealias Options = DatasetOptions

  /// The name of the folder.
  public let name: String
  /// The classes in the order of `wnids.txt`.
  public let classes: [ClassLabel]
  /// The number of rows of every image.
  public let height: Int
  /// The number of columns of every image.
  public let width: Int
  /// The files that were left out because they cannot be read, relative to the folder.
  public let skipped: [String]
  /// What was done about the cache.
  public let cacheReport: CacheReport

  private let layout: TinyImageNetLayout
  private let decoder: ImageDecoder
  private let cache: PixelCache?
  /// The images of each split, as numbers of `layout.images`.
  private let members: [Split: [Int]]

  /// Opens a data set, decoding its images unless a valid cache of them is found.
  /// - Parameters:
  ///   - path: The folder that holds `wnids.txt`.
  ///   - options: How it is read.
  ///   - progress: Told on other threads how many of how many images are decoded.
  /// - Throws: `DatasetFailure` if a file is missing or cannot be understood, or if the cache
  ///   cannot be written.
  public init(
    path: String, options: Options = Options(),
    progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
  ) throws(DatasetFailure) {
    let fitting = options.fitting
    precondition(fitting.height > 0 && fitting.width > 0, "images without pixels")
    guard 0 <= options.validationFraction, options.validationFraction < 1 else {
      throw DatasetFailure(
        .usage,
        "the validation fraction \(options.validationFraction) is impossible; "
          + "give a number from 0 to below 1")
    }
    let root = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    layout = try TinyImageNetLayout(root: root)
    name = root.split(separator: "/").last.map(String.init) ?? root
    classes = layout.classes
    (height, width) = (fitting.height, fitting.width)
    decoder = ImageDecoder(root: root, fitting: fitting)
    let pass = DecodingPass(
      images: layout.images, decoder: decoder, threads: options.threads,
      goesOnWhenUnreadable: options.skipCorrupt, progress: progress)
    var unreadable: Set<Int> = []
    try options.cache.requireFree()
    let candidates = options.cache.candidates(root: root, fitting: fitting)
    if candidates.isEmpty {
      cache = nil
      cacheReport = CacheReport()
      if options.skipCorrupt { unreadable = try pass.unreadable() }
    } else {
      let opened = try PixelCache.openOrBuild(candidates, by: pass)
      (cache, cacheReport) = (opened.cache, opened.report)
      unreadable = Set(
        layout.images.indices.filter { opened.cache.extent($0) == .unreadable })
    }
    if !options.skipCorrupt, let first = unreadable.min() {
      // The cache was made by a run that skips: decode again for the reason.
      throw decoder.failure(of: layout.images.path(first))
    }
    skipped = unreadable.sorted().map { [layout] in layout.images.path($0) }
    // Divided before the unreadable ones are left out, so that they move no other image.
    let split = StratifiedSplit(
      layout.training, classes: classes, fraction: options.validationFraction,
      seed: options.splitSeed)
    members = [
      .train: split.train, .validation: split.validation, .test: Array(layout.test),
    ].mapValues { $0.filter { !unreadable.contains($0) } }
  }

  /// SHA-256 over the ids of the classes and the names, labels and lengths of all images.
  public var digest: String {
    var digest = DatasetDigest(classes: classes)
    for (list, range) in [("train", 0..<layout.test.lowerBound), ("test", layout.test)] {
      let labels = layout.labels[range].map { Int($0) }
      digest.append(list, labels: labels, classes: classes.count) { [images = layout.images] in
        (images.name(range.lowerBound + $0), images.sizes[range.lowerBound + $0])
      }
    }
    return digest.value
  }

  /// The number of images in a split.
  /// - Parameter split: The split.
  /// - Returns: The number of images that can be read.
  public func count(of split: Split) -> Int { members[split]?.count ?? 0 }

  /// What is known about an image besides its pixels.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  /// - Returns: The file's name, its label, and its boxes in pixels after resizing.
  public func sample(at index: Int, of split: Split) -> Sample {
    let image = number(index, split)
    let boxes = layout.boxes(of: image)
    var sample = Sample(name: layout.images.name(image), label: Int(layout.labels[image]))
    guard !boxes.isEmpty else { return sample }
    let size = ImageExtent(height: height, width: width)
    let extent = cache?.extent(image) ?? decoder.extent(of: layout.images.path(image)) ?? size
    sample.boxes = boxes.compactMap { annotated in
      annotated.box.fitted(from: extent, by: decoder.fitting)
        .map { LabelledBox(label: Int(annotated.label), box: $0) }
    }
    return sample
  }

  /// The name of an image, without the cost of its boxes.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  /// - Returns: The file's name.
  public func name(at index: Int, of split: Split) -> String {
    layout.images.name(number(index, split))
  }

  /// The class of an image, without the cost of naming it.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  /// - Returns: An index into `classes`.
  public func label(at index: Int, of split: Split) -> Int {
    Int(layout.labels[number(index, split)])
  }

  /// Reads the pixels of an image; several threads may do so at once.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  ///   - pixels: Receives `height * width * 3` bytes: row by row, each pixel red, green, blue.
  /// - Throws: `DatasetFailure` if the image cannot be read.
  public func readPixels(
    at index: Int, of split: Split, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) throws(DatasetFailure) {
    precondition(pixels.count == bytesPerImage, "\(pixels.count) bytes cannot hold an image")
    let image = number(index, split)
    if let cache, cache.read(image, into: pixels) { return }
    // Without a cache, or where the cache is spoilt, the file itself is the truth.
    _ = try decoder.decode(layout.images.path(image), into: pixels)
  }

  private func number(_ index: Int, _ split: Split) -> Int {
    precondition(0..<count(of: split) ~= index, "there is no image \(index) in \(split)")
    return members[split]?[index] ?? 0
  }
}
