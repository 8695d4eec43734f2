import Testing
import XAIMetrics
import XAITensor
import XAITestSupport

@Suite struct SimilarityTests {
  /// A map of normal numbers, some of them equal.
  private func map(_ purpose: String, height: Int = 20, width: Int = 17) -> RelevanceMap {
    let values = ReferenceArray.random([height, width], purpose).values
    return RelevanceMap(
      height: height, width: width, values: values.map { ($0 * 4).rounded() / 4 })
  }

  private func changed(_ map: RelevanceMap, _ change: (Double) -> Double) -> RelevanceMap {
    RelevanceMap(height: map.height, width: map.width, values: map.values.map(change))
  }

  private func scores(_ left: RelevanceMap, _ right: RelevanceMap) -> [String: Similarity] {
    let scores = SimilarityPanel(height: left.height, width: left.width)
      .scores(of: ComparedMap(left), and: ComparedMap(right))
    return Dictionary(uniqueKeysWithValues: scores.map { ($0.measure, $0.similarity) })
  }

  private func row(_ values: [Double]) -> RelevanceMap {
    RelevanceMap(height: 1, width: values.count, values: values)
  }

  // MARK: Laws

  @Test func `a map is like itself`() {
    let map = map("identity")
    for (measure, score) in scores(map, map) {
      #expect(abs(score.value - 1) < 1e-12 && !score.isDegenerate, "\(measure)")
    }
  }

  @Test func `every measure is symmetric, the flip-invariant one nearly`() {
    let (left, right) = (map("left"), map("right"))
    let turned = scores(right, left)
    for (measure, score) in scores(left, right) {
      // Inverting the one map or the other is not quite the same.
      let tolerance = measure.hasPrefix("ssim.flip") ? 1e-3 : 1e-12
      #expect(abs(score.value - (turned[measure]?.value ?? 9)) < tolerance, "\(measure)")
      #expect(abs(score.value) < 0.6, "\(measure) of independent maps")
    }
  }

  @Test func `a positive factor changes nothing`() {
    let (left, right) = (map("left"), map("right"))
    for factor in [1e-30, 1e30] {
      let scaled = scores(changed(left) { $0 * factor }, right)
      for (measure, score) in scores(left, right) {
        #expect(abs(score.value - (scaled[measure]?.value ?? 9)) < 1e-9, "\(measure)")
      }
    }
  }

  @Test func `an offset changes only what depends on zero`() {
    let (left, right) = (map("left"), map("right"))
    let moved = scores(changed(left) { $0 + 3 }, right)
    for (measure, score) in scores(left, right) {
      let dependsOnZero =
        measure.contains("absolute") || measure.contains("abs-max") || measure == "cosine"
      let difference = abs(score.value - (moved[measure]?.value ?? 9))
      #expect(dependsOnZero ? difference > 1e-6 : difference < 1e-9, "\(measure)")
    }
  }

  @Test func `the negative of a map is its opposite or, where signs do not count, itself`() {
    let map = map("negative")
    let scores = scores(map, changed(map, -))
    for measure in ["spearman.signed", "pearson", "cosine"] {
      #expect(abs((scores[measure]?.value ?? 9) + 1) < 1e-12, "\(measure)")
    }
    for measure in ["spearman.absolute", "top10.absolute", "hog-spearman.min-max"] {
      #expect(abs((scores[measure]?.value ?? 9) - 1) < 1e-12, "\(measure)")
    }
    for (measure, score) in scores where measure.hasPrefix("ssim") {
      let isFlip = measure.hasPrefix("ssim.flip")
      #expect(isFlip ? abs(score.value - 1) < 1e-9 : score.value < -0.5, "\(measure)")
    }
  }

  @Test func `spearman sees order alone`() {
    let (left, right) = (map("left"), map("right"))
    let cubed = scores(changed(left) { $0 * $0 * $0 }, right)
    let plain = scores(left, right)
    for measure in ["spearman.signed", "spearman.absolute", "top10.signed", "top10.absolute"] {
      #expect(cubed[measure] == plain[measure], "\(measure)")
    }
    #expect(cubed["pearson"] != plain["pearson"])
  }

  @Test func `spearman with many ties agrees with counted ranks`() throws {
    let (left, right) = (map("left"), map("right"))
    let scores = scores(left, right)
    let signed = LiteralRanks.correlation(left.values, right.values)
    let absolute = LiteralRanks.correlation(left.values.map(abs), right.values.map(abs))
    #expect(abs(try #require(scores["spearman.signed"]).value - signed) < 1e-12)
    #expect(abs(try #require(scores["spearman.absolute"]).value - absolute) < 1e-12)
  }

  // MARK: Small cases by hand

  @Test func `correlations of four pixels`() {
    let scores = scores(row([1, 2, 2, 5]), row([1, 3, 2, 4]))
    // Ranks 1, 2.5, 2.5, 4 and 1, 3, 2, 4: 4.5 / sqrt(4.5 * 5).
    #expect(abs((scores["spearman.signed"]?.value ?? 9) - 4.5 / 22.5.squareRoot()) < 1e-12)
    // Deviations -1.5, -0.5, -0.5, 2.5 and -1.5, 0.5, -0.5, 1.5: 6 / sqrt(9 * 5).
    #expect(abs((scores["pearson"]?.value ?? 9) - 6 / 45.0.squareRoot()) < 1e-12)
    #expect(abs((scores["cosine"]?.value ?? 9) - 31 / (34.0 * 30).squareRoot()) < 1e-12)
  }

  @Test func `the tenth with the largest values decides, earlier pixels first`() {
    var (left, right) = (Array(repeating: 0.0, count: 20), Array(repeating: 0.0, count: 20))
    (left[3], left[7], left[9], left[11]) = (2, 1, 1, -5)
    (right[3], right[9]) = (1, 1)
    let scores = scores(row(left), row(right))
    // 3 and 7 against 3 and 9; by absolute value 11 and 3.
    #expect(scores["top10.signed"]?.value == 0.5)
    #expect(scores["top10.absolute"]?.value == 0.5)
    right[11] = -9
    #expect(self.scores(row(left), row(right))["top10.absolute"]?.value == 1)
  }

  @Test func `one window over two pixels`() {
    // Means 1/2, variances 1/4, covariance -1/4.
    let (c1, c2) = (0.0001, 0.0009)
    let expected = (0.5 + c1) * (-0.5 + c2) / ((0.5 + c1) * (0.5 + c2))
    let score = scores(row([0, 1]), row([7, 3]))["ssim.global.min-max.L1"]
    #expect(abs((score?.value ?? 9) - expected) < 1e-12)
  }

  @Test func `an edge falls into the cell and direction where it is`() {
    // Left half 0, right half 1: horizontal gradients of 1 in the columns 5 and 6.
    let values = (0..<144).map { $0 % 12 < 6 ? 0.0 : 1 }
    let descriptor = HOGDescriptor.values(of: RelevanceMap(height: 12, width: 12, values: values))
    #expect(descriptor.count == 81)
    for (index, value) in descriptor.enumerated() {
      let isEdge = index % 9 == 0 && index / 9 % 3 == 1
      // Three cells of the block: 1 / sqrt(3) each, cut off at 0.2, and made a unit vector again.
      #expect(abs(value - (isEdge ? 1 / 3.0.squareRoot() : 0)) < 1e-9, "\(index)")
    }
  }

  // MARK: Maps without content

  @Test func `constant maps have a defined result that is marked`() {
    let (map, flat) = (map("any"), changed(map("any")) { _ in 0.1 })
    for (measure, score) in scores(map, flat) where measure != "cosine" {
      #expect(score.isDegenerate && abs(score.value) < 0.1, "\(measure): \(score)")
    }
    for (measure, score) in scores(flat, flat) {
      #expect(abs(score.value - 1) < 1e-12, "\(measure)")
      #expect(score.isDegenerate == (measure != "cosine"), "\(measure)")
    }
    let zero = changed(map) { _ in 0 }
    #expect(scores(map, zero)["cosine"] == Similarity(value: 0, isDegenerate: true))
    #expect(scores(zero, zero)["cosine"] == Similarity(value: 1, isDegenerate: true))
  }

  @Test func `no map that is finite gives a score that is not`() {
    let extremes: [(Double) -> Double] = [
      { $0 * 1e300 }, { $0 * 1e-300 }, { $0 * 1e-200 }, { $0 > 2 ? 1e38 : 0 }, { _ in -1e300 },
    ]
    let map = map("finite")
    for first in extremes {
      for second in extremes {
        for (measure, score) in scores(changed(map, first), changed(map, second)) {
          #expect(score.value.isFinite && abs(score.value) <= 1 + 1e-9, "\(measure): \(score)")
        }
      }
    }
  }

  // MARK: Panel and maps

  @Test func `measures whose window is larger than the maps are left out by name`() {
    let panel = SimilarityPanel(height: 8, width: 30)
    #expect(panel.omitted.contains("ssim.gaussian.min-max.L1"))
    #expect(panel.omitted.contains("hog-spearman.min-max"))
    #expect(panel.measures.contains { $0.identifier == "ssim.uniform.min-max.L1" })
    // The Gaussian window of 7x7 takes the place of the one of 11x11, in two scalings and two ranges.
    #expect(
      panel.measures.count + panel.omitted.count == SimilarityPanel.allMeasures.count + 4)
    let map = map("small", height: 8, width: 30)
    let scores = panel.scores(of: ComparedMap(map), and: ComparedMap(map))
    #expect(scores.count == panel.measures.count)
    #expect(scores.allSatisfy { abs($0.similarity.value - 1) < 1e-12 })
  }

  @Test(arguments: [
    (11, 30, "ssim.gaussian.min-max.L1"), (10, 30, "ssim.gaussian9.min-max.L1"),
    (9, 9, "ssim.gaussian9.min-max.L1"), (30, 8, "ssim.gaussian7.min-max.L1"),
    (7, 7, "ssim.gaussian7.min-max.L1"), (6, 5, "ssim.gaussian5.min-max.L1"),
    (4, 9, "ssim.gaussian3.min-max.L1"), (3, 3, "ssim.gaussian3.min-max.L1"),
    (2, 30, "ssim.global.min-max.L1"), (1, 1, "ssim.global.min-max.L1"),
  ])
  func `small maps are compared in the largest window that fits`(
    height: Int, width: Int, headline: String
  ) throws {
    let panel = SimilarityPanel(height: height, width: width)
    #expect(panel.headline == headline)
    #expect(panel.measures.count { $0.identifier == headline } == 1)
    #expect(Set(panel.measures.map(\.identifier)).count == panel.measures.count)
    let measure = try #require(SimilarityPanel.measure(headline) as? SSIM)
    #expect(measure.smallestExtent <= min(height, width))
    let (left, right) = (
      map("left", height: height, width: width), map("right", height: height, width: width)
    )
    let score = try #require(
      panel.scores(of: ComparedMap(left), and: ComparedMap(right))[headline])
    #expect(score.value == measure.similarity(of: .init(.init(left), .init(right))).value)
    let note = SimilarityPanel.windowNote(height: height, width: width)
    #expect((note == nil) == (min(height, width) >= 11))
    if let note {
      #expect(note.hasPrefix("Maps of \(height) x \(width) pixels are smaller"))
      #expect(note.contains(headline) && measure.summary.hasPrefix("SSIM with "), "\(note)")
    }
    guard measure.window != .global else { return }
    let literal = LiteralSSIM(window: measure.window, range: 1).value(left, right)
    #expect(abs(score.value - literal) < 1e-12)
  }

  @Test func `each measure says by name and sentence how it was made`() {
    let measures = SimilarityPanel.allMeasures
    #expect(Set(measures.map(\.summary)).count == measures.count)
    for measure in measures {
      #expect(SimilarityPanel.measure(measure.identifier)?.summary == measure.summary)
    }
    #expect(SimilarityPanel.measure("ssim") == nil)
  }

  @Test func `channels are summed before anything else`() throws {
    let tensor = Tensor(shape: [2, 1, 3], [1, 2, 3, -1, 5, 0.5])
    let map = try RelevanceMap(summingChannelsOf: tensor, source: "test")
    #expect(map == RelevanceMap(height: 1, width: 3, values: [0, 7, 3.5]))
    let row = try RelevanceMap(summingChannelsOf: tensor.reshaped(to: [1, 2, 1, 3]), source: "")
    #expect(row == map)
  }

  @Test(arguments: [Float.nan, .infinity])
  func `a map that is not finite is refused`(value: Float) {
    let failure = #expect(throws: MetricFailure.self) {
      try RelevanceMap(
        summingChannelsOf: Tensor(shape: [1, 1, 2], [0, value]), source: "saliency at conv3")
    }
    #expect(failure?.kind == .badData)
    #expect(failure?.description.contains("saliency at conv3 holds NaN or infinity") == true)
  }
}
