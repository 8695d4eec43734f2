import XAIStatistics
import XAITensor

/// How well a model of named features stands in for a network, on rows it did not see.
public struct SurrogateFidelity: Sendable, Equatable {
  /// The share of rows where both say the same.
  public let agreement: Double
  /// Its interval of 95 % (Wilson).
  public let interval: ClosedRange<Double>
  /// The share of the most frequent training answer.
  public let mostFrequent: Double
  /// McNemar's test against that answer.
  public let p: Double

  /// Compares answers.
  /// - Parameters:
  ///   - predicted: Of the surrogate, for held-out rows; at least one.
  ///   - network: Of the network.
  ///   - mostFrequent: The most frequent answer of the network to the training rows.
  public init(predicted: [Int], network: [Int], mostFrequent: Int) {
    precondition(!network.isEmpty, "a fidelity without rows")
    let constant = network.map { _ in mostFrequent }
    agreement = shareEqual(predicted, network) ?? 0
    interval = CountTests.wilson(
      zip(predicted, network).count { $0 == $1 }, of: network.count)
    self.mostFrequent = shareEqual(constant, network) ?? 0
    p = ProbeResult.mcNemar(predicted, constant, network)
  }

  /// Whether the surrogate explains anything: significantly better than the most frequent answer.
  /// - Parameter level: The level of the test.
  /// - Returns: Whether it does.
  public func explains(level: Double = 0.05) -> Bool { agreement > mostFrequent && p <= level }
}

/// How much a model loses when a column of held-out rows is shuffled.
public enum PermutationImportance {
  /// The mean loss of each column.
  /// - Parameters:
  ///   - rows: Held-out rows.
  ///   - shuffles: How often each column is shuffled.
  ///   - seed: The run's seed.
  ///   - score: How well the model does on rows; larger is better.
  /// - Returns: For each column the score less its mean after shuffling.
  public static func losses(
    _ rows: [[Double]], shuffles: Int = 10, seed: UInt64, score: ([[Double]]) -> Double
  ) -> [Double] {
    let whole = score(rows)
    return (0..<(rows.first?.count ?? 0)).map { column in
      let scores = (0..<shuffles).map { shuffle in
        var stream = RandomStream(seed: seed, purpose: "surrogate/permutation", column, shuffle)
        var order = Array(rows.indices)
        stream.shuffle(&order)
        var moved = rows
        for (row, source) in order.enumerated() { moved[row][column] = rows[source][column] }
        return score(moved)
      }
      return whole - scores.mean
    }
  }
}
