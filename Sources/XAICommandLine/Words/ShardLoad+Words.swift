package import XAIExperiments

extension ShardLoad {
  /// What a dry run prints.
  /// - Parameter shard: Whose load it is.
  /// - Returns: A line.
  package func words(of shard: Shard) -> String {
    "\(shard.words): about \(Format.count(Format.whole(own))) of \(Format.count(Format.whole(all))) walks; "
      + "the one with the most has \(Format.percent(imbalance)) more than the mean"
  }
}
