import Foundation
import Testing
import XAIFiles
import XAITestSupport

/// The same command gives the same bytes.
@Suite struct ReproducibilityTests {
  private let fixture: CommandFixture

  init() throws {
    fixture = try CommandFixture()
    try fixture.writeCheckpoint()
  }

  static let commands = [
    ["attribute", "--method", "group1,group2,group4,integrated-gradients,gradient-shap"],
    [
      "randomize", "--method", "group1,lrp-a1b0,random", "--seeds", "2", "--mode",
      "cascading,bottom-up",
    ],
    ["class-sensitivity", "--method", "group1,deep-lift"],
  ]

  /// The files of a command less the seconds that it took and the folder's name.
  private func files(_ command: [String], threads: Int, _ name: String) throws -> [String: [UInt8]]
  {
    let result = try runProgram(
      "xai-explain",
      command + [
        "--checkpoint", fixture.path("model.safetensors"), "--data", fixture.path("data"),
        "--samples", "3", "--threads", "\(threads)", "--quiet", "--output", fixture.path(name),
      ])
    #expect(result.status == 0, "\(result.standardError)")
    var files: [String: [UInt8]] = [:]
    let paths = try #require(FileManager.default.enumerator(atPath: fixture.path(name)))
    for case let path as String in paths
    where !Folder.exists(fixture.path("\(name)/\(path)")) && !path.hasSuffix(".lock") {
      files[path] = try fixture.bytes("\(name)/\(path)")
      guard path.hasSuffix(".json") || path.hasSuffix(".html") else { continue }
      let text = String(decoding: files[path] ?? [], as: UTF8.self)
        .replacing(fixture.path(name), with: "OUT")
        .replacing("--threads \(threads)", with: "--threads N")
        .replacing("\"\(threads)\",\n    \"--quiet\"", with: "N")
        .replacing(/"seconds" : [-+.0-9e]+/, with: "")
      files[path] = Array(text.utf8)
    }
    return files
  }

  @Test(arguments: commands)
  func `twice on two threads`(command: [String]) throws {
    let first = try files(command, threads: 2, "first")
    let second = try files(command, threads: 2, "second")
    #expect(first.count > 5 && first.keys.sorted() == second.keys.sorted())
    let different = first.keys.filter { first[$0] != second[$0] }
    #expect(different.isEmpty, "\(different)")
  }

  @Test func `a training twice on two threads`() throws {
    for name in ["run", "again"] {
      let result = try fixture.train([
        "--output": fixture.path(name), "--threads": "2", "--augment": "flip-crop",
        "--recipe": "strong", "--averaging": "0.9",
      ])
      #expect(result.status == 0, "\(result.standardError)")
    }
    try fixture.expectSameRun("run", "again")
    #expect(try fixture.bytes("run/config.json") == fixture.bytes("again/config.json"))
  }
}
