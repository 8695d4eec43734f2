import Foundation
import Testing

/// README's Swift is what compiles here.
@Suite struct ReadmeTests {
  private var root: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
  }

  @Test(arguments: ["explain", "train", "test"])
  func `each example of README is compiled`(name: String) throws {
    let source = try text("Tests/XAITests/ReadmeExamples.swift")
    let lines = source.components(separatedBy: "\n")
    let begin = try #require(lines.firstIndex { $0.hasSuffix("// begin \(name)") })
    let end = try #require(lines.firstIndex { $0.hasSuffix("// end \(name)") })
    let example = lines[(begin + 1)..<end].map { "    " + $0.dropFirst(4) }
    #expect(example.count <= 12)
    #expect(try text("README.md").contains(example.joined(separator: "\n")))
  }
}
