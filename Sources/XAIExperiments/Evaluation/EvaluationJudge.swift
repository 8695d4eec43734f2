import XAIEvaluation
import XAIFiles
import XAIMetrics
import XAITensor

/// Judges the maps of an image by all measures.
struct EvaluationJudge {
  /// What is known of an image once it is judged.
  struct Finding {
    /// One for each method and control, in the order of `names`.
    let rows: [Row]
    /// One for each baseline.
    let curves: [EvaluationCurves.Entry]
  }

  /// A map with its numbers.
  struct Row {
    /// The map that faithfulness is about; nil where it holds NaN.
    let map: RelevanceMap?
    /// The map of the true class, where it is known where its object is.
    let localized: RelevanceMap?
    /// One for each column.
    let values: [Double?]
    let tiedShare: Double
    /// The control whose row it is; nil for a method, or a control that explains.
    var control: EvaluationControl?

    /// The map whose curves are drawn for a baseline.
    func drawn(_ table: CoalitionTable) -> RelevanceMap? {
      // What no order beats depends on what stands in the place of the pixels.
      control == .oracle ? ControlMaps.oracle(table, .logit) : map
    }
  }

  let plan: EvaluationPlan
  let explainer: EvaluationExplainer
  let store: EvaluationStore

  /// The names of all rows: methods, controls.
  static func names(_ plan: EvaluationPlan) -> [String] {
    plan.methods.map(\.identifier) + plan.given.map(\.name) + controlNames(plan)
  }

  /// Random and constant orders first, what nobody can beat last.
  static func controlNames(_ plan: EvaluationPlan) -> [String] {
    let own = EvaluationControl.allCases.map(\.rawValue)
    return Array(own.prefix(2)) + plan.controls.map(\.identifier) + own.dropFirst(2)
  }

  /// Judges an image.
  func finding(_ position: Int) throws -> Finding {
    let subject = plan.subjects[position]
    let judged = try plan.judged(position)
    judged.keepAnswers { filling in
      store.archive(of: subject, filling: plan.fillingName(filling, position))
    }
    var rows = try methodRows(position, judged)
    let tables = try tables(judged)
    let controls = try EvaluationControl.allCases.map {
      try controlRow($0, position, judged, tables)
    }
    rows.insert(contentsOf: try givenRows(position, judged), at: plan.methods.count)
    rows.insert(contentsOf: controls.prefix(2), at: plan.methods.count + plan.given.count)
    rows += controls.dropFirst(2)
    return Finding(rows: rows, curves: try curves(rows, position, judged, tables))
  }

  // MARK: Numbers

  /// Methods and controls that explain.
  private func methodRows(_ position: Int, _ judged: JudgedImage) throws -> [Row] {
    let subject = plan.subjects[position]
    let maps = try plan.explained.map {
      try explainer.map(of: $0, .init(subject: position, target: subject.target))
    }
    let localized = try plan.explained.map { method in
      try subject.localized.flatMap {
        try explainer.map(of: method, .init(subject: position, target: $0))
      }
    }
    let places = maps.indices.filter { maps[$0] != nil || localized[$0] != nil }
    let pairs = places.map { (map: maps[$0], localized: localized[$0]) }
    let values = try numbers(pairs, position, judged)
    return try plan.explained.indices.map { index in
      let method = plan.explained[index]
      guard let place = places.firstIndex(of: index) else {
        return Row(
          map: nil, localized: nil, values: plan.columns.columns.map { _ in nil }, tiedShare: 0)
      }
      var scores = values[place]
      if plan.columns.needsNeighbors {
        scores = plan.columns.replacing(
          .robustness, in: scores, by: try explainer.robustness(of: method, position, judged))
      }
      let axioms = try plan.columns.axioms.map { axiom in
        position < plan.axiomImages && index < plan.methods.count
          ? try explainer.axiom(axiom, of: method, position) : nil
      }
      return Row(
        map: maps[index], localized: localized[index],
        values: plan.columns.chosen(scores)
          + (try explainer.logOdds(of: method, position, judged)) + axioms,
        tiedShare: maps[index].map { JudgedMap($0, ties: judged.ties).tiedShare } ?? 0)
    }
  }

  /// Maps that were made elsewhere.
  private func givenRows(_ position: Int, _ judged: JudgedImage) throws -> [Row] {
    let isLocalized = plan.subjects[position].localized != nil
    let maps = plan.given.map { $0.maps[position] }
    let values = try numbers(
      maps.map { (map: $0, localized: isLocalized ? $0 : nil) }, position, judged)
    return try plan.given.indices.map { index in
      var scores = values[index]
      if plan.columns.needsNeighbors, let neighbors = plan.given[index].neighbors?[position] {
        scores = plan.columns.replacing(
          .robustness, in: scores,
          by: try StabilityMeasure().scores(
            of: judged.judged(maps[index], neighbors: neighbors), on: judged))
      }
      return Row(
        map: maps[index], localized: isLocalized ? maps[index] : nil,
        values: plan.columns.chosen(scores) + plan.columns.noOthers,
        tiedShare: JudgedMap(maps[index], ties: judged.ties).tiedShare)
    }
  }

  /// The numbers of maps by all measures: those that are stored are read, the others computed together.
  private func numbers(
    _ maps: [(map: RelevanceMap?, localized: RelevanceMap?)], _ position: Int,
    _ judged: JudgedImage
  ) throws -> [[Double?]] {
    let others = plan.columns.measures.filter { $0.family != .localization }
    let inputs = maps.map { everything(of: $0.map, $0.localized, position) }
    let missing = maps.indices.filter { !store.hasNumbers("scores", of: inputs[$0]) }
    let main = missing.compactMap { maps[$0].map.map { judged.judged($0) } }
    if !main.isEmpty { try judged.prepare(main, by: others) }
    let count = plan.columns.measures.reduce(0) { $0 + $1.columns.count }
    return try maps.indices.map { index in
      try store.numbers("scores", count: count, of: inputs[index]) {
        try plan.columns.measures.flatMap { measure -> [Double?] in
          let isPlaced = measure.family == .localization
          guard let map = isPlaced ? maps[index].localized : maps[index].map else {
            return measure.columns.map { _ in nil }
          }
          return try judged.scores(of: judged.judged(map), by: [measure])
        }
      }
    }
  }

  /// Everything that decides the numbers of a map.
  private func everything(
    of map: RelevanceMap?, _ localized: RelevanceMap?, _ position: Int
  ) -> [String] {
    let subject = plan.subjects[position]
    let object = subject.truth.map { SHA256.of($0.mask.pixels.bytes) } ?? ""
    return [
      subject.keyText, "\(subject.target)", object,
      plan.baselines.map { plan.fillingName($0, position) }.joined(separator: ","),
      "\(plan.cells)", plan.othersName,
      plan.columns.measures.map { "\($0)" }.joined(separator: ","),
      map.map(Self.digest) ?? "", localized.map(Self.digest) ?? "",
    ]
  }

  private static func digest(_ map: RelevanceMap) -> String {
    SHA256.of(
      map.values.flatMap { value in
        (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
      })
  }

  private func controlRow(
    _ control: EvaluationControl, _ position: Int, _ judged: JudgedImage,
    _ tables: [String: CoalitionTable]
  ) throws -> Row {
    let isLocalized = plan.subjects[position].localized != nil
    func scores(_ column: MeasureColumn?) throws -> [Double?]? {
      let maps = control.maps(
        on: judged, for: column, tables: tables, first: plan.baselines.first)
      guard !maps.isEmpty else { return nil }
      let rows = try numbers(
        maps.map { (map: $0, localized: isLocalized ? $0 : nil) }, position, judged)
      return plan.columns.chosen(Self.means(rows))
    }
    let columns = plan.columns.mapColumns
    var values: [Double?]
    if control == .oracle {
      var known: [String: [Double?]] = [:]
      values = try columns.indices.map { index in
        let column = columns[index]
        let name = "\(column.baseline ?? "")/\(column.quantity?.rawValue ?? "")"
        if known[name] == nil { known[name] = try scores(column) ?? columns.map { _ in nil } }
        return known[name]?[index]
      }
    } else {
      values = try scores(nil) ?? columns.map { _ in nil }
    }
    values += try others(of: control, position, judged)
    let map = control.maps(on: judged, for: nil, tables: tables, first: plan.baselines.first).first
    return Row(
      map: map, localized: isLocalized ? map : nil,
      values: values,
      tiedShare: map.map { JudgedMap($0, ties: judged.ties).tiedShare } ?? 0,
      control: control)
  }

  /// The columns of a control that need more than one map: two random orders stand for two classes.
  private func others(
    of control: EvaluationControl, _ position: Int, _ judged: JudgedImage
  ) throws -> [Double?] {
    guard control == .random, !plan.columns.contrasts.isEmpty else { return plan.columns.noOthers }
    let maps = (0..<2).map { judged.judged(ControlMaps.random(judged, $0)) }
    return try explainer.logOdds(maps[0], against: maps[1], position, judged)
      + plan.columns.axioms.map { _ in nil }
  }

  /// The mean of each number over maps; nil where one is undefined.
  private static func means(_ rows: [[Double?]]) -> [Double?] {
    guard let first = rows.first else { return [] }
    return first.indices.map { column in
      let numbers = rows.compactMap { $0[column] }
      return numbers.count == rows.count
        ? numbers.reduce(0, +) / Double(numbers.count) : nil
    }
  }

  // MARK: Curves

  private var hasCurves: Bool {
    plan.columns.columns.contains { ["deletion", "insertion", "gain"].contains($0.name) }
  }

  /// The coalition tables, where faithfulness is measured.
  private func tables(_ judged: JudgedImage) throws -> [String: CoalitionTable] {
    guard plan.columns.columns.contains(where: { $0.family == .faithfulness }) else { return [:] }
    let cells = try ImageParts(
      rows: plan.cells.rows, columns: plan.cells.columns, height: judged.height,
      width: judged.width)
    return Dictionary(
      uniqueKeysWithValues: try plan.baselines.map {
        ($0, try CoalitionTable(cells: cells, try judged.removal($0)))
      })
  }

  private func curves(
    _ rows: [Row], _ position: Int, _ judged: JudgedImage, _ tables: [String: CoalitionTable]
  ) throws -> [EvaluationCurves.Entry] {
    guard hasCurves else { return [] }
    let sizes = plan.steps.sizes(pixels: judged.pixels)
    return try plan.baselines.compactMap { baseline in
      guard let table = tables[baseline] else { return nil }
      let removal = try judged.removal(baseline)
      func pair(_ order: PixelOrder) throws -> CurvePair {
        CurvePair(
          morf: try RemovalCurve(RemovalPath(order, sizes: sizes), removal),
          lerf: try RemovalCurve(RemovalPath(order.reversed, sizes: sizes), removal))
      }
      let random = try (0..<EvaluationControl.randomOrders).map {
        try pair(judged.judged(ControlMaps.random(judged, $0)).order).morf
      }
      let orders = TargetQuantity.allCases.map { table.bounds($0).oracle }
      return EvaluationCurves.Entry(
        image: position, baseline: baseline,
        methods: try rows.map { row in
          try row.drawn(table).map { try pair(judged.judged($0).order) }
        }, random: .mean(random),
        best: try orders.map { try RemovalCurve(RemovalPath($0, of: table.cells), removal) },
        worst: try orders.map {
          try RemovalCurve(RemovalPath($0.reversed(), of: table.cells), removal)
        })
    }
  }
}

extension RemovalCurve {
  /// The mean of curves with the same points.
  fileprivate static func mean(_ curves: [RemovalCurve]) -> RemovalCurve {
    let count = Double(curves.count)
    return RemovalCurve(
      sizes: curves[0].sizes,
      values: curves[0].values.indices.map { point in
        TargetValue(
          logit: curves.reduce(0) { $0 + $1.values[point].logit } / count,
          probability: curves.reduce(0) { $0 + $1.values[point].probability } / count)
      })
  }
}
