/// The minimum cut of pixels between front and background, exactly: whole capacities, Dinic's algorithm (1970).
///
/// Every node has a capacity from the source and one to the sink; links carry the same both ways. The cut is
/// unique: the nodes that the source still reaches.
public struct MaximumFlow: Sendable {
  /// A link between two nodes.
  public struct Link: Sendable, Equatable {
    /// One end.
    public let first: Int
    /// The other end.
    public let second: Int
    /// What it carries either way.
    public let capacity: Int

    /// Describes a link.
    /// - Parameters:
    ///   - first: One end.
    ///   - second: The other end.
    ///   - capacity: At least 0.
    public init(_ first: Int, _ second: Int, _ capacity: Int) {
      (self.first, self.second, self.capacity) = (first, second, capacity)
    }
  }

  /// The most that flows: the value of the cut.
  public let value: Int
  /// Whether a node is on the source's side.
  public let isFront: [Bool]

  /// Finds the cut.
  /// - Parameters:
  ///   - source: Capacity from the source to each node: what it costs to put it behind.
  ///   - sink: Capacity from each node to the sink: what it costs to put it in front.
  ///   - links: What it costs to part two nodes.
  /// - Throws: `ExampleFailure` where capacities are negative or too large, or where a link has no such node.
  public init(source: [Int], sink: [Int], links: [Link]) throws(ExampleFailure) {
    guard source.count == sink.count else {
      throw ExampleFailure(
        .shape(of: "capacities to the sink", found: [sink.count], expected: "[\(source.count)]"))
    }
    let most = Int.max / (4 * (source.count + links.count + 1))
    for capacity in source + sink + links.map(\.capacity) where !(0...most).contains(capacity) {
      throw ExampleFailure(
        .value(of: "a capacity", found: "\(capacity)", expected: "a number from 0 to \(most)"))
    }
    for link in links {
      for node in [link.first, link.second] where !source.indices.contains(node) {
        throw ExampleFailure(
          .value(
            of: "a node of a link", found: "\(node)",
            expected: "a number from 0 to \(source.count - 1)"))
      }
    }
    var graph = FlowGraph(source: source, sink: sink, links: links)
    value = graph.saturate()
    isFront = graph.reached
  }
}

/// Arcs in pairs, each the way back of the other.
private struct FlowGraph {
  private let nodes: Int
  private var heads: [Int] = []
  private var rest: [Int] = []
  private var starts: [Int]
  private var arcs: [Int] = []
  private var levels: [Int] = []
  private var current: [Int] = []
  private var source: Int { nodes }
  private var sink: Int { nodes + 1 }

  init(source: [Int], sink: [Int], links: [MaximumFlow.Link]) {
    nodes = source.count
    var tails: [Int] = []
    for node in source.indices {
      // What flows straight through needs no path.
      let through = min(source[node], sink[node])
      straight += through
      tails += [nodes, node, node, nodes + 1]
      heads += [node, nodes, nodes + 1, node]
      rest += [source[node] - through, 0, sink[node] - through, 0]
    }
    for link in links where link.first != link.second {
      tails += [link.first, link.second]
      heads += [link.second, link.first]
      rest += [link.capacity, link.capacity]
    }
    // Arcs sorted by their tail, those of a node one after the other.
    starts = Array(repeating: 0, count: nodes + 3)
    for tail in tails { starts[tail + 1] += 1 }
    for node in 0..<nodes + 2 { starts[node + 1] += starts[node] }
    var next = starts
    arcs = Array(repeating: 0, count: tails.count)
    for (arc, tail) in tails.enumerated() {
      arcs[next[tail]] = arc
      next[tail] += 1
    }
  }

  private var straight = 0

  /// The nodes that the source still reaches.
  var reached: [Bool] { (0..<nodes).map { levels[$0] >= 0 } }

  /// Sends flow until none gets through; returns how much did.
  mutating func saturate() -> Int {
    var flow = straight
    while levelOff() {
      current = starts
      while case let amount = augment(), amount > 0 { flow += amount }
    }
    return flow
  }

  /// Distances from the source; whether the sink is reached.
  private mutating func levelOff() -> Bool {
    levels = Array(repeating: -1, count: nodes + 2)
    levels[source] = 0
    var queue = [source]
    var first = 0
    while first < queue.count {
      let node = queue[first]
      first += 1
      for place in starts[node]..<starts[node + 1] {
        let arc = arcs[place]
        guard rest[arc] > 0, levels[heads[arc]] < 0 else { continue }
        levels[heads[arc]] = levels[node] + 1
        queue.append(heads[arc])
      }
    }
    return levels[sink] >= 0
  }

  /// Sends flow along one path of the shortest length.
  private mutating func augment() -> Int {
    var path: [Int] = []
    var node = source
    while node != sink {
      var arc: Int?
      while current[node] < starts[node + 1] {
        let candidate = arcs[current[node]]
        if rest[candidate] > 0, levels[heads[candidate]] == levels[node] + 1 {
          arc = candidate
          break
        }
        current[node] += 1
      }
      if let arc {
        path.append(arc)
        node = heads[arc]
      } else {
        guard let last = path.popLast() else { return 0 }
        node = heads[last ^ 1]
        current[node] += 1
      }
    }
    let amount = path.reduce(Int.max) { min($0, rest[$1]) }
    for arc in path {
      rest[arc] -= amount
      rest[arc ^ 1] += amount
    }
    return amount
  }
}
