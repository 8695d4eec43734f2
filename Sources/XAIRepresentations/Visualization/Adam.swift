#if canImport(Glibc)
  import Glibc
#endif

/// Adam (Kingma and Ba 2015), ascending.
public struct Adam: Sendable {
  /// The step size.
  public var rate: Double
  private let decays: (first: Double, second: Double)
  private let epsilon: Double
  private var first: [Double]
  private var second: [Double]
  private var steps = 0

  /// Starts without memory.
  /// - Parameters:
  ///   - count: The number of parameters.
  ///   - rate: The step size.
  ///   - firstDecay: Of the mean of gradients.
  ///   - secondDecay: Of the mean of their squares.
  ///   - epsilon: Added to the root.
  public init(
    count: Int, rate: Double = 0.05, firstDecay: Double = 0.9, secondDecay: Double = 0.999,
    epsilon: Double = 1e-8
  ) {
    self.rate = rate
    decays = (firstDecay, secondDecay)
    self.epsilon = epsilon
    first = Array(repeating: 0, count: count)
    second = first
  }

  /// One step up.
  /// - Parameters:
  ///   - parameters: What is changed.
  ///   - gradient: Of what is to grow.
  public mutating func ascend(_ parameters: inout [Double], _ gradient: [Double]) {
    steps += 1
    let corrections = (
      1 - pow(decays.first, Double(steps)), 1 - pow(decays.second, Double(steps))
    )
    for index in parameters.indices {
      first[index] = decays.first * first[index] + (1 - decays.first) * gradient[index]
      second[index] =
        decays.second * second[index] + (1 - decays.second) * gradient[index] * gradient[index]
      parameters[index] +=
        rate * (first[index] / corrections.0)
        / ((second[index] / corrections.1).squareRoot() + epsilon)
    }
  }
}
