import XAITensor

/// Which shard does which piece of work.
///
/// A pure function of what there is to do: the costliest piece first, ties by position, each to the shard with the
/// least so far. Pieces that share work stay together, as long as a group is no more than a shard's part of the whole.
public struct ShardPartition: Sendable, Equatable {
  /// A piece of work.
  public struct Piece: Sendable, Equatable {
    /// What it takes, in any unit.
    public var cost: Double
    /// Pieces of one group that follow each other share work.
    public var group: Int

    /// Describes a piece.
    /// - Parameters:
    ///   - cost: What it takes, in any unit.
    ///   - group: Pieces of one group that follow each other share work.
    public init(cost: Double, group: Int) { (self.cost, self.group) = (cost, group) }
  }

  /// The shard of each piece, from 0.
  public let shards: [Int]
  /// The cost of each shard.
  public let loads: [Double]

  /// Divides pieces.
  /// - Parameters:
  ///   - pieces: All there are, in the order in which one process does them.
  ///   - count: The number of shards.
  public init(_ pieces: [Piece], among count: Int) {
    precondition(count > 0, "\(count) shards")
    let most = pieces.reduce(0) { $0 + $1.cost } / Double(count)
    var parcels: [(positions: Range<Int>, cost: Double)] = []
    for (position, piece) in pieces.enumerated() {
      if let last = parcels.last, pieces[position - 1].group == piece.group,
        last.cost + piece.cost <= most
      {
        parcels[parcels.count - 1] = (
          last.positions.lowerBound..<position + 1, last.cost + piece.cost
        )
      } else {
        parcels.append((position..<position + 1, piece.cost))
      }
    }
    let order = parcels.indices.sorted {
      (-parcels[$0].cost, $0) < (-parcels[$1].cost, $1)
    }
    var (shards, loads) = (
      [Int](repeating: 0, count: pieces.count), [Double](repeating: 0, count: count)
    )
    for parcel in order {
      let least = loads.indices.min { (loads[$0], $0) < (loads[$1], $1) } ?? 0
      loads[least] += parcels[parcel].cost
      for position in parcels[parcel].positions { shards[position] = least }
    }
    (self.shards, self.loads) = (shards, loads)
  }

  /// How much more than its part the shard with the most has: 0 where all have the same.
  public var imbalance: Double {
    let mean = loads.reduce(0, +) / Double(loads.count)
    return mean > 0 ? (loads.max() ?? 0) / mean - 1 : 0
  }
}
