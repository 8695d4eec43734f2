import Foundation
import Testing
import XAIExperiments
import XAIFiles
import XAINetworks
import XAITensor
import XAITestSupport

/// `xai-explain evaluate` on pictures, and on maps that were made elsewhere.
@Suite struct JudgeTests {
  private static let network = Fixture.path("networkA", ExplainRawTests.sourceFile)
  private static let small = ["--cells", "2x2", "--steps", "4", "--threads", "1"]

  private let fixture: CommandFixture

  init() throws {
    fixture = try CommandFixture()
    try fixture.writeCheckpoint()
  }

  private func judge(_ more: [String], output: String = "out") throws -> ProgramResult {
    try runProgram(
      "xai-explain",
      [
        "evaluate", "--checkpoint", fixture.path("model.safetensors"), "--image",
        fixture.path("data/val/images/val_0.JPEG"), "--method", "saliency,grad-cam", "--output",
        fixture.path(output),
      ] + Self.small + more)
  }

  private func results(_ name: String = "out") throws -> EvaluationResults {
    try JSONText.decode(
      EvaluationResults.self, from: fixture.text("\(name)/results.json"), name: "results.json")
  }

  @Test func `a picture is judged, and judged again with the same bytes`() throws {
    let measures = ["--measures", "faithfulness,complexity"]
    let first = try judge(measures)
    #expect(first.status == 0, "\(first.standardError)")
    let found = try results()
    #expect(found.methods.prefix(2).map(\.identifier) == ["saliency", "grad-cam"])
    #expect(found.notes.contains { $0.contains("provisional") })
    for name in ["index.html", "scores.csv", "summary.csv", "agreement.csv"] {
      #expect(fixture.exists("out/\(name)"), "\(name)")
    }
    let bytes = try fixture.bytes("out/results.json")
    let again = try judge(measures)
    #expect(again.status == 0 && again.standardOutput == first.standardOutput)
    #expect(try fixture.bytes("out/results.json") == bytes)
  }

  @Test func `cost is told for each family, and nothing is written`() throws {
    let result = try judge(["--dry-run"])
    #expect(result.status == 0, "\(result.standardError)")
    #expect(result.standardOutput.contains("faithfulness: "))
    #expect(result.standardOutput.contains("for maps of neighbors"))
    #expect(!fixture.exists("out"))
  }

  @Test(arguments: [
    (["--cells", "5x5"], "33554432 passes"),
    (["--cells", "9"], "rows x columns"),
    (["--measures", "sharing"], "'sharing'"),
    (["--measures", "localization"], "boxes or masks"),
    (["--baseline", "data:3"], "one image stands"),
    (["--baseline", "black,black"], "black twice"),
    (["--box-area", "0.5...0.1"], "two shares"),
    (["--target", "1,2"], "give one"),
    (["--maps", "a=b.safetensors"], "--tensor"),
    (["--given", "a.safetensors"], "--tensor"),
  ])
  func `what cannot be is refused with the reason`(_ more: [String], _ words: String) throws {
    let result = try judge(more)
    #expect(result.status == 64 || result.status == 65, "\(result.standardError)")
    #expect(result.standardError.contains(words), "\(result.standardError)")
  }

  @Test func `a test of another network gives no verdicts`() throws {
    try fixture.writeCheckpoint("other.safetensors") {
      $0.parameters = .initial(for: $0.network, seed: 1)
    }
    let tested = try runProgram(
      "xai-explain",
      [
        "randomize", "--checkpoint", fixture.path("other.safetensors"), "--image",
        fixture.path("data/val/images/val_0.JPEG"), "--method", "saliency", "--seeds", "1",
        "--without", "controls,health,convergence,strips", "--output", fixture.path("tested"),
        "--threads", "1",
      ])
    #expect(tested.status == 0, "\(tested.standardError)")
    let measures = ["--measures", "complexity", "--randomized", fixture.path("tested")]
    let refused = try judge(measures)
    #expect(refused.status == 64 && refused.standardError.contains("--randomized"))
    let other = try runProgram(
      "xai-explain",
      [
        "evaluate", "--checkpoint", fixture.path("other.safetensors"), "--image",
        fixture.path("data/val/images/val_0.JPEG"), "--method", "saliency", "--output",
        fixture.path("out"),
      ] + Self.small + measures)
    #expect(other.status == 0, "\(other.standardError)")
    #expect(try results().methods[0].verdict?.outcome != nil)
  }

  // MARK: Maps that were made elsewhere

  private func judgeMaps(_ more: [String]) throws -> ProgramResult {
    try Data(ExplainRawTests.architectures["A", default: ""].utf8)
      .write(to: URL(filePath: fixture.path("architecture.json")))
    return try runProgram(
      "xai-explain",
      [
        "evaluate", "--checkpoint", "\(Self.network)/parameters.safetensors", "--architecture",
        fixture.path("architecture.json"), "--tensor", "\(Self.network)/inputs.safetensors:images",
        "--target", "9,5,6",
      ] + Self.small + more)
  }

  private func write(_ tensors: [(String, Tensor)], _ name: String) throws {
    try SafetensorsFile.write(
      tensors.map { ($0.0, .float32($0.1)) }, metadata: [:], to: fixture.path(name))
  }

  private var noise: Tensor {
    var stream = RandomStream(seed: 2, purpose: "test/maps")
    return stream.normal(shape: [3, 16, 16])
  }

  private var black: Tensor { Tensor(shape: [1, 3, 16, 16], repeating: -1.6) }

  @Test func `maps of another program stand beside ours`() throws {
    try write([("noise", noise), ("black", black)], "maps.safetensors")
    let masks = Tensor(shape: [3, 16, 16]) { target in
      for index in target.indices { target[index] = index % 16 < 4 ? 1 : 0 }
    }
    try write([("masks", masks)], "masks.safetensors")
    let result = try judgeMaps([
      "--maps", "theirs=\(fixture.path("maps.safetensors")):noise", "--method", "gradient",
      "--baseline-tensor", "\(fixture.path("maps.safetensors")):black", "--masks",
      "\(fixture.path("masks.safetensors")):masks", "--measures",
      "faithfulness,localization,complexity", "--output", fixture.path("out"),
    ])
    #expect(result.status == 0, "\(result.standardError)")
    let found = try results()
    #expect(found.methods.prefix(2).map(\.identifier) == ["gradient", "theirs"])
    #expect(found.methods[1].kind == .given && found.methods[0].kind == .method)
    #expect(found.setup.baselines == ["given"])
    let gini = try #require(found.measures.firstIndex { $0.identifier == "gini" })
    #expect(found.scores.filter { $0.method == "theirs" }.allSatisfy { $0.values[gini] != nil })
    #expect(found.images.allSatisfy { $0.truth == .mask && abs(($0.area ?? 0) - 0.25) < 1e-9 })
  }

  @Test func `neighbors are written, and their maps read back`() throws {
    try write([("noise", noise), ("black", black)], "maps.safetensors")
    let baseline = ["--baseline-tensor", "\(fixture.path("maps.safetensors")):black"]
    let maps = ["--maps", "\(fixture.path("maps.safetensors")):noise"]
    let written = try judgeMaps(
      maps + baseline + ["--neighbors", fixture.path("neighbors.safetensors")])
    #expect(written.status == 0, "\(written.standardError)")
    let neighbors = try SafetensorsFile(path: fixture.path("neighbors.safetensors"))
      .tensor("neighbors")
    #expect(neighbors.shape == [3, 10, 3, 16, 16])
    // A map that does not change is perfectly robust.
    let same = Tensor(stacking: (0..<30).map { noise.row($0 / 10) })
      .reshaped(to: [3, 10, 16, 16])
    try write([("noise", same)], "same.safetensors")
    let result = try judgeMaps(
      maps + baseline + [
        "--neighbor-maps", fixture.path("same.safetensors"), "--measures", "robustness",
        "--output", fixture.path("out"),
      ])
    #expect(result.status == 0, "\(result.standardError)")
    let found = try results()
    let column = try #require(
      found.measures.firstIndex { $0.identifier == "sensitivity.maximal" })
    #expect(found.scores.filter { $0.method == "noise" }.map { $0.values[column] } == [0, 0, 0])
  }

  @Test func `maps that do not fit are refused, and named`() throws {
    var broken = noise
    broken.withUnsafeMutableElements { $0[300] = .nan }
    try write(
      [
        ("narrow", Tensor(shape: [3, 16, 15])), ("few", Tensor(shape: [2, 16, 16])),
        ("broken", broken), ("fine", noise), ("black", black),
      ], "maps.safetensors")
    for (name, words) in [
      ("narrow", "[3, 16, 15]"), ("few", "[2, 16, 16]"), ("broken", "broken, image 2"),
    ] {
      let result = try judgeMaps([
        "--maps", "\(fixture.path("maps.safetensors")):\(name)", "--baseline-tensor",
        "\(fixture.path("maps.safetensors")):black", "--output", fixture.path("out"),
      ])
      #expect(result.status == 65, "\(result.standardError)")
      #expect(result.standardError.contains(words), "\(result.standardError)")
    }
    let twice = try judgeMaps([
      "--maps", "\(fixture.path("maps.safetensors")):fine", "--maps",
      "\(fixture.path("maps.safetensors")):fine", "--baseline-tensor",
      "\(fixture.path("maps.safetensors")):black", "--output", fixture.path("out"),
    ])
    #expect(twice.status == 64 && twice.standardError.contains("twice"))
    let taken = try judgeMaps([
      "--maps", "oracle=\(fixture.path("maps.safetensors")):fine", "--baseline-tensor",
      "\(fixture.path("maps.safetensors")):black", "--output", fixture.path("out"),
    ])
    #expect(taken.status == 64 && taken.standardError.contains("no control has"))
  }
}
