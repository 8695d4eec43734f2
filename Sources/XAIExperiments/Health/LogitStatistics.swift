import XAITensor

#if canImport(Glibc)
  import Glibc
#endif

/// What the logits of a batch say about the network that made them.
struct LogitStatistics {
  let spread: Double
  let variation: Double
  let entropy: Double
  let accuracy: Double?
  let overflows: Bool

  /// Computes all, in Double; images with NaN or infinity count for accuracy alone, as wrong.
  init(_ logits: Tensor, labels: [Int]?) {
    let rows = (0..<logits.rows).map { logits.row($0).elements.map(Double.init) }
    let finite = rows.filter { $0.allSatisfy(\.isFinite) }
    let count = Double(max(finite.count, 1))
    overflows = finite.count < rows.count
    spread = finite.reduce(0) { $0 + (($1.max() ?? 0) - ($1.min() ?? 0)) } / count
    entropy = finite.reduce(0) { $0 + Self.entropy($1) } / count
    variation = Self.variation(finite, classes: logits.rowCount)
    accuracy = labels.map { labels in
      let correct = zip(rows, labels).count { row, label in
        row.allSatisfy(\.isFinite) && row.firstIndex(of: row.max() ?? 0) == label
      }
      return Double(correct) / Double(max(rows.count, 1))
    }
  }

  /// The entropy of the softmax, in nats.
  static func entropy(_ logits: [Double]) -> Double {
    let greatest = logits.max() ?? 0
    let normalizer = log(logits.reduce(0) { $0 + exp($1 - greatest) })
    return logits.reduce(0) { entropy, logit in
      let logProbability = logit - greatest - normalizer
      return entropy - exp(logProbability) * logProbability
    }
  }

  private static func variation(_ rows: [[Double]], classes: Int) -> Double {
    guard !rows.isEmpty else { return 0 }
    let deviations = (0..<classes).map { index in
      let values = rows.map { $0[index] }
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (squares / Double(values.count)).squareRoot()
    }
    return deviations.reduce(0, +) / Double(max(classes, 1))
  }
}
