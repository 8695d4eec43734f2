import XAIFiles
import Foundation
import Testing
import XAITestSupport
import XAITraining

@Suite struct EvaluateTests {
  /// The object that `--json` prints.
  private struct Report: Decodable {
    let checkpoint: String
    let split: String
    let images: Int
    let top1: Double
    let top5: Double
    let loss: Double
    let seconds: Double
    let images_per_second: Double
  }

  private func report(_ result: ProgramResult) throws -> Report {
    #expect(result.status == 0 && result.standardError.isEmpty, "\(result.standardError)")
    return try JSONDecoder().decode(Report.self, from: Data(result.standardOutput.utf8))
  }

  private func rows(_ csv: String) -> [[String]] {
    csv.split(separator: "\n").dropFirst().map { $0.split(separator: ",").map(String.init) }
  }

  @Test func `one JSON object holds the result and the files hold its details`() throws {
    let fixture = try CommandFixture()
    #expect(try fixture.train(["--learning-rate": "0.05"]).status == 0)
    let result = try report(
      fixture.evaluate(
        "run/bestmodel.safetensors",
        [
          "--json", "--per-class", fixture.path("classes.csv"), "--confusion",
          fixture.path("confusion.csv"), "--predictions", fixture.path("predictions.csv"),
        ]))
    #expect(result.checkpoint == fixture.path("run/bestmodel.safetensors"))
    #expect(result.split == "test" && result.images == 6)
    #expect(0...1 ~= result.top1 && result.top5 == 1)
    #expect(result.loss > 0 && result.seconds > 0)
    #expect(abs(result.images_per_second - 6 / result.seconds) < 1e-6)

    let hits = Int((6 * result.top1).rounded())
    let classes = rows(try fixture.text("classes.csv"))
    #expect(classes.map { $0[0] } == ["n03", "n01", "n02"])
    #expect(classes.map { $0[1] } == ["name of n03", "name of n01", "name of n02"])
    #expect(classes.map { $0[2] } == ["2", "2", "2"])
    #expect(classes.reduce(0) { $0 + (Int($1[3]) ?? 0) } == hits)

    let confusion = rows(try fixture.text("confusion.csv"))
    #expect(confusion.map { $0[0] } == ["n03", "n01", "n02"])
    #expect(confusion.allSatisfy { $0.dropFirst().reduce(0) { $0 + (Int($1) ?? 0) } == 2 })
    #expect(confusion.indices.reduce(0) { $0 + (Int(confusion[$1][$1 + 1]) ?? 0) } == hits)
    #expect(try fixture.bytes("confusion.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))

    let predictions = rows(try fixture.text("predictions.csv"))
    #expect(predictions.map { $0[0] } == (0..<6).map { "val_\($0).JPEG" })
    #expect(predictions.map { $0[1] } == ["n03", "n01", "n02", "n03", "n01", "n02"])
    #expect(predictions.count { $0[1] == $0[3] } == hits)
  }

  @Test func `the validation split is that of the training`() throws {
    let fixture = try CommandFixture()
    #expect(try fixture.train(["--seed": "4", "--validation-fraction": "0.4"]).status == 0)
    let summary = try JSONText.decode(
      RunSummary.self, from: fixture.text("run/summary.json"), name: "summary.json")
    let validation = try report(
      fixture.evaluate("run/bestmodel.safetensors", ["--json", "--split", "validation"]))
    #expect(validation.images == 9)
    #expect(abs(validation.loss - (summary.bestValidationLoss ?? 0)) < 1e-5)
    #expect(validation.top1 == summary.bestValidationTop1)
    let train = try report(
      fixture.evaluate(
        "run/bestmodel.safetensors", ["--json", "--split", "train", "--batch-size", "4"]))
    #expect(train.images == 15)
  }

  @Test func `classes are told apart by name where data list them in another order`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    let first = try report(fixture.evaluate("model.safetensors", ["--json"]))
    try fixture.write("n01\nn02\nn03\n", "data/wnids.txt")
    let second = try report(
      fixture.evaluate("model.safetensors", ["--json", "--cache", "none"]))
    #expect(first.loss == second.loss && first.top1 == second.top1)
  }

  @Test func `people read a few lines`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    let result = try fixture.evaluate("model.safetensors", ["--limit", "4"])
    #expect(result.status == 0)
    #expect(result.standardOutput.contains("model.safetensors on data, test: 4 images\ntop-1 "))
    #expect(result.standardOutput.contains("images/s"))
  }

  @Test func `a confusion matrix may be a picture alone`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    let result = try fixture.evaluate(
      "model.safetensors", ["--confusion", fixture.path("matrix.png")])
    #expect(result.status == 0)
    #expect(try fixture.bytes("matrix.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(!fixture.exists("matrix.csv"))
  }
}
