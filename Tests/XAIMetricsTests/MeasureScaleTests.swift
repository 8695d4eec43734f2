import Testing
import XAIMetrics

/// A measure as a user of the library writes one: a distance with a preparation of its own.
private struct MassDistance: SimilarityMeasure {
  let identifier = "mass-distance"
  let summary = "absolute difference of the sums"
  let scale = MeasureScale.distance

  func similarity(of pair: ComparedPair) -> Similarity {
    Similarity(value: abs(pair.left[.mass] - pair.right[.mass]))
  }
}

extension MapPreparation where Value == Double {
  fileprivate static var mass: Self { Self("mass") { $0.values.reduce(0, +) } }
}

@Suite struct MeasureScaleTests {
  @Test func aDistanceFromOutsideIsMeasuredLikeABuiltInMeasure() {
    let panel = SimilarityPanel(height: 1, width: 2, measures: [MassDistance()])
    let left = ComparedMap(RelevanceMap(height: 1, width: 2, values: [1, 2]))
    let right = ComparedMap(RelevanceMap(height: 1, width: 2, values: [4, 0]))
    #expect(panel.headline == "mass-distance")
    #expect(panel.scores(of: left, and: right)["mass-distance"]?.value == 1)
    #expect(panel.scores(of: left, and: left)["mass-distance"]?.value == 0)
  }

  @Test func aPreparationIsComputedOnceForAMap() {
    var calls = 0
    let preparation = MapPreparation("counted") { (map: RelevanceMap) in
      calls += 1
      return map.height
    }
    let map = ComparedMap(RelevanceMap(height: 1, width: 1, values: [0]))
    #expect(map[preparation] == 1 && map[preparation] == 1 && calls == 1)
  }

  @Test func everyMeasureHoldsItsOwnScale() {
    let values = (0..<256).map { Double(($0 * 37) % 101) - 50 }
    let map = RelevanceMap(height: 16, width: 16, values: values)
    let other = RelevanceMap(height: 16, width: 16, values: values.map { -$0 })
    let panel = SimilarityPanel(height: 16, width: 16)
    let pair = ComparedPair(ComparedMap(map), ComparedMap(other))
    let same = ComparedPair(ComparedMap(map), ComparedMap(map))
    for measure in panel.measures {
      let value = measure.similarity(of: pair).value
      // But for rounding.
      #expect(
        abs(measure.scale.clamped(value) - value) < 1e-15, "\(measure.identifier): \(value)")
      let equal = measure.similarity(of: same).value
      #expect(abs(equal - measure.scale.equal) < 1e-12, "\(measure.identifier): \(equal)")
      #expect([measure.scale.least, measure.scale.greatest].contains(measure.scale.equal))
    }
  }

  @Test func aLimitIsMetOnTheSideOfEqualMaps() {
    let (alike, apart) = (MeasureScale.correlation, MeasureScale.distance)
    #expect(alike.isAtLeastAsAlike(0.9, as: 0.8) && !alike.isAtLeastAsAlike(0.7, as: 0.8))
    #expect(apart.isAtLeastAsAlike(0.7, as: 0.8) && !apart.isAtLeastAsAlike(0.9, as: 0.8))
    #expect(alike.ends(0, 1) == (1, 0) && apart.ends(0, 1) == (0, 1))
    #expect(alike.clamped(1.5) == 1 && alike.clamped(-3) == -1)
    #expect(apart.clamped(-0.5) == 0 && apart.clamped(1e9) == 1e9)
  }
}
