import XAIExperiments

/// What `merge` does: brings shards together, and tells what is missing.
package struct MergeWork {
  private let console: Console

  /// Prepares a merge.
  /// - Parameter console: Who is told.
  package init(_ console: Console) { self.console = console }

  /// Merges.
  /// - Parameter output: The folder that all processes were given.
  /// - Throws: What is missing or wrong; `Interrupted` where a signal stopped it.
  package func run(_ output: String) throws {
    console.becomesStoppable()
    let merge = try console.stoppable("interrupted; what is merged stays, the same command goes on")
    {
      try ShardMerge(output) { _ in
        if console.isStopped { throw Interrupted("interrupted; the same command goes on") }
      }
    }
    console.print(
      "\(Format.count(merge.found.count, "shard")): \(Format.count(merge.files, "file")) linked into \(output)"
    )
    if merge.instructions.count > 1 {
      console.warn(
        "shards ran with other instruction sets (\(merge.instructions.joined(separator: ", "))), which round "
          + "differently: maps are not the same bytes as those of one machine")
    }
    tell(merge.missing, "never began")
    tell(merge.incomplete, "not finished")
    if merge.missing.isEmpty && merge.incomplete.isEmpty {
      console.note("everything is there: the same command without --shard writes the report")
    }
  }

  private func tell(_ shards: [Shard], _ state: String) {
    guard !shards.isEmpty else { return }
    let shown = shards.prefix(12).map(\.words).joined(separator: ", ")
    let more = shards.count > 12 ? " and \(Format.count(shards.count - 12)) others" : ""
    console.warn("\(state): \(shown)\(more)")
  }
}
