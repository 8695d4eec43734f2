import Foundation
import Testing
import XAIFiles
import XAINetworks
import XAITensor
import XAITestSupport

/// A reference map, and the words that make `xai-explain` compute it.
struct RawCase: Sendable, CustomTestStringConvertible {
  let identifier: String
  /// The file and the name of the reference.
  let reference: (file: String, name: String)
  /// `INPUTS:` stands for the file of the inputs, `FOLDER/` for that of the fixture.
  let options: [String]
  /// What `--parameters` holds.
  let parameters: String?

  var testDescription: String { reference.name }

  init(
    _ identifier: String, _ file: String, _ name: String, _ options: [String] = [],
    parameters: String? = nil
  ) {
    (self.identifier, reference) = (identifier, (file, name))
    (self.options, self.parameters) = (options, parameters)
  }
}

@Suite struct ExplainRawTests {
  static let blurred = ["--baseline-tensor", "INPUTS:baseline.blurred"]
  static let distribution = ["--baseline-tensor", "INPUTS:baseline.distribution"]

  static let cases: [RawCase] = [
    RawCase("saliency", "gradients", "saliency"),
    RawCase("gradient", "gradients", "gradient"),
    RawCase("input-x-gradient", "gradients", "inputXGradient"),
    RawCase("deconvnet", "gradients", "deconvnet"),
    RawCase("guided-backprop", "gradients", "guidedBackprop"),
    RawCase(
      "gradient", "noise", "smoothgrad.gradient.stdev0.7",
      [
        "--noise", "smooth-grad", "--noise-std", "0.7", "--noise-tensor",
        "FOLDER/noise.safetensors:noise",
      ]),
    RawCase(
      "saliency", "noise", "vargrad.saliency.stdev0.15",
      [
        "--noise", "var-grad", "--noise-std", "0.15", "--noise-tensor",
        "FOLDER/noise.safetensors:noise",
      ]),
    RawCase("grad-cam", "gradients", "gradcam.conv.nearest"),
    RawCase("grad-cam", "gradients", "gradcam.relu.nearest", ["--layer", "conv4_relu"]),
    RawCase("rect-grad", "gradients", "rectgrad.q80", parameters: #"{"q": 80}"#),
    RawCase("deep-lift", "deeplift", "rescale.blurred", blurred),
    RawCase("deep-lift-reveal-cancel", "deeplift", "revealCancel.blurred", blurred),
    RawCase("deep-shap", "deeplift", "deepLiftShap", distribution),
    RawCase(
      "integrated-gradients", "integrated", "integratedGradients.blurred.gausslegendre.n20",
      blurred + ["--ig-steps", "20"]),
    RawCase(
      "integrated-gradients", "integrated", "integratedGradients.blurred.riemann_left.n20",
      blurred + ["--ig-steps", "20", "--ig-rule", "left"]),
    RawCase(
      "gradient-shap", "integrated", "gradientShap.distribution",
      distribution + ["--noise-tensor", "FOLDER/noise.safetensors:noise"],
      parameters: #"""
        {"gradient-shap": {"standardDeviation": 0.3,
        "index": "FOLDER/integrated.safetensors:gradientShap.index",
        "position": "FOLDER/integrated.safetensors:gradientShap.lambda"}}
        """#),
    RawCase(
      "expected-gradients", "integrated", "expectedGradients", distribution,
      parameters: #"""
        {"index": "FOLDER/integrated.safetensors:expectedGradients.index",
        "alpha": "FOLDER/integrated.safetensors:expectedGradients.alpha"}
        """#),
  ]

  static let architectures = [
    "A":
      #"{"input": [3, 16, 16], "stacks": [[8, 8], [16, 16]], "hidden": [32, 24], "classes": 10}"#,
    "B":
      #"{"input": [3, 24, 16], "stacks": [[6], [10, 12, 12]], "hidden": [20], "classes": 5}"#,
  ]

  /// The fixtures of the attribution tests.
  static let sourceFile = #filePath.replacing("XAICommandTests", with: "XAIAttributionTests")

  /// The words of a call that explains the images of a fixture.
  private func words(
    _ network: String, _ method: String, in folder: TemporaryFolder, target: String? = nil
  ) throws -> [String] {
    let fixture = Fixture.path("network\(network)", Self.sourceFile)
    let architecture = try #require(Self.architectures[network])
    try Data(architecture.utf8).write(to: URL(filePath: folder.file("architecture.json")))
    let inputs = try SafetensorsFile(path: "\(fixture)/inputs.safetensors")
    let targets = try inputs.integers("targets").map(String.init).joined(separator: ",")
    return [
      "attribute", "--checkpoint", "\(fixture)/parameters.safetensors", "--architecture",
      folder.file("architecture.json"), "--tensor", "\(fixture)/inputs.safetensors:images",
      "--target", target ?? targets, "--raw", folder.file("maps.safetensors"), "--method", method,
      "--quiet",
    ]
  }

  @Test(arguments: ["A", "B"], cases)
  func `whole maps agree with the reference`(network: String, _ example: RawCase) throws {
    let folder = try TemporaryFolder()
    let fixture = Fixture.path("network\(network)", Self.sourceFile)
    var words = try words(network, example.identifier, in: folder)
    words += example.options.map {
      $0.replacing("INPUTS:", with: "\(fixture)/inputs.safetensors:")
        .replacing("FOLDER/", with: "\(fixture)/")
    }
    if let parameters = example.parameters {
      let text = parameters.replacing("FOLDER/", with: "\(fixture)/")
      try Data(text.utf8).write(to: URL(filePath: folder.file("parameters.json")))
      words += ["--parameters", folder.file("parameters.json")]
    }
    let result = try runProgram("xai-explain", words)
    #expect(result.status == 0, "\(result.standardError)")
    let maps = try SafetensorsFile(path: folder.file("maps.safetensors"))
    #expect(maps.entries.map(\.name) == [example.identifier])
    try ReferenceFile("network\(network)/\(example.reference.file)", Self.sourceFile)
      .expect(try maps.tensor(example.identifier), agreesWith: example.reference.name)
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
    Refusal("a class beyond the last", .usage, ["'10'", "0 to 9"], ["--target", "10"]),
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
      ["--noise-tensor", "INPUTS:images"]),
    Refusal("a flag for no method", .usage, ["--ig-steps"], ["--ig-steps", "8"]),
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
    words += refusal.options.map { $0.replacing("INPUTS:", with: inputs + ":") }
    if let parameters = refusal.parameters {
      try Data(parameters.utf8).write(to: URL(filePath: folder.file("parameters.json")))
      words += ["--parameters", folder.file("parameters.json")]
    }
    let result = try runProgram("xai-explain", words)
    #expect(result.status == refusal.status.rawValue, "\(result.standardError)")
    #expect(result.standardError.count { $0.isNewline } == 1, "\(result.standardError)")
    for fragment in refusal.fragments {
      #expect(result.standardError.contains(fragment), "\(result.standardError)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file("maps.safetensors")))
  }
}
