import Foundation
import Testing
import XAIReports
import XAIFiles
import XAITestSupport

/// Where node is on this machine.
private let node: String? = ["/usr/bin/node", "/usr/local/bin/node"].first {
  FileManager.default.isExecutableFile(atPath: $0)
}

/// The pure functions of the pages' scripts: `JavaScript/*.tests.js`, where there is a browser and where
/// there is node.
@Suite struct PageScriptTests {
  private static let folder =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/JavaScript"

  /// The tests' files in the order of their names.
  private func tests() throws -> [String] {
    try Folder.entries(of: Self.folder).filter { $0.hasSuffix(".tests.js") }.sorted()
  }

  @Test(.enabled(if: node != nil, "there is no node on this machine"))
  func `every test passes in node`() throws {
    let result = try runProgram(node ?? "", ["--test", "\(Self.folder)/node.test.mjs"])
    #expect(result.status == 0, "\(result.standardOutput)")
  }

  @Test(.enabled(if: browser != nil, "there is no Chromium on this machine"))
  func `every test passes in a browser`() throws {
    let files = try ["harness.js"] + tests()
    let texts = try files.map { try WholeFile.readText("\(Self.folder)/\($0)") }
    let count = texts.reduce(0) { $0 + $1.matches(of: /(?m)^test\(/).count }
    #expect(count > 20)
    let page = """
      <!DOCTYPE html><html><body><pre id="said">nothing</pre>
      <script>"use strict";
      const said = [];
      let passed = 0;
      function test(name, check) {
        try { check(); passed += 1; } catch (error) { said.push(`${name}: ${error.message}`); }
      }
      addEventListener("error", (event) => said.push(event.message));
      </script>
      \((PageFiles.pureScripts + texts).map { "<script>\($0)</script>" }.joined(separator: "\n"))
      <script>
      document.getElementById("said").textContent = [...said, passed + " passed"].join("; ");
      </script></body></html>
      """
    let folder = try TemporaryFolder()
    try AtomicFile.write(page, to: folder.file("tests.html"))
    let result = try runProgram(
      browser ?? "",
      [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--user-data-dir=\(folder.file("profile"))", "--virtual-time-budget=20000", "--dump-dom",
        "file://\(folder.file("tests.html"))",
      ])
    #expect(result.status == 0)
    let said = result.standardOutput.firstMatch(of: /id="said">([^<]*)</)?.output.1
    #expect(said.map(String.init) == "\(count) passed")
  }

  @Test(arguments: ["Sources/XAIReports/Resources", "Tests/XAIReportsTests/JavaScript"])
  func `scripts and styles are formatted`(place: String) throws {
    let root = URL(fileURLWithPath: Self.folder).appendingPathComponent("../../..").standardized
      .path
    let files = try Folder.entries(of: "\(root)/\(place)")
    #expect(files.count > 5)
    for file in files {
      let text = try WholeFile.readText("\(root)/\(place)/\(file)")
      #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"), "the end of \(file)")
      for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
        .enumerated()
      {
        let isFormatted = line.count <= 100 && !line.hasSuffix(" ") && !line.contains("\t")
        #expect(isFormatted, "line \(number + 1) of \(file): at most 100 letters, no tab")
      }
    }
  }

  @Test func `a browser is there where it is required`() {
    let isRequired = ProcessInfo.processInfo.environment["XAI_BROWSER_REQUIRED"] == "1"
    #expect(browser != nil || !isRequired, "install Chromium: Scripts/setup chromium")
  }
}
