import Foundation
import Glibc
import Testing
import XAIFiles
import XAINetworks
import XAITensor
import XAITestSupport
import XAITraining

@Suite struct ResumeTests {
  @Test(arguments: [SIGINT, SIGTERM])
  func `a signal saves, says how to go on, and the result is that of an uninterrupted run`(
    signal: Int32
  ) throws {
    let fixture = try CommandFixture()
    // So many epochs that the signal never comes too late; steps end the others.
    let endless = ["--epochs": "100000", "--patience": "100000", "--augment": "flip-crop"]
    let folder = ["--output": fixture.path("my run")]
    let program = try RunningProgram(
      "xai-train", fixture.options(endless.merging(folder) { $1 }))
    let start = ContinuousClock.now
    while !program.standardErrorSoFar.contains("epoch 1:"), .now - start < .seconds(60) {
      usleep(2000)
    }
    program.send(signal)
    let result = program.wait(atMost: 60)
    #expect(result.status == 130)
    let summary = try JSONText.decode(
      RunSummary.self, from: fixture.text("my run/summary.json"), name: "summary.json")
    #expect(summary.stoppedBy == .interrupted && summary.steps >= 3)
    let sentence = try #require(result.standardError.split(separator: "\n").last)
    let words = "interrupted after step \(summary.steps), everything is saved; continue with: "
    #expect(sentence.hasPrefix("xai-train: " + words))

    // The command is taken at its word, by a shell.
    let command = try #require(sentence.ranges(of: words).first.map { sentence[$0.upperBound...] })
    let steps = "\(summary.steps + 7)"
    let path = "\(RunningProgram.builtPrograms):/usr/bin:/bin"
    let resumed = try runProgram(
      "/bin/sh", ["-c", "\(command) --max-steps \(steps)"], environment: ["PATH": path])
    #expect(resumed.status == 0, "\(resumed.standardError)")
    let whole = try fixture.train(endless.merging(["--max-steps": steps]) { $1 })
    #expect(whole.status == 0)
    try fixture.expectSameRun("run", "my run")
  }

  @Test func `a second signal ends the program at once`() throws {
    let fixture = try CommandFixture()
    let program = try RunningProgram(
      "xai-train", fixture.options(["--epochs": "100000", "--patience": "100000"]))
    let start = ContinuousClock.now
    while !program.standardErrorSoFar.contains("epoch 1:"), .now - start < .seconds(60) {
      usleep(2000)
    }
    program.send(SIGINT)
    program.send(SIGTERM)
    let result = program.wait(atMost: 60)
    #expect(result.status == 130)
    // One signal alone would have said so.
    #expect(!result.standardError.contains("interrupted after step"))
    #expect(throws: Never.self) { try SavedTraining(path: fixture.path("run/last.safetensors")) }
  }

  @Test func `an evaluation that is interrupted says so`() throws {
    let fixture = try CommandFixture()
    try fixture.write(
      "{\"input\": [3, 64, 64], \"stacks\": [[8], [8]], \"hidden\": [16], \"classes\": 12}",
      "small.json")
    try fixture.writeCheckpoint {
      $0.classes = (1...12).map { .init(id: $0 < 10 ? "s0\($0)" : "s\($0)", name: "shape") }
    }
    let program = try RunningProgram(
      "xai-eval",
      [
        "--checkpoint", fixture.path("model.safetensors"), "--data", "shapes", "--batch-size", "1",
        "--threads", "1", "--per-class", fixture.path("classes.csv"),
      ])
    let start = ContinuousClock.now
    while !program.standardErrorSoFar.contains("12 classes"), .now - start < .seconds(60) {
      usleep(2000)
    }
    // It is told of the signal a moment after this line.
    usleep(20_000)
    program.send(SIGINT)
    let result = program.wait(atMost: 60)
    #expect(result.status == 130)
    #expect(result.standardError.hasSuffix("xai-eval: interrupted; nothing was written\n"))
    #expect(result.standardOutput.isEmpty && !fixture.exists("classes.csv"))
  }

  @Test func `without a state there is nothing to resume`() throws {
    let fixture = try CommandFixture()
    fixture.expectFailure(
      try fixture.resume(), .missingInput,
      ["ROOT/run: there is no such run folder to resume; start the training without --resume"])
    #expect(!fixture.exists("run"))
    try Folder.create(fixture.path("run"))
    fixture.expectFailure(
      try fixture.resume(), .missingInput,
      ["ROOT/run/last.safetensors: there is no state to resume from"])
  }

  @Test func `a training is not replaced by another`() throws {
    let fixture = try CommandFixture()
    #expect(try fixture.train(["--max-steps": "1"]).status == 0)
    let before = try fixture.bytes("run/last.safetensors")
    fixture.expectFailure(
      try fixture.train(), .cannotCreate,
      ["ROOT/run: holds a training already; continue it with --resume or choose another folder"])
    #expect(try fixture.bytes("run/last.safetensors") == before)
    try fixture.remove("run/last.safetensors")
    fixture.expectFailure(
      try fixture.train(), .cannotCreate,
      ["ROOT/run/bestmodel.safetensors: exists already; move it away or choose another folder"])
  }

  @Test func `a best model that is gone is missed, and not named`() throws {
    let fixture = try CommandFixture()
    // At such a rate an epoch is soon worse than one before it; which, the processor's rounding decides.
    let words = ["--epochs": "8", "--learning-rate": "3", "--patience": "1"]
    #expect(try fixture.train(words).status == 0)
    let state = try SavedTraining(path: fixture.path("run/last.safetensors")).state
    let best = try #require(state.stopping.bestEpoch)
    try #require(best < state.epoch, "another rate is needed")
    try fixture.remove("run/bestmodel.safetensors")
    let options = ["--data", fixture.path("data"), "--output", fixture.path("run"), "--resume"]
    let result = try runProgram("xai-train", options + ["--threads", "1"])
    #expect(result.status == 0)
    #expect(result.standardError.contains("not the model of epoch \(best), the best so far"))
    #expect(result.standardError.contains("its model is lost"))
  }

  @Test func `files that cannot be written are named before the first epoch`() throws {
    let fixture = try CommandFixture()
    try Folder.create(fixture.path("run"))
    try FileManager.default.createSymbolicLink(
      atPath: fixture.path("run/last.safetensors"), withDestinationPath: "/nowhere/x")
    fixture.expectFailure(
      try fixture.train(), .cannotCreate, ["ROOT/run/last.safetensors': it is a link to nothing"])
    #expect(!fixture.exists("run/metrics.csv") && !fixture.exists("run/bestmodel.safetensors"))
  }

  @Test func `a folder in use is named with the process that uses it`() throws {
    let fixture = try CommandFixture()
    let folder = try RunFolder(path: fixture.path("run"))
    fixture.expectFailure(
      try fixture.train(), .cannotCreate,
      ["ROOT/run: process \(getpid()) is training into this folder"])
    withExtendedLifetime(folder) {}
  }

  @Test func `another configuration is refused by its name and more epochs are welcome`() throws {
    let fixture = try CommandFixture()
    #expect(try fixture.train(["--max-steps": "4"]).status == 0)
    let before = try fixture.bytes("run/last.safetensors")
    let changes: [([String], String)] = [
      (["--learning-rate", "0.5"], "learning rate 0.5 instead of 0.01"),
      (["--batch-size", "4"], "batch size 4 instead of 8"),
      (["--recipe", "strong"], "recipe strong instead of thesis"),
      (["--seed", "3"], "seed 3 instead of 0"),
      (["--nesterov"], "nesterov true instead of false"),
      (["--random-labels", "1"], "random labels 1 instead of off"),
      (["--dropout-dense", "0.1"], "\"dense\":0.1"),
      (
        ["--augment", "flip", "--momentum", "0.5"], "momentum 0.5 instead of 0.9; augmentation flip"
      ),
    ]
    for (options, words) in changes {
      fixture.expectFailure(
        try fixture.resume(options), .usage,
        ["ROOT/run: --resume with another configuration (", words])
    }
    #expect(try fixture.bytes("run/last.safetensors") == before)
    #expect(try fixture.resume(["--epochs", "3"]).status == 0)
    #expect(try MetricsLog.read(fixture.path("run/metrics.csv")).count == 3)
  }

  @Test func `an end before what was done is refused, and nothing is written`() throws {
    let fixture = try CommandFixture()
    #expect(try fixture.train(["--epochs": "3"]).status == 0)
    let names = ["config.json", "last.safetensors", "summary.json"].map { "run/" + $0 }
    let before = try names.map(fixture.bytes)
    fixture.expectFailure(
      try fixture.resume(["--epochs", "2"]), .usage,
      ["ROOT/run: --resume with another configuration (epochs 2, but 3 are finished)"])
    fixture.expectFailure(
      try fixture.resume(["--patience", "1", "--min-delta", "100"]), .usage,
      [
        "patience 1 with a minimum improvement of 100.0, which would have ended it after epoch 2",
        "leave these options out",
      ])
    #expect(try names.map(fixture.bytes) == before)
    #expect(try fixture.resume(["--epochs", "3", "--patience", "99"]).status == 0)
  }

  @Test func `other test images are told, and a training goes on`() throws {
    let fixture = try CommandFixture()
    #expect(try fixture.train(["--max-steps": "4"]).status == 0)
    let annotations = try fixture.text("data/val/val_annotations.txt")
    try fixture.write(
      annotations.replacing("val_1.JPEG\tn01", with: "val_1.JPEG\tn02"),
      "data/val/val_annotations.txt")
    let words = [
      "--data", fixture.path("data"), "--output", fixture.path("run"), "--threads", "1",
      "--cache", "none", "--resume",
    ]
    let result = try runProgram("xai-train", words)
    #expect(result.status == 0, "\(result.standardError)")
    let sentence = "the test images of data are others than before"
    #expect(result.standardError.contains(sentence), "\(result.standardError)")
    let again = try runProgram("xai-train", words)
    #expect(again.status == 0 && !again.standardError.contains(sentence))
  }

  @Test func `a cosine cannot get more epochs`() throws {
    let fixture = try CommandFixture()
    #expect(try fixture.train(["--max-steps": "4", "--schedule": "cosine"]).status == 0)
    fixture.expectFailure(
      try fixture.resume(["--epochs", "3"]), .usage,
      ["epochs 3 instead of 2, on which every rate of the schedule depends"])
  }

  @Test func `a training tells why it ended, and patience may grow`() throws {
    let fixture = try CommandFixture()
    // No loss is lower by so much.
    let changes = ["--epochs": "9", "--patience": "2", "--min-delta": "100"]
    let result = try fixture.train(changes, [])
    #expect(result.status == 0)
    let words = [
      "3 epochs in ",
      "patience is over, no improvement of more than 100.0 of the validation loss for 2 "
        + "epochs since epoch 1", "--resume with a greater --patience goes on",
    ]
    for word in words { #expect(result.standardError.contains(word), "\(result.standardError)") }
    let options = ["--data", fixture.path("data"), "--output", fixture.path("run"), "--resume"]
    let grown = try runProgram("xai-train", options + ["--threads", "1", "--patience", "20"])
    #expect(grown.status == 0)
    #expect(grown.standardError.contains("9 epochs in "), "\(grown.standardError)")
    #expect(grown.standardError.contains("all epochs are done"))
    // As if it had had the patience from the start.
    let whole = changes.merging(["--patience": "20", "--output": fixture.path("whole")]) { $1 }
    #expect(try fixture.train(whole).status == 0)
    try fixture.expectSameRun("run", "whole")
  }

  @Test func `a batch system gives one command that starts and goes on`() throws {
    let fixture = try CommandFixture()
    let flags = ["--resume-or-start", "--quiet"]
    #expect(try fixture.train(["--max-steps": "2"], flags).status == 0)
    #expect(try fixture.train(["--max-steps": "5"], flags).status == 0)
    #expect(try fixture.train([:], flags).status == 0)
    #expect(try fixture.train(["--output": fixture.path("whole")]).status == 0)
    try fixture.expectSameRun("run", "whole")
    // Over: nothing is done again, and nothing fails.
    let before = try fixture.bytes("run/last.safetensors")
    #expect(try fixture.train([:], flags).status == 0)
    #expect(try fixture.bytes("run/last.safetensors") == before)
    fixture.expectFailure(
      try fixture.train(["--learning-rate": "0.5"], flags), .usage,
      ["learning rate 0.5 instead of 0.01", "what was done would have come out otherwise"])
    let both = try fixture.train([:], flags + ["--resume"])
    #expect(both.status == 64 && both.standardError.contains("exclude each other"))
    // A model without its state is nobody's to replace.
    try fixture.remove("run/last.safetensors")
    fixture.expectFailure(try fixture.train([:], flags), .cannotCreate, ["exists already"])
  }

  @Test func `a training goes on with its images wherever they lie, and with no others`() throws {
    let fixture = try CommandFixture()
    #expect(try fixture.train(["--max-steps": "4"]).status == 0)
    #expect(try fixture.train(["--output": fixture.path("whole")]).status == 0)
    try Folder.create(fixture.path("moved"))
    try FileManager.default.moveItem(
      atPath: fixture.path("data"), toPath: fixture.path("moved/elsewhere"))
    #expect(try fixture.resume(["--data", fixture.path("moved/elsewhere")]).status == 0)
    try fixture.expectSameRun("run", "whole")

    let other = try CommandFixture()
    #expect(try other.train(["--max-steps": "4"]).status == 0)
    try FileManager.default.moveItem(
      atPath: other.path("data/train/n01/images/n01_2.JPEG"),
      toPath: other.path("data/train/n01/images/other.JPEG"))
    other.expectFailure(
      try other.resume(["--cache", "none"]), .badData,
      ["data: has as many images", "training images", "are others by name, label or size"])
  }

  @Test func `a damaged state is named and other data are refused`() throws {
    let fixture = try CommandFixture()
    #expect(try fixture.train(["--max-steps": "4"]).status == 0)
    let whole = try fixture.bytes("run/last.safetensors")
    try fixture.write(Array(whole.dropLast(100)), "run/last.safetensors")
    fixture.expectFailure(try fixture.resume(), .badData, ["'ROOT/run/last.safetensors'"])
    try fixture.write(whole, "run/last.safetensors")
    let other = try CommandFixture(ids: ["n01", "n02", "n03"])
    fixture.expectFailure(
      try fixture.resume(["--data", other.path("data")]), .badData,
      ["ROOT/run: the classes of data are not those of the saved state"])
  }

  @Test func `a disk without room costs nothing that was saved`() throws {
    let fixture = try CommandFixture()
    #expect(try fixture.train(["--epochs": "1"]).status == 0)
    let names = ["bestmodel.safetensors", "last.safetensors", "metrics.csv"].map { "run/" + $0 }
    let before = try names.map(fixture.bytes)
    // No file beyond 4 blocks: as on a full disk, a write fails under way.
    // (A file of the thread sanitizer's own would be cut as well: it makes none without a folder.)
    let command = "trap '' XFSZ; ulimit -f 4; TMPDIR=/nowhere exec \"$0\" \"$@\""
    let result = try runProgram(
      "/bin/sh",
      [
        "-c", command, "\(RunningProgram.builtPrograms)/xai-train", "--data", fixture.path("data"),
        "--output", fixture.path("run"), "--threads", "1", "--resume", "--epochs", "3", "--quiet",
      ])
    fixture.expectFailure(result, .inputOutput, ["writing 'ROOT/run/", "failed: "])
    #expect(try names.map(fixture.bytes) == before)
    #expect(try !Folder.entries(of: fixture.path("run")).contains { $0.hasSuffix(".part") })

    try fixture.remove("run/metrics.csv")
    try FileManager.default.createSymbolicLink(
      atPath: fixture.path("run/metrics.csv"), withDestinationPath: "/dev/full")
    fixture.expectFailure(
      try fixture.resume(["--epochs", "2"]), .inputOutput,
      ["writing 'ROOT/run/metrics.csv' failed: the disk is full"])
    try fixture.remove("run/metrics.csv")
    #expect(try fixture.resume(["--epochs", "2"]).status == 0)
    #expect(try MetricsLog.read(fixture.path("run/metrics.csv")).count == 2)
  }
}
