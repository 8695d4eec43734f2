import XAIExperiments
import XAITensor

extension RecourseChange {
  /// Such as `exposure 0.78 -> 0.93`.
  var words: String { "\(feature) \(from) \u{2192} \(to)" }
}

extension RecourseAnswer {
  /// Such as `turn 0.06 -> 0.01 and pattern stripes -> dots (cost 1.12)`.
  var words: String {
    changes.map(\.words).joined(separator: " and ") + " (cost \(fixedPoint(cost, digits: 2)))"
  }
}

extension RecourseDetail {
  /// What would have to be set, and what may not be.
  var sentence: HTML {
    let ways = answers.map(\.words).joined(separator: "; or ")
    let fixed = impossible.isEmpty ? "" : " Not possible: \(impossible.joined(separator: ", "))."
    return "<bdi>\(ways)</bdi>.<bdi>\(fixed)</bdi>"
  }

  /// The attempt that comes nearest, where nothing reaches the goal.
  var attempt: HTML { answers.first.map { " (<bdi>\($0.words)</bdi>)" } ?? "" }

  /// The answers of an image with what follows from them, the answer that ignores causes, and the causal graph.
  func parts(_ graph: [CausalFeature]?) -> HTML {
    var table = PageTable(
      "Actions", isCards: true,
      columns: [
        .init("set"), .init("what follows"), .init("predicted"), .init("margin", isNumber: true),
        .init("cost", isNumber: true), .init("dearest change", isNumber: true),
      ])
    for answer in answers {
      let followed = answer.consequences.map { change -> String in
        change.words + (change.cost.map { " (\(fixedPoint($0, digits: 2)))" } ?? "")
      }
      table.append(
        "<bdi>\(answer.changes.map(\.words).joined(separator: " and "))</bdi>",
        [
          .text("<bdi>\(followed.isEmpty ? "nothing" : followed.joined(separator: "; "))</bdi>"),
          .text("<bdi>\(answer.predicted.words)</bdi>"),
          .number(answer.margin, digits: 2, label: "margin"),
          .number(answer.cost, digits: 3, label: "cost"),
          .number(answer.largest, digits: 3, label: "dearest change"),
        ])
    }
    let promise: HTML =
      reached && cheapest
      ? "<p>No single change and no pair on the grid costs less than the first did there.</p>" : ""
    return "\(table.html)\(promise)\(acausalWords)\(plot(graph))"
  }

  private var acausalWords: HTML {
    guard let hold else { return "" }
    guard let acausal else {
      return "<p>With <bdi>\(hold)</bdi> held, as if nothing caused it, no answer was found.</p>"
    }
    let set = acausal.changes.map(\.words).joined(separator: " and ")
    let isSame = acausal.changes == answers.first?.changes
    let verdict: HTML =
      acausal.promised.reached && !acausal.really.reached
      ? " <strong>Where causes act it fails.</strong>" : ""
    return """
      <p>Ignoring causes (<bdi>\(hold)</bdi> held) the answer is \(isSame ? "the same" : "another one"): <bdi>\(set)</bdi> \
      (cost \(fixedPoint(acausal.cost, digits: 2))). It promises <bdi>\(acausal.promised.predicted.words)</bdi> with a margin of \
      \(fixedPoint(acausal.promised.margin, digits: 2)), and gets <bdi>\(acausal.really.predicted.words)</bdi> with \
      \(fixedPoint(acausal.really.margin, digits: 2)).\(verdict)</p>

      """
  }

  private func plot(_ graph: [CausalFeature]?) -> HTML {
    guard let graph, let first = answers.first else { return "" }
    let plot = CausalGraphPlot(
      title: "What was set (orange) and what followed (blue)", features: graph,
      set: Set(first.changes.map(\.feature)), moved: Set(first.consequences.map(\.feature)))
    return PlainPage.plates([plot])
  }
}

extension CounterfactualReport {
  /// Which features the cheapest answers set, by predicted class: where the network is fragile.
  static func fragility(_ images: [CounterfactualImage]) -> ReportPage.Section? {
    let found = images.compactMap {
      image -> (image: CounterfactualImage, answer: RecourseAnswer)? in
      guard let recourse = image.detail.recourse, recourse.reached,
        let first = recourse.answers.first
      else { return nil }
      return (image, first)
    }
    guard images.count > 1, !found.isEmpty else { return nil }
    let classes = Array(Set(found.map(\.image.image.predicted.words))).sorted()
    let columns: [PageTable.Column] = [
      .init("feature"), .init("answers that set it", isNumber: true),
      .init("mean cost", isNumber: true),
    ]
    var table = PageTable(
      "Features of the cheapest answers", isSortable: true, isCards: true,
      columns: columns
        + classes.map { PageTable.Column("<bdi>\($0)</bdi>" as HTML, isNumber: true) })
    for name in Array(Set(found.flatMap { $0.answer.changes.map(\.feature) })).sorted() {
      let own = found.filter { $0.answer.changes.contains { $0.feature == name } }
      let costs = own.flatMap { found in
        found.answer.changes.filter { $0.feature == name }.compactMap(\.cost)
      }
      let mean = costs.reduce(0, +) / Double(max(costs.count, 1))
      let all: [PageTable.Cell] = [
        .number(Double(own.count), digits: 0, label: "answers"),
        .number(mean, digits: 2, label: "cost"),
      ]
      let each = classes.map { kind in
        PageTable.Cell.number(
          Double(own.count { $0.image.image.predicted.words == kind }), digits: 0, label: kind)
      }
      table.append("<bdi>\(name)</bdi>", all + each)
    }
    return ReportPage.Section(
      "fragility", link: "Fragility", title: "What the answers hang on",
      content: """
        <p>For each feature: in how many images the cheapest answer sets it, and for which predicted classes.</p>
        \(table.html)
        """)
  }
}
