import Foundation
import Testing
import XAIFiles
import XAITestSupport

/// Names that begin formulas, are markup, lead elsewhere or steer a terminal, through all programs.
@Suite struct HostileNamesTests {
  private static let ids = ["=1+1", "\"><img_src=x_onerror=alert(1)>", "\u{1B}[31m\u{202E}'&;"]
  private static let names = [
    "@SUM(\"x\")\u{1B}]0;owned\u{7}", "</script><script>alert(1)</script>", "../../../escape\r<!--",
  ]
  private let fixture: CommandFixture

  init() throws {
    fixture = try CommandFixture(ids: Self.ids)
    let words = zip(Self.ids, Self.names).map { "\($0)\t\($1)\n" }
    try fixture.write(words.joined(), "data/words.txt")
  }

  /// Runs a program that is to end well, and looks at what it says.
  private func run(_ program: String, _ words: [String]) throws -> String {
    let result = try runProgram(
      program,
      words.map { $0.replacing("ROOT", with: fixture.path(".")) }
        + ["--data", fixture.path("data"), "--threads", "1"])
    #expect(result.status == 0, "\(result.standardError)")
    let said = result.standardOutput + result.standardError
    let obeyed = said.unicodeScalars.filter {
      $0 != "\n" && ($0.value < 0x20 || 0x7F..<0xA0 ~= $0.value || 0x202A...0x202E ~= $0.value)
    }
    #expect(obeyed.isEmpty, "\(program) \(words): \(obeyed.map(\.value))")
    return said
  }

  @Test func `they stay text in every file and line`() throws {
    let before = try Folder.entries(of: fixture.path("."))
    _ = try run(
      "xai-train",
      ["--architecture", "ROOT/small.json", "--batch-size", "8", "--output", "ROOT/out/run"]
        + ["--epochs", "1"])
    let checkpoint = ["--checkpoint", "ROOT/out/run/bestmodel.safetensors"]
    let said = try run(
      "xai-eval",
      checkpoint + [
        "--per-class", "ROOT/out/classes.csv", "--predictions", "ROOT/out/images.csv",
        "--confusion", "ROOT/out/confusion.csv",
      ])
    #expect(said.contains("images/s"))
    let common = checkpoint + ["--samples", "3", "--method", "saliency", "--output"]
    _ = try run("xai-explain", ["attribute"] + common + ["ROOT/out/maps", "--target", "0,1,2"])
    _ = try run("xai-explain", ["randomize"] + common + ["ROOT/out/tested", "--seeds", "1"])
    _ = try run("xai-explain", ["class-sensitivity"] + common + ["ROOT/out/classes"])
    _ = try run("xai-explain", ["compare"] + checkpoint + common + ["ROOT/out/networks"])
    #expect(try Folder.entries(of: fixture.path(".")) == (before + ["out"]).sorted())

    let paths = try #require(FileManager.default.enumerator(atPath: fixture.path("out")))
    var (pages, tables) = (0, 0)
    for case let path as String in paths where !Folder.exists(fixture.path("out/\(path)")) {
      let allowed = path.allSatisfy {
        $0.isLetter || $0.isNumber || "/._+-".contains($0)
      }
      #expect(allowed, "\(path)")
      if path.hasSuffix(".html") || path.hasSuffix(".svg") {
        pages += 1
        let text = try fixture.text("out/\(path)")
        for markup in ["<script>alert", "<img_src", "<!--\"", "\u{1B}"] {
          #expect(!text.contains(markup), "\(path): \(markup)")
        }
      }
      guard path.hasSuffix(".csv") else { continue }
      tables += 1
      let rows = try Self.rows(of: fixture.text("out/\(path)"))
      // A short training has no row of steps.
      let fewest = path.hasSuffix("steps.csv") ? 1 : 2
      #expect(
        rows.count >= fewest && rows.allSatisfy { $0.count == rows[0].count }, "\(path)")
      for field in rows.joined() where "=+@\t\r".contains(field.prefix(1)) && !field.isEmpty {
        #expect(Double(field) != nil, "\(path): \(field)")
      }
    }
    #expect(pages >= 5 && tables >= 10, "\(pages) \(tables)")
  }

  /// The fields of comma-separated values as RFC 4180 reads them.
  private static func rows(of text: String) throws -> [[String]] {
    var rows: [[String]] = [[""]]
    var isQuoted = false
    func append(_ scalar: Unicode.Scalar) {
      rows[rows.count - 1][rows[rows.count - 1].count - 1].unicodeScalars.append(scalar)
    }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": isQuoted.toggle()
      case ",": isQuoted ? append(scalar) : rows[rows.count - 1].append("")
      case "\n": isQuoted ? append(scalar) : rows.append([""])
      default: append(scalar)
      }
    }
    #expect(!isQuoted && rows.last == [""], "the last line is not ended")
    return rows.dropLast()
  }
}
