import Foundation
import Testing
import XAICommandLine
import XAITensor
import XAITestSupport

/// Pictures without labels.
@Suite struct PictureEvaluationTests {
  private func evaluate(_ fixture: CommandFixture, _ more: [String]) throws -> ProgramResult {
    try runProgram(
      "xai-eval", ["--checkpoint", fixture.path("model.safetensors"), "--threads", "1"] + more)
  }

  @Test func `the likeliest classes of each picture are printed and written`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    let result = try evaluate(
      fixture,
      [
        "--image", fixture.path("data/val"), fixture.path("data/train/n01/images/n01_0.JPEG"),
        "--predictions", fixture.path("guesses.csv"),
      ])
    #expect(result.status == 0, "\(result.standardError)")
    let lines = result.standardOutput.split(separator: "\n")
    #expect(lines.count == 7)
    #expect(lines[0].hasPrefix("images/val_0.JPEG: name of n0"))
    #expect(lines[6].hasPrefix("n01_0.JPEG: ") && lines[6].contains("(n01)"))
    let rows = try fixture.text("guesses.csv").split(separator: "\n")
    #expect(rows[0] == "image,rank,class,name,probability" && rows.count == 1 + 7 * 3)
    // The same network on the same images by another way.
    let labelled = try fixture.evaluate(
      "model.safetensors", ["--predictions", fixture.path("labelled.csv")])
    #expect(labelled.status == 0)
    for row in try fixture.text("labelled.csv").split(separator: "\n").dropFirst() {
      let fields = row.split(separator: ",", omittingEmptySubsequences: false)
      let wanted = "images/\(fields[0]),1,\(fields[3]),\(fields[4]),\(fields[6])"
      #expect(rows.contains(Substring(wanted)), "\(wanted)")
    }
  }

  @Test func `JSON holds the same`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    let result = try evaluate(
      fixture, ["--image", fixture.path("data/val/images/val_1.JPEG"), "--json"])
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(result.standardOutput.utf8)) as? [String: Any])
    let images = try #require(object["images"] as? [[String: Any]])
    let guesses = try #require(images.first?["predictions"] as? [[String: Any]])
    #expect(images.count == 1 && images[0]["image"] as? String == "val_1.JPEG")
    #expect(guesses.compactMap { $0["rank"] as? Int } == [1, 2, 3])
    let sum = guesses.compactMap { $0["probability"] as? Double }.reduce(0, +)
    #expect(abs(sum - 1) < 1e-9)
  }

  @Test func `pictures that cannot be read are told, or left out`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    try fixture.write("no image", "some/a.jpg")
    try fixture.write(fixture.bytes("data/val/images/val_0.JPEG"), "some/b.jpg")
    try fixture.write("no image", "some/c.webp")
    let refused = try evaluate(fixture, ["--image", fixture.path("some")])
    #expect(refused.status == FailureKind.badData.exitStatus)
    #expect(refused.standardError.contains("--skip-corrupt"))
    let result = try evaluate(fixture, ["--image", fixture.path("some"), "--skip-corrupt"])
    #expect(result.status == 0 && result.standardOutput.hasPrefix("b.jpg: "))
    #expect(result.standardError.contains("a.jpg") && result.standardError.contains("c.webp"))
  }

  @Test(
    arguments: [
      ([], "--data"), (["--image", "x.jpg", "--data", "shapes"], "--data or --image, not both"),
      (["--image", "x.jpg", "--per-class", "y.csv"], "--per-class needs labelled images"),
      (["--image", "x.jpg", "--confusion", "y.csv"], "--confusion needs labelled images"),
    ] as [([String], String)])
  func `what cannot go together is refused`(words: [String], sentence: String) throws {
    let result = try runProgram("xai-eval", ["--checkpoint", "x.safetensors"] + words)
    #expect(result.status == 64 && result.standardError.contains(sentence))
  }
}
