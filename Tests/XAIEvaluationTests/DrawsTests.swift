import Testing
import XAIEvaluation
import XAITensor

/// Random choices: of the right form, the same again, and different where their names are.
@Suite struct EvaluationDrawsTests {
  let draws = EvaluationDraws(seed: 7)

  @Test func `orders are permutations, one for each name`() throws {
    let orders = [
      draws.ties(pixels: 30, image: 0), draws.ties(pixels: 30, image: 1),
      draws.randomOrder(of: 30, image: 0, 0), draws.randomOrder(of: 30, image: 0, 1),
      EvaluationDraws(seed: 8).ties(pixels: 30, image: 0),
    ]
    #expect(Set(orders).count == 5)
    for order in orders { #expect(order.sorted() == Array(0..<30)) }
    #expect(draws.ties(pixels: 30, image: 0) == orders[0])
  }

  @Test func `subsets have their size`() {
    let subsets = (0..<5).map {
      draws.subset(share: 0.1, pixels: 64, image: 2, level: 1, sample: $0)
    }
    #expect(Set(subsets).count == 5)
    #expect(subsets.allSatisfy { $0.size == 6 })
    #expect(draws.subset(share: 0.001, pixels: 64, image: 0, level: 0, sample: 0).size == 1)
    #expect(draws.shown(pixels: 64, image: 0).size == 3)
    #expect(draws.shown(pixels: 4_096, image: 0).size == 40)
  }

  @Test func `squares lie inside`() {
    let squares = (0..<200).map {
      draws.square(sides: 2...5, height: 9, width: 12, image: 0, sample: $0)
    }
    #expect(Set(squares.map(\.side)) == [2, 3, 4, 5])
    for square in squares {
      #expect(square.mask(height: 9, width: 12).size == square.side * square.side)
    }
  }

  @Test func `neighbors are uniform in pixel units`() {
    let draw = draws.neighbor(
      shape: [2, 20, 30], radius: 0.02, deviations: [0.5, 0.25], image: 3, draw: 0)
    let (first, second) = (draw.elements[..<600], draw.elements[600...])
    #expect(first.allSatisfy { abs($0) <= 0.04 } && first.contains { abs($0) > 0.038 })
    #expect(second.allSatisfy { abs($0) <= 0.08 } && second.contains { abs($0) > 0.076 })
  }

  @Test func `samples of images are drawn with replacement`() {
    let samples = (0..<50).map { draws.resample(images: 6, sample: $0) }
    #expect(samples.allSatisfy { $0.count == 6 && $0.allSatisfy { 0..<6 ~= $0 } })
    #expect(samples.contains { Set($0).count < 6 })
    #expect(Set(samples).count > 45)
  }
}
