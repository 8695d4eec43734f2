import Testing
import XAIEvaluation
import XAIExperiments

@Suite struct EvaluationSummaryTests {
  private func method(_ name: String, _ kind: EvaluatedMethod.Kind = .method) -> EvaluatedMethod {
    EvaluatedMethod(identifier: name, kind: kind, summary: "")
  }

  private func measure(
    _ name: String, _ direction: MeasureColumn.Direction = .higher,
    _ statistic: ScoreStatistic = .mean
  ) -> EvaluatedMeasure {
    EvaluatedMeasure(
      identifier: name, name: name, family: .faithfulness, direction: direction, summary: "",
      isHeadline: true, statistic: statistic)
  }

  private func summaries(
    _ values: [[Double?]], _ methods: [EvaluatedMethod], _ measure: EvaluatedMeasure
  ) -> [EvaluationSummary] {
    EvaluationSummary.summaries(
      of: values.enumerated().flatMap { position, row in
        row.enumerated().map {
          EvaluationScore(
            method: methods[position].identifier, image: $0.offset, values: [$0.element],
            isConstant: false, tiedShare: 0)
        }
      }, methods: methods, measures: [measure], images: values[0].count, draws: .init(seed: 1))
  }

  @Test func `controls have numbers, but no rank`() {
    let found = summaries(
      [[1, 1, 1], [3, 3.5, 3], [2, 2, 2]], [method("a"), method("b"), method("random", .control)],
      measure("share"))
    #expect(found.map(\.rank) == [2, 1, nil])
    #expect(found.map(\.value) == [1, 9.5 / 3, 2])
    #expect(found[0].gain == -1 && found[2].gain == nil)
    #expect(!found[0].mayBeNothing && !found[2].mayBeNothing)
    #expect(found[0].groups == "b" && found[1].groups == "a")
    #expect(found[1].rankLower == 1 && found[1].rankUpper == 1 && found[1].first == 1)
  }

  @Test func `lower is better where the measure says so`() {
    let found = summaries(
      [[1, 2], [3, 4], [2, 3]], [method("a"), method("b"), method("random", .control)],
      measure("infidelity", .lower))
    #expect(found.map(\.rank) == [1, 2, nil])
    #expect(found[0].gain == 1 && found[1].gain == -1)
  }

  @Test func `what is defined on fewer than half of its images has a count and no value`() {
    let found = summaries(
      [[1, nil, nil], [1, 2, 3]], [method("a"), method("b")], measure("share"))
    #expect(found[0].count == 1 && found[0].value == nil && found[0].rank == nil)
    #expect(found[1].count == 3 && found[1].value == 2)
  }

  @Test func `a column about part of the images is compared with that part`() {
    // Such as axioms, which are checked on the first images alone.
    let found = summaries(
      [[1, 2, nil, nil, nil, nil], [3, 4, nil, nil, nil, nil]], [method("a"), method("b")],
      measure("dummy", .lower))
    #expect(found.map(\.value) == [1.5, 3.5] && found.map(\.count) == [2, 2])
  }

  @Test func `what describes has neither rank nor gain`() {
    let found = summaries(
      [[1, 2], [2, 3]], [method("a"), method("random", .control)], measure("gini", .describes))
    #expect(found[0].value == 1.5)
    #expect(found[0].rank == nil && found[0].gain == nil && found[0].groups.isEmpty)
  }

  @Test func `heavy tails have a median`() {
    let found = summaries(
      [[1, 2, 1000]], [method("a")], measure("sensitivity.maximal", .lower, .median))
    #expect(found[0].value == 2 && found[0].lower == nil)
  }

  @Test func `a method that a single image cannot tell from random may be nothing`() {
    let found = summaries(
      [[5], [1]], [method("a"), method("random", .control)], measure("share"))
    #expect(found[0].gain == 4 && found[0].mayBeNothing)
  }
}
