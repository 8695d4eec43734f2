import Foundation
import Glibc
import Testing
import XAIFiles
import XAINetworks
import XAITensor
import XAITestSupport

/// The short forms of the attacks of `Scripts/under-fire`.
@Suite struct UnderFireTests {
  private let fixture: CommandFixture

  init() throws {
    fixture = try CommandFixture()
    try fixture.writeCheckpoint()
  }

  // MARK: Kills

  @Test func `a training that is killed at any moment ends in the bytes of one that was not`()
    throws
  {
    let options = ["--epochs": "40", "--patience": "100", "--save-every": "2"]
    let start = ContinuousClock.now
    #expect(
      try fixture.train(options.merging(["--output": fixture.path("whole")]) { $1 }).status == 0)
    let length = (ContinuousClock.now - start) / .seconds(1)
    var moments = RandomStream(seed: 1, purpose: "kills", 0)
    var kills = 0
    for _ in 0..<6 {
      let program = try RunningProgram("xai-train", words(options) + ["--quiet"])
      usleep(UInt32(moments.integer(below: Int(5e5 * length))))
      program.send(SIGKILL)
      if program.wait().status == 128 + SIGKILL { kills += 1 }
      if fixture.exists("run/bestmodel.safetensors") {
        _ = try Checkpoint(path: fixture.path("run/bestmodel.safetensors"))
        #expect(fixture.exists("run/last.safetensors"))
      }
    }
    #expect(kills > 0)
    #expect(try runProgram("xai-train", words(options) + ["--quiet"]).status == 0)
    try fixture.expectSameRun("run", "whole")
  }

  /// What begins a training in the folder `run`, or continues it.
  private func words(_ options: [String: String]) -> [String] {
    guard fixture.exists("run/last.safetensors") else { return fixture.options(options) }
    return [
      "--data", fixture.path("data"), "--output", fixture.path("run"), "--resume",
      "--threads", "1", "--save-every", "2",
    ]
  }

  @Test func `nohup keeps a training from being ended by its terminal`() throws {
    let shell = "trap '' HUP; exec \"$0\" \"$@\""
    let program = try RunningProgram(
      "/bin/sh",
      ["-c", shell, "\(RunningProgram.builtPrograms)/xai-train"]
        + fixture.options(["--epochs": "40", "--patience": "100"]))
    let start = ContinuousClock.now
    while !program.standardErrorSoFar.contains("epoch 1:"), .now - start < .seconds(60) {
      usleep(2000)
    }
    program.send(SIGHUP)
    let result = program.wait(atMost: 60)
    #expect(result.status == 0 && result.standardError.contains("40 epochs in"))
  }

  @Test(arguments: [
    ("OMP_DYNAMIC", "true", "2"), ("OMP_MAX_ACTIVE_LEVELS", "0", "2"),
    ("OMP_THREAD_LIMIT", "1", "1"),
  ])
  func `no variable makes kernels wait for threads that do not come`(
    name: String, value: String, threads: String
  ) throws {
    let program = try RunningProgram(
      "xai-train", fixture.options(["--threads": "2"]) + ["--quiet"], environment: [name: value])
    let result = program.wait(atMost: 60)
    #expect(result.status == 0, "\(result.standardError)")
    #expect(
      try fixture.train(["--threads": threads, "--output": fixture.path("as")]).status == 0)
    try fixture.expectSameRun("run", "as")
  }

  @Test func `threads that the system does not give are an error`() throws {
    // 200 threads want 8 MB of addresses each. (With a sanitizer no program fits at all.)
    let shell = "ulimit -v 900000; exec \"$0\" \"$@\""
    let program = "\(RunningProgram.builtPrograms)/xai-train"
    guard try runProgram("/bin/sh", ["-c", shell, program, "--help"]).status == 0 else { return }
    let words = fixture.options(["--threads": "200"]) + ["--quiet"]
    fixture.expectFailure(
      try runProgram("/bin/sh", ["-c", shell, program] + words), .inputOutput,
      ["the system has no 200 threads for this program"])
  }

  // MARK: Disk

  /// What each program is asked for; all of it is written as ROOT/out.
  static let jobs: [[String]] = [
    training + ["--output", "ROOT/out", "--cache", "none"],
    training + ["--output", "ROOT/run", "--cache", "ROOT/out"],
    ["xai-eval", "--checkpoint", "ROOT/model.safetensors", "--predictions", "ROOT/out"]
      + ["--cache", "none"],
    explain("attribute", "--method", "saliency"),
    explain("randomize", "--method", "saliency,lrp-a1b0", "--seeds", "3", "--health-images", "4"),
    explain("class-sensitivity", "--method", "saliency"),
    explain("compare", "--method", "saliency", "--checkpoint", "ROOT/model.safetensors"),
  ]

  private static let training = [
    "xai-train", "--architecture", "ROOT/small.json", "--batch-size", "8", "--epochs", "2",
  ]

  private static func explain(_ command: String, _ words: String...) -> [String] {
    ["xai-explain", command, "--checkpoint", "ROOT/model.safetensors", "--samples", "2"]
      + ["--output", "ROOT/out"] + words
  }

  /// Runs a job in a shell, which does something before.
  private func run(
    _ job: [String], by shell: String, _ flags: [String] = ["--quiet"]
  ) throws -> ProgramResult {
    let words =
      job.map { $0.replacing("ROOT", with: fixture.path(".")) }
      + ["--data", fixture.path("data"), "--threads", "1"] + flags
    return try runProgram(
      "/bin/sh", ["-c", shell, "\(RunningProgram.builtPrograms)/\(words[0])"] + words.dropFirst())
  }

  @Test(arguments: jobs.indices)
  func `a limit on the size of files is an error that names the file`(index: Int) throws {
    // What it says goes through a pipe, which has no limit. (The thread sanitizer has a file of its own
    // where there is a folder for it.)
    let limited =
      "{ ( ulimit -f 0; TMPDIR=/nowhere exec \"$0\" \"$@\" >/dev/null ); echo $? >&3; } 3>&1 2>&1 "
      + "| cat >&2"
    let result = try run(Self.jobs[index], by: limited)
    let lines = result.standardError.split(separator: "\n")
    #expect(lines.count == 2 && lines.last == "74", "\(result.standardError)")
    let sentence = lines.first ?? ""
    #expect(sentence.contains("File too large"), "\(sentence)")
    #expect(sentence.contains("/./out") || sentence.contains("/./.out.part/"), "\(sentence)")
    let left = try Folder.entries(of: fixture.path("."))
    #expect(!left.contains { $0.hasSuffix(".part") || $0.hasSuffix(".partial") }, "\(left)")
  }

  @Test func `results that were printed and never arrived are an error`() throws {
    for job in [Self.jobs[2], Self.jobs[2] + ["--json"]] {
      fixture.expectFailure(
        try run(job, by: "exec \"$0\" \"$@\" > /dev/full"), .inputOutput,
        ["writing results to standard output failed: No space left on device"])
    }
    // What was computed is in its file all the same.
    #expect(try fixture.text("out").split(separator: "\n").count == 7)
  }

  @Test func `messages of a program without standard error go into no file`() throws {
    let result = try run(Self.jobs[0], by: "exec \"$0\" \"$@\" 2>&-", [])
    #expect(result.status == 0)
    let lock = try fixture.text("out/.lock")
    #expect(lock.split(separator: " ").last?.allSatisfy(\.isNumber) == true, "\(lock)")
  }

  // MARK: Concurrency

  @Test(arguments: jobs.indices.dropFirst(3))
  func `a folder of results is written by one program at a time`(index: Int) throws {
    let words = ["ROOT/./out: process \(getpid()) is writing "]
    let lock = try FolderLock(fixture.path("./out"), work: "writing")
    fixture.expectFailure(
      try run(Self.jobs[index], by: "exec \"$0\" \"$@\""), .cannotCreate, words)
    withExtendedLifetime(lock) {}
  }

  @Test func `several programs make one cache of decoded images`() throws {
    let programs = try (1...3).map { number in
      try RunningProgram(
        "xai-train",
        fixture.options(["--output": fixture.path("run\(number)"), "--max-steps": "2"])
          + ["--quiet"])
    }
    for program in programs {
      let result = program.wait(atMost: 60)
      #expect(result.status == 0, "\(result.standardError)")
    }
    try fixture.expectSameRun("run1", "run2")
    try fixture.expectSameRun("run1", "run3")
    let caches = try Folder.entries(of: fixture.path("data")).filter { $0.hasPrefix(".xai-cache") }
    #expect(caches.sorted() == [".xai-cache-16x16", ".xai-cache-16x16.lock"])
  }
}
