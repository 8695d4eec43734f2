import Foundation
import Testing
import XAIAttribution
import XAIExperiments
import XAIMetrics
import XAINetworks

@Suite struct VerdictTests {
  @Test func `a map that stays through the dense head fails, and where it reacts is said`() {
    let verdict = VerdictCase([0.99, 0.985, 0.98, 0.8, 0.3]).verdict()
    #expect(verdict.outcome == .fail)
    #expect(verdict.reason.contains("it falls below 0.95 only after conv2"), "\(verdict.reason)")
    #expect(abs((verdict.afterTop ?? 0) - 0.99) < 0.001)
    #expect(abs((verdict.afterHead ?? 0) - 0.98) < 0.001)
    #expect(abs((verdict.floor ?? 0) - 0.2) < 1e-12 && verdict.floorReachedAt == nil)
  }

  @Test func `a map that changes at once passes`() {
    let verdict = VerdictCase([0.4, 0.3, 0.2, 0.1, 0.1]).verdict()
    #expect(verdict.outcome == .pass)
    #expect(verdict.reason.contains("after fc3 and 0.2"), "\(verdict.reason)")
    #expect(verdict.floorReachedAt == "fc1")
  }

  @Test func `exactly the margin is kept, and a hair below it is not`() {
    #expect(VerdictCase([0.95, 1, 0.95, 1, 1], spread: 0).verdict().outcome == .fail)
    #expect(VerdictCase([0.9499, 1, 0.9499, 1, 1], spread: 0).verdict().outcome == .pass)
  }

  @Test func `an interval that contains the margin decides nothing`() {
    for value in [0.96, 0.94] {
      let verdict = VerdictCase([value, 0, value, 0, 0], spread: 0.4).verdict()
      #expect(verdict.outcome == .inconclusive)
      #expect(verdict.reason.contains("confidence interval contains 0.95"), "\(verdict.reason)")
    }
  }

  @Test func `two steps that disagree decide nothing, and what that means is said`() {
    let blind = VerdictCase([0.99, 0.9, 0.5, 0.1, 0.1]).verdict()
    #expect(blind.outcome == .inconclusive && blind.reason.contains("ignores which class"))
    let back = VerdictCase([0.5, 0.9, 0.99, 0.1, 0.1]).verdict()
    #expect(back.outcome == .inconclusive && back.reason.contains("comes back"))
  }

  @Test func `a map that is only turned around does not pass`() {
    let verdict = VerdictCase([-0.7, 0, -0.6, 0, 0], ranks: 0.99).verdict()
    #expect(verdict.outcome == .inconclusive && verdict.reason.contains("turned around"))
  }

  @Test func `a failure needs maps of different images to differ, a pass does not`() {
    let floor = NoiseFloor(similarities: [0.96, 0.97, 0.98])
    let failing = VerdictCase([0.99, 0.99, 0.99, 0.9, 0.9]).verdict(floor: floor)
    #expect(failing.outcome == .inconclusive && failing.reason.contains("different images"))
    #expect(VerdictCase([0.5, 0.5, 0.5, 0, 0]).verdict(floor: floor).outcome == .pass)
  }

  @Test func `maps without content decide nothing`() {
    let floor = NoiseFloor(similarities: [0.1], constant: 1)
    let verdict = VerdictCase([0.99, 0.99, 0.99, 0.9, 0.9]).verdict(floor: floor)
    #expect(verdict.outcome == .inconclusive && verdict.reason.contains("constant or zero"))

    var test = VerdictCase([])
    test.add("fc3", 0)
    test.add("fc1", 0, degenerate: 12)
    #expect(test.verdict().outcome == .pass)
    test.rows = []
    test.add("fc3", 0)
    test.add("fc1", 0, degenerate: 13)
    #expect(test.verdict().outcome == .inconclusive)
    #expect(test.verdict().reason.contains("13 of 25"))
  }

  @Test func `a collapsed network decides nothing where it decides`() {
    for layer in ["fc3", "fc1", nil] {
      var test = VerdictCase([0.4, 0.3, 0.2, 0.1, 0.1])
      test.collapse(layer)
      let verdict = test.verdict()
      #expect(verdict.outcome == .inconclusive && verdict.reason.contains("all logits are equal"))
    }
    var test = VerdictCase([0.4, 0.3, 0.2, 0.1, 0.1])
    test.collapse("conv1")
    test.collapse("fc3", mode: .independent)
    #expect(test.verdict().outcome == .pass)
  }

  @Test func `too few values decide nothing`() {
    var test = VerdictCase([])
    for layer in VerdictCase.cascade { test.add(layer, 0.2, images: 2, seeds: 2) }
    let verdict = test.verdict()
    #expect(verdict.outcome == .inconclusive && verdict.reason.contains("4 values after fc3"))
  }

  @Test func `one image decides nothing, whatever the number of draws`() {
    var test = VerdictCase([])
    for layer in VerdictCase.cascade { test.add(layer, 0.2, images: 1, seeds: 30) }
    let verdict = test.verdict()
    #expect(verdict.outcome == .inconclusive)
    #expect(verdict.reason == "one image says nothing about others; test at least 2")
    test = VerdictCase([])
    for layer in VerdictCase.cascade { test.add(layer, 0.2, images: 2, seeds: 5) }
    #expect(test.verdict().outcome == .pass)
  }

  @Test func `what cannot end in verdicts is known before`() throws {
    let network = Network(.vgg16Tiny)
    let rule = VerdictRule(for: network)
    func obstacle(
      _ images: Int, _ seeds: Int, _ mode: RandomizationMode = .cascading,
      to layer: String = "conv1"
    ) throws -> String? {
      let plan = RandomizationPlan(network, mode: mode)
      return rule.obstacle(
        images: images, seeds: seeds, plans: [try plan.steps(from: "fc3", through: layer)])
    }
    #expect(try obstacle(5, 1) == nil && obstacle(2, 3, to: "fc1") == nil)
    #expect(try obstacle(1, 9) == "one image says nothing about others; test at least 2")
    #expect(try obstacle(2, 2) == "4 values, at least 5 are needed")
    #expect(try obstacle(5, 5, .independent) == "the cascading mode is not run as far as fc3")
    #expect(try obstacle(5, 5, to: "fc2") == "the cascading mode is not run as far as fc1")
  }

  @Test func `only the cascade decides, and what it lacks is said`() {
    var test = VerdictCase([])
    #expect(
      test.verdict().reason
        == "the cascading mode, which decides, was not run, or its maps hold NaN or infinity")
    for layer in VerdictCase.cascade { test.add(layer, 0.2, mode: .independent) }
    let independent = test.verdict()
    #expect(independent.outcome == .inconclusive && independent.afterHead == nil)
    // The top layer alone is the same network in both modes.
    #expect(abs((independent.afterTop ?? 0) - 0.2) < 1e-3)
    #expect(
      independent.reason
        == "the cascading mode, which decides, was not run, or its maps hold NaN or infinity")
    test.add("fc3", 0.2)
    #expect(test.verdict().reason.contains("no values of ssim.gaussian.min-max.L1 after fc1"))
  }

  @Test func `a network with one dense layer needs one step`() {
    let rule = VerdictRule(cascade: ["fc1", "conv1"], denseHead: 1)
    #expect(rule.top == rule.head && rule.text.contains("after fc1, the whole dense head, lost"))
  }

  @Test func `controls must fail whatever their maps look like`() {
    var test = VerdictCase([1, 1, 1, 1, 1], spread: 0, ranks: 1)
    test.group = .control
    test.collapse("fc3")
    let floor = NoiseFloor(similarities: [1, 1], constant: 5)
    #expect(test.verdict(floor: floor).outcome == .fail)
    #expect(test.verdict(floor: floor).reason.contains("the test notices"))
    var broken = VerdictCase([0.2, 0, 0.2, 0, 0])
    broken.group = .control
    #expect(broken.verdict().reason.contains("this test is not sound"))
  }

  @Test func `the floor is reached where the cascade stays below it`() {
    let verdict = VerdictCase([0.9, 0.1, 0.5, 0.2, 0.1], spread: 0).verdict(
      floor: NoiseFloor(similarities: Array(repeating: 0.3, count: 4)))
    #expect(verdict.floorReachedAt == "conv2")
    let never = VerdictCase([0.9, 0.1, 0.5, 0.2, 0.4], spread: 0).verdict(
      floor: NoiseFloor(similarities: [0.3]))
    #expect(never.floorReachedAt == nil)
  }

  @Test func `the sentence says margin, measure and steps`() {
    let sentence = VerdictRule(cascade: VerdictCase.cascade, denseHead: 3, margin: 0.9).text
    for part in ["at least 0.9 ", "ssim.gaussian.min-max.L1", "after fc3 and again after fc1"] {
      #expect(sentence.contains(part), "\(sentence)")
    }
  }

  @Test(arguments: [(64, false), (11, false), (10, true), (8, true), (4, true), (2, true)])
  func `a network of small images is judged in the window that fits, and the rule says so`(
    side: Int, isSmall: Bool
  ) {
    let network = Network(
      Architecture(input: [3, side, side], stacks: [[2]], hidden: [], classes: 2))
    let rule = VerdictRule(for: network)
    #expect(rule.measure == SimilarityPanel.headline(height: side, width: side))
    #expect((rule.measure != SimilarityPanel.headline) == isSmall)
    let note = SimilarityPanel.windowNote(height: side, width: side)
    #expect(rule.windowNote == note && (note != nil) == isSmall)
    #expect(rule.text.contains("smaller than the usual window of 11x11") == isSmall)
    #expect(rule.text.contains("mean similarity (SSIM), here \(rule.measure), is"))
  }

  @Test func `summaries leave out what is missing and count conventions`() {
    let names = VerdictCase.measures
    var test = VerdictCase([])
    test.rows = [
      VerdictCase.row(0, 0, "fc3", [0.5, nil]),
      VerdictCase.row(0, 1, "fc3", [nil, nil]),
      VerdictCase.row(1, 0, "fc3", [0.7, nil], degenerate: [names[0]]),
      VerdictCase.row(0, 0, "fc3", [0.1, 0.2], mode: .independent),
      VerdictCase.row(0, 0, "fc3", [0.9, 0.9], method: "other"),
    ]
    let summaries = test.summaries
    #expect(summaries.map(\.mode) == [.cascading, .independent, .independent])
    #expect(summaries[0].count == 2 && summaries[0].degenerate == 1)
    #expect(abs(summaries[0].mean - 0.6) < 1e-15 && summaries[0].measure == names[0])
    #expect(abs(summaries[0].deviation - 0.02.squareRoot()) < 1e-15)
    #expect(summaries[1].lower == -1 && summaries[1].upper == 1)
    test.rows.reverse()
    #expect(
      test.summaries.map { [$0.mean, $0.lower, $0.upper] }
        == summaries.map { [$0.mean, $0.lower, $0.upper] })
  }

  @Test func `a distance is judged by the other end of its scale`() throws {
    struct Distance: SimilarityMeasure {
      let identifier = "distance"
      let summary = "a distance"
      let scale = MeasureScale.distance
      func similarity(of pair: ComparedPair) -> Similarity { Similarity(value: 0) }
    }
    func verdict(_ values: [Double]) -> MethodVerdict {
      var test = VerdictCase(values)
      test.rule = VerdictRule(
        cascade: VerdictCase.cascade, denseHead: 3, margin: 0.2, record: MeasureRecord(Distance()))
      return test.verdict(floor: NoiseFloor(similarities: [0.9, 0.8]))
    }
    let changed = verdict([0.5, 0.6, 0.7, 0.8, 0.9])
    #expect(changed.outcome == .pass)
    #expect(changed.reason.hasPrefix("distance rises to 0.500"))
    let unchanged = verdict([0.01, 0.02, 0.03, 0.5, 0.9])
    #expect(unchanged.outcome == .fail)
    #expect(unchanged.reason.hasSuffix("it rises above 0.2 only after conv2"))
    #expect(verdict([0.5, 0.6, 0.01, 0.8, 0.9]).outcome == .inconclusive)
  }

  @Test func `a single value on an open scale has no interval there`() throws {
    var test = VerdictCase([])
    let distance = MeasureScale.distance
    test.rule.record = MeasureRecord(Named(scale: distance))
    test.rows = [VerdictCase.row(0, 0, "fc3", [0.5, nil])]
    let summary = try #require(test.summaries.first)
    #expect(summary.lower == 0 && summary.upper == nil)
    #expect(String(decoding: try JSONEncoder().encode(summary), as: UTF8.self).contains("0.5"))
  }

  private struct Named: SimilarityMeasure {
    let identifier = "named"
    let summary = ""
    let scale: MeasureScale
    func similarity(of pair: ComparedPair) -> Similarity { Similarity(value: 0) }
  }
}
