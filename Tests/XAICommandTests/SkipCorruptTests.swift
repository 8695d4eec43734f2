import Foundation
import Testing
import XAINetworks
import XAITensor
import XAITestSupport

/// Pictures that cannot be read, where a command line names them by their folder.
@Suite struct SkipCorruptTests {
  private let fixture: CommandFixture

  /// A folder with two good pictures and what is none.
  init() throws {
    fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    try fixture.writeCheckpoint("other.safetensors") {
      $0.parameters = .initial(for: $0.network, seed: 1)
    }
    for number in 0..<2 {
      try fixture.write(
        fixture.bytes("data/val/images/val_\(number).JPEG"), "some/val_\(number).JPEG")
    }
  }

  static let commands: [[String]] = [
    ["attribute", "--checkpoint", "ROOT/model.safetensors", "--method", "saliency"],
    [
      "randomize", "--checkpoint", "ROOT/model.safetensors", "--method", "saliency", "--seeds", "1",
    ],
    [
      "class-sensitivity", "--checkpoint", "ROOT/model.safetensors", "--method", "saliency",
      "--classes", "n03,name of n01",
    ],
    [
      "compare", "--checkpoint", "ROOT/model.safetensors", "--checkpoint",
      "ROOT/other.safetensors", "--method", "saliency",
    ],
  ]

  private func explain(_ words: [String]) throws -> ProgramResult {
    try runProgram(
      "xai-explain",
      (words + ["--output", "ROOT/out", "--threads", "1", "--quiet"]).map {
        $0.replacing("ROOT", with: fixture.path("."))
      })
  }

  @Test(arguments: commands, ["junk", "a link to nothing"])
  func `every command leaves out what it says it would`(words: [String], fault: String) throws {
    if fault == "junk" {
      try fixture.write("no image", "some/bad.jpg")
    } else {
      try FileManager.default.createSymbolicLink(
        atPath: fixture.path("some/bad.jpg"), withDestinationPath: "/no/such")
    }
    let images = ["--image", "ROOT/some"]
    fixture.expectFailure(
      try explain(words + images), fault == "junk" ? .badData : .missingInput,
      ["bad.jpg", "or leave such files out with --skip-corrupt"])
    if fixture.exists("out") { try fixture.remove("out") }
    let result = try explain(words + images + ["--skip-corrupt"])
    #expect(result.status == 0, "\(result.standardError)")
    #expect(result.standardError.contains("bad.jpg"))
    let text = try fixture.text("out/results.json")
    #expect(text.contains("val_0.JPEG") && text.contains("val_1.JPEG") && !text.contains("bad.jpg"))
  }

  @Test func `a baseline is read as pictures are: faults are told, junk can be left out`() throws {
    let words = [
      "attribute", "--checkpoint", "ROOT/model.safetensors", "--image", "ROOT/some/val_0.JPEG",
      "--target", "0", "--method", "integrated-gradients", "--ig-steps", "2",
    ]
    let whole = try fixture.bytes("data/val/images/val_2.JPEG")
    try fixture.write(Array(whole.dropLast(2)), "base/faulty.jpg")
    let faulty = try explain(words + ["--baseline", "file", "ROOT/base/faulty.jpg"])
    #expect(faulty.status == 0, "\(faulty.standardError)")
    #expect(faulty.standardError.contains("faulty.jpg': Premature end of JPEG file"))
    try fixture.write("no image", "base/junk.jpg")
    try fixture.remove("out")
    fixture.expectFailure(
      try explain(words + ["--baseline", "file", "ROOT/base"]), .badData,
      ["junk.jpg", "--skip-corrupt"])
    if fixture.exists("out") { try fixture.remove("out") }
    let result = try explain(words + ["--baseline", "file", "ROOT/base", "--skip-corrupt"])
    #expect(result.status == 0, "\(result.standardError)")
    #expect(result.standardError.contains("left out: ") && fixture.exists("out/results.json"))
  }
}
