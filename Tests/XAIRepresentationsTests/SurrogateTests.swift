import Testing
import XAIRepresentations
import XAIStatistics
import XAITensor
import XAITestSupport

@Suite struct DecisionTreeTests {
  private static func table(_ rows: Int, _ columns: Int) -> [[Double]] {
    var stream = RandomStream(seed: 6, purpose: "tree")
    return (0..<rows).map { _ in (0..<columns).map { _ in stream.uniform() } }
  }

  @Test func `a tree of full depth reproduces its table`() throws {
    let table = Self.table(60, 4)
    let classes = (0..<60).map { $0 * 13 % 5 }
    let full = try DecisionTree(table, classes: classes, limits: .init(depth: 60, leaf: 1))
    #expect(table.map { Int(full.predict($0)) } == classes)
    let values = classes.map { Double($0) * 0.37 }
    let numbers = try DecisionTree(table, values: values, limits: .init(depth: 60, leaf: 1))
    expectClose(table.map(numbers.predict), values, relative: 1e-12)
    // A shallow one does not.
    let shallow = try DecisionTree(table, classes: classes, limits: .init(depth: 2, leaf: 1))
    #expect(table.map { Int(shallow.predict($0)) } != classes)
  }

  @Test func `equal splits go to the lowest feature and threshold`() throws {
    // Both columns divide alike; so do both thresholds of the first.
    let table = [[0.0, 10], [1, 11], [2, 12], [3, 13]]
    let tree = try DecisionTree(table, classes: [0, 1, 1, 0], limits: .init(depth: 1, leaf: 1))
    #expect(tree.nodes[0].feature == 0 && tree.nodes[0].threshold == 0.5)
    let leaves = try DecisionTree(table, classes: [2, 1, 2, 1], limits: .init(depth: 0, leaf: 1))
    #expect(leaves.nodes.map(\.value) == [1])
  }

  @Test func `a split that gains nothing is not made`() throws {
    let tree = try DecisionTree([[0], [0], [1], [1]], classes: [0, 1, 0, 1])
    #expect(tree.nodes.count == 1 && tree.gains(columns: 1) == [0])
  }

  @Test func `a leaf has at least the rows it must have`() throws {
    let table = Self.table(50, 3)
    let tree = try DecisionTree(
      table, classes: (0..<50).map { $0 % 3 }, limits: .init(depth: 9, leaf: 6))
    #expect(tree.nodes.filter { $0.feature == nil }.allSatisfy { $0.rows >= 6 })
    #expect(tree.nodes.count > 1)
  }

  @Test func `rules read as sentences do`() throws {
    let table = [[1.0, 10], [1, 30], [0, 10], [0, 30]]
    let tree = try DecisionTree(table, classes: [1, 0, 0, 0], limits: .init(depth: 2, leaf: 1))
    let rules = tree.rules(["kind=star", "radius"])
    #expect(
      rules.map(\.condition) == [
        "not kind=star", "kind=star and radius <= 20.0", "kind=star and radius > 20.0",
      ])
    #expect(rules.map(\.value) == [0, 1, 0])
  }

  @Test func `importance is the gain of each column`() throws {
    let table = Self.table(80, 3)
    let tree = try DecisionTree(table, classes: table.map { $0[1] > 0.5 ? 1 : 0 })
    #expect(tree.gains(columns: 3) == [0, 1, 0])
    let losses = PermutationImportance.losses(table, seed: 1) { rows in
      Double(zip(rows, table).count { tree.predict($0) == ($1[1] > 0.5 ? 1 : 0) }) / 80
    }
    #expect(losses[0] == 0 && losses[1] > 0.3 && losses[2] == 0)
  }
}

@Suite struct SurrogateTests {
  @Test func `neighbors are the nearest rows, the earlier one where equal`() throws {
    let training = Tensor(shape: [5, 1], [0, 10, 2, 2, -7])
    let near = try NearestNeighbors(
      of: Tensor(shape: [2, 1], [1.9, -6]), among: training, count: 3)
    #expect(near.neighbors == [[2, 3, 0], [4, 0, 2]])
    #expect(near.answers([5, 1, 7, 5, 1]) == [5, 1])
    let distances = near.distances[0].map { $0 / near.distances[0][2] }
    expectClose(distances, [0.1 / 1.9, 0.1 / 1.9, 1], relative: 1e-5)
  }

  @Test func `categories enter as one column a value, constant columns are left out`() {
    var table = FeatureTable(count: 3)
    table.append("kind", categories: ["star", "disk", "star"])
    table.append("radius", [1, 2, 3])
    table.append("light", [4, 4, 4])
    #expect(table.names == ["kind=disk", "kind=star", "radius"] && table.constant == ["light"])
    #expect(table.rows == [[0, 1, 1], [1, 0, 2], [0, 1, 3]])
  }

  @Test func `a surrogate no better than the most frequent answer explains nothing`() {
    let network = (0..<50).map { $0 % 2 }
    let good = SurrogateFidelity(predicted: network, network: network, mostFrequent: 0)
    #expect(good.explains() && good.agreement == 1 && good.mostFrequent == 0.5)
    let idle = SurrogateFidelity(
      predicted: network.map { _ in 0 }, network: network, mostFrequent: 0)
    #expect(!idle.explains() && idle.p == 1)
    #expect(throws: StatisticsFailure.self) { try FeatureTable.requireSeveral([2, 2]) }
  }
}
