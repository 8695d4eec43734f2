import Foundation
import Testing
import XAIFiles
import XAITensor
import XAITestSupport

/// Inputs that people brought, unpacked into a folder.
///
/// Small networks, a data set `d0` of four classes, and pictures. Right values were computed with PyTorch in Double from pixels decoded by Pillow.
final class Reports {
  private let folder: TemporaryFolder

  init(unpacking archives: [String] = ["d0"]) throws {
    folder = try TemporaryFolder()
    for archive in archives {
      let result = try runProgram(
        "/bin/tar", ["xzf", Self.path("\(archive).tar.gz"), "-C", folder.path])
      #expect(result.status == 0, "\(result.standardError)")
    }
  }

  /// A file as it was handed in.
  static func path(_ name: String) -> String { Fixture.path("reports/\(name)") }

  /// A place in the folder.
  func file(_ name: String) -> String { folder.file(name) }

  /// Evaluates a network on the data.
  func evaluate(
    _ checkpoint: String, architecture: String = "arch16.json", data: String = "d0",
    _ more: [String] = []
  ) throws -> ProgramResult {
    let path = checkpoint.contains("/") ? checkpoint : Self.path("checkpoints/\(checkpoint)")
    return try runProgram(
      "xai-eval",
      [
        "--checkpoint", path, "--architecture", Self.path(architecture), "--data", file(data),
        "--cache", "none", "--threads", "1",
      ] + more)
  }

  /// Explains a picture.
  func attribute(
    _ checkpoint: String, image: String = "nat.png", _ more: [String]
  ) throws -> ProgramResult {
    let path = checkpoint.contains("/") ? checkpoint : Self.path("checkpoints/\(checkpoint)")
    return try runProgram(
      "xai-explain",
      [
        "attribute", "--checkpoint", path, "--image", Self.path("images/\(image)"), "--output",
        file("out"), "--threads", "1",
      ] + more)
  }

  /// A file of the data set, changed.
  func rewrite(_ name: String, _ change: ([UInt8]) -> [UInt8]) throws {
    try Data(change(try WholeFile.read(file(name)))).write(to: URL(filePath: file(name)))
  }

  /// Copies a file into the folder.
  func copy(_ source: String, to name: String) throws {
    try Data(try WholeFile.read(source)).write(to: URL(filePath: file(name)))
  }

  /// Reads a value of `results.json` of the explanations.
  func results() throws -> [String: Any] {
    let bytes = Data(try WholeFile.read(file("out/results.json")))
    return try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
  }
}

extension ProgramResult {
  /// Records an issue unless the program ended so, and told all of these words.
  func expect(
    _ status: Int32, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(self.status == status, "\(standardError)", sourceLocation: sourceLocation)
    for word in words {
      #expect(
        standardError.lowercased().contains(word.lowercased()), "\(word) in: \(standardError)",
        sourceLocation: sourceLocation)
    }
  }

  /// Records an issue where a word was told.
  func expectNo(_ word: String, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(!standardError.contains(word), "\(standardError)", sourceLocation: sourceLocation)
  }
}
