import Foundation
import Testing
import XAIReports
import XAIFiles
import XAITestSupport

/// What a new page costs, shown by one.
@Suite struct PageOfPartsTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
  private static let script = "\(folder)/JavaScript/example.js"

  @Test func `a page with a table, a plot and a map viewer is two files of less than 200 lines`()
    throws
  {
    let lines = try [Self.script, "\(Self.folder)/ExamplePage.swift"].map { file in
      try WholeFile.readText(file).split(separator: "\n", omittingEmptySubsequences: false).count
    }
    #expect(lines.reduce(0, +) < 200)
    let page = try ExamplePage.text(script: WholeFile.readText(Self.script))
    #expect(page.matches(of: /<script/).count == 4 + 2)
    #expect(page.contains("<title>Example</title>"))
  }

  @Test(
    .enabled(if: browser != nil, "there is no Chromium on this machine"),
    arguments: ["", "#method=1&image=1&sign=positive"])
  func `it runs in a browser`(choice: String) throws {
    let folder = try TemporaryFolder()
    let page = folder.file("page.html")
    try AtomicFile.write(ExamplePage.text(script: WholeFile.readText(Self.script)), to: page)
    let result = try runProgram(
      browser ?? "",
      [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--user-data-dir=\(folder.file("profile"))", "--virtual-time-budget=20000", "--dump-dom",
        "file://\(page)\(choice)",
      ])
    let document = result.standardOutput
    let method = choice.isEmpty ? "first &lt;b&gt;" : "second"
    for words in [
      "data-state=\"ready\"", "<span class=\"badge pass\">✓ pass</span>",
      "<strong id=\"map-name\" class=\"name\">\(method)</strong>", "<svg viewBox",
      "<span id=\"chosen\" class=\"name\">\(method)</span>",
      choice.isEmpty
        ? "<td data-value=\"0.5\" style=\"--share: 33%;\">0.50</td>"
        : "<td data-value=\"0.2\" style=\"--share: 13%;\">0.20</td>",
      "largest magnitude \(choice.isEmpty ? 8 : 24)",
    ] {
      let isThere = document.contains(words)
      #expect(isThere, "\(words) in the page")
    }
    #expect(document.matches(of: /<canvas/).count == 1 + 2)
  }
}
