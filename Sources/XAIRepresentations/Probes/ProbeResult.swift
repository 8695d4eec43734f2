import XAIStatistics

/// What is said of a probe beside its accuracy, which alone says nothing.
public struct ProbeResult: Sendable, Equatable {
  /// The share of test rows answered rightly.
  public let accuracy: Double
  /// The same of the most frequent training label.
  public let majority: Double
  /// The same of a probe of the pixels; nil where it was not asked for.
  public let pixels: Double?
  /// The same of probes of networks of random weights.
  public let random: [Double]
  /// The same of control tasks.
  public let control: [Double]
  /// Accuracy less the mean of the control tasks'; nil without them.
  public let selectivity: Double?
  /// Accuracy less the mean of the random networks'; nil without them.
  public let gain: Double?
  /// The exact McNemar test against the best of majority, pixels and random networks.
  public let p: Double

  /// Compares answers on the same test rows.
  /// - Parameters:
  ///   - predicted: Of the probe.
  ///   - labels: The right ones; at least one row.
  ///   - majority: The most frequent training label.
  ///   - pixels: Of a probe of the pixels.
  ///   - random: Of probes of networks of random weights.
  ///   - control: Accuracies of control tasks.
  public init(
    predicted: [Int], labels: [Int], majority: Int, pixels: [Int]? = nil, random: [[Int]] = [],
    control: [Double] = []
  ) {
    precondition(!labels.isEmpty, "a probe without test rows")
    func share(_ answers: [Int]) -> Double { shareEqual(answers, labels) ?? 0 }
    let constant = labels.map { _ in majority }
    accuracy = share(predicted)
    self.majority = share(constant)
    self.pixels = pixels.map(share)
    self.random = random.map(share)
    self.control = control
    selectivity = control.isEmpty ? nil : share(predicted) - control.mean
    gain = random.isEmpty ? nil : share(predicted) - random.map(share).mean
    let rivals = [constant] + [pixels].compactMap(\.self) + random
    let best = rivals.max { share($0) < share($1) } ?? constant
    p = Self.mcNemar(predicted, best, labels)
  }

  /// Whether the property can be read from the layer: better than the best rival, significantly.
  /// - Parameters:
  ///   - adjustedP: p, adjusted over all tests of the command.
  ///   - level: The level of the test.
  /// - Returns: Whether it can.
  public func isDecodable(adjustedP: Double, level: Double = 0.05) -> Bool {
    accuracy > ([majority] + [pixels].compactMap(\.self) + random).max() ?? 0 && adjustedP <= level
  }

  /// McNemar's test of two lists of answers.
  static func mcNemar(_ first: [Int], _ second: [Int], _ labels: [Int]) -> Double {
    var (better, worse) = (0, 0)
    for (index, label) in labels.enumerated() {
      let right = (first[index] == label, second[index] == label)
      if right == (true, false) { better += 1 }
      if right == (false, true) { worse += 1 }
    }
    return CountTests.mcNemar(better, worse)
  }

  /// The most frequent label, the lowest one where equal.
  /// - Parameter labels: At least one.
  /// - Returns: The label.
  public static func mostFrequent(_ labels: [Int]) -> Int {
    let counts = Dictionary(grouping: labels) { $0 }.mapValues(\.count)
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 0
  }
}
