import Testing
import XAICommandLine
import XAIDatasets
import XAIExperiments
import XAIFiles
import XAINetworks
import XAITensor
import XAITestSupport

/// `segment`, `prototypes`, `influence`, `suspects`, `anchors`, `counterfactual` and `representatives`, as a user calls
/// them.
@Suite struct ExampleCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let network = Network(
      Architecture(
        input: [3, 64, 64], stacks: [[4], [4]], hidden: [8], classes: 12, batchNorm: false))
    var parameters = Parameters.initial(for: network, seed: 0)
    for layer in ["conv1", "conv2", "fc1"] {
      parameters["\(layer).bias"] = parameters["\(layer).bias"]?.map { _ in 0.5 }
    }
    try Checkpoint(
      network: network, parameters: parameters, mean: Tensor(shape: [3], repeating: 0.4),
      standardDeviation: Tensor(shape: [3], repeating: 0.2),
      classes: ShapesDataset().classes.map { .init(id: $0.id, name: $0.name) }
    ).write(to: folder.file("model.safetensors"))
  }

  private func explain(_ words: [String]) throws -> ProgramResult {
    try runProgram(
      "xai-explain",
      words + [
        "--checkpoint", folder.file("model.safetensors"), "--data", "shapes", "--threads", "1",
        "--quiet",
      ])
  }

  static let calls: [(words: [String], schema: String, files: [String])] = [
    (
      ["segment", "--samples", "2", "--method", "saliency"], SegmentResults.schema,
      ["results.csv", "summary.csv", "plots/iou.svg", "pictures/shapes_test_0.JPEG.png"]
    ),
    (
      ["prototypes", "--class", "star,disk", "--most", "20", "--tests", "20", "--count", "3"],
      PrototypeResults.schema,
      ["results.csv", "curve.csv", "plots/star.svg", "pictures/disk-pictures.png"]
    ),
    (
      [
        "influence", "--samples", "1", "--most", "40", "--method", "head,tracin,ekfac", "--top",
        "3", "--penalty", "0.01",
      ], InfluenceResults.schema,
      [
        "results.csv", "check.csv", "plots/shapes_test_0.JPEG.svg",
        "pictures/shapes_test_0.JPEG-neighbors-nearest.png",
      ]
    ),
    (
      ["suspects", "--most", "60", "--flip", "0.1", "--top", "4", "--penalty", "0.01"],
      SuspectResults.schema, ["results.csv", "confusions.csv", "pictures/self-influence.png"]
    ),
    (
      ["anchors", "--samples", "1", "--segments", "2", "--threshold", "0.8"],
      AnchorResults.schema, ["results.csv", "pictures/shapes_test_0.JPEG-rule.png"]
    ),
    (
      ["counterfactual", "--samples", "1", "--segments", "5", "--most", "60", "--tests", "20"],
      CounterfactualResults.schema, ["results.csv", "pictures/shapes_test_0.JPEG.png"]
    ),
    (
      [
        "counterfactual", "--samples", "1", "--kind", "scene", "--actionable", "exposure,pattern",
        "--hold", "color", "--most", "40", "--tests", "10",
      ],
      CounterfactualResults.schema, ["results.csv", "pictures/shapes_test_0.JPEG.png"]
    ),
    (
      [
        "counterfactual", "--samples", "1", "--kind", "photo", "--actionable", "exposure,mirror",
        "--diverse", "1", "--most", "40", "--tests", "10",
      ],
      CounterfactualResults.schema, ["results.csv", "pictures/shapes_test_0.JPEG.png"]
    ),
    (
      ["representatives", "--samples", "24", "--count", "3"], RepresentativeResults.schema,
      ["results.csv", "curve.csv", "plots/coverage.svg", "pictures/picks.png"]
    ),
  ]

  private struct Header: Decodable {
    var schema: String
    var schemaVersion: Int
    var version: String

    enum CodingKeys: String, CodingKey {
      case schema, version
      case schemaVersion = "schema_version"
    }
  }

  @Test(arguments: calls.indices)
  func `a folder receives results, a page, tables and pictures`(_ index: Int) throws {
    let (words, schema, files) = Self.calls[index]
    let output = ["--output", folder.file("out")]
    let result = try explain(words + output)
    #expect(result.status == 0, "\(result.standardError)")
    #expect(!result.standardOutput.isEmpty)
    let text = try WholeFile.readText(folder.file("out/results.json"))
    let header = try JSONText.decode(Header.self, from: text, name: "results.json")
    #expect(header.schema == schema && header.schemaVersion == 1)
    #expect(header.version == Toolkit.version)
    let page = try WholeFile.readText(folder.file("out/index.html"))
    #expect(page.contains("xai-explain \(words[0])") && !page.contains("<script src"))
    for name in files {
      #expect(try WholeFile.read(folder.file("out/\(name)")).count > 20, "\(name)")
    }
    let refused = try explain(words + output)
    #expect(refused.status == FailureKind.cannotCreate.exitStatus, "\(refused.standardError)")
    let again = try explain(words + output + ["--overwrite"])
    #expect(again.status == 0, "\(again.standardError)")
    #expect(try WholeFile.readText(folder.file("out/results.json")) == text, "the same bytes")
  }

  @Test(arguments: calls.indices)
  func `a dry run tells what it takes and writes nothing`(_ index: Int) throws {
    let result = try explain(
      Self.calls[index].words + ["--dry-run", "--output", folder.file("no")])
    #expect(result.status == 0, "\(result.standardError)")
    #expect(result.standardOutput.contains(" passes through the network, "))
    #expect(!Folder.exists(folder.file("no")))
  }

  static let refusals: [(words: [String], status: FailureKind, sentence: String)] = [
    (
      ["segment", "--samples", "1", "--target", "star,disk"], .usage,
      "--target names 2 classes; one is asked about: give one"
    ),
    (["prototypes", "--class", "tsar"], .usage, "--class 'tsar' is no class of the network"),
    (["prototypes", "--layer", "conv7"], .usage, "there is no layer 'conv7'; the network has"),
    (
      ["influence", "--samples", "1", "--method", "trak"], .usage,
      "there is no method 'trak'; expected neighbors, head, tracin, ekfac"
    ),
    (
      ["influence", "--samples", "1", "--epochs", "a"], .usage, "--epochs needs --method tracin"
    ),
    (
      ["suspects", "--score", "aum"], .usage,
      "there is no score 'aum'; expected self-influence, loss, margin, neighbors"
    ),
    (
      ["anchors", "--samples", "1", "--threshold", "0.9999"], .usage,
      "the precision with its confidence is 0.9999 at 0.95, expected what 1000 samples can prove"
    ),
    (
      ["counterfactual", "--samples", "1", "--goal", "tsar"], .usage,
      "--goal 'tsar' is no class of the network"
    ),
    (
      ["counterfactual", "--samples", "1", "--kind", "scenes"], .usage,
      "there is no kind of counterfactuals 'scenes'; expected evidence, region, distance, scene, photo"
    ),
    (
      ["counterfactual", "--samples", "1", "--kind", "scene", "--actionable", "behind"], .usage,
      "behind cannot be set: it is a consequence of ground, clutter, focus, scale, x, y, kind, variation; set one of these"
    ),
    (
      ["counterfactual", "--samples", "1", "--kind", "scene", "--immutable", "colour"], .usage,
      "there is no feature 'colour' of scenes; expected kind, variation, scale"
    ),
    (
      ["counterfactual", "--samples", "1", "--kind", "scene", "--bounds", "exposure=0.5:2"], .usage,
      "the range of exposure is 0.5:2.0, expected within 0.7000:1.2000, which scenes draw"
    ),
    (
      ["counterfactual", "--samples", "1", "--kind", "photo", "--hold", "color"], .usage,
      "what is held is color, expected nothing: of photographic actions nothing follows"
    ),
    (
      ["counterfactual", "--samples", "1", "--cost", "all"], .usage,
      "--cost needs --kind scene or photo"
    ),
    (
      ["representatives", "--layer", "fc1_relu"], .usage,
      "the layer fc1_relu has the shape [8], expected maps [C, H, W]"
    ),
  ]

  @Test(arguments: refusals.indices)
  func `what cannot be asked for is refused in a sentence`(_ index: Int) throws {
    let (words, status, sentence) = Self.refusals[index]
    let result = try explain(words + ["--output", folder.file("out")])
    #expect(result.status == status.exitStatus, "\(result.standardError)")
    #expect(result.standardError.contains(sentence), "\(result.standardError)")
    #expect(!Folder.exists(folder.file("out")))
  }
}
