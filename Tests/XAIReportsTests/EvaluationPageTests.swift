import Foundation
import Testing
import XAIEvaluation
import XAIExperiments
import XAIFiles
import XAIReports
import XAITestSupport

/// The page in a real browser; skipped where there is none (Debian: `Scripts/setup chromium`).
@Suite(.enabled(if: browser != nil, "there is no Chromium on this machine"), .serialized)
struct EvaluationPageTests {
  private func page(_ evaluation: FabricatedEvaluation) throws -> String {
    let folder = try TemporaryFolder()
    try EvaluationReport(evaluation.outcome).write(to: folder.file("report"))
    return try WholeFile.readText(folder.file("report/index.html"))
  }

  private func said(_ script: String, _ evaluation: FabricatedEvaluation) throws -> [String] {
    let acting = PageBrowser.acting(script, on: try page(evaluation))
    let document = try PageBrowser.document(of: acting)
    return try PageBrowser.content(of: "said", in: document).components(separatedBy: "; ")
  }

  @Test func `its scripts run to the end and show what is chosen`() throws {
    let evaluation = FabricatedEvaluation()
    let document = try PageBrowser.document(
      of: page(evaluation), showing: "#image=1&method=2&baseline=1&quantity=1&others=0.5")
    #expect(document.contains("data-state=\"ready\""), "\(document.prefix(300))")
    #expect(try PageBrowser.content(of: "where", in: document) == "grad-cam, two.png.")
    let results = try evaluation.outcome.results
    let row = try #require(results.scores.first { $0.method == "grad-cam" && $0.image == 1 })
    let place = try #require(
      results.measures.firstIndex { $0.identifier == "share.blur.logit" })
    let value = try #require(row.values[place])
    let short = Double(String(format: "%.3g", value)) ?? 9
    #expect(
      try PageBrowser.content(of: "numbers", in: document).contains(
        "share of the possible (blur, logit) \(short)".replacing("-", with: "\u{2212}")))
    #expect(document.contains("logit of the class"))
    // The chosen method and two others, in both charts.
    #expect(document.matches(of: /class="curve c[0-2]"/).count == 2 * 3)
    #expect(document.matches(of: /class="curve random"/).count == 2)
    #expect(document.matches(of: /class="band range"/).count == 2)
    let outline = try evaluation.outcome.objects[1]?.pixels.size ?? 0
    #expect(outline > 0 && document.matches(of: /<path d="M[0-9 hvM]+"/).count >= 4)
  }

  @Test func `switches of the table show and hide columns`() throws {
    let script = """
      const heads = () => [...document.querySelectorAll(".scores th.column")]
        .filter((head) => getComputedStyle(head).display !== "none")
        .map((head) => head.textContent.replace(/[\\u2191\\u2193]/, "").replace(/\\s+/g, " ").trim());
      const pick = (name, value) =>
        document.querySelector(`.scores [name=table-${name}][value=${value}]`).click();
      say(heads().join(" | "));
      pick("baseline", "b1"); say(heads().join(" | "));
      pick("quantity", "logit"); say(heads()[0]);
      pick("columns", "complexity"); say(heads().join(" | "));
      """
    let words = try said(script, FabricatedEvaluation())
    #expect(
      words == [
        "share of the possible black, probability | relative infidelity black | "
          + "share of the possible blur, probability | relative infidelity blur | energy gain | "
          + "maximal sensitivity",
        "share of the possible blur, probability | relative infidelity blur | energy gain | "
          + "maximal sensitivity",
        "share of the possible blur, logit",
        "effective complexity blur | gini | entropy | entropy normalized | active | mass90",
      ])
  }

  @Test func `headings sort methods, controls stay below`() throws {
    let script = """
      const names = () => [...document.querySelectorAll(".scores tbody th")]
        .map((name) => name.textContent.trim().split(" ")[0]).slice(0, 5);
      say(names().join(" "));
      document.querySelector(".scores th button.sort").click();
      say(names().join(" "));
      const head = document.querySelector(".scores th.column.headline");
      head.querySelector("button").click(); head.querySelector("button").click();
      say(head.getAttribute("aria-sort"));
      const numbers = [...document.querySelector(".scores tbody").rows]
        .map((row) => Number(row.cells[head.cellIndex].dataset.value));
      say(numbers.every((one, row) => !row || numbers[row - 1] >= one));
      """
    #expect(
      try said(script, FabricatedEvaluation()) == [
        "integrated-gradients saliency grad-cam Controls: random",
        "grad-cam integrated-gradients saliency Controls: random", "descending", "true",
      ])
  }

  @Test func `links, keys, boxes and dots choose methods`() throws {
    let script = """
      const where = () => say(byId("where").textContent);
      document.querySelector(".scores [data-method='2']").click(); await settle(); where();
      const strip = byId("strip");
      strip.querySelector("[aria-pressed=true]").focus();
      strip.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }));
      await settle(); where();
      const box = byId("others").querySelector("[data-other='4']");
      const before = byId("curve-key").children.length;
      box.focus(); box.click(); await settle();
      say(byId("curve-key").children.length - before);
      say(document.activeElement.dataset.other);
      say(/others=[^&]*4/.test(location.hash));
      document.querySelector("#scatter circle.hit").dispatchEvent(new MouseEvent("click"));
      await settle(); where();
      byId("across").value = 3; byId("across").dispatchEvent(new Event("change")); await settle();
      say(byId("scatter").textContent.includes("lower is better"));
      say(byId("front").textContent.slice(0, 30));
      """
    #expect(
      try said(script, FabricatedEvaluation()) == [
        "grad-cam, one.png.", "saliency, one.png.", "1", "4", "true",
        "integrated-gradients, one.png.", "true", "No other method is as good in ",
      ])
  }

  @Test(arguments: [1280, 390, 320]) func `nothing is wider than the screen`(width: Int) throws {
    var evaluation = FabricatedEvaluation()
    evaluation.truth = .box
    let acting = PageBrowser.acting(PageBrowser.widths, on: try page(evaluation))
    let document = try PageBrowser.document(of: PageBrowser.framed(acting, width: width))
    let said = try PageBrowser.content(of: "said", in: document).components(separatedBy: "; ")
    #expect(said == ["\(width)", "fits", ""])
  }

  @Test func `names from outside stay names`() throws {
    let evaluation = FabricatedEvaluation.hostile
    let document = try PageBrowser.document(of: page(evaluation))
    #expect(document.contains("data-state=\"ready\"") && !document.contains("data-error="))
    // Maps of each method and image but for the one that holds NaN, data, the script.
    #expect(document.matches(of: /<script/).count == evaluation.all.count * 2 - 1 + 2)
    for element in ["<img src=\"x\"", "<svg onload", "<b>\"", "<b>&amp;amp;"] {
      #expect(!document.contains(element), "\(element) in the document")
    }
  }

  @Test(arguments: ["pictures", "maps", "faithfulness", "image"])
  func `it runs with little`(missing: String) throws {
    var evaluation = FabricatedEvaluation()
    switch missing {
    case "pictures": evaluation.hasPictures = false
    case "maps": evaluation.hasMaps = false
    case "faithfulness": (evaluation.families, evaluation.truth) = ([.complexity], nil)
    default: evaluation.images = ["one.png"]
    }
    let document = try PageBrowser.document(of: page(evaluation))
    #expect(document.contains("data-state=\"ready\"") && !document.contains("data-error="))
    #expect(document.contains("class=\"sort\""))
  }
}
