/// What of a randomization test is the part of one shard.
public struct RandomizationShare: Sendable {
  /// The units.
  let units: Set<UnitKey>
  /// The draws whose networks are looked at; -1 is the original network.
  let draws: Set<Int>
  /// The positions of the methods whose convergence is measured.
  let methods: Set<Int>
  /// What all shards have to do, in walks.
  let loads: [Double]
  /// How much more than its part the shard with the most has.
  let imbalance: Double
}

extension RandomizationTest {
  /// What a shard has to do: a pure function of the test, whatever is finished.
  /// - Parameters:
  ///   - shard: The shard.
  ///   - keys: The names of units.
  ///   - healthImages: The images on which every network is looked at; 0 where none is.
  ///   - hasConvergence: Whether the convergence of signals is measured.
  /// - Returns: Its part.
  /// - Throws: Where a baseline cannot be made.
  func share(
    of shard: Shard, _ keys: UnitKeys, healthImages: Int, hasConvergence: Bool
  ) throws -> RandomizationShare {
    let batches = try batches(keys)
    var pieces: [ShardPartition.Piece] = []
    func alone(_ cost: Double) { pieces.append(.init(cost: cost, group: -1 - pieces.count)) }
    for batch in batches {
      guard !batch.variants.isEmpty else {
        alone(try cost(batch))
        continue
      }
      // Batches of one draw and method share random networks.
      pieces.append(
        .init(cost: try cost(batch), group: batch.seed * methods.count + batch.method))
    }
    // A look is a forward walk, of which about half is shared with the original network.
    let draws = healthImages > 0 ? Array(-1..<seeds) : []
    for draw in draws {
      let networks = draw < 0 ? 1 : variants.count
      alone(Double(networks * healthImages) / 2)
    }
    let curves = hasConvergence ? Array(methods.indices) : []
    for _ in curves { alone(Double(3 * subjects.count)) }
    let partition = ShardPartition(pieces, among: shard.count)
    let own = pieces.indices.filter { partition.shards[$0] == shard.number - 1 }
    var units: Set<UnitKey> = []
    for position in own where position < batches.count {
      let batch = batches[position]
      for subject in batch.subjects {
        let layers: [RandomLayers?] = batch.variants.isEmpty ? [nil] : batch.variants
        for layers in layers {
          units.insert(keys.key(batch.method, subject, layers, seed: batch.seed))
        }
      }
    }
    let others = own.filter { $0 >= batches.count }.map { $0 - batches.count }
    return RandomizationShare(
      units: units, draws: Set(others.filter { $0 < draws.count }.map { draws[$0] }),
      methods: Set(others.filter { $0 >= draws.count }.map { curves[$0 - draws.count] }),
      loads: partition.loads, imbalance: partition.imbalance)
  }
}
