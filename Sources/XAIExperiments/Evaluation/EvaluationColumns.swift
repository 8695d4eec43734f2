import XAIAttribution
public import XAIEvaluation
import XAINetworks

/// The measures of an evaluation, and the columns of its tables.
public struct EvaluationColumns {
  /// What was chosen: families, and names of single measures.
  public enum Choice: Sendable, Equatable {
    /// All measures of a family.
    case family(MeasureColumn.Family)
    /// Everything, curves by parts of the image included.
    case everything
    /// A measure by its name, with or without baseline and quantity: `share`, `share.black.logit`.
    case name(String)
  }

  /// Measures of one map and image, which need nothing but the network.
  let measures: [any EvaluationMeasure]
  /// The columns of the tables, in their order.
  let columns: [MeasureColumn]
  /// Which numbers of all measures are columns.
  private let kept: [Int]
  /// Whether maps of neighbors are needed.
  let needsNeighbors: Bool
  /// The axioms that edited networks are needed for.
  let axioms: [MethodAxiom]
  /// The columns of log-odds masking, which needs maps of another class.
  let contrasts: [MeasureColumn]
  /// Whether maps of the true class are needed.
  let needsObjects: Bool

  /// Chooses measures.
  /// - Parameters:
  ///   - choices: What is wanted.
  ///   - catalog: The measures of families.
  ///   - extras: Measures that only their names or everything means.
  ///   - contrasts: Columns of log-odds masking, which only their names or everything means.
  ///   - hasObjects: Whether it is known where objects are.
  /// - Throws: `EvaluationFailure` where a name is no measure's, or nothing is left.
  init(
    _ choices: [Choice], of catalog: [any EvaluationMeasure], extras: [any EvaluationMeasure],
    contrasts: [MeasureColumn], hasObjects: Bool
  ) throws(EvaluationFailure) {
    let extraNames = Set((extras.flatMap(\.columns) + contrasts).map(\.identifier))
    let known =
      (catalog + extras).flatMap(\.columns) + contrasts + MethodAxiom.allCases.map(\.column)
    for case .name(let name) in choices
    where !known.contains(where: { $0.identifier == name || $0.name == name }) {
      var names: [String] = []
      for column in known where !names.contains(column.name) { names.append(column.name) }
      throw EvaluationFailure(.noMeasure(name, among: names), of: "the choice of measures")
    }
    func isWanted(_ column: MeasureColumn) -> Bool {
      choices.contains { choice in
        switch choice {
        case .everything: true
        case .family(let family):
          column.family == family && !extraNames.contains(column.identifier)
        case .name(let name): column.identifier == name || column.name == name
        }
      } && (hasObjects || column.family != .localization)
    }
    let measures = (catalog + extras).filter { $0.columns.contains(where: isWanted) }
    let all = measures.flatMap(\.columns)
    kept = all.indices.filter { isWanted(all[$0]) }
    axioms = MethodAxiom.allCases.filter { isWanted($0.column) }
    self.contrasts = contrasts.filter(isWanted)
    columns = kept.map { all[$0] } + self.contrasts + axioms.map(\.column)
    guard !columns.isEmpty else {
      throw EvaluationFailure(
        .parameter("localization alone", expected: "images with boxes or masks"),
        of: "the choice of measures")
    }
    needsNeighbors = columns.contains { $0.family == .robustness }
    needsObjects = columns.contains { $0.family == .localization }
    self.measures = measures
  }

  /// The numbers that are columns, of all that measures give.
  func chosen(_ scores: [Double?]) -> [Double?] { kept.map { scores[$0] } }

  /// The columns that are made of a map, without those that need others.
  var mapColumns: [MeasureColumn] { Array(columns.dropLast(contrasts.count + axioms.count)) }

  /// Nothing for each column that is not made of a map alone.
  var noOthers: [Double?] { columns.dropFirst(kept.count).map { _ in nil } }

  /// The numbers of all measures, those of a family replaced.
  func replacing(
    _ family: MeasureColumn.Family, in scores: [Double?], by other: [Double?]
  ) -> [Double?] {
    var (scores, start) = (scores, 0)
    for measure in measures {
      let range = start..<start + measure.columns.count
      if measure.family == family { scores.replaceSubrange(range, with: other) }
      start = range.upperBound
    }
    return scores
  }

  /// What a report says of a column.
  static func record(_ column: MeasureColumn) -> EvaluatedMeasure {
    EvaluatedMeasure(
      identifier: column.identifier, name: column.name, family: column.family,
      direction: column.direction, summary: column.summary, null: column.null,
      baseline: column.baseline, quantity: column.quantity, reservation: column.reservation,
      isHeadline: headlines.contains(column.name),
      statistic: heavyTailed.contains(column.name) ? .median : .mean)
  }

  /// Share of the possible, relative infidelity, energy gain, maximal sensitivity.
  private static let headlines: Set<String> = [
    "share", "infidelity", "energy.gain", "sensitivity.maximal",
  ]
  private static let heavyTailed: Set<String> = [
    "sensitivity.maximal", "stability.input.literal", "stability.output.literal",
  ]
}

/// Axioms that are measured on networks with edited weights.
enum MethodAxiom: String, CaseIterable {
  case dummy
  case symmetry
  case mergingInvariance
  case doublingInvariance
  case linearity

  /// What its number means.
  var column: MeasureColumn {
    let summary =
      switch self {
      case .dummy: "share of relevance that a channel gets which the network does not read"
      case .symmetry: "difference of the relevance of two channels that the network treats alike"
      case .mergingInvariance:
        "relative change of the map where batch norm is merged: the same function"
      case .doublingInvariance:
        "relative change of the map where an identity is added: the same function"
      case .linearity:
        "relative distance of the map of a sum of two logits from the sum of their maps"
      }
    return MeasureColumn(rawValue, .axioms, .lower, summary)
  }

  /// Its number for each image.
  func values(_ axioms: MethodAxioms) throws -> [Double?] {
    switch self {
    case .dummy: try axioms.dummy()
    case .symmetry: try axioms.symmetry()
    case .mergingInvariance: try axioms.mergingInvariance()
    case .doublingInvariance: try axioms.doublingInvariance()
    case .linearity:
      try axioms.linearity(
        against: axioms.request.targets.map {
          ($0 + 1) % axioms.network.network.architecture.classes
        })
    }
  }
}

extension EvaluationMeasure {
  /// What a measure is mostly about.
  var family: MeasureColumn.Family { columns.first?.family ?? .complexity }
}
