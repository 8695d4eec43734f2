public import XAIAttribution

/// An image divided into parts that go as wholes: cells, or segments.
///
/// Parts are ordered by **mean** relevance and drawn over the share of pixels, so that with unequal parts a
/// large one has no advantage by its size: what a greedy removal needs is relevance per pixel.
public struct ImageParts: Sendable, Equatable {
  /// The part of each pixel.
  public let map: SegmentMap
  /// The pixels of each part, in row-major order.
  public let members: [[Int]]

  /// Takes a division.
  /// - Parameter map: The part of each pixel.
  public init(_ map: SegmentMap) {
    self.map = map
    var members = Array(repeating: [Int](), count: map.count)
    for (pixel, part) in map.labels.enumerated() { members[part].append(pixel) }
    self.members = members
  }

  /// Squares from the top left; those at the right and at the bottom may be smaller.
  /// - Parameters:
  ///   - side: The side of a square; the page's default is 8.
  ///   - height: Rows of the image.
  ///   - width: Columns of the image.
  /// - Throws: `EvaluationFailure` where there is no such square.
  public init(squaresOf side: Int = 8, height: Int, width: Int) throws(EvaluationFailure) {
    guard side > 0, height > 0, width > 0 else {
      throw EvaluationFailure(
        .parameter("\(side)", expected: "a whole number of at least 1"), of: "the side of a cell")
    }
    let columns = (width + side - 1) / side
    try self.init(
      labels: (0..<height * width).map { $0 / width / side * columns + $0 % width / side },
      height: height, width: width, subject: "the division into cells")
  }

  /// Rows and columns of cells whose sides differ by a pixel at most: the cell of the pixel (y, x) is
  /// `(y rows / H) columns + x columns / W` in whole numbers.
  /// - Parameters:
  ///   - rows: Rows of cells; the page's default is 3.
  ///   - columns: Columns of cells.
  ///   - height: Rows of the image.
  ///   - width: Columns of the image.
  /// - Throws: `EvaluationFailure` where there are more cells than pixels.
  public init(
    rows: Int = 3, columns: Int = 3, height: Int, width: Int
  ) throws(EvaluationFailure) {
    guard 1...max(height, 1) ~= rows, 1...max(width, 1) ~= columns else {
      throw EvaluationFailure(
        .parameter("\(rows) x \(columns)", expected: "at most \(height) x \(width)"),
        of: "the grid of cells")
    }
    try self.init(
      labels: (0..<height * width).map {
        $0 / width * rows / height * columns + $0 % width * columns / width
      }, height: height, width: width, subject: "the grid of cells")
  }

  /// Takes labels.
  /// - Parameters:
  ///   - labels: The part of each pixel, `0 ..< count` without a gap.
  ///   - height: Rows of the image.
  ///   - width: Columns of the image.
  ///   - subject: What they are, for messages.
  /// - Throws: `EvaluationFailure` where there are not as many as pixels or a part has no pixel.
  public init(
    labels: [Int], height: Int, width: Int, subject: String
  ) throws(EvaluationFailure) {
    guard labels.count == height * width else {
      throw EvaluationFailure(
        .shape([labels.count], expected: "[\(height), \(width)]"), of: subject)
    }
    do {
      self.init(try SegmentMap(labels: labels, height: height, width: width))
    } catch {
      throw EvaluationFailure(
        .parameter(
          error.description, expected: "a part for each pixel, numbered from 0 without a gap"),
        of: subject)
    }
  }

  /// The number of parts.
  public var count: Int { members.count }

  /// The number of pixels.
  public var pixelCount: Int { map.labels.count }

  /// Each part's share of the pixels.
  public var shares: [Double] { members.map { Double($0.count) / Double(pixelCount) } }

  /// The pixels of a part.
  /// - Parameter part: Its index.
  /// - Returns: The set.
  public func mask(_ part: Int) -> PixelMask { PixelMask(members[part], count: pixelCount) }

  /// The sum of a map over each part: what contributions of the parts are, as they add up.
  /// - Parameter values: One for each pixel.
  /// - Returns: One for each part.
  public func sums(_ values: [Double]) -> [Double] {
    members.map { $0.reduce(0) { $0 + values[$1] } }
  }

  /// The parts by mean relevance, greatest first; equal ones by the least tie rank of their pixels.
  /// - Parameters:
  ///   - values: One for each pixel.
  ///   - ties: The tie rank of each pixel.
  /// - Returns: Indices of parts.
  public func order(of values: [Double], ties: [Int]) -> [Int] {
    let means = zip(sums(values), members).map { $0 / Double($1.count) }
    let ranks = members.map { $0.reduce(Int.max) { min($0, ties[$1]) } }
    return PixelOrder(of: means, ties: ranks).pixels
  }
}
