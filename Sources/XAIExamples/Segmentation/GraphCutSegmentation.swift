public import XAIRepresentations
import XAITensor
#if canImport(Glibc)
  import Glibc
#endif

/// Where the object is, from a map and the colors under its largest and smallest values (Simonyan, Vedaldi and
/// Zisserman 2013, section 3.2).
///
/// - Note: Deviation: colors are counted in a histogram, not fitted by a Gaussian mixture, whose start would be
///   chance; capacities are whole multiples of a grain, so that every machine cuts alike.
public struct GraphCutSegmentation: Sendable {
  /// The share of pixels that the front's colors are learned from; rounded up.
  public var frontShare = 0.05
  /// The share of pixels that the background's colors are learned from; rounded down.
  public var behindShare = 0.3
  /// Bins of each channel; a byte's first bits name them.
  public var bins = 8
  /// What is added to every bin.
  public var pseudocount = 0.1
  /// What a link costs where colors are equal.
  public var smoothness = 8.0
  /// Parts of 1 that capacities are whole numbers of.
  public var grain = 4096

  /// The numbers of the semantics.
  public init() {}

  /// What was found in an image.
  public struct Result: Sendable, Equatable {
    /// Pixels that the front's colors are learned from, most salient first.
    public let front: [Int]
    /// Those of the background, ascending.
    public let behind: [Int]
    /// -ln P of each pixel as front, then as background.
    public let unary: [[Double]]
    /// How fast links lose their cost with the difference of colors; 0 in a uniform image.
    public let beta: Double
    /// Whether a pixel is front.
    public let isFront: [Bool]
    /// The value of the cut.
    public let value: Int
    /// Whether a pixel is in the largest part of the front, of 4 neighbors.
    public let part: [Bool]
    /// xMin, yMin, xMax, yMax of this part, both corners in it; nil where it is empty.
    public let box: [Int]?
  }

  /// Cuts an image.
  /// - Parameters:
  ///   - saliency: `[H, W]`: a value for each pixel.
  ///   - picture: One image.
  /// - Returns: What was found.
  /// - Throws: `ExampleFailure` where they do not fit.
  public func segment(
    _ saliency: [Double], _ picture: PixelImages
  ) throws(ExampleFailure) -> Result {
    let (height, width) = (picture.height, picture.width)
    let count = height * width
    guard saliency.count == count, picture.count == 1 else {
      throw ExampleFailure(
        .shape(
          of: "the map", found: [saliency.count],
          expected: "[\(height), \(width)], of one image"))
    }
    guard saliency.allSatisfy({ !$0.isNaN }) else { throw ExampleFailure(.notFinite("the map")) }
    guard 0...1 ~= frontShare, 0...1 ~= behindShare, 1...256 ~= bins, pseudocount > 0,
      smoothness >= 0, 1...1 << 20 ~= grain
    else {
      throw ExampleFailure(
        .value(
          of: "a parameter of the graph cut", found: "\(self)",
          expected: "shares from 0 to 1, 1 to 256 bins, a positive count, a cost of at least 0"))
    }
    let order = (0..<count).sorted { (-saliency[$0], $0) < (-saliency[$1], $1) }
    // Shares of a count are whole where they look so, whatever the last digit of the product says.
    let front = Array(order.prefix(Int((frontShare * Double(count) - 1e-9).rounded(.up))))
    let behind = order.suffix(Int((behindShare * Double(count) + 1e-9).rounded(.down))).sorted()
    let colors = Colors(picture, bins: bins)
    let unary = [front, behind].map { costs(colors, learnedFrom: $0) }
    let pairs = PixelPairs(height: height, width: width).pairs
    let differences = pairs.map { colors.squaredDifference($0.first, $0.second) }
    let mean = differences.reduce(0, +) / Double(max(differences.count, 1))
    let beta = mean > 0 ? 1 / (2 * mean) : 0
    let links = zip(pairs, differences).map { pair, difference in
      MaximumFlow.Link(
        pair.first, pair.second,
        whole(smoothness * exp(-beta * difference) / pair.distance))
    }
    let flow = try MaximumFlow(
      source: unary[1].map(whole), sink: unary[0].map(whole), links: links)
    let part = LargestPart.of(flow.isFront, height: height, width: width)
    return Result(
      front: front, behind: behind, unary: unary, beta: beta, isFront: flow.isFront,
      value: flow.value, part: part, box: LargestPart.box(of: part, width: width))
  }

  private func whole(_ cost: Double) -> Int {
    Int((cost * Double(grain)).rounded(.toNearestOrEven))
  }

  private func costs(_ colors: Colors, learnedFrom pixels: [Int]) -> [Double] {
    var counts: [Int: Double] = [:]
    for pixel in pixels { counts[colors.bin(pixel), default: 0] += 1 }
    let sum = Double(pixels.count) + pseudocount * colors.binCount
    return (0..<colors.count).map {
      -log((counts[colors.bin($0), default: 0] + pseudocount) / sum)
    }
  }
}

/// The colors of a picture, by pixel.
private struct Colors {
  private let picture: PixelImages
  private let bins: Int
  let count: Int
  let binCount: Double

  init(_ picture: PixelImages, bins: Int) {
    (self.picture, self.bins) = (picture, bins)
    count = picture.height * picture.width
    binCount = pow(Double(bins), Double(picture.channels))
  }

  func bin(_ pixel: Int) -> Int {
    (0..<picture.channels).reduce(0) { index, channel in
      index &* bins &+ Int(picture.bytes[pixel * picture.channels + channel]) * bins / 256
    }
  }

  func squaredDifference(_ first: Int, _ second: Int) -> Double {
    (0..<picture.channels).reduce(0.0) { sum, channel in
      let difference =
        Double(picture.bytes[first * picture.channels + channel])
        - Double(picture.bytes[second * picture.channels + channel])
      return sum + difference * difference
    }
  }
}

/// Pairs of neighboring pixels, each once: 8 neighbors.
private struct PixelPairs {
  let pairs: [(first: Int, second: Int, distance: Double)]

  init(height: Int, width: Int) {
    var pairs: [(first: Int, second: Int, distance: Double)] = []
    for row in 0..<height {
      for column in 0..<width {
        for (down, right) in [(0, 1), (1, -1), (1, 0), (1, 1)] {
          guard row + down < height, 0..<width ~= column + right else { continue }
          let distance = down != 0 && right != 0 ? 2.0.squareRoot() : 1
          pairs.append(
            (row * width + column, (row + down) * width + column + right, distance))
        }
      }
    }
    self.pairs = pairs
  }
}
