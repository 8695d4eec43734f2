import Testing
import XAIRepresentations
import XAIStatistics
import XAITensor
import XAITestSupport

@Suite struct DissectionTests {
  private func mask(_ pixels: Int...) -> PixelMask {
    PixelMask(count: 100) { pixels.contains($0) }
  }

  @Test func `masks count pixels and overlaps`() {
    let (one, other) = (mask(0, 63, 64, 99), mask(63, 99, 5))
    #expect(one.area == 4 && one.overlap(with: other) == 2)
    #expect(PixelMask(count: 100).overlap(with: one) == 0)
  }

  @Test func `a unit counts in all images annotated for the category, as in the paper`() {
    // Right on the concept in one annotated image, on unlabelled ground in the other; a third image
    // without annotation does not count. NetDissect-Lite says 1/2.
    var overlap = ConceptOverlap(units: 1, categories: [[0]])
    overlap.insert(units: [mask(1)], concepts: [mask(1)])
    overlap.insert(units: [mask(7)], concepts: [mask(2)])
    overlap.insert(units: [mask(1, 2, 3)], concepts: [mask()])
    #expect(overlap.iou == [[1.0 / 3]])
    #expect(overlap.precision(unit: 0, concept: 0) == 0.5)
    #expect(overlap.recall(unit: 0, concept: 0) == 0.5)
  }

  @Test func `a concept of the same category annotates an image, one of another does not`() {
    var overlap = ConceptOverlap(units: 1, categories: [[0, 1], [2]])
    overlap.insert(units: [mask(1, 2)], concepts: [mask(1), mask(), mask()])
    overlap.insert(units: [mask(1, 2)], concepts: [mask(), mask(2), mask()])
    #expect(overlap.intersection == [[1, 1, 0]])
    #expect(overlap.union == [[4, 4, 0]])
    #expect(overlap.iou == [[0.25, 0.25, nil]])
    #expect(overlap.best == [0])
  }

  @Test func `at most the share of positions exceeds a threshold`() throws {
    var stream = RandomStream(seed: 4, purpose: "dissection")
    let outputs = stream.normal(shape: [10, 3, 5, 4])
    var thresholds = UnitThresholds(units: 3, positions: 200, share: 0.03)
    for start in [0, 3, 6] { thresholds.insert(outputs.rows(start..<min(start + 3, 9))) }
    thresholds.insert(outputs.row(9))
    for (unit, threshold) in thresholds.thresholds.enumerated() {
      let values = (0..<10).flatMap { image in
        (0..<20).map { outputs[image, unit, $0 / 4, $0 % 4] }
      }
      #expect(values.count { $0 > threshold ?? 0 } == 6)
      #expect(values.contains(threshold ?? 0))
    }
  }

  @Test func `a unit without any activation is dead and detects nothing`() {
    let concepts = (0..<10).map { [mask($0)] }
    let dead = UnitDetectors.all(
      units: concepts.map { _ in [mask()] }, concepts: concepts, categories: [[0]], seed: 0)
    #expect(dead[0].isDead && dead[0].iou == 0 && !dead[0].isDetector())
  }

  @Test func `a detector beats masks that belong to other images, a unit of all objects does not`()
  {
    // Unit 0 is where the concept is; unit 1 is at the same place in all images.
    let concepts = (0..<20).map { [mask($0, $0 + 1, $0 + 2)] }
    let units = (0..<20).map { [mask($0, $0 + 1), mask(8, 9, 10, 11)] }
    let judged = UnitDetectors.all(
      units: units, concepts: concepts, categories: [[0]], seed: 3)
    #expect(judged[0].isDetector() && judged[0].rank.p == 0.005)
    #expect(!judged[1].isDetector() && judged[1].nullMedian == judged[1].iou)
  }

  @Test func `p is adjusted by the largest null of all units, so that a few permutations suffice`()
  {
    // Of 40 units the first knows the concept; the others are at one place in all images.
    let concepts = (0..<20).map { [mask($0, $0 + 1, $0 + 2)] }
    let units = (0..<20).map { image in
      [mask(image, image + 1)] + (1..<40).map { mask($0 % 30, $0 % 30 + 1) }
    }
    let judged = UnitDetectors.all(
      units: units, concepts: concepts, categories: [[0]], permutations: 39, seed: 3)
    #expect(judged[0].adjustedP == 1 / 40.0 && judged[0].isDetector())
    #expect(judged.dropFirst().allSatisfy { $0.adjustedP >= $0.rank.p && !$0.isDetector() })
    #expect(UnitDetectors.adjusted(judged) == judged.map(\.adjustedP))
    // By hand: the share of permutations whose largest IoU of any unit reaches that of unit 5.
    let reached = (0..<39).count { number in
      (judged.map { $0.null[number] }.max() ?? 0) >= judged[5].rank.statistic - 1e-12
    }
    #expect(judged[5].adjustedP == Double(1 + reached) / 40)
  }

  @Test func `rotated axes keep lengths`() throws {
    var stream = RandomStream(seed: 4, purpose: "rotation")
    let outputs = stream.normal(shape: [2, 6, 3, 2])
    let rotated = try RotatedBasis(units: 6, seed: 1).rotated(outputs)
    for image in 0..<2 {
      for position in 0..<6 {
        func square(_ maps: Tensor) -> Double {
          (0..<6).reduce(0) {
            let value = Double(maps[image, $1, position / 2, position % 2])
            return $0 + value * value
          }
        }
        #expect(abs(square(rotated) / square(outputs) - 1) < 1e-5)
      }
    }
    #expect(rotated != outputs)
  }

  @Test func `the images that excite a unit most are kept`() {
    var top = TopImages(units: 1, count: 2)
    top.insert(Tensor(shape: [3, 1, 1, 2], [0, 1, 5, 0, 2, 2]), from: 0)
    top.insert(Tensor(shape: [2, 1, 1, 2], [5, 5, 0, 0]), from: 3)
    #expect(top.images[0].map(\.index) == [1, 3])
  }
}
