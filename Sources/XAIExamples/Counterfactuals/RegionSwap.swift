import XAIKernels
public import XAIAttribution
import XAINetworks
import XAIRepresentations
public import XAITensor
#if canImport(Glibc)
  import Glibc
#endif

/// The fewest cells of an image's features that, replaced by cells of another image, change the answer.
///
/// Source: Goyal et al. 2019, Counterfactual Visual Explanations.
/// Greedy: of all pairs of a cell of the image and one of the other image that are not used yet, the swap with the
/// highest log-probability of the goal. The first step is exhaustive, so that one and two swaps are proved minimal.
/// A cell is not a place: what it sees may be larger than the image, so a change is asked of pixels as well.
public struct RegionSwap {
  /// The most swaps.
  public var mostSwaps: Int?
  /// The weight of `ln softmax_j(cos(q_i, d_j) / 0.1)`: cells that look alike.
  ///
  /// Source: Vandenhende et al. 2022.
  public var consistency = 0.0
  /// The layer whose cells are swapped.
  public let layer: String
  /// Rows and columns of cells.
  public let grid: (rows: Int, columns: Int)
  private let outputs: LayerOutputs
  private let rest: LayerContinuation
  private let reader: ClassReader

  /// Prepares to swap.
  /// - Parameters:
  ///   - layer: The node whose output is swapped; where it is nil, the last one that has maps: before they become
  ///     features of dense layers.
  ///   - network: The network.
  /// - Throws: `RepresentationFailure` where there is no such node, `ExampleFailure` where it has no maps.
  public init(at layer: String? = nil, of network: ExplainedNetwork) throws {
    let maps = network.network.nodes.last { $0.outputShape.count == 3 }
    guard let name = layer ?? maps?.name else {
      throw ExampleFailure(.missing("layer of maps whose cells could be swapped"))
    }
    outputs = try LayerOutputs([name], of: network)
    rest = try LayerContinuation(after: name, of: network)
    let shape = outputs.shapes[name] ?? []
    guard shape.count == 3 else {
      throw ExampleFailure(
        .shape(of: "the layer \(name)", found: shape, expected: "[channels, rows, columns]"))
    }
    (self.layer, grid) = (name, (shape[1], shape[2]))
    reader = ClassReader(network, algorithm: .direct)
  }

  /// What was swapped.
  public struct Result: Sendable {
    /// The class that the other image is predicted as, or the one that was asked for.
    public let goal: Int
    /// Cells of the image and of the other one, in the order of the swaps.
    public let swaps: [(cell: Int, from: Int)]
    /// The probability of the goal after every swap.
    public let probabilities: [Double]
    /// Whether the goal is predicted in the end.
    public let reached: Bool
    /// Whether fewer swaps were proved not to suffice.
    public var isMinimal: Bool { reached && swaps.count <= 2 }
  }

  /// Swaps.
  /// - Parameters:
  ///   - image: `[1, C, H, W]`, normalized.
  ///   - other: `[1, C, H, W]`: the image whose cells are taken.
  ///   - goal: The class that is wanted; the predicted one of the other image where it is nil.
  /// - Returns: The swaps.
  /// - Throws: Where shapes do not fit or a kernel fails.
  public func search(_ image: Tensor, with other: Tensor, goal: Int? = nil) throws -> Result {
    try reader.requireImages(image, "the image")
    try reader.requireImages(other, "the other image")
    if let goal { try reader.requireClass(goal) }
    guard let features = try outputs.all(of: Tensor(stacking: [image, other]))[layer] else {
      throw ExampleFailure(.missing("output of \(layer)"))
    }
    let goal = try goal ?? rest.logits(from: features.row(1)).logits(0).indexOfLargest
    var cells = CellSwaps(features, likeness: likeness(features))
    var (swaps, probabilities) = ([(cell: Int, from: Int)](), [Double]())
    var reached = try rest.logits(from: features.row(0)).logits(0).indexOfLargest == goal
    while !reached, swaps.count < mostSwaps ?? cells.count, !cells.pairs.isEmpty {
      let logits = try rest.logits(from: cells.candidates)
      var best: (index: Int, value: Double, logits: [Double])?
      for (index, pair) in cells.pairs.enumerated() {
        let values = logits.logits(index)
        let value = -values.crossEntropy(goal) + cells.likeness(pair)
        if best.map({ value > $0.value }) ?? true { best = (index, value, values) }
      }
      guard let best else { break }
      swaps.append(cells.swap(best.index))
      probabilities.append(best.logits.softmax[goal])
      reached = best.logits.indexOfLargest == goal
    }
    return Result(goal: goal, swaps: swaps, probabilities: probabilities, reached: reached)
  }

  /// Whether the goal is predicted as well where the pixels of the cells are pasted.
  /// - Parameters:
  ///   - result: The swaps.
  ///   - image: `[1, C, H, W]`.
  ///   - other: The other image.
  /// - Returns: The pasted image, and whether the goal is predicted.
  /// - Throws: Where a kernel fails.
  public func pixelCheck(
    _ result: Result, _ image: Tensor, with other: Tensor
  ) throws -> (picture: Tensor, reached: Bool) {
    let (height, width) = (image.shape[2], image.shape[3])
    var picture = image
    func range(_ index: Int, _ count: Int, _ extent: Int) -> Range<Int> {
      index * extent / count..<(index + 1) * extent / count
    }
    for swap in result.swaps {
      let rows = range(swap.cell / grid.columns, grid.rows, height)
      let columns = range(swap.cell % grid.columns, grid.columns, width)
      let sourceRows = range(swap.from / grid.columns, grid.rows, height)
      let sourceColumns = range(swap.from % grid.columns, grid.columns, width)
      for channel in 0..<image.shape[1] {
        for (y, row) in rows.enumerated() {
          for (x, column) in columns.enumerated() {
            // Cells of images that are no multiple of the grid differ by a pixel.
            let source = (
              min(sourceRows.lowerBound + y, height - 1),
              min(sourceColumns.lowerBound + x, width - 1)
            )
            picture[0, channel, row, column] = other[0, channel, source.0, source.1]
          }
        }
      }
    }
    let logits = try reader.logits(of: picture).logits(0)
    return (picture, logits.indexOfLargest == result.goal)
  }

  /// `w ln softmax_j(cos(q_i, d_j) / 0.1)` for each pair of cells, nothing where the weight is 0.
  private func likeness(_ features: Tensor) -> [[Double]] {
    guard consistency > 0 else { return [] }
    let count = grid.rows * grid.columns
    let elements = features.elements.map(Double.init)
    let size = elements.count / 2
    func cell(_ index: Int, of image: Int) -> [Double] {
      stride(from: image * size + index, to: (image + 1) * size, by: count).map { elements[$0] }
    }
    let others = (0..<count).map { cell($0, of: 1) }
    return (0..<count).map { index in
      let own = cell(index, of: 0)
      let cosines = others.map { cosine(own, $0) / 0.1 }
      return (0..<count).map { -consistency * cosines.crossEntropy($0) }
    }
  }
}

/// The cells of an image's features that are not swapped yet.
private struct CellSwaps {
  private var features: [Float]
  private let other: [Float]
  private let shape: [Int]
  private let likenesses: [[Double]]
  private var own: [Int]
  private var others: [Int]

  var count: Int { shape[1] * shape[2] }
  /// Every pair that is left.
  private(set) var pairs: [(cell: Int, from: Int)] = []

  init(_ features: Tensor, likeness: [[Double]]) {
    shape = Array(features.shape.dropFirst())
    self.features = features.row(0).elements
    other = features.row(1).elements
    likenesses = likeness
    own = Array(0..<shape[1] * shape[2])
    others = own
    renew()
  }

  private mutating func renew() {
    pairs = own.flatMap { cell in others.map { (cell, $0) } }
  }

  func likeness(_ pair: (cell: Int, from: Int)) -> Double {
    likenesses.isEmpty ? 0 : likenesses[pair.cell][pair.from]
  }

  /// The features after each of the swaps that are left.
  var candidates: Tensor {
    let size = features.count
    return Tensor(shape: [pairs.count] + shape) { target in
      for (row, pair) in pairs.enumerated() {
        for index in 0..<size { target[row * size + index] = features[index] }
        for channel in 0..<shape[0] {
          target[row * size + channel * count + pair.cell] = other[channel * count + pair.from]
        }
      }
    }
  }

  mutating func swap(_ index: Int) -> (cell: Int, from: Int) {
    let pair = pairs[index]
    for channel in 0..<shape[0] {
      features[channel * count + pair.cell] = other[channel * count + pair.from]
    }
    own.removeAll { $0 == pair.cell }
    others.removeAll { $0 == pair.from }
    renew()
    return pair
  }
}

/// The cosine of the angle between two vectors; 0 where one of them is 0.
func cosine(_ left: [Double], _ right: [Double]) -> Double {
  let (product, squares) = zip(left, right).reduce((0.0, (0.0, 0.0))) { sums, pair in
    (
      sums.0 + pair.0 * pair.1,
      (sums.1.0 + pair.0 * pair.0, sums.1.1 + pair.1 * pair.1)
    )
  }
  let length = (squares.0 * squares.1).squareRoot()
  return length > 0 ? product / length : 0
}
