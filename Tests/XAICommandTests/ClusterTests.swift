import Foundation
import Glibc
import Testing
import XAIFiles
import XAITensor
import XAITestSupport

/// The recipes of `Scripts/cluster`, with programs in the place of a scheduler's.
@Suite struct ClusterTests {
  private let fixture: CommandFixture
  private let root: String

  init() throws {
    fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    root =
      URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    try Folder.create(fixture.path("bin"))
    // Each prints what it was asked, and does what the scheduler's would do on one machine.
    try stub("scontrol", "printf '%s\\n' \"$*\" >> \"$STUB_LOG\"")
    try stub(
      "srun",
      """
      while [ "${1#--}" != "$1" ]; do shift; done
      for rank in 0 1; do SLURM_PROCID=$rank SLURM_NTASKS=2 "$@" || exit; done
      """)
    try stub(
      "ssh",
      """
      [ "$1" != -tt ] || shift
      printf '%s\\n' "$1" >> "$STUB_LOG"
      exec /bin/bash -c "$2"
      """)
  }

  private func stub(_ name: String, _ body: String) throws {
    try fixture.write("#!/bin/bash\n\(body)\n", "bin/\(name)")
    chmod(fixture.path("bin/\(name)"), 0o755)
  }

  /// The command whose parts are shared.
  private func words(_ folder: String) -> [String] {
    [
      "randomize", "--checkpoint", fixture.path("model.safetensors"), "--data",
      fixture.path("data"), "--samples", "2", "--method", "saliency,lrp-a1b0", "--seeds", "2",
      "--health-images", "4", "--output", fixture.path(folder),
    ]
  }

  private func start(
    _ recipe: String, _ words: [String], _ variables: [String: String] = [:]
  ) throws -> RunningProgram {
    let path = String(cString: getenv("PATH"))
    let common = [
      "PATH": "\(fixture.path("bin")):\(path)", "STUB_LOG": fixture.path("log"),
      "XAI_EXPLAIN": "\(RunningProgram.builtPrograms)/xai-explain",
    ]
    return try RunningProgram(
      "/bin/bash", ["\(root)/Scripts/cluster/\(recipe)"] + words,
      environment: common.merging(variables) { $1 })
  }

  private func explain(_ words: [String]) throws -> ProgramResult {
    try runProgram("xai-explain", words + ["--threads", "1", "--quiet"])
  }

  /// The report of all parts, which must be that of one process.
  private func expectReport(of folder: String) throws {
    #expect(try explain(words("whole")).status == 0)
    let result = try explain(words(folder))
    #expect(result.status == 0, "\(result.standardError)")
    for name in ["results.json", "results.csv", "verdicts.csv"] {
      #expect(
        try fixture.bytes("\(folder)/\(name)") == fixture.bytes("whole/\(name)"), "\(name)")
    }
  }

  private func merge(_ folder: String) throws -> ProgramResult {
    try runProgram("xai-explain", ["merge", "--output", fixture.path(folder)])
  }

  @Test func `tasks of an array do a part each`() throws {
    for task in [7, 5, 6] {
      let result = try start(
        "array.sbatch", words("out"),
        [
          "SLURM_ARRAY_TASK_ID": "\(task)", "SLURM_ARRAY_TASK_COUNT": "3",
          "SLURM_ARRAY_TASK_MIN": "5", "SLURM_CPUS_PER_TASK": "1",
        ]
      ).wait()
      #expect(result.status == 0, "\(result.standardError)")
    }
    #expect(try merge("out").status == 0)
    #expect(!fixture.exists("log"))
    try expectReport(of: "out")
  }

  @Test func `a task whose time is over saves its part and asks to be run again`() throws {
    let variables = [
      "SLURM_ARRAY_TASK_ID": "1", "SLURM_ARRAY_TASK_COUNT": "1", "SLURM_JOB_ID": "42",
    ]
    let long =
      words("long") + ["--noise", "smooth-grad", "--noise-samples", "100000"]
    let program = try start("array.sbatch", long, variables)
    for _ in 0..<3000 where !fixture.exists("long/shards/001-of-001/shard.json") {
      usleep(10_000)
    }
    program.send(SIGTERM)
    let result = program.wait(atMost: 120)
    #expect(result.status == 130, "\(result.standardError)")
    #expect(try fixture.text("log") == "requeue 42\n")
  }

  @Test func `tasks of one job do a part each, and are brought together`() throws {
    let result = try start("tasks.sbatch", words("out"), ["SLURM_CPUS_PER_TASK": "1"]).wait()
    #expect(result.status == 0, "\(result.standardError)")
    try expectReport(of: "out")
    let refused = try start("tasks.sbatch", ["randomize"]).wait()
    #expect(refused.status == 64 && refused.standardError.contains("expected --output DIR"))
  }

  @Test func `parts run beside each other on one machine`() throws {
    let result = try start("local", ["--parts", "3", "--at-once", "2"] + words("out")).wait()
    #expect(result.status == 0, "\(result.standardError)")
    #expect(try merge("out").status == 0)
    try expectReport(of: "out")
  }

  @Test func `parts run on the hosts that are named`() throws {
    let result = try start("hosts", ["first second"] + words("out")).wait()
    #expect(result.status == 0, "\(result.standardError)")
    #expect(try fixture.text("log").split(separator: "\n").sorted() == ["first", "second"])
    #expect(try merge("out").status == 0)
    try expectReport(of: "out")
  }
}
