import Foundation
import Testing
import XAIExperiments
import XAIExperimentsTestSupport
import XAIReports
import XAIFiles
import XAITestSupport

/// A browser of this machine that runs without a window.
let browser: String? = [
  "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
].first { FileManager.default.isExecutableFile(atPath: $0) }

/// The page in a real browser; skipped where there is none (Debian: `Scripts/setup chromium`).
@Suite(.enabled(if: browser != nil, "there is no Chromium on this machine"), .serialized)
struct ReportBrowserTests {
  /// Opens the page and returns its document once the scripts are done.
  private func document(
    _ test: FabricatedTest, _ results: RandomizationResults? = nil, showing choice: String = "",
    changing change: (String) throws -> String = { $0 }
  ) throws -> String {
    let folder = try TemporaryFolder()
    var options = RandomizationReport.Options()
    options.drawsStrips = false
    try RandomizationReport(
      results ?? test.results(), maps: FabricatedMaps(test: test), pictures: test.pictures,
      options: options
    ).write(to: folder.file("report"))
    let page = try WholeFile.readText(folder.file("report/index.html"))
    return try PageBrowser.document(of: change(page), showing: choice)
  }

  private func content(of identifier: String, in document: String) throws -> String {
    try PageBrowser.content(of: identifier, in: document)
  }

  @Test func `its scripts run to the end and show what is chosen`() throws {
    let test = FabricatedTest.small()
    let document = try document(test, showing: "#method=1&mode=1&step=2&image=1&sign=positive")
    let isReady = document.contains("data-state=\"ready\"")
    #expect(isReady)
    #expect(try content(of: "where", in: document) == "Step 2 of 3: only fc1 is random.")
    let results = try test.results()
    let step = RandomizedStep(mode: .independent, layer: "fc1", seed: 0)
    let row = try #require(
      results.scores.first { $0.image == 1 && $0.method == "guided-backprop" && $0.step == step })
    let value = try #require(row.values[0])
    let numbers = try content(of: "numbers", in: document)
    #expect(numbers.hasPrefix("This map: \(String(format: "%.3f", value))."))
    #expect(document.matches(of: /aria-pressed="true"/).count == 1)
    #expect(document.matches(of: /<canvas/).count == 2 + 4)
  }

  @Test func `slider, buttons, keys, curve and table move through the cascade`() throws {
    let script = """
      const where = () => say(byId("where").textContent);
      const slider = byId("step");
      slider.value = 3;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      await settle(); where();
      byId("back").click(); await settle(); where();
      const strip = byId("strip");
      strip.querySelector("[aria-pressed=true]").focus();
      strip.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }));
      await settle(); where();
      say([...strip.children].indexOf(document.activeElement));
      strip.dispatchEvent(new KeyboardEvent("keydown", { key: "End", bubbles: true }));
      await settle(); where();
      document.querySelector("#verdicts [data-method='1']").click(); await settle();
      say(byId("method").value);
      document.querySelector("#means tbody tr:nth-child(3) button").click(); await settle();
      say(byId("method").value);
      byId("mode").value = 1; byId("mode").dispatchEvent(new Event("change")); await settle(); where();
      document.querySelector("#verdicts th button.sort").click(); await settle();
      const names = [...document.querySelectorAll("#verdicts tbody th")];
      say(names.map((name) => name.textContent.trim()).join(" "));
      """
    let document = try document(.small()) { PageBrowser.acting(script, on: $0) }
    let said = try content(of: "said", in: document).replacing("&#39;", with: "'")
    #expect(
      said.components(separatedBy: "; ") == [
        "Step 3 of 3: all layers are random, fc2 to conv1.",
        "Step 2 of 3: fc2 and fc1 are random.", "Step 1 of 3: fc2 is random.", "1",
        "Step 3 of 3: all layers are random, fc2 to conv1.", "1", "2",
        "Step 3 of 3: only conv1 is random.", "guided-backprop saliency random",
      ])
  }

  @Test(arguments: [1280, 390, 320]) func `nothing is wider than the screen`(width: Int) throws {
    let document = try document(.small()) { page in
      PageBrowser.framed(PageBrowser.acting(PageBrowser.widths, on: page), width: width)
    }
    let said = try content(of: "said", in: document).components(separatedBy: "; ")
    #expect(said == ["\(width)", "fits", ""])
  }

  @Test func `names from outside stay names`() throws {
    let document = try document(.hostile)
    let (isReady, hasFailed) = (
      document.contains("data-state=\"ready\""), document.contains("data-error=")
    )
    #expect(isReady && !hasFailed)
    #expect(document.matches(of: /<script/).count == FabricatedTest.hostile.scripts)
    for element in ["<img src=\"x\"", "<svg onload", "<b>"] {
      let isThere = document.contains(element)
      #expect(!isThere, "\(element) in the document")
    }
  }

  @Test func `a test that was interrupted is shown as far as it went`() throws {
    let test = FabricatedTest.small()
    var results = try test.results()
    results.complete = false
    results.scores.removeLast(results.scores.count / 2)
    (results.summaries, results.verdicts, results.health) = ([], [], [])
    let document = try document(test, results, showing: "#method=2&mode=1&step=3")
    let isReady = document.contains("data-state=\"ready\"")
    #expect(isReady)
    let numbers = try content(of: "numbers", in: document)
    #expect(numbers.hasPrefix("This map: \u{2013}. All images and seeds: \u{2013}"))
  }

  @Test func `a damaged map is reported and not shown`() throws {
    let document = try document(.small()) { page in
      let start = try #require(page.range(of: "id=\"maps-0-0\">")).upperBound
      return page.replacingCharacters(
        in: page.index(start, offsetBy: 400)..<page.index(start, offsetBy: 404), with: "AAAA")
    }
    let isReported = document.contains("data-state=\"failed\"")
    #expect(isReported)
  }
}

extension FabricatedTest {
  /// How many script elements its page has: maps of each method and image, data, the script.
  fileprivate var scripts: Int { methods.count * images.count + 2 }
}
