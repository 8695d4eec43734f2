/// What a shard has to do beside all others.
public struct ShardLoad: Sendable, Equatable {
  /// Its walks through the network.
  public let own: Double
  /// Those of all shards.
  public let all: Double
  /// How much more than its part the shard with the most has: 0 where all have the same.
  public let imbalance: Double

  /// Looks at what all shards have to do.
  init(of shard: Shard, _ loads: [Double], imbalance: Double) {
    (own, all) = (loads[shard.number - 1], loads.reduce(0, +))
    self.imbalance = imbalance
  }
}
