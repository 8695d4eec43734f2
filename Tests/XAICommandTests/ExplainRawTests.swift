import Foundation
import Testing
import XAICommandLine
import XAIFiles
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct ExplainRawTests {
  static let architectures = [
    "A":
      #"{"input": [3, 16, 16], "stacks": [[8, 8], [16, 16]], "hidden": [32, 24], "classes": 10}"#,
    "B":
      #"{"input": [3, 24, 16], "stacks": [[6], [10, 12, 12]], "hidden": [20], "classes": 5}"#,
    "N":
      #"{"input": [3, 8, 8], "stacks": [[6, 6]], "pooling": false, "hidden": [16], "classes": 4}"#,
    "F": #"{"input": [3, 6, 6], "stacks": [], "hidden": [20, 16], "classes": 5}"#,
  ]

  /// The fixtures of the attribution tests.
  static let sourceFile = #filePath.replacing("XAICommandTests", with: "XAIAttributionTests")

  /// The words of a call that explains the images of a fixture.
  private func words(
    _ network: String, _ method: String, in folder: TemporaryFolder, target: String? = nil,
    prefix: String = ""
  ) throws -> [String] {
    let fixture = Fixture.path("network\(network)", Self.sourceFile)
    let architecture = try #require(Self.architectures[network])
    try Data(architecture.utf8).write(to: URL(filePath: folder.file("architecture.json")))
    let inputs = try SafetensorsFile(path: "\(fixture)/inputs.safetensors")
    let targets = try inputs.integers("\(prefix)targets").map(String.init).joined(separator: ",")
    return [
      "attribute", "--checkpoint", "\(fixture)/parameters.safetensors", "--architecture",
      folder.file("architecture.json"), "--tensor",
      "\(fixture)/inputs.safetensors:\(prefix)images", "--target", target ?? targets, "--raw",
      folder.file("maps.safetensors"), "--method", method, "--quiet",
    ]
  }

  @Test(arguments: RawCase.all)
  func `whole maps agree with the reference`(_ example: RawCase) throws {
    for network in example.networks {
      let folder = try TemporaryFolder()
      let fixture = Fixture.path("network\(network)", Self.sourceFile)
      func full(_ text: String) -> String {
        text.replacing("INPUTS:", with: "\(fixture)/inputs.safetensors:")
          .replacing("FOLDER/", with: "\(fixture)/")
          .replacing("OWN:", with: folder.file("own.safetensors") + ":")
      }
      try Self.writeOwnInputs(network, to: folder.file("own.safetensors"))
      var words = try words(
        network, example.identifier, in: folder, prefix: example.isOfTies ? "ties." : "")
      words += example.options.map(full)
      // A rectifier on the way is nearer to 0 than transformed tiles are exact (IntegratedGradientsTests).
      if example.file == "integrated" { words += ["--convolutions", "direct"] }
      if let parameters = example.parameters { words += ["--parameters", full(parameters)] }
      let result = try runProgram("xai-explain", words)
      #expect(result.status == 0, "\(result.standardError)")
      guard result.status == 0 else { continue }
      let file = try SafetensorsFile(path: folder.file("maps.safetensors"))
      #expect(file.entries.map(\.name) == [example.identifier])
      let maps = ReferenceArray(try file.tensor(example.identifier))
      let reference = try ReferenceFile("network\(network)/\(example.file)", Self.sourceFile)
      let values = try example.segments.map {
        Self.values(of: try reference.file.integers($0).map(Int.init), in: maps)
      }
      try reference.expect(values ?? maps, agreesWith: example.name)
    }
  }

  /// What fixtures describe without holding it: an image of zeros, and for each image the pair of
  /// its blurred copy and itself.
  private static func writeOwnInputs(_ network: String, to path: String) throws {
    let inputs = try SafetensorsFile(
      path: Fixture.path("network\(network)/inputs.safetensors", sourceFile))
    let (images, blurred) = (try inputs.tensor("images"), try inputs.tensor("baseline.blurred"))
    let pairs = Tensor(stacking: (0..<images.rows).flatMap { [blurred.row($0), images.row($0)] })
    let shape = Array(images.shape.dropFirst())
    try SafetensorsFile.write(
      [
        ("pairs", .float32(pairs.reshaped(to: [images.rows, 2] + shape))),
        ("zero", .float32(Tensor(shape: [1] + shape))),
      ], metadata: [:], to: path)
  }

  /// One number for each segment of each map; every pixel of a segment must have it.
  private static func values(of segments: [Int], in maps: ReferenceArray) -> ReferenceArray {
    let count = (segments.max() ?? 0) + 1
    var values = Array(repeating: Double.nan, count: maps.shape[0] * count)
    for (index, value) in maps.values.enumerated() {
      let place = index / segments.count * count + segments[index % segments.count]
      #expect(values[place].isNaN || values[place] == value)
      values[place] = value
    }
    return ReferenceArray([maps.shape[0], count], values)
  }

  @Test(arguments: ["A", "B", "N", "F"])
  func `the table has a line for every map of the fixtures`(network: String) throws {
    let files = ["gradients", "noise", "integrated", "deeplift", "lrp", "perturbation"]
    // What goes in, and what is no map: designs, sums, the inside of a network or of a fit.
    let others = [
      "noise", "segments", "shapley.segments", "rise.masks", "gradientShap.index",
      "gradientShap.lambda", "gradientShap.pairIndex", "expectedGradients.index",
      "expectedGradients.alpha", "kernelShap.kernel",
    ]
    let endings = [".completeness", ".design", ".weights", ".values", ".intercept"]
    for file in files {
      let path = Fixture.path("network\(network)/\(file).safetensors", Self.sourceFile)
      guard FileManager.default.fileExists(atPath: path) else { continue }
      let known = RawCase.all.filter { $0.file == file && $0.networks.contains(network) }
        .map(\.name)
      let missing = try SafetensorsFile(path: path).entries.map(\.name).filter { name in
        !known.contains(name) && !others.contains(name) && !name.contains(".node")
          && !endings.contains { name.hasSuffix($0) }
      }
      #expect(missing.isEmpty, "\(file)")
    }
  }

  @Test func `repetitions print their seconds, quiet or not`() throws {
    let folder = try TemporaryFolder()
    let words = try words("A", "gradient,saliency", in: folder) + ["--repeat", "3"]
    let result = try runProgram("xai-explain", words)
    #expect(result.status == 0, "\(result.standardError)")
    let lines = result.standardOutput.split(separator: "\n")
    struct Line: Decodable {
      let method: String
      let seconds: [Double]
    }
    let told = try lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    #expect(told.map(\.method) == ["saliency", "gradient"])
    #expect(told.allSatisfy { $0.seconds.count == 3 && $0.seconds.allSatisfy { $0 > 0 } })
  }

  @Test func `convolutions are chosen by the method or by the user`() throws {
    let folder = try TemporaryFolder()
    func maps(_ method: String, _ options: [String]) throws -> Tensor {
      let fixture = Fixture.path("networkA/inputs.safetensors", Self.sourceFile)
      let baseline = ["--baseline-tensor", "\(fixture):baseline.blurred"]
      let words = try words("A", method, in: folder) + options
      let result = try runProgram(
        "xai-explain", words + (method == "deep-lift" ? baseline : []))
      #expect(result.status == 0, "\(result.standardError)")
      return try SafetensorsFile(path: folder.file("maps.safetensors")).tensor(method)
    }
    for (method, own) in [("gradient", "fastest"), ("deep-lift", "direct")] {
      let other = own == "direct" ? "fastest" : "direct"
      let maps = try [[], ["--convolutions", own], ["--convolutions", other]].map {
        try maps(method, $0)
      }
      #expect(maps[0] == maps[1] && maps[0] != maps[2], "\(method)")
      expectClose(maps[2], maps[0], relative: 1e-3, method)
    }
  }

  @Test func `one call writes every method of a list, and says how`() throws {
    let folder = try TemporaryFolder()
    let result = try runProgram(
      "xai-explain", try words("A", "gradient,saliency", in: folder, target: "7"))
    #expect(result.status == 0, "\(result.standardError)")
    let maps = try SafetensorsFile(path: folder.file("maps.safetensors"))
    #expect(Set(maps.entries.map(\.name)) == ["gradient", "saliency"])
    #expect(try maps.tensor("saliency") == maps.tensor("gradient").map { abs($0) })
    let parameters = try #require(maps.metadata["parameters"])
    let decoded = try JSONDecoder().decode(
      [String: [String: String]].self, from: Data(parameters.utf8))
    #expect(decoded["saliency"] == ["rectifier": "gradient", "output": "absolute"])
    #expect(maps.metadata["targets"] == "7")
  }

  @Test func `parameters of a file are those of one method or of all that have them`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("parameters.json")
    func maps(_ parameters: String) throws -> SafetensorsFile {
      try Data(parameters.utf8).write(to: URL(filePath: file))
      let words = try words("A", "saliency,gradient", in: folder) + ["--parameters", file]
      let result = try runProgram("xai-explain", words)
      #expect(result.status == 0, "\(result.standardError)")
      return try SafetensorsFile(path: folder.file("maps.safetensors"))
    }
    let one = try maps(#"{"saliency": {"output": "signal"}}"#)
    #expect(try one.tensor("saliency") == one.tensor("gradient"))
    let all = try maps(#"{"output": "absolute"}"#)
    #expect(try all.tensor("saliency") == all.tensor("gradient"))
    #expect(try all.tensor("saliency") != one.tensor("saliency"))
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let status: FailureKind
    let fragments: [String]
    let options: [String]
    let parameters: String?

    init(
      _ name: String, _ status: FailureKind, _ fragments: [String], _ options: [String] = [],
      parameters: String? = nil
    ) {
      (testDescription, self.status, self.fragments) = (name, status, fragments)
      (self.options, self.parameters) = (options, parameters)
    }
  }

  static let refusals: [Refusal] = [
    Refusal(
      "an unknown method", .usage, ["'salience'", "did you mean saliency"],
      ["--method", "salience"]),
    Refusal("no method at all", .usage, ["chooses no method"], ["--method", ","]),
    Refusal(
      "an unknown parameter", .usage, ["saliency has no parameter 'outputs'", "output, rectifier"],
      parameters: #"{"saliency": {"outputs": "signal"}}"#),
    Refusal(
      "a parameter that nobody has", .usage, ["'depth'", "none of the chosen methods"],
      parameters: #"{"depth": 3}"#),
    Refusal(
      "an impossible value", .usage, ["saliency: the parameter 'output'"],
      parameters: #"{"output": "loud"}"#),
    Refusal(
      "parameters of another method", .usage, ["gradient, which is not among"],
      parameters: #"{"gradient": {"output": "signal"}}"#),
    Refusal("parameters that are no JSON", .badData, ["cannot be read"], parameters: "{"),
    Refusal("a class beyond the last", .usage, ["--target 10", "0 to 9"], ["--target", "10"]),
    Refusal("a class by name", .usage, ["'banana'", "index"], ["--target", "banana"]),
    Refusal(
      "targets of other images", .usage, ["2 indices for 3 images"], ["--target", "1,2"]),
    Refusal("no name of a tensor", .usage, ["names no tensor"], ["--tensor", "images"]),
    Refusal(
      "no such tensor", .badData, ["has no tensor 'pictures'"],
      ["--tensor", "INPUTS:pictures"]),
    Refusal(
      "a tensor of another shape", .badData, ["expected [N] + [3, 16, 16]"],
      ["--tensor", "INPUTS:pixels"]),
    Refusal(
      "noise of another shape", .badData, ["--noise-tensor", "expected [S] + "],
      ["--noise-tensor", "INPUTS:images", "--noise", "smooth-grad"]),
    Refusal("a flag for no method", .usage, ["--ig-steps"], ["--ig-steps", "8"]),
    Refusal(
      "a file that is read", .usage, ["--raw", "this file is read"], ["--raw", "INPUTS"]),
    Refusal(
      "more noise than there are numbers", .usage, ["standard deviation", "1e30"],
      ["--noise", "smooth-grad", "--noise-std", "1e39"]),
    Refusal(
      "a number of samples beyond all numbers", .usage, ["lime", "a whole number is expected"],
      ["--method", "lime"], parameters: #"{"samples": 1e300}"#),
    Refusal("too little memory", .usage, ["--memory", "too little"], ["--memory", "1M"]),
    Refusal(
      "no such checkpoint", .missingInput, ["none.safetensors"],
      ["--checkpoint", "none.safetensors"]),
    Refusal(
      "a folder that is not there", .cannotCreate, ["none/maps"],
      ["--raw", "none/maps.safetensors"]),
  ]

  @Test(arguments: refusals)
  func `what cannot be is told in one sentence`(_ refusal: Refusal) throws {
    let folder = try TemporaryFolder()
    let inputs = Fixture.path("networkA/inputs.safetensors", Self.sourceFile)
    var words = try words("A", "saliency", in: folder)
    // A later value replaces an earlier one.
    words += refusal.options.map { $0.replacing("INPUTS", with: inputs) }
    if let parameters = refusal.parameters {
      try Data(parameters.utf8).write(to: URL(filePath: folder.file("parameters.json")))
      words += ["--parameters", folder.file("parameters.json")]
    }
    let result = try runProgram("xai-explain", words)
    #expect(result.status == refusal.status.exitStatus, "\(result.standardError)")
    #expect(result.standardError.count { $0.isNewline } == 1, "\(result.standardError)")
    for fragment in refusal.fragments {
      #expect(result.standardError.contains(fragment), "\(result.standardError)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file("maps.safetensors")))
  }
}
