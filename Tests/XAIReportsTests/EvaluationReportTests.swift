import Foundation
import Testing
import XAIEvaluation
import XAIExperiments
import XAIFiles
import XAIReports
import XAITestSupport

@Suite struct EvaluationReportTests {
  private func write(_ evaluation: FabricatedEvaluation) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    var options = EvaluationReport.Options()
    options.command = ["xai-explain", "evaluate", "--data", "my data"]
    try EvaluationReport(evaluation.outcome, options: options).write(to: folder.file("report"))
    return folder
  }

  private func files(in folder: TemporaryFolder) throws -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    let root = folder.file("report")
    let paths = try #require(FileManager.default.enumerator(atPath: root))
    for case let path as String in paths where !Folder.exists("\(root)/\(path)") {
      found[path] = try WholeFile.read("\(root)/\(path)")
    }
    return found
  }

  private func text(_ name: String, _ folder: TemporaryFolder) throws -> String {
    try WholeFile.readText(folder.file("report/\(name)"))
  }

  private func rows(_ name: String, _ folder: TemporaryFolder) throws -> [[String]] {
    try text(name, folder).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  // MARK: - Files

  @Test func `everything is written, and the same evaluation gives the same bytes`() throws {
    let evaluation = FabricatedEvaluation()
    let folder = try write(evaluation)
    let files = try files(in: folder)
    let curves = ["one.png-black", "one.png-blur", "two.png-black", "two.png-blur"].map {
      "curves/\($0).csv"
    }
    let ways = ["deletion", "insertion"].flatMap { way in
      ["black", "blur"].flatMap { ["\(way)-\($0)-logit", "\(way)-\($0)-probability"] }
    }
    let plots = (["agreement", "share-logit", "share-probability"] + ways).flatMap { name in
      ["pdf", "png", "svg"].map { "plots/\(name).\($0)" }
    }
    let others = ["agreement.csv", "index.html", "results.json", "scores.csv", "summary.csv"]
    #expect(files.keys.sorted() == (curves + plots + others).sorted())
    #expect(try files == self.files(in: write(evaluation)))
    let read = try JSONText.decode(
      EvaluationResults.self, from: text("results.json", folder), name: "")
    #expect(try JSONText.encode(read) == JSONText.encode(evaluation.outcome.results))
    #expect(WrittenFolder.holdsResults(folder.file("report")))
  }

  @Test func `tables and plots of an earlier report go, and other files stay`() throws {
    let folder = try TemporaryFolder()
    func write(_ evaluation: FabricatedEvaluation) throws {
      try EvaluationReport(evaluation.outcome).write(to: folder.file("report"))
    }
    var evaluation = FabricatedEvaluation()
    try write(evaluation)
    try AtomicFile.write("mine", to: folder.file("report/curves/notes.txt"))
    (evaluation.images, evaluation.baselines) = (["three.png"], ["blur"])
    try write(evaluation)
    #expect(
      try Folder.entries(of: folder.file("report/curves")) == ["notes.txt", "three.png-blur.csv"])
    #expect(
      try Folder.entries(of: folder.file("report/plots")).allSatisfy { !$0.contains("black") })
  }

  @Test func `progress is told, and may end the work`() throws {
    struct Stop: Error {}
    let folder = try TemporaryFolder()
    var told: [Double] = []
    let report = try EvaluationReport(FabricatedEvaluation().outcome)
    try report.write(to: folder.file("report")) { told.append($0) }
    #expect(told == told.sorted() && told.last == 1 && told.count > 3)
    #expect(throws: Stop.self) {
      try report.write(to: folder.file("other")) { if $0 > 0.3 { throw Stop() } }
    }
  }

  @Test func `tables have a row for every number, and nothing for undefined ones`() throws {
    let evaluation = FabricatedEvaluation()
    let results = try evaluation.outcome.results
    let folder = try write(evaluation)
    let scores = try rows("scores.csv", folder)
    #expect(scores.count == 1 + results.methods.count * 2)
    #expect(scores[0] == ["method", "image"] + results.measures.map(\.identifier))
    let sic = try #require(scores[0].firstIndex(of: "sic"))
    #expect(scores[1][..<2] == ["integrated-gradients", "one.png"])
    #expect(scores[1][sic] == "\(try #require(results.scores[0].values[sic - 2]))")
    #expect(scores[2][sic] == "")
    let summary = try rows("summary.csv", folder)
    #expect(summary.count == 1 + results.methods.count * results.measures.count)
    #expect(summary[0].prefix(4) == ["method", "measure", "images", "value"])
    let first = try #require(results.summaries.first)
    #expect(
      summary[1].prefix(4)
        == ["integrated-gradients", first.measure, "2", "\(try #require(first.value))"])
    #expect(summary[1].last == first.groups)
    let agreement = try rows("agreement.csv", folder)
    #expect(agreement.count == 1 + results.agreement.measures.count)
    #expect(agreement[0] == ["measure"] + results.agreement.measures && agreement[1][1] == "1.0")
    let place = try #require(agreement[0].firstIndex(of: "sic"))
    #expect(agreement[1][place] == "")
  }

  @Test func `curves have a row for every share of pixels at which one of them has a point`() throws
  {
    let evaluation = FabricatedEvaluation()
    let curves = try rows("curves/two.png-blur.csv", write(evaluation))
    let heads = try #require(curves.first)
    #expect(heads.count == 1 + 4 * evaluation.all.count + 2 + 4)
    let prefix = ["share_gone", "integrated-gradients.morf.logit"]
    #expect(heads.prefix(2) == prefix[...])
    #expect(heads.suffix(2) == ["worst order.logit", "worst order.probability"])
    // 9 points of methods and 10 of cells of 256 pixels: both have the first and the last.
    #expect(curves.count == 1 + 9 + 10 - 2)
    #expect(
      curves.dropFirst().map { Double($0[0]) ?? -1 }
        == curves.dropFirst().map { Double($0[0]) ?? -1 }.sorted())
    let entry = try evaluation.outcome.curves.entries[3]
    let byCells = try #require(heads.firstIndex(of: "best order.probability"))
    #expect(curves[1][byCells] == "\(entry.best[1].values[0].probability)")
    #expect(curves[2][byCells] == "\(entry.best[1].values[1].probability)" && curves[2][1] == "")
  }

  // MARK: - The page

  @Test func `the table has every measure, gray where a method may do nothing`() throws {
    let evaluation = FabricatedEvaluation()
    let results = try evaluation.outcome.results
    let page = try text("index.html", write(evaluation))
    let heads = page.matches(of: #/<th scope="col" class="number column /#).count
    #expect(heads == results.measures.count)
    // No arrow and no rank where a number describes.
    let head = try #require(
      page.firstMatch(of: /<th scope="col" class="number column complexity".*?<\/th>/))
    #expect(!head.output.contains("\u{2191}") && !head.output.contains("\u{2193}"))
    let ranks = results.measures.indices.filter { results.measures[$0].direction != .describes }
    let expected = results.summaries.enumerated().filter { place, row in
      ranks.contains(place % results.measures.count) && row.value != nil && row.mayBeNothing
    }
    #expect(page.matches(of: #/ nothing" data-label/#).count == expected.count && !expected.isEmpty)
    // Ruled off: controls stand in a body of their own.
    let rule = try #require(page.range(of: "<tr class=\"rule\">"))
    let random = try #require(page.range(of: "<bdi>random</bdi></a></th>"))
    let method = try #require(page.range(of: "<bdi>grad-cam</bdi></a></th>"))
    #expect(method.lowerBound < rule.lowerBound && rule.lowerBound < random.lowerBound)
  }

  @Test func `findings come first, the first of them large`() throws {
    let page = try text("index.html", write(FabricatedEvaluation()))
    let first = try #require(
      page.range(
        of:
          "<p class=\"lead\"><strong><bdi>Between integrated-gradients and saliency these 2 images")
    )
    let second = try #require(page.range(of: "<li><bdi>grad-cam is not better than random"))
    let table = try #require(page.range(of: "<div class=\"scores\">"))
    #expect(first.lowerBound < second.lowerBound && second.lowerBound < table.lowerBound)
    #expect(page.contains("<strong>Provisional:</strong> 2 images prove nothing"))
    var many = FabricatedEvaluation()
    many.images = (0..<10).map { "\($0)" }
    let enough = try text("index.html", write(many))
    #expect(!enough.contains("<strong>Provisional:"))
  }

  @Test func `undefined cells say on how many images there is a number`() throws {
    var evaluation = FabricatedEvaluation()
    evaluation.images = ["a", "b", "c", "d", "e"]
    let page = try text("index.html", write(evaluation))
    #expect(page.contains("n/a (2 of 5)") && page.contains("n/a (0 of 5)"))
    #expect(page.contains("<span>4 of 5</span> </small>"))
    #expect(!page.contains(">nan") && !page.contains(">NaN"))
  }

  @Test func `the most contradictory pair is a sentence`() throws {
    let evaluation = FabricatedEvaluation()
    let page = try text("index.html", write(evaluation))
    let pair = /<strong><bdi>share of the possible \(black, logit\)<\/bdi><\/strong> and/
    #expect(page.firstMatch(of: pair) != nil)
    #expect(page.contains("contradict each other most: tau is -0.71."))
  }

  @Test func `boxes are said to be a poor truth, masks are not`() throws {
    var evaluation = FabricatedEvaluation()
    let words = "Tiny\nImageNet are nearly hopeless"
    #expect(!(try text("index.html", write(evaluation))).contains(words))
    evaluation.truth = .box
    let page = try text("index.html", write(evaluation))
    #expect(
      page.contains(words) && page.contains("Localization judges network and method together"))
  }

  @Test func `without objects nothing is said of them`() throws {
    var evaluation = FabricatedEvaluation()
    evaluation.truth = nil
    let page = try text("index.html", write(evaluation))
    #expect(!page.contains("id=\"localization\"") && !page.contains("The line is the outline"))
    #expect(page.contains("\"baselines\":[\"black\",\"blur\"]"))
  }

  @Test func `an evaluation without faithfulness has neither curves nor their plots`() throws {
    var evaluation = FabricatedEvaluation()
    evaluation.families = [.localization, .complexity]
    let folder = try write(evaluation)
    let files = try files(in: folder).keys
    #expect(!files.contains { $0.hasPrefix("curves/") || $0.hasPrefix("plots/share") })
    let page = try text("index.html", folder)
    #expect(!page.contains("id=\"plots\"") && !page.contains("value=\"faithfulness\""))
    #expect(page.contains("energy gain"))
  }

  @Test(arguments: ["images", "controls", "methods", "verdicts", "pictures", "maps"])
  func `a page can do with little`(missing: String) throws {
    var evaluation = FabricatedEvaluation()
    switch missing {
    case "images": evaluation.images = ["one.png"]
    case "controls": evaluation.controls = ["random"]
    case "methods": evaluation.methods = ["saliency"]
    case "verdicts": evaluation.hasVerdicts = false
    case "pictures": evaluation.hasPictures = false
    default: evaluation.hasMaps = false
    }
    let page = try text("index.html", write(evaluation))
    #expect(page.contains("<table class=\"sortable cards\">"))
    #expect(page.contains("depends on <br>the network") == (missing != "verdicts"))
  }

  // MARK: - Names from outside

  @Test func `nothing from outside becomes markup or a formula`() throws {
    let folder = try write(.hostile)
    let page = try text("index.html", folder)
    for word in ["<svg onload", "<img src=x", "</script><script>document", "</title><b>", "<b>\"'"]
    {
      #expect(!page.contains(word), "\(word) in the page")
    }
    let files = try files(in: folder)
    for (name, bytes) in files where name.hasSuffix(".svg") {
      let drawing = String(decoding: bytes, as: UTF8.self)
      #expect(!drawing.contains("<img") && !drawing.contains("<b>"), "\(name)")
    }
    for name in ["scores.csv", "summary.csv"] {
      let table = try text(name, folder)
      #expect(table.contains("'=cmd") && !table.contains("\n=cmd"), "\(name)")
    }
    let isPlain = files.keys.allSatisfy { !$0.contains("<") && !$0.contains("..") }
    #expect(isPlain && files.keys.count { $0.hasPrefix("curves/") } == 4)
  }
}
