public import XAINetworks
import XAITensor

/// Regions in the order in which their pixels are worth most.
///
/// Source: Kapishnikov et al. 2019, XRAI: Better Attributions Through Regions. Integrated gradients in the mean over a
/// black and a white baseline, summed over channels; superpixels of several sizes, each larger by a pixel; the region
/// whose new pixels have the largest mean is added first, and its pixels carry that mean.
///
/// - Note: Deviation: regions are this toolkit's superpixels (SLIC), not those of Felzenszwalb and Huttenlocher.
public struct XRAI: AttributionMethod {
  /// Points on each line of the integrated gradients.
  public var steps: Int
  /// About how many superpixels each segmentation has.
  public var segments: [Int]
  /// How many pixels a region is larger than its superpixel, each way.
  public var dilation: Int
  /// Regions that add fewer pixels are dropped.
  public var least: Int

  /// Describes the method.
  /// - Parameters:
  ///   - steps: Points on each line of the integrated gradients.
  ///   - segments: About how many superpixels each segmentation has.
  ///   - dilation: How many pixels a region is larger than its superpixel, each way.
  ///   - least: Regions that add fewer pixels are dropped: 20 for 64 x 64 pixels.
  public init(
    steps: Int = 100, segments: [Int] = [16, 32, 64, 128], dilation: Int = 1, least: Int = 20
  ) {
    (self.steps, self.segments) = (steps, segments)
    (self.dilation, self.least) = (dilation, least)
  }

  /// Numbers must be possible.
  public func prepared(for request: AttributionRequest, on network: Network) throws -> Self {
    try request.validate(for: network)
    _ = try QuadratureRule.gaussLegendre.nodes(steps)
    guard 1...16 ~= segments.count, segments.allSatisfy({ 1...mostSamples ~= $0 }),
      0...64 ~= dilation, 1...mostSamples ~= least
    else {
      throw AttributionFailure(
        .usage,
        "xrai cannot work with segmentations of \(segments) superpixels, larger by \(dilation) pixels, of which "
          + "those with fewer than \(least) are dropped; use positive numbers, and at most 16 segmentations"
      )
    }
    return self
  }

  /// Two lines of integrated gradients.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    AttributionCost(walks: Double(request.count) * 2 * (2 * Double(steps) + 2))
  }

  /// Computes maps `[N, 1, H, W]`.
  public func attribute(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution {
    try request.validate(for: network)
    _ = try prepared(for: request, on: network.network)
    let gradients = IntegratedGradients(steps: steps)
    var sums: [[Double]] = (0..<request.count).map { _ in
      Array(repeating: 0, count: request.extent.height * request.extent.width)
    }
    for end in ends(of: request) {
      var request = request
      request.baselines = .one(end)
      let maps = try gradients.attribute(request, on: network, in: context).maps
      for image in sums.indices {
        for (index, value) in maps.doubles(ofRow: image).enumerated() {
          sums[image][index % sums[image].count] += value / 2
        }
      }
    }
    let maps = try (0..<request.count).map { image in
      if context.isStopped() { throw AttributionStopped() }
      let ranking = RegionRanking(
        sums[image], regions: try regions(of: image, in: request), least: least)
      let extent = Array(request.images.shape.dropFirst(2))
      return Tensor(shape: [1, 1] + extent, ranking.map.map { Float($0) })
    }
    return Attribution(maps: Tensor(stacking: maps))
  }

  /// Black and white; where it is not known what they are, the least and the most of each channel of an image.
  private func ends(of request: AttributionRequest) -> [Tensor] {
    if let bounds = request.bounds {
      return [bounds.low, bounds.high].map {
        $0.rows(at: Array(repeating: 0, count: request.count))
      }
    }
    let images = request.images
    let plane = request.extent.height * request.extent.width
    return [true, false].map { isLow in
      Tensor(
        shape: images.shape,
        stride(from: 0, to: images.count, by: plane).flatMap { first -> [Float] in
          let part = images.elements[first..<first + plane]
          return Array(repeating: (isLow ? part.min() : part.max()) ?? 0, count: plane)
        })
    }
  }

  private func regions(of image: Int, in request: AttributionRequest) throws -> [[Bool]] {
    let (height, width) = request.extent
    return try segments.flatMap { count -> [[Bool]] in
      // More superpixels than pixels there cannot be.
      let map = try Segmentation(.slic, segments: min(count, height * width))
        .segments(of: image, in: request)
      return (0..<map.count).map { label in
        RegionRanking.dilated(
          map.labels.map { $0 == label }, by: dilation, height: height, width: width)
      }
    }
  }
}

/// Regions in the order of the mean attribution of the pixels that they add.
public struct RegionRanking: Sendable, Equatable {
  /// Regions in the order they are added.
  public let order: [Int]
  /// The gain of the region that added a pixel; the mean of the rest for pixels that none added.
  public let map: [Double]

  /// Ranks regions.
  /// - Parameters:
  ///   - attribution: One value for each pixel.
  ///   - regions: Overlapping sets of pixels.
  ///   - least: Regions that add fewer are dropped.
  public init(_ attribution: [Double], regions: [[Bool]], least: Int) {
    var isTaken = Array(repeating: false, count: attribution.count)
    var (order, map) = ([Int](), attribution)
    var left = Array(regions.indices)
    while !left.isEmpty {
      var best: (region: Int, gain: Double)?
      left.removeAll { region in
        let added = regions[region].indices.filter { regions[region][$0] && !isTaken[$0] }
        guard added.count >= max(least, 1) else { return true }
        let gain = added.reduce(0.0) { $0 + attribution[$1] } / Double(added.count)
        if best.map({ gain > $0.gain }) ?? true { best = (region, gain) }
        return false
      }
      guard let best else { break }
      for pixel in regions[best.region].indices
      where regions[best.region][pixel] && !isTaken[pixel] {
        isTaken[pixel] = true
        map[pixel] = best.gain
      }
      order.append(best.region)
      left.removeAll { $0 == best.region }
    }
    let rest = isTaken.indices.filter { !isTaken[$0] }
    let mean = rest.reduce(0.0) { $0 + attribution[$1] } / Double(max(rest.count, 1))
    for pixel in rest { map[pixel] = mean }
    (self.order, self.map) = (order, map)
  }

  /// A set of pixels and those around it.
  static func dilated(_ region: [Bool], by radius: Int, height: Int, width: Int) -> [Bool] {
    guard radius > 0 else { return region }
    var result = region
    for pixel in region.indices where region[pixel] {
      for row in max(0, pixel / width - radius)...min(height - 1, pixel / width + radius) {
        for column in max(0, pixel % width - radius)...min(width - 1, pixel % width + radius) {
          result[row * width + column] = true
        }
      }
    }
    return result
  }
}
