import Foundation
import Testing
import XAICommandLine
import XAIFiles
import XAIImages
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

  /// JPEG files of random pixels in a folder of plain class folders.
  private func pictures(
    _ sizes: [(height: Int, width: Int)], in folder: String, of fixture: CommandFixture
  ) throws {
    for (number, size) in sizes.enumerated() {
      for split in ["train", "val"] {
        let image = RGBImage(
          height: size.height, width: size.width, repeating: (UInt8(40 * number), 90, 200))
        try fixture.write(JPEG.encode(image), "\(folder)/\(split)/c\(number % 2)/\(number).jpg")
      }
    }
  }

  private func export(_ fixture: CommandFixture, _ more: [String] = []) throws -> ProgramResult {
    try runProgram(
      "xai-train",
      [
        "export-data", "--data", fixture.path("odd"), "--output", fixture.path("copy"),
        "--layout", "folders",
      ] + more)
  }

  @Test(arguments: [(9, 12), (12, 9), (70, 33)])
  func `data of one size are exported in it, and leave no cache behind`(
    height: Int, width: Int
  ) throws {
    let fixture = try CommandFixture()
    try pictures([(height, width), (height, width)], in: "odd", of: fixture)
    let result = try export(fixture)
    #expect(result.status == 0, "\(result.standardError)")
    #expect(result.standardError.contains("\(height) rows and \(width) columns each"))
    let image = try RGBImage(contentsOf: fixture.path("copy/test/c0/val_0.JPEG"))
    #expect((image.height, image.width) == (height, width))
    let left = try FileManager.default.contentsOfDirectory(atPath: fixture.path("odd"))
    #expect(left.sorted() == ["train", "val"])
  }

  @Test func `data of several sizes are exported in the one that is named, else refused`() throws {
    let fixture = try CommandFixture()
    try pictures([(9, 12), (20, 12), (15, 30)], in: "odd", of: fixture)
    fixture.expectFailure(
      try export(fixture), .usage, ["9 to 20 rows and 12 to 30 columns", "--image-size"])
    #expect(!fixture.exists("copy"))
    let result = try export(fixture, ["--image-size", "10x14"])
    #expect(result.status == 0, "\(result.standardError)")
    #expect(
      result.standardError.contains("every image is resized to 10 rows and 14 columns"))
    let image = try RGBImage(contentsOf: fixture.path("copy/test/c0/val_0.JPEG"))
    #expect((image.height, image.width) == (10, 14))
  }

  @Test func `an export leaves out what cannot be read where that is asked for`() throws {
    let fixture = try CommandFixture()
    try pictures([(9, 12), (9, 12)], in: "odd", of: fixture)
    try fixture.write("no image", "odd/train/c0/junk.jpg")
    let refused = try export(fixture)
    #expect(refused.status == FailureKind.badData.exitStatus)
    #expect(refused.standardError.contains("leave such files out with --skip-corrupt"))
    #expect(!fixture.exists("copy"))
    let result = try export(fixture, ["--skip-corrupt"])
    #expect(result.status == 0, "\(result.standardError)")
    #expect(result.standardError.contains("train/c0/junk.jpg"))
    #expect(result.standardError.contains("4 images of 2 classes"))
  }

  @Test func `that trained images are tested is said even to those who want to hear little`() throws
  {
    let fixture = try CommandFixture()
    for id in fixture.ids {
      for number in 0..<5 {
        try fixture.write(
          fixture.bytes("data/train/\(id)/images/\(id)_\(number).JPEG"), "bare/\(id)/\(number).jpg")
      }
    }
    try fixture.writeCheckpoint()
    let result = try runProgram(
      "xai-eval",
      [
        "--checkpoint", fixture.path("model.safetensors"), "--data", fixture.path("bare"),
        "--cache",
        "none", "--threads", "1", "--quiet",
      ])
    #expect(result.status == 0, "\(result.standardError)")
    #expect(result.standardError.contains("all of its images are the test split"))
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
