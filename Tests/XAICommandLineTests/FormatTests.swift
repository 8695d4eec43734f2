import Testing
import XAICommandLine

@Suite struct FormatTests {
  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (29_034_248, "29,034,248"), (-1_005, "-1,005"),
    (Int.min, "-9,223,372,036,854,775,808"),
  ])
  func `counts have a comma between groups of three`(number: Int, text: String) {
    #expect(Format.count(number) == text)
  }

  private static let durations: [(Double, String)] = [
    (0, "0.0 s"), (4.24, "4.2 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1 min 00 s"),
    (65, "1 min 05 s"), (3599.9, "1 h 00 min"), (7380, "2 h 03 min"), (273_600, "3 d 04 h"),
    (-1, "?"), (.nan, "?"), (.infinity, "?"),
  ]

  @Test(arguments: durations)
  func `durations have the two units that matter`(seconds: Double, text: String) {
    #expect(Format.duration(seconds) == text)
  }

  @Test(arguments: [
    (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (999_949, "999.9 kB"), (999_950, "1.0 MB"),
    (1_351_680_000, "1.35 GB"), (999_950_000, "1.00 GB"),
  ])
  func `bytes are given in the largest decimal unit`(number: Int, text: String) {
    #expect(Format.bytes(number) == text)
  }

  private static let fixedPoint: [(Double, Int, String)] = [
    (2.31, 3, "2.310"), (-0.0004, 3, "0.000"), (-1.25, 1, "-1.3"), (0.05, 2, "0.05"),
    (7, 0, "7"), (.nan, 2, "nan"), (-.infinity, 2, "-inf"), (1.999, 2, "2.00"),
  ]

  @Test(arguments: fixedPoint)
  func `fixed digits round to nearest and never show a negative zero`(
    number: Double, digits: Int, text: String
  ) {
    #expect(Format.fixed(number, digits: digits) == text)
  }

  @Test func `percentages are hundredths`() { #expect(Format.percent(0.5207) == "52.1 %") }

  @Test func `one thing is singular`() {
    #expect([0, 1, 1200].map { Format.count($0, "map") } == ["0 maps", "1 map", "1,200 maps"])
  }
}
