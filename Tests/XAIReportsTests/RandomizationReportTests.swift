import Foundation
import Testing
import XAIExperiments
import XAIExperimentsTestSupport
import XAIMetrics
import XAIReports
import XAIFiles
import XAIImages
import XAITestSupport

/// Reads JSON with the decoder that the toolkit does not use for pages.
enum JSONFixture {
  static func decode(_ text: String) throws -> [String: String] {
    try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
  }
}

@Suite struct RandomizationReportTests {
  private func write(_ test: FabricatedTest) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    var options = RandomizationReport.Options()
    options.command = ["xai-explain", "randomize", "--data", "my data"]
    options.mapSeeds = [0, 1]
    try RandomizationReport(
      test.results(), maps: FabricatedMaps(test: test), pictures: test.pictures, options: options
    ).write(to: folder.file("report"))
    return folder
  }

  private func files(in folder: String) throws -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    let paths = try #require(FileManager.default.enumerator(atPath: folder))
    for case let path as String in paths where !Folder.exists("\(folder)/\(path)") {
      found[path] = try WholeFile.read("\(folder)/\(path)")
    }
    return found
  }

  @Test func `everything is written, and the same results give the same bytes`() throws {
    let (first, second) = (try write(.small()), try write(.small()))
    let files = try withExtendedLifetime(first) { try self.files(in: first.file("report")) }
    var expected = [
      "complexity.csv", "index.html", "results.csv", "results.json", "summary.csv", "verdicts.csv",
    ]
    for mode in ["cascading", "independent"] {
      for group in ["gradients", "control"] {
        expected += ["pdf", "png", "svg"].map { "plots/\(mode)-\(group).\($0)" }
      }
      for method in ["saliency", "guided-backprop", "random"] {
        expected += ["one", "two"].map { "strips/\(mode)/\(method)/\($0).png.png" }
      }
    }
    #expect(files.keys.sorted() == expected.sorted())
    #expect(
      try files == withExtendedLifetime(second) { try self.files(in: second.file("report")) })
  }

  @Test func `a test without methods gives a page without maps`() throws {
    var test = FabricatedTest.small()
    test.methods = []
    let folder = try write(test)
    let files = try withExtendedLifetime(folder) { try self.files(in: folder.file("report")) }
    #expect(
      files.keys.sorted() == [
        "complexity.csv", "index.html", "results.csv", "results.json", "summary.csv",
        "verdicts.csv",
      ])
  }

  @Test func `a report that does not come to its end leaves the older one as it was`() throws {
    let folder = try write(.small())
    let before = try files(in: folder.file("report"))
    var test = FabricatedTest.small()
    test.methods.removeLast()
    let next = try RandomizationReport(
      test.results(), maps: FabricatedMaps(test: test), pictures: test.pictures)
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try next.write(to: folder.file("report")) { if $0 > 0.5 { throw Stop() } }
    }
    #expect(try files(in: folder.file("report")) == before)
    #expect(!Folder.exists(folder.file("report/.report.part")))
    // What a killed program was writing is gone, and so is all of the older report.
    try AtomicFile.write("", to: folder.file("report/plots/old.svg"))
    try Folder.create(folder.file("report/.report.part/plots"))
    try next.write(to: folder.file("report"))
    let after = try files(in: folder.file("report"))
    #expect(!after.keys.contains { $0.contains("old.svg") || $0.contains("random") })
    #expect(!Folder.exists(folder.file("report/.report.part")))
  }

  @Test func `the tables have a row for every number`() throws {
    let folder = try write(.small())
    let scores = try WholeFile.readText(folder.file("report/results.csv")).split(separator: "\n")
    // Methods, images, modes, layers, seeds, measures.
    #expect(scores.count == 1 + 3 * 2 * 2 * 3 * 2 * 2)
    #expect(scores[0] == "image,image_name,method,mode,layer,seed,target,metric,value,degenerate")
    #expect(scores[1].hasPrefix("0,one.png,saliency,cascading,fc2,0,0,ssim.gaussian.min-max.L1,"))
    let means = try WholeFile.readText(folder.file("report/summary.csv")).split(separator: "\n")
    #expect(means.count == 1 + 3 * 2 * 3 * 2)
    let verdicts = try WholeFile.readText(folder.file("report/verdicts.csv")).split(separator: "\n")
    #expect(verdicts.count == 1 + 3 && verdicts[1].hasPrefix("saliency,pass,"))
  }

  @Test func `the page loads nothing and lets nothing from outside become markup`() throws {
    let folder = try write(.hostile)
    let page = try WholeFile.readText(folder.file("report/index.html"))
    let isClosed = page.contains("default-src &#39;none&#39;")
    #expect(isClosed)
    for address in ["http:", "https:", "//cdn", "@import", "url("] {
      let isThere = page.replacing("http://www.w3.org/2000/svg", with: "").contains(address)
      #expect(!isThere, "\(address) in the page")
    }
    for word in ["<svg onload", "<img src=x", "<script>document.title", "</title><b>"] {
      let isThere = page.contains(word)
      #expect(!isThere, "\(word) in the page")
    }
    let table = try WholeFile.readText(folder.file("report/results.csv"))
    let (isGuarded, isFormula) = (table.contains("'=cmd"), table.contains(",=cmd"))
    #expect(isGuarded && !isFormula)
  }

  @Test func `the efficient test is a table of its own`() throws {
    let folder = try write(.small())
    let page = try WholeFile.readText(folder.file("report/index.html"))
    let start = try #require(page.range(of: "<section id=\"complexity\">")).upperBound
    let section = page[start...].prefix { $0 != "\u{0}" }.split(separator: "</section>")[0]
    let rows = section.split(separator: "<tr><th scope=\"row\">").dropFirst().map { row in
      row.replacing(/<[^>]*>/, with: " ").split(whereSeparator: \.isWhitespace)
        .joined(separator: " ")
    }
    #expect(
      rows == [
        "saliency 2.000 2.500 0.250 0.250 to 0.250",
        "guided-backprop 2.000 2.500 0.250 0.250 to 0.250",
        "random 0.000 2.500 constant maps",
      ])
    var test = FabricatedTest.small()
    test.methods = []
    let other = try write(test)
    let empty = try WholeFile.readText(other.file("report/index.html"))
    let isThere = empty.contains("complexity\"")
    #expect(!isThere)
  }

  @Test func `an image and a map are in the page as pictures that can be read back`() throws {
    let test = FabricatedTest.small()
    let folder = try write(test)
    let page = try WholeFile.readText(folder.file("report/index.html"))
    let start = try #require(page.range(of: "id=\"maps-0-0\">"))
    let end = try #require(page[start.upperBound...].range(of: "</script>"))
    let data = try #require(Data(base64Encoded: String(page[start.upperBound..<end.lowerBound])))
    let picture = try PNG.decode(Array(data), name: "sprite")
    #expect(picture.width == test.side && picture.height % test.side == 0)
    let key = MapKey(image: 0, method: "saliency", step: nil)
    let map = try #require(try FabricatedMaps(test: test).map(key))
    let scale = map.values.map { abs($0) }.max() ?? 0
    for pixel in map.values.indices {
      let byte = picture.pixels[3 * pixel]
      #expect(abs(Double(byte) - 128 - 127 * map.values[pixel] / scale) <= 0.5)
    }
  }
}
