import ArgumentParser
import XAICommandLine
import XAIExperiments

/// Brings shards together.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Bring together what processes with --shard have finished.",
    usage: "xai-explain merge --output DIR",
    discussion: """
      Links or copies finished work of the folders in shards/ into the folder, and says which parts are missing. The \
      same command without --shard then writes the report: its bytes are those of one process.
      """)

  @Option(help: "The folder that all processes were given.")
  var output: String
  @Flag(help: "Say nothing but warnings and failures.")
  var quiet = false

  func run() throws {
    try Console.run("xai-explain", quiet: quiet, threads: nil) { console in
      try MergeWork(console).run(output)
    }
  }
}
