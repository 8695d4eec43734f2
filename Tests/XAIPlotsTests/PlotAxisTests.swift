import Testing
import XAIPlots

@Suite struct PlotAxisTests {
  @Test(
    arguments: [
      ([0.0, 1], 0.0...1, 0.2, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
      ([-0.13, 1], -0.5...1, 0.5, ["-0.5", "0.0", "0.5", "1.0"]),
      ([3.0, 47], 0...50, 10, ["0", "10", "20", "30", "40", "50"]),
      ([0.0021, 0.0049], 0.002...0.005, 0.001, ["0.002", "0.003", "0.004", "0.005"]),
      ([], 0...1, 0.2, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    ] as [([Double], ClosedRange<Double>, Double, [String])])
  func `ends are ticks around all numbers`(
    numbers: [Double], range: ClosedRange<Double>, step: Double, labels: [String]
  ) {
    let axis = PlotAxis(containing: numbers)
    #expect(abs(axis.range.lowerBound - range.lowerBound) < 1e-12)
    #expect(abs(axis.range.upperBound - range.upperBound) < 1e-12)
    #expect(abs(axis.step - step) < 1e-12)
    #expect(axis.ticks.map(axis.label) == labels)
  }

  @Test func `equal numbers have an axis all the same`() {
    let axis = PlotAxis(containing: [5, 5])
    #expect(axis.range.lowerBound < 5 && axis.range.upperBound > 5)
    #expect(axis.position(axis.range.lowerBound) == 0 && axis.position(axis.range.upperBound) == 1)
  }

  @Test func `whole numbers have whole ticks and exactly their ends`() {
    let axis = PlotAxis(counting: 1...30)
    #expect(axis.range == 1...30 && axis.step == 5)
    #expect(axis.ticks.map(axis.label) == ["5", "10", "15", "20", "25", "30"])
    #expect(PlotAxis(counting: 4...4).range == 3.5...4.5)
  }
}
