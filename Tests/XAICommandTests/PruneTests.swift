import Foundation
import Glibc
import Testing
import XAIExperiments
import XAIFiles
import XAINetworks
import XAITensor
import XAITestSupport
import XAITraining

/// `xai-train prune`, as a user calls it.
@Suite struct PruneTests {
  private let fixture: CommandFixture

  init() throws {
    fixture = try CommandFixture()
    let trained = try fixture.train()
    try #require(trained.status == 0, "\(trained.standardError)")
  }

  private func words(_ more: [String] = [], output: String = "pruned") -> [String] {
    [
      "prune", "--checkpoint", fixture.path("run/bestmodel.safetensors"), "--data",
      fixture.path("data"), "--output", fixture.path(output), "--threads", "1", "--rate", "0.25",
      "--until", "0.5", "--images", "2", "--criterion", "lrp", "--random-orders", "1",
    ] + more
  }

  private func prune(_ more: [String] = [], output: String = "pruned") throws -> ProgramResult {
    try runProgram("xai-train", words(more + ["--quiet"], output: output))
  }

  private func results(_ folder: String = "pruned") throws -> PruningResults {
    try JSONText.decode(
      PruningResults.self, from: fixture.text("\(folder)/results.json"), name: "results.json")
  }

  @Test func `a run leaves results, a plot, a page, and checkpoints that every program reads`()
    throws
  {
    let result = try prune()
    #expect(result.status == 0, "\(result.standardError)")
    #expect(result.standardOutput.hasPrefix("original: top-1 "))
    let found = try results()
    #expect(found.schema == PruningResults.schema && found.curves.count == 3)
    #expect(found.recalibration == 64 && found.original.filters == [8, 8])
    for name in ["results.csv", "speed.csv", "plots/accuracy.svg", "plots/accuracy.pdf"] {
      #expect(try fixture.bytes("pruned/\(name)").count > 20, "\(name)")
    }
    #expect(try fixture.text("pruned/index.html").contains("xai-train prune"))
    let file = try #require(found.curves[0].steps.last?.file)
    let evaluated = try runProgram(
      "xai-eval",
      [
        "--checkpoint", fixture.path("pruned/\(file)"), "--data", fixture.path("data"), "--split",
        "validation", "--threads", "1", "--quiet", "--json",
      ])
    #expect(evaluated.status == 0, "\(evaluated.standardError)")
    let top1 = try #require(found.curves[0].steps.last?.validation.top1)
    #expect(evaluated.standardOutput.contains("\"top1\" : \(top1)"), "\(evaluated.standardOutput)")
    let explained = try runProgram(
      "xai-explain",
      [
        "attribute", "--checkpoint", fixture.path("pruned/\(file)"), "--data",
        fixture.path("data"), "--samples", "1", "--method", "saliency", "--output",
        fixture.path("maps"), "--threads", "1", "--quiet",
      ])
    #expect(explained.status == 0, "\(explained.standardError)")
    // Batch norm is that of the smaller network, so that the pruned one can be pruned again.
    let again = try runProgram(
      "xai-train",
      [
        "prune", "--checkpoint", fixture.path("pruned/\(file)"), "--data", fixture.path("data"),
        "--output", fixture.path("again"), "--threads", "1", "--rate", "0.25", "--until", "0.25",
        "--quiet", "--no-randomized", "--random-orders", "1",
      ])
    #expect(again.status == 0, "\(again.standardError)")
  }

  @Test func `the same command goes on in the same folder, and other values are refused`() throws {
    #expect(try prune().status == 0)
    let before = try fixture.bytes("pruned/results.json")
    let again = try prune(["--criterion", "lrp"])
    #expect(again.status == 0, "\(again.standardError)")
    #expect(try fixture.bytes("pruned/results.json") == before)
    #expect(try prune(["--criterion", "lrp,weight"]).status == 0)
    #expect(
      try results().curves.map(\.order.name) == ["lrp", "weight", "lrp-randomized", "random-1"])
    fixture.expectFailure(
      try prune(["--floor", "0.3"]), .usage,
      ["'ROOT/pruned' holds results of another test", "--floor 0.05 there, --floor 0.3 here"])
    #expect(throws: Never.self) { try results() }
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `a signal keeps finished steps of fine-tuning, and the result is the same`(
    signal: Int32
  ) throws {
    let tuning = ["--epochs", "2", "--no-randomized"]
    let program = try RunningProgram("xai-train", words(tuning, output: "parts"))
    let start = ContinuousClock.now
    func steps() -> Int {
      let entries = (try? Folder.entries(of: fixture.path("parts/units"))) ?? []
      return entries.count { $0.hasPrefix("step-") }
    }
    while steps() < 2, .now - start < .seconds(60) { usleep(1000) }
    program.send(signal)
    let result = program.wait(atMost: 60)
    // It may have come to its end before the signal.
    #expect(result.status == 130 || steps() == 5, "\(result.standardError)")
    if result.status == 130 {
      #expect(
        result.standardError.hasSuffix(
          "finished steps are in \(fixture.path("parts")), the same command goes on\n"))
      #expect(!fixture.exists("parts/results.json"))
    }
    #expect(try prune(tuning, output: "parts").status == 0)
    #expect(try prune(tuning, output: "whole").status == 0)
    #expect(try fixture.bytes("parts/results.json") == fixture.bytes("whole/results.json"))
    let found = try results("whole")
    #expect(found.epochs == 2 && found.recalibration == 0)
    #expect(found.learningRate == 0.01)
    for curve in found.curves {
      let file = try #require(curve.steps.last?.file)
      #expect(try fixture.bytes("parts/\(file)") == fixture.bytes("whole/\(file)"))
    }
    #expect(!fixture.exists("whole/training"))
  }

  @Test func `a dry run tells what it takes and writes nothing`() throws {
    let result = try prune(["--dry-run"], output: "no")
    #expect(result.status == 0, "\(result.standardError)")
    #expect(result.standardOutput.contains("3 orders of 16 filters, 2 steps, 6 training images"))
    #expect(!fixture.exists("no"))
  }

  @Test func `what cannot be done is said in a sentence`() throws {
    fixture.expectFailure(
      try prune(["--until", "0.95"], output: "no"), .usage,
      ["95.0 % of 16 filters cannot go", "remove at most 87 %"])
    #expect(!fixture.exists("no"))
    try fixture.writeCheckpoint {
      $0.classes = [
        .init(id: "x1", name: "a"), .init(id: "x2", name: "b"), .init(id: "x3", name: "c"),
      ]
    }
    fixture.expectFailure(
      try runProgram(
        "xai-train",
        [
          "prune", "--checkpoint", fixture.path("model.safetensors"), "--data",
          fixture.path("data"), "--output", fixture.path("no"), "--rate", "0.25", "--until", "0.5",
          "--quiet",
        ]), .badData, ["the training split has no image of a class that the network knows"])
  }
}
