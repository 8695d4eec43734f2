import XAITensor

/// How an image is cut into the segments that perturbation methods switch on and off.
public struct Segmentation: Sendable, Equatable, Codable {
  /// Ways to cut.
  public enum Procedure: String, Sendable, Codable {
    /// Superpixels (Achanta et al. 2012).
    case slic
    /// Rectangles of equal size.
    case grid
    /// A map from a file.
    case map
  }

  /// The way to cut.
  public var procedure: Procedure
  /// About how many superpixels `slic` makes.
  public var segments: Int
  /// How much `slic` prefers compact superpixels to uniform colour, in units of Lab.
  public var compactness: Double
  /// Rows and columns of `grid`.
  public var grid: PixelExtent
  /// Integers `[H, W]`, 0 ..< M without a gap, for `map`.
  public var map: TensorReference?

  /// Describes a segmentation.
  /// - Parameters:
  ///   - procedure: The way to cut.
  ///   - segments: About how many superpixels `slic` makes.
  ///   - compactness: How much `slic` prefers compact superpixels.
  ///   - grid: Rows and columns of `grid`.
  ///   - map: The segments for `map`.
  public init(
    _ procedure: Procedure = .slic, segments: Int = 64, compactness: Double = 10,
    grid: PixelExtent = PixelExtent(8, 8), map: TensorReference? = nil
  ) {
    (self.procedure, self.segments, self.compactness) = (procedure, segments, compactness)
    (self.grid, self.map) = (grid, map)
  }

  /// Decodes an object in which every key may be missing, or a procedure alone, or a map alone.
  ///
  /// Where there is a map, the procedure is `map`.
  /// - Parameter decoder: Holds the object, such as `{"segments": 30}`, or `"grid"`, or `"FILE:NAME"`.
  /// - Throws: Where a key has another type.
  public init(from decoder: any Decoder) throws {
    if let word = try? decoder.singleValueContainer().decode(String.self) {
      if let procedure = Procedure(rawValue: word) {
        self.init(procedure)
      } else {
        self.init(.map, map: try TensorReference(word))
      }
      return
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let map = try container.decodeIfPresent(TensorReference.self, forKey: .map)
    let defaults = Segmentation()
    let procedure = try container.decodeIfPresent(Procedure.self, forKey: .procedure)
    self.init(
      map == nil ? procedure ?? defaults.procedure : .map,
      segments: try container.decodeIfPresent(Int.self, forKey: .segments) ?? defaults.segments,
      compactness: try container.decodeIfPresent(Double.self, forKey: .compactness)
        ?? defaults.compactness,
      grid: try container.decodeIfPresent(PixelExtent.self, forKey: .grid) ?? defaults.grid,
      map: map)
  }

  /// Cuts one image of a request.
  /// - Parameters:
  ///   - image: Its position in the request.
  ///   - request: The images; `pixels` decide where there are any, else the normalised image scaled
  ///     to [0, 1].
  /// - Returns: Its segments.
  /// - Throws: `AttributionFailure` where that is not possible, `FileFailure`.
  public func segments(of image: Int, in request: AttributionRequest) throws -> SegmentMap {
    if let map = try fixedMap(for: request) { return map }
    let pixels = request.pixels?.row(image) ?? request.images.row(image).scaledToUnitRange
    return SLIC(segments: segments, compactness: compactness).segments(of: pixels)
  }

  /// The segments of every image of a request, where they are the same.
  /// - Parameter request: The images.
  /// - Returns: The segments; nothing where they depend on the image.
  /// - Throws: As `segments(of:in:)`.
  func fixedMap(for request: AttributionRequest) throws -> SegmentMap? {
    let (height, width) = (request.images.shape[2], request.images.shape[3])
    switch procedure {
    case .slic:
      guard 1...mostSamples ~= segments, compactness > 0, compactness <= 1e6 else {
        throw AttributionFailure(
          .usage,
          "slic cannot make \(segments) segments of compactness \(compactness); both "
            + "must be positive and at most a million")
      }
      return nil
    case .grid: return try SegmentMap(grid: grid, height: height, width: width)
    case .map:
      guard let map else {
        throw AttributionFailure(
          .usage, "segmentation 'map' names no tensor; add \"map\": \"FILE.safetensors:NAME\"")
      }
      let (labels, shape) = try map.integers()
      guard shape == [height, width] else {
        throw AttributionFailure(
          .usage,
          "the segment map \(map.name) in \(map.path) has the shape \(shape), expected "
            + "[\(height), \(width)] as the images")
      }
      return try SegmentMap(labels: labels, height: height, width: width)
    }
  }

  /// About how many segments there will be.
  var expectedCount: Int {
    switch procedure {
    case .slic: segments
    case .grid: grid.height.multipliedReportingOverflow(by: grid.width).partialValue
    case .map: ((try? map?.integers().values.max()) ?? 0) + 1
    }
  }
}

extension Tensor {
  /// The values shifted and scaled so that the smallest is 0 and the largest 1.
  fileprivate var scaledToUnitRange: Tensor {
    let (low, high) = withUnsafeElements { ($0.min() ?? 0, $0.max() ?? 0) }
    return high > low ? map { ($0 - low) / (high - low) } : map { _ in 0 }
  }
}
