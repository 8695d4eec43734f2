import Foundation
import Testing
import XAIFiles
import XAITensor
import XAITestSupport

/// Data as people have them, through the programs.
@Suite struct DataLayoutTests {
  /// Moves the fixture's data into plain class folders.
  private func sorted() throws -> CommandFixture {
    let fixture = try CommandFixture()
    for id in fixture.ids {
      for name in try Folder.entries(of: fixture.path("data/train/\(id)/images")) {
        try fixture.write(
          fixture.bytes("data/train/\(id)/images/\(name)"), "plain/train/\(id)/\(name)")
      }
    }
    for number in 0..<6 {
      let name = "val_\(number).JPEG"
      try fixture.write(
        fixture.bytes("data/val/images/\(name)"), "plain/val/\(fixture.ids[number % 3])/\(name)")
    }
    return fixture
  }

  private func top1(_ result: ProgramResult) -> Substring? {
    result.standardOutput.split(separator: "\n").first { $0.contains("\"loss\"") }
  }

  @Test func `class folders train and are evaluated as Tiny ImageNet's layout is`() throws {
    let fixture = try sorted()
    let trained = try fixture.train(["--data": fixture.path("plain")], [])
    #expect(trained.status == 0)
    #expect(
      trained.standardError.contains(
        "train/ is trained on, a part of it validates, val/ is the test"))
    let annotated = try fixture.evaluate("run/bestmodel.safetensors", ["--json"])
    for folder in ["plain", "plain/val"] {
      let result = try runProgram(
        "xai-eval",
        [
          "--checkpoint", fixture.path("run/bestmodel.safetensors"), "--data", fixture.path(folder),
          "--json", "--cache", "none",
        ])
      #expect(result.status == 0 && top1(result) == top1(annotated) && top1(result) != nil)
    }
  }

  @Test func `a failure of an image names the option that leaves it out`() throws {
    let fixture = try sorted()
    try fixture.write("no image", "plain/train/n01/n01_3.JPEG")
    fixture.expectFailure(
      try fixture.train(["--data": fixture.path("plain")]), .badData,
      ["plain/train/n01/n01_3.JPEG'", "or leave such files out with --skip-corrupt"])
    try fixture.remove("plain/train/n01/n01_3.JPEG")
    try FileManager.default.createSymbolicLink(
      atPath: fixture.path("plain/train/n01/n01_3.JPEG"), withDestinationPath: "/no/such")
    fixture.expectFailure(
      try fixture.train(["--data": fixture.path("plain")]), .missingInput, ["--skip-corrupt"])
    let result = try fixture.train(
      ["--data": fixture.path("plain")], ["--skip-corrupt", "--quiet"])
    #expect(result.status == 0)
    #expect(result.standardError.contains("train/n01/n01_3.JPEG"))
  }

  @Test(arguments: ["tiny-imagenet", "val-folders", "folders"])
  func `data are exported in any layout, and train`(layout: String) throws {
    let fixture = try CommandFixture()
    let result = try runProgram(
      "xai-train",
      [
        "export-data", "--data", fixture.path("data"), "--output", fixture.path("copy"),
        "--layout", layout,
      ])
    #expect(result.status == 0 && result.standardError.contains("30 images of 3 classes"))
    #expect(fixture.exists("copy/val/images") == (layout == "tiny-imagenet"))
    #expect(fixture.exists("copy/test/n01") == (layout == "folders"))
    #expect(try fixture.train(["--data": fixture.path("copy")]).status == 0)
  }

  @Test func `a layout that there is not is refused with those that there are`() throws {
    let result = try runProgram(
      "xai-train", ["export-data", "--data", "shapes", "--output", "x", "--layout", "zip"])
    #expect(result.status == 64)
    #expect(result.standardError.contains("tiny-imagenet, val-folders, folders"))
  }

  @Test func `lists of other editors, faulty and nested images train with a word`() throws {
    let fixture = try sorted()
    try fixture.write("\u{FEFF}n03\r\nn01\rn02", "plain/wnids.txt")
    let name = "plain/train/n02/n02_1.JPEG"
    try fixture.write(fixture.bytes(name).dropLast(2), "plain/train/n02/below/n02_1.JPEG")
    try fixture.remove(name)
    let result = try fixture.train(["--data": fixture.path("plain"), "--cache": "none"])
    #expect(result.status == 0)
    #expect(result.standardError.contains("below/n02_1.JPEG': Premature end of JPEG file"))
  }
}
