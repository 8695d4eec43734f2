public import XAIAttribution
public import XAIKernels
import XAINetworks
public import XAITensor

/// Steps of proximal gradient towards a goal at least distance (Wachter, Mittelstadt and Russell 2017).
///
///     x <- x0 + S(x - eta lambda grad l - x0, eta / MAD), clipped to what pixels can be
///
/// S is the soft threshold `sign(v) max(|v| - t, 0)`: entries that are not worth their price stay exactly 0, which
/// subgradient methods never reach. The iterate is kept in Double.
public struct ProximalDescent {
  /// What is to become 0.
  public var loss = GoalLoss.margin(kappa: 0.5)
  /// eta.
  public var rate = 0.01
  /// What a unit of change costs, by entry: `[C, H, W]`, positive; the inverse of it is the price.
  public let deviation: [Double]
  /// The least and the most that an entry can be, `[C, H, W]` each.
  public let bounds: (low: [Double], high: [Double])
  private let gradients: InputGradients
  private let shape: [Int]

  /// Prepares to descend.
  /// - Parameters:
  ///   - deviation: MAD of each entry, `[C, H, W]`, positive.
  ///   - bounds: Black and white, `[C, H, W]` each.
  ///   - network: The network.
  ///   - algorithm: How convolutions sum.
  /// - Throws: `ExampleFailure` where they do not fit the network's images.
  public init(
    deviation: [Double], bounds: (low: [Double], high: [Double]), on network: ExplainedNetwork,
    algorithm: ConvolutionAlgorithm = .fastest
  ) throws(ExampleFailure) {
    shape = network.network.architecture.input
    let size = shape.reduce(1, *)
    for (values, name) in [
      (deviation, "deviations"), (bounds.low, "bounds"), (bounds.high, "bounds"),
    ]
    where values.count != size {
      throw ExampleFailure(
        .shape(of: "the \(name) of pixels", found: [values.count], expected: "\(shape)"))
    }
    if let value = deviation.first(where: { !($0 > 0) || !$0.isFinite }) {
      throw ExampleFailure(
        .value(of: "a deviation", found: "\(value)", expected: "a positive number"))
    }
    (self.deviation, self.bounds) = (deviation, bounds)
    gradients = InputGradients(network, algorithm: algorithm)
  }

  /// What an iterate is worth.
  public struct Point: Sendable {
    /// `[C, H, W]`.
    public let values: [Double]
    /// Its logits.
    public let logits: [Double]
    /// `sum |x' - x| / MAD`.
    public let distance: Double
    /// The share of pixels with an entry that differs.
    public let share: Double
  }

  /// Descends.
  /// - Parameters:
  ///   - image: `[1, C, H, W]`: where it starts, and what distance is from.
  ///   - goal: The class that is wanted.
  ///   - weight: lambda.
  ///   - steps: How many.
  ///   - observe: Receives the number of steps taken, and the point.
  /// - Throws: What the closure throws, or where a kernel fails.
  public func run(
    from image: Tensor, goal: Int, weight: Double, steps: Int,
    observe: (Int, Point) throws -> Void
  ) throws {
    let start = image.elements.map(Double.init)
    var values = start
    for step in 0...max(steps, 0) {
      let found = try gradients.gradients(at: tensor(values)) { _, logits in
        loss.slope(logits, goal: goal)
      }
      try observe(step, point(values, from: start, found.logits.logits(0)))
      guard step < steps else { return }
      found.gradients.withUnsafeElements { gradient in
        for index in values.indices {
          let moved = values[index] - rate * weight * Double(gradient[index]) - start[index]
          let shrunk = max(abs(moved) - rate / deviation[index], 0)
          let next = start[index] + (moved < 0 ? -shrunk : shrunk)
          values[index] = min(max(next, bounds.low[index]), bounds.high[index])
        }
      }
    }
  }

  /// The gradient of the loss at an image.
  func gradient(at image: Tensor, goal: Int) throws -> [Double] {
    try gradients.gradients(at: image) { _, logits in
      loss.slope(logits, goal: goal)
    }.gradients.elements.map(Double.init)
  }

  func tensor(_ values: [Double]) -> Tensor { Tensor(shape: [1] + shape, values.map { Float($0) }) }

  func distance(_ values: [Double], from start: [Double]) -> Double {
    values.indices.reduce(0.0) { $0 + abs(values[$1] - start[$1]) / deviation[$1] }
  }

  private func point(_ values: [Double], from start: [Double], _ logits: [Double]) -> Point {
    let plane = shape.dropFirst().reduce(1, *)
    let changed = (0..<plane).count { pixel in
      stride(from: pixel, to: values.count, by: plane).contains { values[$0] != start[$0] }
    }
    return Point(
      values: values, logits: logits, distance: distance(values, from: start),
      share: Double(changed) / Double(plane))
  }
}
