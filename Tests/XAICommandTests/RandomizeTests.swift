import Foundation
import Testing
import XAIAttribution
import XAICommandLine
import XAIExperiments
import XAIFiles
import XAIMetrics
import XAINetworks
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

  @Test func `a group that is named is tested whole, only the default leaves costly methods out`()
    throws
  {
    let words = Self.images + ["--without", "controls,health", "--seeds", "1", "--dry-run"]
    let named = try randomize(words + ["--method", "perturbation"], quiet: false)
    #expect(named.status == 0, "\(named.standardError)")
    #expect(!named.standardError.contains("takes long"), "\(named.standardError)")
    let whole = MethodCatalog.entries.count { $0.group == .perturbation }
    #expect(named.standardOutput.contains("\(whole) methods, 3 images"), "\(named.standardOutput)")
    let standard = try randomize(words, quiet: false)
    #expect(standard.standardError.contains("is left out because it takes long; name it"))
  }

  @Test func `verdicts on small images rest on the window that fits, and say so`() throws {
    try fixture.write(
      "{\"input\": [3, 8, 8], \"stacks\": [[8], [8]], \"hidden\": [16], \"classes\": 3}",
      "small.json")
    try fixture.writeCheckpoint()
    let result = try randomize(Self.images + Self.short, quiet: false)
    #expect(result.status == 0, "\(result.standardError)")
    let sentence =
      "Maps of 8 x 8 pixels are smaller than the usual window of 11x11, so that "
      + "ssim.gaussian7.min-max.L1, SSIM with a Gaussian window (sigma 1.5, 7x7), takes its place."
    #expect(result.standardError.contains(sentence), "\(result.standardError)")
    let results = try results()
    #expect(results.headline == "ssim.gaussian7.min-max.L1")
    #expect(results.rule.contains(sentence))
    #expect(results.summaries.contains { $0.measure == results.headline })
    let controls = results.verdicts.suffix(4)
    #expect(controls.allSatisfy { $0.outcome == .fail }, "\(controls)")
    for verdict in results.verdicts {
      #expect(!verdict.reason.contains("has no values"), "\(verdict)")
    }
    #expect(try fixture.text("out/index.html").contains("ssim.gaussian7.min-max.L1 (headline)"))
  }

  @Test func `killed and started again it ends in the same bytes`() throws {
    let words = Self.images + Self.short
    #expect(try randomize(words).status == 0)
    // Killed when so many files of finished maps are there.
    for count in [1, 4, 9] {
      let program = try start(words, output: "killed")
      try waitForUnits(count, in: "killed")
      program.send(SIGKILL)
      _ = program.wait()
      #expect(!fixture.exists("killed/results.json"))
    }
    #expect(try randomize(words, output: "killed").status == 0)
    for name in ["results.json", "results.csv", "verdicts.csv"] {
      #expect(try fixture.bytes("killed/\(name)") == fixture.bytes("out/\(name)"), "\(name)")
    }
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `interrupted it keeps what is finished, with status 130`(signal: Int32) throws {
    let words = Self.images + Self.short
    let program = try start(words, output: "out")
    try waitForUnits(3, in: "out")
    program.send(signal)
    let result = program.wait()
    #expect(result.status == 130, "\(result.standardError)")
    let says = result.standardError.contains("finished maps are in")
    #expect(says && !fixture.exists("out/results.json"))
    let kept = try Folder.entries(of: fixture.path("out/units"))
    #expect(kept.count >= 3)
    #expect(try randomize(words).status == 0)
    #expect(try randomize(words, output: "whole").status == 0)
    #expect(try fixture.bytes("out/results.json") == fixture.bytes("whole/results.json"))
  }

  private func start(_ words: [String], output: String) throws -> RunningProgram {
    try RunningProgram(
      "xai-explain",
      ["randomize", "--checkpoint", fixture.path("model.safetensors"), "--threads", "1"]
        + (words + ["--output", "ROOT/\(output)", "--quiet"]).map {
          $0.replacing("ROOT", with: fixture.path("."))
        })
  }

  /// Waits until so many files of maps are finished.
  private func waitForUnits(_ count: Int, in folder: String) throws {
    let deadline = Date(timeIntervalSinceNow: 60)
    while Date() < deadline {
      let names = (try? Folder.entries(of: fixture.path("\(folder)/units"))) ?? []
      if names.count(where: { $0.hasSuffix(".safetensors") && !$0.hasPrefix(".") }) >= count {
        return
      }
      usleep(500)
    }
    throw FileFailure(.inputOutput, "no \(count) files appeared in \(folder)/units")
  }

  @Test func `a picture that is given twice is tested once`() throws {
    let path = "ROOT/data/val/images/val_0.JPEG"
    let result = try randomize(
      ["--images", path, path, "ROOT/data/val/images/val_1.JPEG"] + Self.short, quiet: false)
    #expect(result.status == 0, "\(result.standardError)")
    let says = result.standardError.contains("the same picture as val_0.JPEG")
    #expect(says)
    #expect(try results().images.map(\.name) == ["val_0.JPEG", "val_1.JPEG"])
  }

  @Test func `data whose classes the network does not know recognises nothing`() throws {
    try fixture.writeCheckpoint { checkpoint in
      checkpoint.classes = checkpoint.classes.map { .init(id: "other \($0.id)", name: $0.name) }
    }
    fixture.expectFailure(
      try randomize(["--data", "ROOT/data"] + Self.short), .usage,
      ["--samples auto", "knows none of the"])
  }

  @Test func `what is no longer asked for leaves the folder`() throws {
    #expect(try randomize(Self.images + Self.short).status == 0)
    #expect(fixture.exists("out/strips/cascading/lrp-a1b0"))
    #expect(fixture.exists("out/plots/cascading-relevance.svg"))
    let fewer = ["--method", "saliency", "--seeds", "2", "--health-images", "4"]
    #expect(try randomize(Self.images + fewer).status == 0)
    #expect(!fixture.exists("out/strips/cascading/lrp-a1b0"))
    #expect(!fixture.exists("out/plots/cascading-relevance.svg"))
    #expect(fixture.exists("out/strips/cascading/saliency"))
  }

  @Test func `a preset takes the parameters of its methods`() throws {
    let result = try randomize(
      Self.images + [
        "--preset", "thesis", "--ig-steps", "3", "--seeds", "1", "--mode", "independent",
        "--layers", "fc2", "--without", "controls,health,convergence,strips", "--parameters",
        #"{"deep-lift-smooth-grad": {"samples": 2}}"#,
      ])
    #expect(result.status == 0, "\(result.standardError)")
    let methods = try results().methods
    func parameter(_ method: String, _ name: String) throws -> JSONValue? {
      try #require(methods.first { $0.identifier == method }).parameters.members?[name]
    }
    #expect(try parameter("integrated-gradients", "steps") == .integer(3))
    #expect(try parameter("deep-lift-smooth-grad", "samples") == .integer(2))
    #expect(try parameter("integrated-gradients-smooth-grad", "samples") == .integer(5))
    #expect(try parameter("integrated-gradients-smooth-grad", "standardDeviation") == .number(0.7))
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
    ["--data", "shapes", "--preset", "thesis", "--noise", "smooth-grad"],
    ["--data", "shapes", "--preset", "thesis", "--baseline", "black"],
    ["--data", "shapes", "--mode", "upwards"], ["--seeds", "2"],
  ])
  func `options that contradict each other show the usage`(words: [String]) throws {
    let result = try randomize(words)
    #expect(result.status == FailureKind.usage.exitStatus)
    #expect(result.standardError.contains("Usage:"), "\(result.standardError)")
  }
}
