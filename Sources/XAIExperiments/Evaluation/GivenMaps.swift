public import XAIMetrics
public import XAITensor

/// Maps that were made elsewhere, and are judged beside those of our methods.
public struct GivenMaps: Sendable {
  /// Their name in tables.
  public let name: String
  /// One for each image.
  public let maps: [RelevanceMap]
  /// Maps of the neighbors of each image; nil where they are not known.
  public let neighbors: [[RelevanceMap]]?

  /// Takes maps.
  /// - Parameters:
  ///   - name: Their name in tables.
  ///   - maps: `[N, H, W]`, or `[N, C, H, W]` of one or more channels, which are summed.
  ///   - neighbors: The same for the neighbors of each image: `[N, D, H, W]` or `[N, D, C, H, W]`.
  ///   - images: The shape of the images, `[N, C, H, W]`.
  ///   - source: Where they are from, for messages.
  /// - Throws: `ExperimentFailure` where their number or size is another one; `MetricFailure` where one holds NaN
  ///   or infinity.
  public init(
    _ name: String, _ maps: Tensor, neighbors: Tensor? = nil, of images: [Int], source: String
  ) throws {
    self.name = name
    self.maps = try Self.maps(maps, leading: [images[0]], images, name, source)
    self.neighbors = try neighbors.map { tensor in
      let draws = tensor.shape.count > 1 ? tensor.shape[1] : 0
      let all = try Self.maps(
        tensor, leading: [images[0], draws], images, "\(name), neighbors", source)
      return (0..<images[0]).map { Array(all[$0 * draws..<($0 + 1) * draws]) }
    }
  }

  private static func maps(
    _ tensor: Tensor, leading: [Int], _ images: [Int], _ name: String, _ source: String
  ) throws -> [RelevanceMap] {
    let (height, width) = (images[2], images[3])
    let count = leading.reduce(1, *)
    let rest = Array(tensor.shape.dropFirst(leading.count))
    guard Array(tensor.shape.prefix(leading.count)) == leading, count > 0,
      rest.suffix(2).elementsEqual([height, width]), 2...3 ~= rest.count
    else {
      let words = leading.map { "\($0)" }.joined(separator: ", ")
      throw ExperimentFailure(
        .tensorShape(
          .maps, source: source, found: tensor.shape,
          expected: "[\(words), \(height), \(width)] or [\(words), C, \(height), \(width)]"))
    }
    let each = [rest.count == 3 ? rest[0] : 1, height, width]
    let flat = tensor.reshaped(to: [count] + each)
    return try (0..<count).map { index in
      let words = leading.count == 1 ? "image \(index + 1)" : "row \(index + 1)"
      return try RelevanceMap(
        summingChannelsOf: flat.row(index).reshaped(to: each), source: "\(name), \(words)")
    }
  }
}

/// Normalized images that were made elsewhere, and what is known about them.
public struct JudgedTensors: Sendable {
  /// `[N, C, H, W]`.
  public var images: RawAttribution.Source
  /// A class for each, or one for all.
  public var targets: [Int]
  /// `[N, C, H, W]` or `[1, C, H, W]`: what methods compare with, and what stands in the place of what is removed.
  public var baselines: RawAttribution.Source?
  /// `[N, H, W]`: where it is not 0, the object is.
  public var masks: RawAttribution.Source?
  /// `[N, 4]`: x0 y0 x1 y1, both ends inclusive.
  public var boxes: RawAttribution.Source?

  /// Names images and classes.
  /// - Parameters:
  ///   - images: `[N, C, H, W]`.
  ///   - targets: A class for each, or one for all.
  public init(_ images: RawAttribution.Source, targets: [Int]) {
    (self.images, self.targets) = (images, targets)
  }
}
