import Testing
import XAIAttribution
import XAIExamples
import XAIFiles
import XAIKernels
import XAINetworks
import XAIRepresentations
import XAITensor
import XAITestSupport

@Suite struct EvidenceCounterfactualTests {
  private func game(_ name: String) throws -> (
    fixture: FixtureNetwork, absent: Tensor, segments: SegmentMap
  ) {
    let fixture = try FixtureNetwork(name)
    let shape = try #require(fixture.givenFile.entry("perturbation/segments")).shape
    return (
      fixture, try fixture.given.tensor("inputs/baseline.blurred"),
      try SegmentMap(
        labels: fixture.givenFile.integers("perturbation/segments").map { Int($0) },
        height: shape[0], width: shape[1])
    )
  }

  @Test(arguments: ["A", "P"])
  func `no segment of an answer can be spared`(name: String) throws {
    let (fixture, absent, segments) = try game(name)
    for image in 0..<fixture.images.rows {
      let result = try EvidenceCounterfactual().search(
        fixture.images.row(image), absent: absent.row(image), segments, on: fixture.reader)
      guard !result.pruned.isEmpty else { continue }
      func predicted(without removed: [Int]) throws -> Int {
        let picture = mixed(fixture.images.row(image), absent.row(image), segments, removed)
        return try fixture.reader.logits(of: picture).largestOfRow(0)
      }
      #expect(try predicted(without: result.pruned) == result.changed)
      #expect(result.changed != result.predicted)
      for segment in result.pruned {
        let less = result.pruned.filter { $0 != segment }
        #expect(try predicted(without: less) == result.predicted, "\(segment) can be spared")
      }
    }
  }

  private func mixed(
    _ image: Tensor, _ absent: Tensor, _ segments: SegmentMap, _ removed: [Int]
  ) -> Tensor {
    let plane = segments.labels.count
    let (shown, hidden) = (image.elements, absent.elements)
    return Tensor(
      shape: image.shape,
      shown.indices.map {
        removed.contains(segments.labels[$0 % plane]) ? hidden[$0] : shown[$0]
      })
  }

  @Test func `a proved minimum is one: brute force finds nothing smaller`() throws {
    let (fixture, absent, segments) = try game("P")
    for image in 0..<fixture.images.rows {
      let result = try EvidenceCounterfactual().search(
        fixture.images.row(image), absent: absent.row(image), segments, on: fixture.reader)
      guard let isMinimal = result.isMinimal else { continue }
      let smallest = try (0..<1 << segments.count).filter { set in
        let removed = (0..<segments.count).filter { set >> $0 & 1 == 1 }
        let picture = mixed(fixture.images.row(image), absent.row(image), segments, removed)
        return try fixture.reader.logits(of: picture).largestOfRow(0) != result.predicted
      }.map(\.nonzeroBitCount).min()
      #expect(isMinimal == (smallest == result.pruned.count))
    }
  }

  @Test func `where nothing flips the closest set and its drop are the answer`() throws {
    let (fixture, _, segments) = try game("P")
    let image = fixture.images.row(0)
    // What is removed shows the image itself.
    let result = try EvidenceCounterfactual().search(
      image, absent: image, segments, on: fixture.reader)
    #expect(result.found.isEmpty && result.pruned.isEmpty && result.changed == nil)
    #expect(result.closest?.drop == 0 && result.complete)
    #expect(result.asked == 1 << segments.count)
    var limited = EvidenceCounterfactual()
    limited.limit = 6
    let short = try limited.search(image, absent: image, segments, on: fixture.reader)
    #expect(!short.complete && short.asked < result.asked)
  }

  @Test func `a goal that is the prediction already is no search`() throws {
    let (fixture, absent, segments) = try game("P")
    let image = fixture.images.row(0)
    var search = EvidenceCounterfactual()
    search.goal = try fixture.reader.logits(of: image).largestOfRow(0)
    let result = try search.search(
      image, absent: absent.row(0), segments, on: fixture.reader)
    #expect(result.asked == 1 && result.found.isEmpty)
    search.goal = 99
    #expect(throws: ExampleFailure(.unknownClass(99, count: 4))) {
      try search.search(image, absent: absent.row(0), segments, on: fixture.reader)
    }
  }
}

@Suite struct RegionSwapTests {
  @Test func `an image with its own cells is the goal already, and no cell is used twice`()
    throws
  {
    let fixture = try FixtureNetwork("P")
    let swap = try RegionSwap(of: fixture.explained)
    #expect(swap.layer == "pool2")
    let image = fixture.images.row(0)
    let same = try swap.search(image, with: image)
    #expect(same.reached && same.swaps.isEmpty && same.isMinimal)
    let predicted = same.goal
    let never = try swap.search(image, with: image, goal: (predicted + 1) % 4)
    #expect(never.reached || never.swaps.count == swap.grid.rows * swap.grid.columns)
    #expect(Set(never.swaps.map(\.cell)).count == never.swaps.count)
    #expect(Set(never.swaps.map(\.from)).count == never.swaps.count)
  }

  @Test func `one swap is proved: no other pair does better`() throws {
    let fixture = try FixtureNetwork("A")
    let others = try fixture.given.tensor("regions.distractors")
    let swap = try RegionSwap(of: fixture.explained)
    for image in 0..<fixture.images.rows {
      let result = try swap.search(fixture.images.row(image), with: others.row(image))
      #expect(result.isMinimal == (result.reached && result.swaps.count <= 2))
      let check = try swap.pixelCheck(
        result, fixture.images.row(image), with: others.row(image))
      let predicted = try fixture.reader.logits(of: check.picture).largestOfRow(0)
      #expect(check.reached == (predicted == result.goal))
      #expect(check.picture != fixture.images.row(image))
    }
  }

  @Test func `consistency prefers cells that look alike`() throws {
    let fixture = try FixtureNetwork("P")
    var swap = try RegionSwap(at: "conv3_relu", of: fixture.explained)
    let image = fixture.images.row(0)
    let goal = try (swap.search(image, with: image).goal + 1) % 4
    swap.consistency = 1e6
    swap.mostSwaps = 1
    let result = try swap.search(image, with: image, goal: goal)
    // Of its own cells each looks most like itself.
    #expect(result.swaps.allSatisfy { $0.cell == $0.from })
  }
}

@Suite struct ProximalDescentTests {
  @Test func `entries that are not worth their price stay exactly as they are`() throws {
    let fixture = try FixtureNetwork("A")
    let size = fixture.images.rowCount
    let low = Array(repeating: -10.0, count: size)
    let high = Array(repeating: 10.0, count: size)
    let image = fixture.images.row(0)
    func shares(_ deviation: Double) throws -> [Double] {
      var shares: [Double] = []
      let descent = try ProximalDescent(
        deviation: Array(repeating: deviation, count: size), bounds: (low, high),
        on: fixture.explained, algorithm: .direct)
      let goal = (try fixture.reader.logits(of: image).largestOfRow(0) + 1) % 10
      try descent.run(from: image, goal: goal, weight: 20, steps: 5) { _, point in
        shares.append(point.share)
      }
      return shares
    }
    // The dearer a change, the fewer entries move; without a price nearly all do.
    let (dear, cheap) = (try shares(0.2), try shares(1e6))
    #expect(dear[0] == 0 && dear[5] < cheap[5])
    #expect(cheap[5] > 0.95)
  }

  @Test func `losses have the slopes that differences show`() {
    let logits = [0.3, -1.2, 0.9, 0.4]
    for loss in [GoalLoss.margin(kappa: 0.5), .squared] {
      let slope = loss.slope(logits, goal: 3)
      for index in logits.indices {
        var (up, down) = (logits, logits)
        up[index] += 1e-6
        down[index] -= 1e-6
        let difference = (loss.value(up, goal: 3) - loss.value(down, goal: 3)) / 2e-6
        #expect(abs(slope[index] - difference) < 1e-8, "\(loss) \(index)")
      }
    }
    #expect(GoalLoss.margin(kappa: 0.5).slope([0, 3], goal: 1) == [0, 0])
  }

  @Test func `deviations must be positive, and as many as entries`() throws {
    let fixture = try FixtureNetwork("P")
    let size = fixture.images.rowCount
    let bounds = (Array(repeating: 0.0, count: size), Array(repeating: 1.0, count: size))
    for deviation in [Array(repeating: 0.0, count: size), [1.0]] {
      #expect(throws: ExampleFailure.self) {
        try ProximalDescent(deviation: deviation, bounds: bounds, on: fixture.explained)
      }
    }
  }
}

@Suite struct LeastCostRecourseTests {
  /// A random problem of a few variables.
  private func problem(_ seed: UInt64) throws -> (
    search: LeastCostRecourse, model: LinearModel, values: [Double]
  ) {
    var stream = RandomStream(seed: seed, purpose: "recourse")
    let count = 4
    let data = (0..<25).map { _ in (0..<count).map { _ in stream.normal() } }
    let weights = (0..<count).map { row in
      (0..<count).map { $0 < row ? stream.normal() : 0 }
    }
    let search = try LeastCostRecourse(
      isActionable: [true, seed % 2 == 0, true, true], direction: [0, 1, -1, 0],
      grid: (0..<count).map { _ in (0..<4).map { _ in stream.normal() } },
      distributions: (0..<count).map { index in ObservedDistribution(data.map { $0[index] }) },
      decision: (0...count).map { _ in stream.normal() - 0.3 })
    return (search, try LinearModel(weights: weights), data[0])
  }

  @Test(arguments: 1...12)
  func `the answer is the cheapest of all interventions`(seed: UInt64) throws {
    var (search, model, values) = try problem(seed)
    search.cost = seed % 3 == 0 ? .logPercentile : .percentile
    let answer = search.search(values) { model.prediction(values, setting: $0) }
    var best = Double.infinity
    func extend(_ action: [Int: Int], _ variable: Int) {
      guard variable < 4 else {
        let set = search.values(of: action)
        guard search.score(model.prediction(values, setting: set)) > 0 else { return }
        let cost = set.reduce(0.0) {
          $0 + search.cost.cost(from: values[$1.key], to: $1.value, search.distributions[$1.key])
        }
        best = min(best, cost)
        return
      }
      extend(action, variable + 1)
      guard search.isActionable[variable] else { return }
      for index in 0..<4 {
        let step = search.grid[variable][index] - values[variable]
        guard step * Double(search.direction[variable]) >= 0 else { continue }
        var longer = action
        longer[variable] = index
        extend(longer, variable + 1)
      }
    }
    extend([:], 0)
    if let answer {
      #expect(abs(answer.cost - best) < 1e-12)
      #expect(answer.score > 0)
    } else {
      #expect(best == .infinity)
    }
  }

  @Test func `a set variable keeps its value and moves what follows from it`() throws {
    let model = try LinearModel(weights: [[0, 0, 0], [2, 0, 0], [0, 3, 0]])
    let values = [1.0, 2.5, 7.0]
    #expect(model.abduction(values) == [1, 0.5, -0.5])
    #expect(model.prediction(values, setting: [:]) == values)
    #expect(model.prediction(values, setting: [0: 2]) == [2, 4.5, 13])
    #expect(model.prediction(values, setting: [1: 0]) == [1, 0, -0.5])
    #expect(throws: ExampleFailure.self) { try LinearModel(weights: [[0, 1]]) }
  }

  @Test func `an acausal answer may promise what causes do not keep`() throws {
    let model = try LinearModel(weights: [[0, 0], [-2, 0]])
    let search = try LeastCostRecourse(
      isActionable: [true, false], direction: [0, 0], grid: [[1], []],
      distributions: [ObservedDistribution([0, 1, 2]), ObservedDistribution([0, 1, 2])],
      decision: [1, 1, -0.5])
    let values = [0.0, 0.0]
    let answer = search.search(values) { action in values.indices.map { action[$0] ?? values[$0] } }
    #expect(answer?.score == 0.5)
    #expect(search.score(model.prediction(values, setting: [0: 1])) == -1.5)
    #expect(search.search(values) { model.prediction(values, setting: $0) } == nil)
  }

  @Test func `shares stay within the ends, and costs are symmetric as percentiles`() {
    let distribution = ObservedDistribution([1, 2, 3, 4])
    #expect(distribution.share(upTo: -9) == 0.2 && distribution.share(upTo: 9) == 0.8)
    #expect(distribution.share(upTo: 2) == 0.4)
    let (percentile, logarithmic) = (ActionCost.percentile, ActionCost.logPercentile)
    let up = percentile.cost(from: 2, to: 4, distribution)
    #expect(up == percentile.cost(from: 4, to: 2, distribution) && abs(up - 0.4) < 1e-15)
    // To the upper end it is dear, to the lower one cheap.
    #expect(
      logarithmic.cost(from: 2, to: 4, distribution)
        > 3 * logarithmic.cost(from: 2, to: 1, distribution))
  }
}
