public import XAITensor

/// Performance information curves: how much of the answer comes back for how much information, as the most
/// relevant pixels are shown.
///
/// Source: Kapishnikov et al. 2019.
///
/// The softmax information curve (SIC) has the probability on its y axis, the accuracy information curve (AIC)
/// whether the class of the image is named; x is the coded length between that of the first pixels alone and
/// that of the image. Higher areas are better.
///
/// At 64 x 64 half of the pixels, shown at random, often take **more** bytes than the image: x is then clipped
/// to 1 and the measure loses meaning; see `clippedShare`.
/// - Note: Deviation: PAIR interpolates by triangles and keeps four corners, measures WebP, takes images of a
///   probability of 0.8 alone, and raises where we say `nil`.
public struct InformationCurves: Sendable, Equatable {
  /// The shares of the pixels that are shown.
  public static let defaultShares = [
    0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.07, 0.1, 0.13, 0.21, 0.34, 0.5, 0.75,
  ]

  /// Bytes: of what is shown from the start alone, of each share, of the image.
  public let lengths: [Double]
  /// The area under the softmax information curve, in [0, 1]; `nil` where the first pixels take as many bytes
  /// as the image, or are as convincing.
  public let softmaxArea: Double?
  /// The area under the accuracy information curve; `nil` likewise.
  public let accuracyArea: Double?
  /// The share of points whose length lies outside of that of the ends.
  public let clippedShare: Double?

  /// Draws the curves from what is known of the images.
  /// - Parameters:
  ///   - lengths: Bytes of the start, of each share, of the image.
  ///   - logits: What the network says of each of them.
  ///   - target: The class.
  public init(lengths: [Double], logits: [[Float]], target: Int) {
    precondition(lengths.count == logits.count && lengths.count >= 2, "\(lengths.count) lengths")
    self.lengths = lengths
    let last = lengths.count - 1
    let probabilities = logits.map { TargetValue($0, of: target).probability }
    let bytes = lengths[last] - lengths[0]
    let rise = probabilities[last] - probabilities[0]
    guard bytes > 0, rise > 0 else {
      (softmaxArea, accuracyArea, clippedShare) = (nil, nil, nil)
      return
    }
    let shown = 1..<last
    let places = shown.map { (lengths[$0] - lengths[0]) / bytes }
    let predictions = logits.map(JudgedNetwork.prediction)
    softmaxArea = Self.area(
      places, shown.map { min(max((probabilities[$0] - probabilities[0]) / rise, 0), 1) })
    accuracyArea = Self.area(places, shown.map { predictions[$0] == predictions[last] ? 1 : 0 })
    clippedShare =
      places.isEmpty ? nil : Double(places.count { !(0...1 ~= $0) }) / Double(places.count)
  }

  /// The trapezoid area of the running maximum, from (0, 0) to (1, 1).
  private static func area(_ places: [Double], _ heights: [Double]) -> Double {
    var points = [0.0: 0.0, 1.0: 1.0]
    var highest = 0.0
    for (place, height) in zip(places, heights) {
      highest = max(highest, height)
      let place = min(max(place, 0), 1)
      points[place] = max(points[place] ?? 0, highest)
    }
    let sorted = points.sorted { $0.key < $1.key }
    return zip(sorted, sorted.dropFirst()).reduce(0) { area, step in
      area + (step.1.key - step.0.key) * (step.0.value + step.1.value) / 2
    }
  }

  /// The curves of several orders of one image; what is not shown is imputed linearly, without noise.
  /// - Parameters:
  ///   - orders: Pixels, most relevant first.
  ///   - shares: The shares of the pixels that are shown.
  ///   - shown: What is shown from the start.
  ///   - code: How values become pixels.
  ///   - image: `[C, H, W]`.
  ///   - target: The class.
  ///   - network: The network.
  /// - Returns: One for each order.
  /// - Throws: What the network throws, or `AttributionStopped`.
  public static func curves(
    of orders: [PixelOrder], shares: [Double] = defaultShares, shown: PixelMask, _ code: PixelCode,
    image: Tensor, target: Int, _ network: JudgedNetwork
  ) throws -> [InformationCurves] {
    let (height, width) = (image.shape[1], image.shape[2])
    let fill = ImputationFill()
    var images: [[Double]] = []
    func add(_ visible: PixelMask) {
      images.append(fill.values(image, without: visible.complement))
    }
    add(shown)
    for order in orders {
      for share in shares {
        var visible = shown
        for pixel in order.pixels.prefix(share, of: shown.count) { visible.insert(pixel) }
        add(visible)
      }
    }
    images.append(image.elements.map(Double.init))
    let lengths = images.map { CodedLength.bytes(code.pixels($0), height: height, width: width) }
    let logits = try network.logits(count: images.count) { index, target in
      for (element, value) in images[index].enumerated() {
        target.initializeElement(at: element, to: Float(value))
      }
    }
    return orders.indices.map { order in
      let own = 1 + order * shares.count..<1 + (order + 1) * shares.count
      func all<Value>(_ values: [Value]) -> [Value] {
        [values[0]] + values[own] + [values[values.count - 1]]
      }
      return InformationCurves(lengths: all(lengths), logits: all(logits), target: target)
    }
  }
}
