import Testing
import XAIMetrics
import XAIFiles
import XAITensor
import XAITestSupport

/// The reference numbers: scikit-image 0.26 (SSIM, HOG), SciPy 1.17 (ranks), formulas derived anew.
struct SimilarityFixture {
  let reference: ReferenceFile
  let left: [RelevanceMap]
  let right: [RelevanceMap]

  /// The identifiers of the columns of `scores`.
  static let columns =
    ["min-max", "abs-max"].flatMap { scaling in
      ["uniform", "gaussian", "global"].flatMap { window in
        ["L1", "L2"].map { "ssim.\(window).\(scaling).\($0)" }
      }
    } + [
      "ssim.flip.inverted.L2", "ssim.flip.inverted.L1", "ssim.flip.ascending.L2",
      "ssim.flip.ascending.L1", "spearman.signed", "spearman.absolute", "pearson", "cosine",
      "top10.signed", "top10.absolute", "hog-spearman.min-max",
    ]

  init() throws {
    let reference = try ReferenceFile("ssim")
    func maps(_ name: String) throws -> [RelevanceMap] { Self.maps(try reference.array(name)) }
    self.reference = reference
    (left, right) = (try maps("pairs.x"), try maps("pairs.y"))
  }

  static func maps(_ array: ReferenceArray) -> [RelevanceMap] {
    let size = array.shape[1] * array.shape[2]
    return (0..<array.shape[0]).map { index in
      RelevanceMap(
        height: array.shape[1], width: array.shape[2],
        values: Array(array.values[index * size..<(index + 1) * size]))
    }
  }

  /// One row for each pair, one column for each identifier.
  func table(_ score: (RelevanceMap, RelevanceMap) -> [Double]) -> ReferenceArray {
    let rows = zip(left, right).map(score)
    return ReferenceArray([rows.count, rows[0].count], rows.flatMap(\.self))
  }
}

@Suite struct SimilarityFixtureTests {
  private let fixture: SimilarityFixture

  init() throws { fixture = try SimilarityFixture() }

  private func scores(
    _ left: RelevanceMap, _ right: RelevanceMap
  ) -> [SimilarityPanel.Score] {
    SimilarityPanel(height: left.height, width: left.width)
      .scores(of: ComparedMap(left), and: ComparedMap(right))
  }

  @Test func `the panel holds exactly the measures of the reference`() {
    let identifiers = SimilarityPanel.allMeasures.map(\.identifier)
    #expect(Set(identifiers) == Set(SimilarityFixture.columns))
    #expect(identifiers.count == SimilarityFixture.columns.count)
    #expect(SimilarityPanel.headline == "ssim.gaussian.min-max.L1")
  }

  @Test func `every score of every pair agrees, and what is undefined follows the convention`()
    throws
  {
    let expected = try fixture.reference.array("scores")
    let columns = SimilarityFixture.columns
    var undefined = 0
    for (row, (left, right)) in zip(fixture.left, fixture.right).enumerated() {
      let scores = scores(left, right)
      for (column, identifier) in columns.enumerated() {
        let score = try #require(scores[identifier])
        if expected[row, column].isNaN {
          undefined += 1
          #expect(
            score == .convention(bothEmpty: left.isConstant && right.isConstant),
            "\(identifier) of pair \(row)")
        } else {
          #expect(
            abs(score.value - expected[row, column]) <= 1e-9, "\(identifier) of pair \(row)")
        }
      }
    }
    #expect(undefined == 20)
  }

  @Test func `two 64x64 heavy-tailed maps agree`() throws {
    let maps = SimilarityFixture.maps(try fixture.reference.array("large"))
    let scores = scores(maps[0], maps[1])
    let identifiers = SimilarityFixture.columns.prefix(12).filter { !$0.contains("global") }
    let values = try identifiers.map { try #require(scores[$0]).value }
    // The reference of this pair was computed in Float32: in Double, NumPy deviates from it as we do.
    let expected = try fixture.reference.array("large.scores").values
    expectClose(values, expected, relative: 0, absolute: 1e-7, "large.scores")
  }

  @Test func `histograms of oriented gradients agree`() throws {
    for (name, maps) in [("hog.x", fixture.left), ("hog.y", fixture.right)] {
      let values = maps.map { HOGDescriptor.values(of: MapScaling.minMax.scaled($0)) }
      try fixture.reference.expect(
        ReferenceArray([maps.count, values[0].count], values.flatMap(\.self)), agreesWith: name,
        in: .double)
    }
  }

  @Test(arguments: [(MapScaling.minMax, "minMax"), (.absoluteMaximum, "absMax")])
  func `scaled maps agree`(scaling: MapScaling, name: String) throws {
    let values = fixture.left.map { scaling.scaled($0).values }
    try fixture.reference.expect(
      ReferenceArray([values.count, 24, 20], values.flatMap(\.self)),
      agreesWith: "normalised.\(name)", in: .double)
  }

  @Test func `the reference rejects every broken rule`() throws {
    let expected = try fixture.reference.array("scores")
    for window in [SimilarityWindow.gaussian, .uniform] {
      for fault in [nil] + LiteralSSIM.Fault.allCases.map(Optional.some) {
        let literal = LiteralSSIM(window: window, range: 2, fault: fault)
        let column = try #require(
          SimilarityFixture.columns.firstIndex(of: "ssim.\(window.rawValue).min-max.L2"))
        let actual = fixture.table { [literal.value($0, $1)] }.values
        let deviation = largestDeviation(actual, (0..<16).map { expected[$0, column] })
        if fault == nil {
          #expect(deviation.absolute < 1e-9, "\(window)")
        } else {
          #expect(deviation.absolute > 1e-3, "\(window), \(String(describing: fault))")
        }
      }
    }
  }
}
