import XAIAttribution
import XAIEvaluation

extension EvaluationExplainer {
  /// How far the log-odds fall without what speaks for the target rather than for the likeliest other class.
  /// - Parameters:
  ///   - method: The method.
  ///   - subject: The position of the image.
  ///   - judged: The image.
  /// - Returns: One number for each baseline that is wanted; nil where a map holds NaN.
  /// - Throws: What the network throws.
  func logOdds(
    of method: MethodUnderTest, _ subject: Int, _ judged: JudgedImage
  ) throws -> [Double?] {
    let columns = plan.columns.contrasts
    let nothing = columns.map { _ in nil as Double? }
    let image = plan.subjects[subject]
    guard !columns.isEmpty, let rival = image.rival,
      let target = try map(of: method, .init(subject: subject, target: image.target)),
      let other = try map(of: method, .init(subject: subject, target: rival))
    else { return nothing }
    let key = try key(method, .init(subject: subject, target: image.target))
    let inputs =
      [key.name, key.method.method, key.method.parameters, "\(rival)"]
      + columns.map { plan.fillingName($0.baseline ?? "", subject) }
    return try store.numbers("log-odds", count: columns.count, of: inputs) {
      try logOdds(judged.judged(target), against: judged.judged(other), subject, judged)
    }
  }

  /// The same of two maps.
  func logOdds(
    _ target: JudgedMap, against other: JudgedMap, _ subject: Int, _ judged: JudgedImage
  ) throws -> [Double?] {
    let mask = LogOddsMasking().removal(target, against: other)
    return try plan.columns.contrasts.map { column in
      guard let rival = plan.subjects[subject].rival, let baseline = column.baseline else {
        return nil
      }
      return try LogOddsMasking.falls([mask], against: rival, try judged.removal(baseline))[0]
    }
  }
}
