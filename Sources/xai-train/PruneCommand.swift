import ArgumentParser
import XAICommandLine

/// Removes filters of a trained network, and tells what accuracy is left.
struct PruneCommand: ParsableCommand {
  static let word = "prune"
  static let configuration = CommandConfiguration(
    commandName: "xai-train prune",
    abstract: "Remove the filters that a network needs least, step by step, and tell what is left.",
    usage: """
      xai-train prune --checkpoint FILE --data DIR|shapes --output RUN
             xai-train prune --checkpoint FILE --data DIR --criterion lrp,taylor --epochs 1 --output RUN
      """,
    discussion: """
      Filters are ranked by relevance (lrp: LRP z+), by output times gradient (taylor), by gradient, by the size of \
      their weights, or by chance; the least important of all layers go together. A criterion that does not beat \
      random orders has found nothing.

      The folder receives index.html, results.json, results.csv, speed.csv, accuracy against multiply-adds, and for \
      each order the last network and the smallest whose accuracy is kept, in networks/: checkpoints like any other. \
      SIGINT and SIGTERM keep all finished steps; the same command goes on.
      """)

  @OptionGroup(title: "Pruning") var pruning: PruneOptions
  @OptionGroup(title: "Network") var reading: CheckpointOptions
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Work") var test: TestOptions

  func run() throws {
    try Console.run("xai-train", quiet: test.work.quiet, threads: test.work.threads) { console in
      try PruneWork(pruning, reading, data, test, console).run()
    }
  }
}
