/// Where maps say that objects are: `results.json`.
///
/// Nothing in it depends on when or how fast it was computed: the same call gives the same bytes.
public struct SegmentResults: Codable, Sendable {
  /// What kind of file this is.
  public static let schema = "swift-xai/segmentation"
  /// Rises when a reader of older files would go wrong.
  public static let schemaVersion = 1

  /// What kind of file this is.
  public var schema = Self.schema
  /// The version of the file's layout.
  public var schemaVersion = Self.schemaVersion
  /// The version of the toolkit.
  public var version: String
  /// The network.
  public var networks: [StudiedNetwork]
  /// What decides random maps and random weights.
  public var seed: UInt64
  /// How images are cut.
  public var cut: SegmentCut
  /// The images.
  public var images: [SegmentImage]
  /// A row for each image and each way to find its object.
  public var rows: [SegmentRow]
  /// What the rows of each way come to.
  public var summaries: [SegmentSummary]
  /// What a reader must know besides.
  public var notes: [String]

  enum CodingKeys: String, CodingKey {
    case schema
    case schemaVersion = "schema_version"
    case version, networks, seed, cut, images, rows, summaries, notes
  }
}

/// How images are cut.
public struct SegmentCut: Codable, Sendable, Equatable {
  /// The share of pixels that the front's colors are learned from.
  public var front: Double
  /// The share of pixels that the background's colors are learned from.
  public var background: Double
  /// What a link between two pixels of equal colors costs.
  public var smoothness: Double
}

/// An image, and what is known of its object.
public struct SegmentImage: Codable, Sendable, Equatable {
  /// The image.
  public var image: StudiedImage
  /// The class that maps are about.
  public var target: StudiedClass
  /// xMin, yMin, xMax, yMax of the object, or of several; nil where nobody says where it is.
  public var boxes: [[Int]]?
  /// Whether the object's exact mask is known.
  public var hasMask: Bool

  enum CodingKeys: String, CodingKey {
    case image, target, boxes
    case hasMask = "has_mask"
  }
}

/// A way to find objects.
public enum SegmentWay: String, Codable, Sendable, CaseIterable {
  /// A method's map of the network.
  case method
  /// The same method's map of the network with a random dense head.
  case randomHead = "random-head"
  /// Something that looks at no network.
  case reference
}

/// What one way says of one image.
public struct SegmentRow: Codable, Sendable, Equatable {
  /// The position of the image.
  public var image: Int
  /// The method, or the reference.
  public var name: String
  /// Which network the map is of.
  public var way: SegmentWay
  /// xMin, yMin, xMax, yMax of the largest part; nil where there is none, which is a miss.
  public var box: [Int]?
  /// The share of the image that the largest part takes.
  public var area: Double
  /// Intersection over union with the object's box; nil where that is not known.
  public var boxIoU: Double?
  /// Intersection over union with the object's exact mask; nil where that is not known.
  public var maskIoU: Double?
  /// Of a random head: intersection over union with what the trained network's map gave; nil where both are empty.
  public var stayed: Double?

  enum CodingKeys: String, CodingKey {
    case image, name, way, box, area
    case boxIoU = "box_iou"
    case maskIoU = "mask_iou"
    case stayed
  }
}

/// What one way says of all images.
public struct SegmentSummary: Codable, Sendable, Equatable {
  /// The method, or the reference.
  public var name: String
  /// Which network the maps are of.
  public var way: SegmentWay
  /// The images whose object's place is known.
  public var images: Int
  /// The mean IoU with boxes; a miss counts 0.
  public var boxIoU: Double?
  /// The standard error of this mean.
  public var boxError: Double?
  /// The share of images with an IoU of at least one half.
  public var found: Double?
  /// The mean IoU with exact masks.
  public var maskIoU: Double?
  /// The standard error of this mean.
  public var maskError: Double?
  /// Images without any part.
  public var misses: Int
  /// Of a random head: the mean IoU with what the trained network's maps gave.
  public var stayed: Double?

  enum CodingKeys: String, CodingKey {
    case name, way, images
    case boxIoU = "box_iou"
    case boxError = "box_error"
    case found
    case maskIoU = "mask_iou"
    case maskError = "mask_error"
    case misses, stayed
  }

  /// Sums up rows.
  /// - Parameters:
  ///   - name: The method, or the reference.
  ///   - way: Which network the maps are of.
  ///   - rows: One for each image.
  init(_ name: String, _ way: SegmentWay, _ rows: [SegmentRow]) {
    (self.name, self.way) = (name, way)
    let boxes = rows.compactMap(\.boxIoU)
    images = boxes.count
    (boxIoU, boxError) = boxes.meanWithError
    found = boxes.isEmpty ? nil : Double(boxes.count { $0 >= 0.5 }) / Double(boxes.count)
    (maskIoU, maskError) = rows.compactMap(\.maskIoU).meanWithError
    misses = rows.count { $0.box == nil }
    stayed = rows.compactMap(\.stayed).meanWithError.mean
  }
}

extension [Double] {
  /// The mean, and its standard error where there are at least two numbers.
  var meanWithError: (mean: Double?, error: Double?) {
    guard !isEmpty else { return (nil, nil) }
    let mean = reduce(0, +) / Double(count)
    guard count > 1 else { return (mean, nil) }
    let squares = reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(count - 1) / Double(count)).squareRoot())
  }
}
