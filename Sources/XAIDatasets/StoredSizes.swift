import XAIImages
import XAITensor

/// The sizes that the images of a data set have where they are kept.
public struct StoredSizes: Sendable, Equatable {
  /// The fewest and the most rows.
  public private(set) var heights: ClosedRange<Int>
  /// The fewest and the most columns.
  public private(set) var widths: ClosedRange<Int>

  /// The size of an image.
  /// - Parameters:
  ///   - height: Its rows.
  ///   - width: Its columns.
  public init(height: Int, width: Int) {
    (heights, widths) = (height...height, width...width)
  }

  /// Whether all images have the same size.
  public var isOne: Bool { heights.count == 1 && widths.count == 1 }

  /// Adds the size of another image.
  /// - Parameters:
  ///   - height: Its rows.
  ///   - width: Its columns.
  public mutating func add(height: Int, width: Int) {
    heights = min(heights.lowerBound, height)...max(heights.upperBound, height)
    widths = min(widths.lowerBound, width)...max(widths.upperBound, width)
  }
}

extension StoredSizes: CustomStringConvertible {
  /// `64 rows and 48 to 60 columns`.
  public var description: String {
    func words(_ range: ClosedRange<Int>) -> String {
      range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    }
    return "\(words(heights)) rows and \(words(widths)) columns"
  }
}

extension FolderDataset {
  /// The sizes of the images in a folder, from the headers of their files.
  /// - Parameters:
  ///   - path: The folder.
  ///   - skipCorrupt: Whether links to nothing are left out instead of being a failure.
  /// - Returns: The sizes; nothing where no image says its own.
  /// - Throws: `DatasetFailure` where something is missing or cannot be understood.
  static func storedSizes(
    _ path: String, skipCorrupt: Bool
  ) throws(DatasetFailure) -> StoredSizes? {
    let listing = try FolderListing(root: path, skipsUnreachable: skipCorrupt)
    try listing.requireImages()
    let root = RawName(path)
    var sizes: StoredSizes?
    for image in listing.images.indices {
      // What cannot be read is told, or left out, when the images are opened.
      guard let bytes = try? root.appending(listing.images.rawPath(image)).content(),
        let extents = DecodedImage.storedExtents(bytes)
      else { continue }
      if sizes == nil { sizes = StoredSizes(height: extents.height, width: extents.width) }
      sizes?.add(height: extents.height, width: extents.width)
    }
    return sizes
  }
}
