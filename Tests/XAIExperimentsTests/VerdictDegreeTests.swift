import Testing
import XAIAttribution
import XAIExperiments
import XAIMetrics

@Suite struct VerdictDegreeTests {
  private let floor = NoiseFloor(similarities: [0.2, 0.2])

  private func verdict(
    _ head: Double, spread: Double = 0.01, ranks: Double = 0.1, floor: NoiseFloor? = nil
  ) -> MethodVerdict {
    VerdictCase([0.97, 0.9, head, 0.3, 0.2], spread: spread, ranks: ranks)
      .verdict(floor: floor ?? self.floor)
  }

  @Test(arguments: [
    (0.3, MethodVerdict.Degree.depends), (0.8, .hardly), (0.96, .doesNot), (0.6, .cannotTell),
    (-0.2, .depends),
  ])
  func `the share of the way to the floor decides`(head: Double, degree: MethodVerdict.Degree) {
    let verdict = verdict(head)
    #expect(verdict.degree == degree, "\(verdict)")
    let share = (1 - head) / 0.8
    #expect(abs((verdict.change?.mean ?? -9) - share) < 0.01)
  }

  @Test func `the interval of the way is that of the mean, turned around`() throws {
    let test = VerdictCase([0.97, 0.9, 0.5, 0.3, 0.2], spread: 0.2)
    let summary = try #require(test.summaries.first { $0.layer == "fc1" })
    let change = try #require(test.verdict(floor: floor).change)
    let (lower, upper) = (try #require(summary.lower), try #require(summary.upper))
    #expect(abs((change.lower ?? 0) - (1 - upper) / 0.8) < 1e-12)
    #expect(abs((change.upper ?? 0) - (1 - lower) / 0.8) < 1e-12)
  }

  @Test func `what keeps a verdict from being spoken keeps a degree from it`() {
    #expect(verdict(0.3, spread: 1).degree == .cannotTell)
    #expect(verdict(0.3, ranks: 0.99).degree == .cannotTell)
    #expect(verdict(0.97, floor: NoiseFloor(similarities: [0.96, 0.97])).degree == .cannotTell)
    #expect(verdict(0.3, floor: NoiseFloor(similarities: [])).degree == .cannotTell)
    var collapsed = VerdictCase([0.3, 0.3, 0.3, 0.3, 0.3])
    collapsed.collapse("fc1")
    #expect(collapsed.verdict(floor: floor).degree == .cannotTell)
    #expect(VerdictCase([0.3]).verdict(floor: floor).degree == .cannotTell)
  }

  @Test func `a control is told whatever its maps look like`() {
    var control = VerdictCase([1, 1, 1, 1, 1])
    control.group = .control
    #expect(control.verdict(floor: NoiseFloor(similarities: [], constant: 5)).degree == .doesNot)
    var odd = VerdictCase([0.3, 0.3, 0.3, 0.3, 0.3])
    odd.group = .control
    #expect(odd.verdict(floor: floor).degree == .cannotTell)
  }
}
