import XAIImages
import XAITensor

/// A data set of image files in the folders of their classes.
public struct FolderDataset: ImageDataset {
  /// The name of the folder.
  public let name: String
  /// The classes in the order of the labels.
  public var classes: [ClassLabel] { listing.classes }
  /// The number of rows of every image.
  public var height: Int { decoder.fitting.height }
  /// The number of columns of every image.
  public var width: Int { decoder.fitting.width }
  /// What people should know about how it was opened.
  public let report: OpeningReport

  private let listing: FolderListing
  private let decoder: ImageDecoder
  private let cache: PixelCache?
  /// The images of each split, as numbers of `listing.images`.
  private let members: [Split: [Int]]

  /// Opens a data set, decoding its images unless a valid cache of them is found.
  /// - Parameters:
  ///   - path: The folder.
  ///   - options: How it is read.
  ///   - progress: Told on other threads how many of how many images are decoded.
  /// - Throws: `DatasetFailure` if a file is missing or cannot be understood, or if the cache
  ///   cannot be written.
  public init(
    path: String, options: DatasetOptions = DatasetOptions(),
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
    name = root.split(separator: "/").last.map(String.init) ?? root
    listing = try FolderListing(root: root, skipsUnreachable: options.skipCorrupt)
    try listing.requireImages()
    decoder = ImageDecoder(root: root, fitting: fitting, notes: ReadingNotes(options.tell))
    let pass = DecodingPass(
      images: listing.images, decoder: decoder, threads: options.threads,
      goesOnWhenUnreadable: options.skipCorrupt, progress: progress)
    var report = OpeningReport()
    let unreadable: Set<Int>
    (cache, report.cache, unreadable) = try Self.decode(pass, root: root, options)
    let images = listing.images
    report.skipped = unreadable.sorted().map { images.path($0) } + listing.leftOut.unreachable
    report.notes = listing.notes
    report.warnings = listing.warnings + [decoder.notes.summary()].compactMap(\.self)
    self.report = report
    members = Self.divide(listing, options).mapValues {
      $0.filter { !unreadable.contains($0) }
    }
  }

  /// Finds or makes the cache, and learns which images cannot be read.
  private static func decode(
    _ pass: DecodingPass, root: String, _ options: DatasetOptions
  ) throws(DatasetFailure) -> (PixelCache?, CacheReport, Set<Int>) {
    try options.cache.requireFree()
    let candidates = options.cache.candidates(root: root, fitting: options.fitting)
    guard !candidates.isEmpty else {
      return (nil, CacheReport(), options.skipCorrupt ? try pass.unreadable() : [])
    }
    let (cache, report) = try PixelCache.openOrBuild(candidates, by: pass)
    let unreadable = pass.images.indices.filter { cache.extent($0) == .unreadable }
    if !options.skipCorrupt, let first = unreadable.first,
      let failure = pass.decoder.failure(of: pass.images.rawPath(first))
    {
      // The cache was made by a run that skips: decoded again for the reason.
      throw failure
    }
    return (cache, report, Set(unreadable))
  }

  /// Divides before unreadable images are left out, so that they move no other image.
  private static func divide(_ listing: FolderListing, _ options: DatasetOptions) -> [Split: [Int]]
  {
    guard listing.validation.isEmpty else {
      return [
        .train: listing.training.flatMap(Array.init), .validation: Array(listing.validation),
        .test: Array(listing.test),
      ]
    }
    let split = StratifiedSplit(
      listing.training, classes: listing.classes, fraction: options.validationFraction,
      seed: options.splitSeed)
    return [
      .train: split.train, .validation: split.validation, .test: Array(listing.test),
    ]
  }

  /// SHA-256 over the ids of the classes and the names, labels and lengths of all images.
  public var digest: String {
    var digest = DatasetDigest(classes: classes)
    let trained = 0..<(listing.training.last?.upperBound ?? 0)
    for (list, range) in [
      ("train", trained), ("validation", listing.validation), ("test", listing.test),
    ] {
      let labels = listing.labels[range].map { Int($0) }
      digest.append(list, labels: labels, classes: classes.count) { [listing] in
        (listing.name(range.lowerBound + $0), listing.images.sizes[range.lowerBound + $0])
      }
    }
    return digest.value
  }

  /// SHA-256 over the names, labels and lengths of the images of a split.
  /// - Parameter split: The split.
  /// - Returns: 64 hexadecimal digits; images that cannot be read do not count.
  public func digest(of split: Split) -> String {
    var digest = DatasetDigest(classes: [])
    let images = members[split] ?? []
    let labels = images.map { Int(listing.labels[$0]) }
    digest.append(split.rawValue, labels: labels, classes: classes.count) { [listing] in
      (listing.name(images[$0]), listing.images.sizes[images[$0]])
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
    let boxes = listing.boxes(of: image)
    var sample = Sample(name: listing.name(image), label: Int(listing.labels[image]))
    guard !boxes.isEmpty else { return sample }
    let size = ImageExtent(height: height, width: width)
    let extent =
      cache?.extent(image) ?? decoder.extent(of: listing.images.rawPath(image)) ?? size
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
  /// - Returns: The file's name, after those of its folders where the split has several of this name.
  public func name(at index: Int, of split: Split) -> String {
    listing.name(number(index, split))
  }

  /// The class of an image, without the cost of naming it.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  /// - Returns: An index into `classes`.
  public func label(at index: Int, of split: Split) -> Int {
    Int(listing.labels[number(index, split)])
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
    _ = try decoder.decode(image, of: listing.images, into: pixels)
  }

  private func number(_ index: Int, _ split: Split) -> Int {
    precondition(0..<count(of: split) ~= index, "there is no image \(index) in \(split)")
    return members[split]?[index] ?? 0
  }
}
