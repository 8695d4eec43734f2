import Foundation
import Testing
import XAIEvaluation
import XAIFiles
import XAITensor
import XAITestSupport

#if canImport(Glibc)
  import Glibc
#endif

/// `xai-explain randomize` on a small network.
@Suite struct RandomizeTests {
  private let fixture: CommandFixture

  init() throws {
    fixture = try CommandFixture()
    try fixture.writeCheckpoint()
  }

  private static let images = ["--data", "ROOT/data", "--samples", "3"]
  private static let short = [
    "--method", "saliency,lrp-a1b0", "--seeds", "2", "--health-images", "4",
  ]

  private func randomize(
    _ words: [String], output: String = "out", quiet: Bool = true
  ) throws -> ProgramResult {
    try runProgram(
      "xai-explain",
      ["randomize", "--checkpoint", fixture.path("model.safetensors"), "--threads", "1"]
        + (words + ["--output", "ROOT/\(output)"]).map {
          $0.replacing("ROOT", with: fixture.path("."))
        } + (quiet ? ["--quiet"] : []))
  }

  private func results(_ folder: String = "out") throws -> RandomizationResults {
    try JSONText.decode(
      RandomizationResults.self, from: fixture.text("\(folder)/results.json"), name: "results")
  }

  @Test func `a test leaves a page, tables, plots, strips and a record of everything`() throws {
    let result = try randomize(Self.images + Self.short + ["--mode", "cascading,independent"])
    #expect(result.status == 0, "\(result.standardError)")
    let names = [
      "index.html", "results.json", "results.csv", "summary.csv", "verdicts.csv", "plots",
    ]
    for name in names { #expect(fixture.exists("out/\(name)"), "\(name)") }
    let results = try results()
    #expect(results.complete && results.schemaVersion == RandomizationResults.schemaVersion)
    #expect(results.images.map(\.name) == ["val_0.JPEG", "val_1.JPEG", "val_2.JPEG"])
    let methods = results.methods.map(\.identifier)
    #expect(methods == ["saliency", "lrp-a1b0", "random", "constant", "edge-detector", "input"])
    // conv1, conv2, fc1, fc2 in two modes.
    #expect(results.scores.count == 6 * 3 * 2 * 4 * 2)
    #expect(results.health.count == 1 + 2 * 4 * 2)
    #expect(results.verdicts.map(\.method) == methods)
    let controls = results.verdicts.suffix(4)
    #expect(controls.allSatisfy { $0.outcome == .fail }, "\(controls)")
    #expect(results.scores.allSatisfy { $0.values.count == results.measures.count })
    #expect(result.standardOutput.contains("saliency: "))
    let rows = try fixture.text("out/results.csv").split(separator: "\n")
    #expect(rows.count == 1 + results.scores.count * results.measures.count)
  }

  @Test func `killed and started again it ends in the same bytes`() throws {
    let words = Self.images + Self.short
    #expect(try randomize(words).status == 0)
    for attempt in 0..<4 {
      let program = try RunningProgram(
        "xai-explain",
        ["randomize", "--checkpoint", fixture.path("model.safetensors"), "--threads", "1"]
          + (words + ["--output", "ROOT/killed", "--quiet"]).map {
            $0.replacing("ROOT", with: fixture.path("."))
          })
      usleep(UInt32(20_000 + 60_000 * attempt))
      program.send(SIGKILL)
      _ = program.wait()
    }
    #expect(try randomize(words, output: "killed").status == 0)
    for name in ["results.json", "results.csv", "verdicts.csv"] {
      #expect(try fixture.bytes("killed/\(name)") == fixture.bytes("out/\(name)"), "\(name)")
    }
  }

  @Test func `what an estimate says is what is computed`() throws {
    let result = try randomize(Self.images + Self.short + ["--dry-run"])
    #expect(result.status == 0 && !fixture.exists("out"))
    // 6 methods, 3 images, the original network and 4 steps of 2 seeds.
    #expect(result.standardOutput.contains("162 maps"), "\(result.standardOutput)")
    #expect(try randomize(Self.images + Self.short + ["--profile"]).status == 0)
  }

  @Test func `images without data are tested by what the network takes them for`() throws {
    let result = try randomize(
      ["--images", "ROOT/data/val/images", "--seeds", "1", "--method", "saliency"])
    #expect(result.status == 0, "\(result.standardError)")
    let results = try results()
    #expect(results.images.count == 6 && results.images.allSatisfy { $0.label == nil })
    #expect(results.images.allSatisfy { $0.target.index == $0.predicted.index })
    #expect(results.health[0].health.images == 6 && results.health[0].health.accuracy == nil)
  }

  static let faults: [(words: [String], kind: FailureKind, fragments: [String])] = [
    (images + ["--method", "salience"], .usage, ["no method or group 'salience'", "saliency"]),
    (
      images + ["--method", "saliency", "--layers", "fc9..conv1"], .usage,
      ["'fc9' is no layer", "fc"]
    ),
    (
      ["--data", "ROOT/data", "--samples", "val_77.JPEG"], .missingInput,
      ["no test image", "val_77"]
    ),
    (["--data", "ROOT/data", "--samples", "auto:0"], .usage, ["auto:N with a number above 0"]),
    (["--data", "ROOT/data", "--samples", "auto:4"], .usage, ["images of", "classes"]),
    (["--images", "ROOT/none.png"], .missingInput, ["none.png", "does not exist"]),
    (images + short + ["--memory", "10M"], .usage, ["--memory", "too little"]),
    (images + ["--method", "cam"], .usage, ["cam cannot be applied"]),
    (
      images + ["--method", "deep-shap", "--baseline", "data:99"], .usage,
      ["deep-shap", "ask for fewer"]
    ),
  ]

  @Test(arguments: faults.indices)
  func `what cannot be tested is told in one sentence`(index: Int) throws {
    let fault = Self.faults[index]
    fixture.expectFailure(try randomize(fault.words), fault.kind, fault.fragments)
  }

  @Test func `a folder of another test is left alone`() throws {
    #expect(try randomize(Self.images + Self.short).status == 0)
    let before = try fixture.bytes("out/results.json")
    let result = try randomize(Self.images + Self.short + ["--initializer", "permute"])
    fixture.expectFailure(
      result, .usage, ["holds results of another test", "--initializer permute here"])
    #expect(try fixture.bytes("out/results.json") == before)
  }

  @Test(arguments: [
    ["--data", "shapes", "--preset", "thesis", "--method", "saliency"],
    ["--data", "shapes", "--mode", "upwards"], ["--seeds", "2"],
  ])
  func `options that contradict each other show the usage`(words: [String]) throws {
    let result = try randomize(words)
    #expect(result.status == FailureKind.usage.rawValue)
    #expect(result.standardError.contains("Usage:"), "\(result.standardError)")
  }
}
