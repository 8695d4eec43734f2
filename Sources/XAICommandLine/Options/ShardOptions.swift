package import ArgumentParser
package import XAIExperiments

#if canImport(Glibc)
  import Glibc
#endif

/// Which part of an experiment this process does.
package struct ShardOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Do part i of N alone, into shards/ in the folder, and write no report: other processes have the rest, and merge \
      brings them together. auto takes both from Slurm, Open MPI or PMI.
      """, valueName: "i/N|auto"))
  package var shard: String?

  package init() {}

  package func validate() throws {
    if let shard, shard != "auto", Self.read(shard) == nil {
      throw ValidationError(
        "--shard \(shard): expected a number from 1 and how many there are, such as 3/64, or auto")
    }
  }

  private static func read(_ text: String) -> Shard? {
    let words = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard words.count == 2, let number = words[0], let count = words[1] else { return nil }
    return Shard(number, of: count)
  }

  /// The part, and what said so where that was not the user.
  /// - Parameter environment: Gives variables of the environment.
  /// - Returns: Nil where this process does everything.
  /// - Throws: `CommandFailure` where no scheduler says anything.
  package func chosen(
    environment: (String) -> String? = { name in getenv(name).map { String(cString: $0) } }
  ) throws(CommandFailure) -> (shard: Shard, source: String?)? {
    guard let shard else { return nil }
    guard shard == "auto" else { return Self.read(shard).map { ($0, nil) } }
    func number(_ name: String) -> Int? { environment(name).flatMap { Int($0) } }
    // An array may begin anywhere and go in steps; ranks count from 0.
    let (first, step) = (
      number("SLURM_ARRAY_TASK_MIN") ?? 1, max(1, number("SLURM_ARRAY_TASK_STEP") ?? 1)
    )
    let sources: [(rank: String, size: String, first: Int, step: Int)] = [
      ("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", first, step),
      ("SLURM_PROCID", "SLURM_NTASKS", 0, 1),
      ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", 0, 1), ("PMI_RANK", "PMI_SIZE", 0, 1),
    ]
    for source in sources where environment(source.rank) != nil && environment(source.size) != nil {
      guard let rank = number(source.rank), let size = number(source.size),
        let found = Shard((rank - source.first) / source.step + 1, of: size)
      else {
        throw CommandFailure(
          .form,
          "--shard auto: \(source.rank)=\(environment(source.rank) ?? "") is none of "
            + "\(source.size)=\(environment(source.size) ?? "") from \(source.first); give --shard i/N"
        )
      }
      return (found, "\(source.rank) and \(source.size)")
    }
    throw CommandFailure(
      .form,
      "--shard auto: no scheduler says which part this is; looked for "
        + sources.map { "\($0.rank) with \($0.size)" }.joined(separator: ", ")
        + "; give --shard i/N")
  }

  /// The part, told where a scheduler chose it.
  /// - Parameter console: Who is told.
  /// - Returns: Nil where this process does everything.
  /// - Throws: `CommandFailure` where no scheduler says anything.
  package func chosen(_ console: Console) throws(CommandFailure) -> Shard? {
    guard let (shard, source) = try chosen() else { return nil }
    if let source { console.note("\(shard.words), by \(source)") }
    return shard
  }
}
