/// Ranks of values, equal ones sharing theirs, and what is made of them.
public enum Ranks {
  /// Ranks from 1, equal values with the mean of the places they take.
  /// - Parameter values: None NaN.
  /// - Returns: A rank for each value.
  public static func mean(of values: [Double]) -> [Double] {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var ranks = Array(repeating: 0.0, count: values.count)
    var first = 0
    while first < order.count {
      var last = first
      while last + 1 < order.count, values[order[last + 1]] == values[order[first]] { last += 1 }
      for place in first...last { ranks[order[place]] = Double(first + last) / 2 + 1 }
      first = last + 1
    }
    return ranks
  }

  /// Pearson's product-moment correlation (Pearson 1895).
  /// - Parameters:
  ///   - left: Values.
  ///   - right: As many values.
  /// - Returns: From -1 to 1; nil where one of them does not vary.
  public static func pearson(_ left: [Double], _ right: [Double]) -> Double? {
    precondition(left.count == right.count, "\(left.count) values with \(right.count)")
    let (leftMean, rightMean) = (left.mean, right.mean)
    var product = 0.0
    for index in left.indices { product += (left[index] - leftMean) * (right[index] - rightMean) }
    let squares = (left.squaredDeviations * right.squaredDeviations).squareRoot()
    guard squares > 0 else { return nil }
    return min(1, max(-1, product / squares))
  }

  /// Spearman's rank correlation (Spearman 1904): Pearson's of the ranks.
  /// - Parameters:
  ///   - left: Values.
  ///   - right: As many values.
  /// - Returns: From -1 to 1; nil where one of them does not vary.
  public static func spearman(_ left: [Double], _ right: [Double]) -> Double? {
    pearson(mean(of: left), mean(of: right))
  }

  /// The area under the ROC curve of a score: the probability that one of those sought has a larger score than
  /// one of the others (Mann and Whitney 1947), equal ones half.
  /// - Parameters:
  ///   - scores: A score for each case.
  ///   - isSought: Whether a case is sought.
  /// - Returns: From 0 to 1; nil where all or none are sought.
  public static func areaUnderCurve(_ scores: [Double], _ isSought: [Bool]) -> Double? {
    precondition(scores.count == isSought.count, "\(scores.count) scores, \(isSought.count) marks")
    let sought = Double(isSought.count { $0 })
    let others = Double(scores.count) - sought
    guard sought > 0, others > 0 else { return nil }
    let ranks = mean(of: scores)
    let sum = ranks.indices.reduce(0.0) { isSought[$1] ? $0 + ranks[$1] : $0 }
    return (sum - sought * (sought + 1) / 2) / (sought * others)
  }
}
