import Testing
import XAICommandLine
import XAIDatasets
import XAIExperiments
import XAIFiles
import XAINetworks
import XAITensor
import XAITestSupport

/// `similarity`, `concepts`, `dissect`, `probe`, `visualize` and `surrogate`, as a user calls them.
@Suite struct StudyCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let network = Network(
      Architecture(
        input: [3, 64, 64], stacks: [[4], [4]], hidden: [8], classes: 12, batchNorm: false))
    try Checkpoint(
      network: network, parameters: .initial(for: network, seed: 0),
      mean: Tensor(shape: [3], repeating: 0.4),
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
      ["similarity", "--images", "32", "--batch", "16"], SimilarityResults.schema,
      ["results.csv", "plots/cka.svg", "plots/cka-permuted.pdf", "plots/cka-randomized.png"]
    ),
    (
      [
        "concepts", "--concepts", "shapes:hue=red", "--classes", "star", "--set", "6", "--runs",
        "2", "--random", "19", "--layers", "fc1_relu",
      ], ConceptResults.schema,
      ["results.csv", "plots/star-fc1_relu.svg", "pictures/hue_red.png"]
    ),
    (
      [
        "dissect", "--images", "30", "--permutations", "19", "--random-networks", "1", "--layers",
        "pool2",
      ], DissectionResults.schema, ["results.csv", "layers.csv", "plots/detectors.svg"]
    ),
    (
      [
        "probe", "--property", "pattern,radius", "--images", "100", "--random-networks", "1",
        "--controls", "1", "--layers", "fc1_relu",
      ], ProbeResults.schema, ["results.csv", "plots/pattern.svg", "plots/radius.pdf"]
    ),
    (
      ["visualize", "--classes", "star", "--units", "pool2:1", "--steps", "3", "--images", "12"],
      VisualizationResults.schema,
      ["results.csv", "pictures/star.png", "pictures/pool2_1-images.png"]
    ),
    (
      [
        "surrogate", "--images", "60", "--features", "mean-red,mean-blue,radius,kind", "--model",
        "tree",
      ],
      SurrogateResults.schema, ["results.csv", "columns.csv", "plots/tree.svg"]
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
  func `a folder receives results, a page, tables and plots`(_ index: Int) throws {
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
      ["similarity", "--layers", "conv7"], .usage,
      "there is no layer 'conv7'; the network has input"
    ),
    (
      ["concepts", "--concepts", "stripes", "--classes", "star"], .usage,
      "'stripes' is no source of concepts"
    ),
    (
      ["concepts", "--concepts", "shapes:hue=red", "--classes", "tsar"], .usage,
      "--classes 'tsar' is no class of the network"
    ),
    (
      ["concepts", "--concepts", "shapes:hue=red", "--classes", "star", "--random", "9"], .usage,
      "with 9 random concepts no result of 3 tests can be significant at 5 %; give at least 59"
    ),
    (
      ["dissect", "--layers", "fc1_relu"], .usage,
      "the layer fc1_relu has the shape [8], expected maps [C, H, W]"
    ),
    (
      ["visualize", "--units", "fc1_relu"], .usage,
      "--units 'fc1_relu': expected a layer and a number, such as conv7_relu:37"
    ),
    (
      ["surrogate", "--model", "linear"], .usage,
      "a regression explains the logit of one class; name it"
    ),
    (["probe", "--property", "weight"], .usage, "the data have no property 'weight'"),
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
