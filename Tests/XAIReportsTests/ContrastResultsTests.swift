import Foundation
import Testing
import XAIAttribution
import XAIClassifiers
import XAIExperiments
import XAIExperimentsTestSupport
import XAIMetrics
import XAIReports
import XAIFiles
import XAIImages
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct ContrastResultsTests {
  private func record(_ index: Int, logit: Float = 1) -> ExplanationResults.ClassRecord {
    .init(index: index, logit: logit, probability: 0.5)
  }

  /// Summaries of values `[image][draw]` of one method, contrast and measure.
  private func summary(_ values: [[Double?]]) -> ContrastSummary? {
    var (pairs, scores): ([ContrastPair], [ContrastScore]) = ([], [])
    for (image, draws) in values.enumerated() {
      for (draw, value) in draws.enumerated() {
        scores.append(
          .init(pair: pairs.count, method: "m", values: [value], degenerate: draw > 0 ? ["x"] : []))
        pairs.append(
          .init(
            image: image, contrast: 0, draw: draw,
            left: .init(network: 0, target: record(0)),
            right: .init(network: 0, target: record(1))))
      }
    }
    return ContrastSummary.summaries(
      of: scores.reversed(), pairs: pairs, measures: ["x"], methods: ["m"],
      contrasts: [.init(identifier: "c", summary: "")]
    ).first
  }

  @Test func `the interval is that of Student's t over images`() throws {
    let plain = try #require(summary([[0.2], [0.4], [0.6]]))
    #expect(plain.count == 3 && plain.images == 3 && plain.degenerate == 0)
    #expect(abs(plain.mean - 0.4) < 1e-12 && abs(plain.deviation - 0.2) < 1e-12)
    // The critical value of two degrees of freedom.
    let half = 4.302653 * 0.2 / 3.0.squareRoot()
    #expect(abs((plain.lower ?? 0) - (0.4 - half)) < 1e-6)
    #expect(abs((plain.upper ?? 0) - (0.4 + half)) < 1e-6)
  }

  @Test func `more draws of the same images do not pass for more images`() throws {
    let plain = try #require(summary([[0.2], [0.4], [0.6]]))
    let doubled = try #require(summary([[0.2, 0.2], [0.4, 0.4], [0.6, 0.6]]))
    #expect(doubled.count == 6 && doubled.images == 3 && doubled.degenerate == 3)
    #expect(abs((doubled.lower ?? 9) - (plain.lower ?? 0)) < 1e-9)
    let single = try #require(summary([[0.2, 0.3]]))
    #expect(single.lower == nil && single.upper == nil && single.mean == 0.25)
    #expect(try #require(summary([[nil], [0.5]])).count == 1)
    #expect(summary([[nil]]) == nil)
  }

  @Test func `relevance of a negative logit is told of, and only there`() throws {
    func notes(_ seed: String, _ methods: String = "lrp-a1b0,saliency") throws -> [String] {
      let test = ContrastCase(
        images: [0], methods: methods, classes: ContrastReportTests.classes,
        parameters: methods.contains("lrp") ? ["seed": .string(seed)] : [:])
      return try test.assembly(test.contrast()).notes().map(\.description)
    }
    #expect(try notes("unit").isEmpty)
    let logit = try notes("logit")
    #expect(logit.count == 1 && logit[0].hasPrefix("lrp-a1b0 starts from the logit"))
    #expect(logit[0].contains(" in image 0: relevance has the opposite sign"))
    #expect(try notes("", "rap").first?.hasPrefix("rap shares out the logit") == true)
  }

  @Test func `networks that do not fit are told apart`() throws {
    let test = ContrastCase(classes: ContrastReportTests.classes)
    func failure(_ change: (inout Checkpoint) -> Void) -> String {
      var other = test.checkpoint(0)
      change(&other)
      do {
        _ = try ComparableCheckpoints(test.checkpoint(0), other, names: ("one", "two"))
        return ""
      } catch { return error.description }
    }
    func network(_ side: Int, classes: Int) -> Network {
      Network(Architecture(input: [3, side, side], stacks: [[4]], hidden: [4], classes: classes))
    }
    #expect(failure { _ in } == "")
    #expect(failure { $0.classes = [] } == "")
    #expect(
      failure { $0.network = network(8, classes: 10) }.hasPrefix(
        "one takes images of [3, 16, 16], two of [3, 8, 8]"))
    #expect(
      failure { $0.network = network(16, classes: 9) }.hasPrefix("one knows 10 classes, two 9"))
    #expect(
      failure { $0.classes.swapAt(2, 3) }.hasPrefix("class 2 is 'n2' in one and 'n3' in two"))
  }

  @Test func `networks are compared for the class that was chosen`() throws {
    let test = ContrastCase(networks: [TrainedNetwork().parameters, TrainedNetwork().parameters])
    let both = try ComparableCheckpoints(
      test.checkpoint(0), test.checkpoint(1), names: ("one", "two"))
    let images = [test.image(0, label: 5), test.image(1)]
    let predictions = [Prediction(logits: [0, 1]), Prediction(logits: [2, 1])]
    let (records, pairs) = try both.pairs(of: nil, images, predictions)
    #expect(records.map(\.identifier) == ["A / B"])
    #expect(pairs.map(\.left.target) == [5, 0] && pairs.map(\.right.target) == [5, 0])
    #expect(pairs.allSatisfy { $0.left.network == 0 && $0.right.network == 1 })
    let chosen = try both.pairs(of: [.predicted, .index(3)], images, predictions)
    #expect(chosen.pairs.map(\.left.target) == [1, 3, 0, 3])
    #expect(chosen.records.map(\.identifier) == ["A / B: predicted", "A / B: class 3"])
    #expect(throws: ExperimentFailure.self) {
      try both.pairs(of: [.label], images, predictions)
    }
  }
}

@Suite struct ContrastReportTests {
  static let classes = (0..<10).map { Checkpoint.ClassName(id: "n\($0)", name: "fruit \($0)") }

  private func write(
    _ test: ContrastCase, _ kind: ContrastResults.Kind = .classSensitivity,
    pairs: [MapContrast.Pair]? = nil
  ) throws -> (folder: TemporaryFolder, results: ContrastResults) {
    let contrast = try pairs.map { try test.contrast($0) } ?? test.contrast()
    let (scores, maps) = try contrast.compute(by: ContrastCase.panel)
    let results = try test.assembly(contrast, kind).results(
      ContrastCase.panel, scores: scores, maps: maps)
    let folder = try TemporaryFolder()
    var options = ContrastReport.Options()
    options.command = ["xai-explain", "class-sensitivity", "--data", "my data"]
    options.shownImages = 2
    try ContrastReport(
      results, maps: maps, pictures: contrast.images.map(\.picture), options: options
    ).write(to: folder.file("report"))
    return (folder, results)
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

  private static let small = ContrastCase(methods: "saliency,grad-cam,random", classes: classes)

  @Test func `everything is written, and the same comparison gives the same bytes`() throws {
    let (first, results) = try write(Self.small)
    let files = try files(in: first)
    #expect(
      files.keys.sorted() == [
        "index.html", "pictures/image_0.png", "pictures/image_1.png", "plots/similarity.png",
        "plots/similarity.svg", "results.csv", "results.json", "summary.csv",
      ])
    #expect(try files == self.files(in: write(Self.small).folder))
    let read = try JSONText.decode(
      ContrastResults.self, from: WholeFile.readText(first.file("report/results.json")), name: "")
    #expect(try JSONText.encode(read) == JSONText.encode(results))
    #expect(read.schema == "swift-xai/contrast" && read.schemaVersion == 1)
  }

  @Test func `the tables have a row for every number`() throws {
    let (folder, results) = try write(Self.small)
    let rows = try WholeFile.readText(folder.file("report/results.csv")).split(separator: "\n")
    // Methods, images, pairs, measures.
    #expect(rows.count == 1 + 3 * 3 * 4 * results.measures.count)
    #expect(rows[1].hasPrefix("0,image 0,saliency,most likely other class,0,A,"))
    let means = try WholeFile.readText(folder.file("report/summary.csv")).split(separator: "\n")
    #expect(means.count == 1 + 3 * 3 * results.measures.count)
    let value = try #require(results.summaries.first?.mean)
    #expect(
      means[1].hasPrefix("saliency,most likely other class,\(results.measures[0]),3,3,\(value),"))
  }

  private static var hostile: ContrastCase {
    var test = small
    test.images = [0, 1]
    test.names = [0: "../a b<svg onload=x>.png", 1: "=cmd \"q\" </script><b>.png"]
    test.classes = (0..<10).map {
      .init(id: "n\($0)", name: "</title><img src=x onerror=alert(1)> \($0)")
    }
    return test
  }

  @Test func `nothing from outside becomes markup or a formula`() throws {
    let (folder, _) = try write(Self.hostile)
    let page = try WholeFile.readText(folder.file("report/index.html"))
    for word in ["<svg onload", "<img src=x", "</script><b>", "</title><img"] {
      let isThere = page.contains(word)
      #expect(!isThere, "\(word) in the page")
    }
    let chart = try WholeFile.readText(folder.file("report/plots/similarity.svg"))
    let isThere = chart.contains("<img")
    #expect(!isThere)
    let table = try WholeFile.readText(folder.file("report/results.csv"))
    let (isGuarded, isFormula) = (table.contains("'=cmd"), table.contains(",=cmd"))
    #expect(isGuarded && !isFormula)
    let names = try Folder.entries(of: folder.file("report/pictures"))
    #expect(names.count == 2 && names.allSatisfy { !$0.contains("/") && !$0.contains("<") })
  }

  @Test func `maps of different images are the floor`() throws {
    let test = Self.small
    let contrast = try test.contrast()
    let (scores, maps) = try contrast.compute(by: ContrastCase.panel)
    let results = try test.assembly(contrast).results(
      ContrastCase.panel, scores: scores, maps: maps)
    #expect(results.floors.map(\.method) == results.methods.map(\.identifier))
    let firsts = try contrast.images.indices.map { image in
      let pair = try #require(contrast.pairs.first { $0.image == image })
      return ComparedMap(try #require(maps[0, image, pair.left]))
    }
    let number = firsts.count
    var sum = 0.0
    for left in 0..<number {
      for right in left + 1..<number {
        sum += SSIM().similarity(of: ComparedPair(firsts[left], firsts[right])).value
      }
    }
    let pairs = number * (number - 1) / 2
    #expect(results.floors[0].pairs == pairs && pairs > 0)
    #expect(abs((results.floors[0].mean ?? 9) - sum / Double(pairs)) < 1e-12)
    var single = test
    single.images = [0]
    let alone = try single.contrast()
    let (few, one) = try alone.compute(by: ContrastCase.panel)
    #expect(
      try single.assembly(alone).results(ContrastCase.panel, scores: few, maps: one).floors.isEmpty)
  }

  @Test func `a network that has collapsed is told of`() throws {
    var test = Self.small
    var dead = test.networks[0]
    dead["fc2.weight"] = dead["fc2.weight"].map { Tensor(shape: $0.shape) }
    dead["fc2.bias"] = dead["fc2.bias"].map { Tensor(shape: $0.shape) }
    test.networks.append(dead)
    let pairs = (0..<2).map { image in
      MapContrast.Pair(
        image: image, contrast: 0, left: .init(network: 0, target: 1),
        right: .init(network: 1, target: 1))
    }
    test.contrasts = .chosen([.index(0), .index(1)])
    let (folder, results) = try write(test, .compare, pairs: pairs)
    #expect(results.networks[0].health.problems.isEmpty)
    #expect(results.networks[1].health.problems == ["all logits are equal"])
    #expect(results.notes.contains { $0.contains("has collapsed on these images: all logits") })
    let page = try WholeFile.readText(folder.file("report/index.html"))
    #expect(page.matches(of: /! collapsed<\/span>/).count == 1)
  }

  @Test(.enabled(if: browser != nil, "there is no Chromium on this machine"))
  func `the page runs and shows what is chosen`() throws {
    let (folder, results) = try write(Self.small)
    let document = try opened(folder, "#image=1&method=1&pair=1")
    #expect(document.contains("data-state=\"ready\""), "\(document.prefix(300))")
    let row = try #require(
      results.scores.first { $0.method == "grad-cam" && $0.pair == 5 && $0.values[0] != nil })
    #expect(results.pairs[5].image == 1 && results.pairs[5].contrast == 1)
    let text = "This pair: \(String(format: "%.3f", row.values[0] ?? 9))"
      .replacing("-", with: "\u{2212}")
    #expect(document.contains(text))
    #expect(document.matches(of: /<canvas/).count == 3 + 3 * 3)
  }

  @Test(.enabled(if: browser != nil, "there is no Chromium on this machine"))
  func `names stay names in a browser, on two networks`() throws {
    var test = Self.hostile
    test.networks.append(TrainedNetwork().randomized(["fc2"]))
    test.contrasts = .chosen([.index(0), .index(1)])
    let pairs = (0..<2).map { image in
      MapContrast.Pair(
        image: image, contrast: 0, left: .init(network: 0, target: 1),
        right: .init(network: 1, target: 1))
    }
    let (folder, _) = try write(test, .compare, pairs: pairs)
    let document = try opened(folder, "")
    #expect(document.contains("data-state=\"ready\""), "\(document.prefix(300))")
    for element in ["<img src=\"x\"", "<svg onload", "<b>"] {
      let isThere = document.contains(element)
      #expect(!isThere, "\(element) in the document")
    }
  }

  private func opened(_ folder: TemporaryFolder, _ choice: String) throws -> String {
    let result = try runProgram(
      browser ?? "",
      [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--user-data-dir=\(folder.file("profile"))", "--virtual-time-budget=20000", "--dump-dom",
        "file://\(folder.file("report/index.html"))\(choice)",
      ])
    #expect(result.status == 0)
    return result.standardOutput
  }
}
