import Testing
import XAIAttribution
import XAIExamples
import XAIRepresentations
import XAIStatistics
import XAITensor
import XAITestSupport

@Suite struct MMDCriticTests {
  private func rows(_ count: Int, _ width: Int = 3) -> Matrix {
    var stream = RandomStream(seed: 6, purpose: "mmd")
    return Matrix(rows: count, columns: width) { _, _ in stream.normal() }
  }

  @Test func `each prototype is the best one more, by the objective itself`() throws {
    let critic = try MMDCritic(rows(15))
    let chosen = critic.prototypes(4)
    for (place, pick) in chosen.picks.enumerated() {
      let before = Array(chosen.picks[..<place])
      #expect(abs(chosen.values[place] - critic.objective(before + [pick])) < 1e-14)
      for other in 0..<15 where !before.contains(other) {
        #expect(critic.objective(before + [other]) <= chosen.values[place] + 1e-14)
      }
    }
    #expect(critic.squaredDiscrepancy(Array(0..<15)) < 1e-14)
    #expect(critic.squaredDiscrepancy(chosen.picks) > 0)
  }

  @Test func `equal images are no obstacle, and the lower index comes first`() throws {
    var doubled = rows(4)
    doubled = Matrix(rows: 6, columns: 3) { doubled[$0 % 4, $1] }
    let critic = try MMDCritic(doubled)
    let chosen = critic.prototypes(6)
    #expect(Set(chosen.picks) == Set(0..<6))
    let first = critic.prototypes(1).picks[0]
    #expect(first < 4)
    _ = try critic.criticisms(3, besides: [0])
  }

  @Test func `a class with fewer images than asked has all of them; one image stands alone`() throws
  {
    #expect(try MMDCritic(rows(3)).prototypes(9).picks.count == 3)
    let single = try MMDCritic(rows(1))
    #expect(single.prototypes(5).picks == [0])
    #expect(try single.criticisms(4, besides: [0]).picks.isEmpty)
    #expect(throws: ExampleFailure.self) {
      try MMDCritic(Matrix(rows: 4, columns: 2, repeating: 1))
    }
    #expect(throws: ExampleFailure.self) { try MMDCritic(Matrix(rows: 0, columns: 2, [])) }
  }

  @Test func `the witness tells too little from too much`() throws {
    // Many images near 0, one far away; a prototype at each.
    let points = Matrix(rows: 6, columns: 1, [0, 0.01, 0.02, 0.03, 0.04, 5])
    let critic = try MMDCritic(points, gamma: 1)
    let witness = critic.witness([0, 5])
    #expect(witness[1] > 0 && witness[5] < 0)
  }

  @Test func `chosen prototypes are nearer to all than random ones, and classify`() throws {
    let critic = try MMDCritic(rows(40))
    let curve = PrototypeQuality.curve(critic, critic.prototypes(5).picks)
    #expect(curve.count == 5 && curve[4].random.count == 20)
    for point in curve { #expect(point.chosen < point.random.mean) }
    let points = Matrix(rows: 4, columns: 1, [0, 0.1, 5, 5.1])
    let separate = try MMDCritic(points, gamma: 1)
    #expect(PrototypeQuality.accuracy(separate, [0, 2], [0, 0, 1, 1]) == 1)
    #expect(PrototypeQuality.accuracy(separate, [0], [0, 0, 1, 1]) == Double(1) / 3)
    #expect(PrototypeQuality.accuracy(separate, [0, 1, 2, 3], [0, 0, 1, 1]) == nil)
  }
}

@Suite struct SubmodularPickTests {
  @Test func `it is within 1 - 1/e of the best of all picks`() {
    var stream = RandomStream(seed: 2, purpose: "pick")
    let table = Matrix(rows: 9, columns: 12) { _, _ in
      stream.uniform() < 0.75 ? 0 : stream.normal()
    }
    let pick = SubmodularPick(table, count: 3)
    var best = 0.0
    for first in 0..<9 {
      for second in 0..<9 {
        for third in 0..<9 {
          best = max(
            best,
            SubmodularPick.coverage(
              of: [first, second, third], table, importance: pick.importance))
        }
      }
    }
    #expect(pick.values[2] >= 0.632 * best && pick.values[2] <= best)
    let coverage = SubmodularPick.coverage(of: pick.picks, table, importance: pick.importance)
    #expect(abs(coverage - pick.values[2]) < 1e-12)
  }

  @Test func `it ends where nothing is left to cover, and equal rows go by index`() {
    let table = Matrix(rows: 3, columns: 2, [1, 0, 0, -2, 1, 0])
    let pick = SubmodularPick(table, count: 3)
    #expect(pick.picks == [0, 1] || pick.picks == [1, 0])
    #expect(pick.picks.contains(0) && !pick.picks.contains(2) && pick.covered == 2)
    let root = Double(2).squareRoot()
    #expect(pick.importance == [root, root])
    #expect(SubmodularPick(Matrix(rows: 2, columns: 2), count: 2).picks.isEmpty)
  }

  @Test func `signs do not cancel, and small entries can be left out`() {
    let table = Matrix(rows: 2, columns: 2, [0.5, 1, -0.5, 0.001])
    #expect(SubmodularPick(table, count: 2).importance[0] == 1)
    #expect(SubmodularPick(table, count: 2).picks.count == 1)
    let sparse = SubmodularPick(table, count: 2, floor: 0.01)
    #expect(sparse.importance[1] == 1 && sparse.picks == [0])
  }
}

@Suite struct SuspectScoresTests {
  @Test func `margins, losses and neighbors single out a wrong label`() throws {
    let logits = Tensor(shape: [3, 2], [2, 0, 0, 3, 4, 1])
    let labels = [0, 1, 1]
    #expect(SuspectScores.margins(logits, labels) == [2, 3, -3])
    let losses = SuspectScores.losses(logits, labels)
    #expect(losses[2] > losses[0] && losses[0] > losses[1])
    let features = Tensor(shape: [5, 2], [1, 0, 1, 0.1, 1, 0.2, 0, 1, 0.1, 1])
    let found = try SuspectScores.disagreement(features, [0, 1, 0, 1, 1], count: 2)
    #expect(found[1] == 1 && found[0] == 0.5 && found[3] == 0.5)
    let single = try SuspectScores.disagreement(Tensor(shape: [1, 2]), [0])
    #expect(single.count == 1 && single[0] == nil)
  }

  @Test func `margins over epochs have an area, and forgetting is counted`() {
    let margins = [[1.0, -1, -1], [-1, 1, -1], [3, -3, -1]]
    #expect(SuspectScores.areaUnderMargin(margins) == [1, -1, -1])
    #expect(SuspectScores.forgettingEvents(margins) == [1, 1, nil])
  }

  @Test func `confident answers are above the mean of their class`() {
    let probabilities = Matrix(
      rows: 4, columns: 2, [0.9, 0.1, 0.7, 0.3, 0.1, 0.9, 0.85, 0.15])
    let joint = SuspectScores.confidentJoint(probabilities, [0, 0, 1, 1])
    // Thresholds: .8 for class 0, .525 for class 1.
    #expect(joint.answers == [0, nil, 1, 0])
    #expect(joint.counts == [[1, 0], [1, 1]])
  }
}

@Suite struct MaximumFlowTests {
  @Test(arguments: 1...20)
  func `the cut is the cheapest of all labelings`(seed: UInt64) throws {
    var stream = RandomStream(seed: seed, purpose: "flow")
    let (height, width) = (3, 4)
    let count = height * width
    let source = (0..<count).map { _ in stream.integer(below: 12) }
    let sink = (0..<count).map { _ in stream.integer(below: 12) }
    var links: [MaximumFlow.Link] = []
    for node in 0..<count {
      for other in [node % width < width - 1 ? node + 1 : -1, node + width]
      where 0..<count ~= other {
        links.append(MaximumFlow.Link(node, other, stream.integer(below: 6)))
      }
    }
    let flow = try MaximumFlow(source: source, sink: sink, links: links)
    func cost(_ isFront: (Int) -> Bool) -> Int {
      (0..<count).reduce(0) { $0 + (isFront($1) ? sink[$1] : source[$1]) }
        + links.reduce(0) { $0 + (isFront($1.first) == isFront($1.second) ? 0 : $1.capacity) }
    }
    let costs = (0..<1 << count).map { set in cost { set >> $0 & 1 == 1 } }
    let least = try #require(costs.min())
    #expect(flow.value == least)
    #expect(cost { flow.isFront[$0] } == least)
    // Unique: of the cheapest labelings the one with the fewest on the source's side.
    let smallest = costs.indices.filter { costs[$0] == least }.map(\.nonzeroBitCount).min()
    #expect(flow.isFront.count { $0 } == smallest)
  }

  @Test func `what cannot be a graph is refused`() {
    for (source, sink, links) in [
      ([1], [1, 2], [MaximumFlow.Link]()), ([-1], [1], []), ([1], [1], [.init(0, 1, 1)]),
      ([Int.max], [1], []),
    ] {
      #expect(throws: ExampleFailure.self) {
        try MaximumFlow(source: source, sink: sink, links: links)
      }
    }
  }
}

@Suite struct GraphCutSegmentationTests {
  @Test func `a bright square on a dark ground is found, whole, with its box`() throws {
    var bytes = Array(repeating: UInt8(20), count: 12 * 10 * 3)
    var saliency = Array(repeating: 0.0, count: 120)
    for row in 3..<8 {
      for column in 2..<6 {
        for channel in 0..<3 { bytes[(row * 10 + column) * 3 + channel] = 220 }
        saliency[row * 10 + column] = Double(row + column)
      }
    }
    let picture = try PixelImages(shape: [1, 12, 10, 3], bytes)
    let result = try GraphCutSegmentation().segment(saliency, picture)
    #expect(result.box == [2, 3, 5, 7])
    #expect(result.part.count { $0 } == 20 && result.front.count == 6)
    #expect(result.behind.count == 36)
    // By another map the front's colors are those of the ground.
    let inverted = try GraphCutSegmentation().segment(saliency.map { -$0 }, picture)
    #expect(inverted.box != result.box)
  }

  @Test func `a uniform image has no beta, and no map of another size`() throws {
    let picture = try PixelImages(
      shape: [1, 4, 4, 1], Array(repeating: UInt8(9), count: 16))
    let result = try GraphCutSegmentation().segment(Array(repeating: 0, count: 16), picture)
    #expect(result.beta == 0)
    #expect(throws: ExampleFailure.self) {
      try GraphCutSegmentation().segment([0, 1], picture)
    }
  }

  @Test func `the largest part wins, of equal ones the first; nothing has no box`() {
    let two = [true, false, true, true, false, true]
    #expect(LargestPart.of(two, height: 2, width: 3) == [true, false, false, true, false, false])
    #expect(LargestPart.box(of: [false, false], width: 2) == nil)
    #expect(LargestPart.overlap([0, 0, 1, 1], [1, 1, 2, 2]) == Double(1) / 7)
    #expect(LargestPart.overlap([true, false], [true, true]) == 0.5)
    #expect(LargestPart.overlap([false], [false]) == nil)
  }
}
