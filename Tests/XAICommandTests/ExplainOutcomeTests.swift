import Foundation
import Testing
import XAIAttribution
import XAIExperiments
import XAIFiles
import XAITensor
import XAITestSupport
import XAITraining

/// What is left behind by calls that fail, and what is recorded by those that do not.
@Suite struct ExplainOutcomeTests {
  private let fixture: CommandFixture
  private let image: String

  init() throws {
    fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    image = fixture.path("data/val/images/val_0.JPEG")
    try SafetensorsFile.write(
      [
        ("images", .float32(Tensor(shape: [2, 3, 16, 16], repeating: 0.5))),
        ("noise", .float32(Tensor(shape: [3, 2, 3, 16, 16], repeating: 0.25))),
        ("positions", .float32(Tensor(shape: [4, 2], repeating: 0.5))),
        ("baselines", .float32(Tensor(shape: [2, 3, 16, 16], repeating: -0.5))),
      ], to: fixture.path("tensors.safetensors"))
  }

  private func explain(_ words: [String], quiet: Bool = true) throws -> ProgramResult {
    try runProgram(
      "xai-explain",
      ["attribute", "--checkpoint", fixture.path("model.safetensors"), "--threads", "1"]
        + words.map {
          $0.replacing("ROOT", with: fixture.path(".")).replacing("IMAGE", with: image)
        } + (quiet ? ["--quiet"] : []))
  }

  private func raw(_ words: [String], quiet: Bool = true) throws -> ProgramResult {
    try explain(
      [
        "--tensor", "ROOT/tensors.safetensors:images", "--target", "0", "--raw",
        "ROOT/maps.safetensors",
      ] + words, quiet: quiet)
  }

  private func maps() throws -> SafetensorsFile {
    try SafetensorsFile(path: fixture.path("maps.safetensors"))
  }

  private func parameters(_ method: String) throws -> [String: JSONValue] {
    let text = try #require(try maps().metadata["parameters"])
    let all = try JSONDecoder().decode([String: JSONValue].self, from: Data(text.utf8))
    return try #require(all[method]?.members)
  }

  /// The superpixels of a picture are known only when it is cut: there are more than Shapley values
  /// can be computed of.
  private static let failing = [
    "--method", "saliency,shapley-values", "--parameters",
    #"{"shapley-values": {"segmentation": {"procedure": "slic", "segments": 40}}}"#,
  ]

  @Test func `a failure leaves the raw maps that were finished, and says so`() throws {
    var stream = RandomStream(seed: 3, purpose: "image")
    let images = stream.normal(shape: [2, 3, 16, 16], mean: 0, standardDeviation: 1)
    try SafetensorsFile.write(
      [("images", .float32(images))], to: fixture.path("tensors.safetensors"))
    let result = try raw(Self.failing)
    fixture.expectFailure(result, .usage, ["shapley-values: exact Shapley values of"])
    let maps = try maps()
    #expect(maps.entries.map(\.name) == ["saliency"])
    #expect(maps.metadata["complete"] == "false")
    #expect(maps.metadata["failure"]?.contains("exact Shapley values") == true)
  }

  @Test func `a failure leaves the pictures that were finished, and says so`() throws {
    let words = ["--image", "IMAGE", "--target", "0", "--output", "ROOT/out"]
    let result = try explain(words + Self.failing)
    fixture.expectFailure(result, .usage, ["shapley-values: exact Shapley values of"])
    let results = try JSONText.decode(
      ExplanationResults.self, from: fixture.text("out/results.json"), name: "results.json")
    #expect(!results.complete && results.checkpoint.sha256.count == 64)
    #expect(results.failure?.contains("exact Shapley values") == true)
    let target = results.images[0].targets[0]
    #expect(target.maps.map(\.method) == ["saliency"])
    for name in [target.tensors, target.sheet, "saliency.png"] {
      #expect(fixture.exists("out/\(target.folder)/\(name)"))
    }
    // What was finished is not computed again.
    let units = try Folder.entries(of: fixture.path("out/units"))
    #expect(try explain(words + ["--method", "saliency"]).status == 0)
    #expect(try Folder.entries(of: fixture.path("out/units")) == units && units.count == 1)
    // The folder is not mixed with that of another call.
    let other = try explain(words + ["--method", "saliency", "--seed", "7"])
    fixture.expectFailure(other, .usage, ["holds results of another test"])
  }

  @Test func `shards give the maps and pictures of one process`() throws {
    let words = [
      "--data", "ROOT/data", "--samples", "5", "--target", "true,predicted", "--method",
      "saliency,integrated-gradients,rise",
    ]
    #expect(try explain(words + ["--output", "ROOT/whole"]).status == 0)
    for number in [2, 3, 1] {
      let part = try explain(words + ["--output", "ROOT/out", "--shard", "\(number)/3"])
      #expect(part.status == 0, "\(part.standardError)")
    }
    #expect(!fixture.exists("out/results.json"))
    #expect(try runProgram("xai-explain", ["merge", "--output", fixture.path("out")]).status == 0)
    #expect(try explain(words + ["--output", "ROOT/out"]).status == 0)
    func results(_ folder: String) throws -> ExplanationResults {
      var results = try JSONText.decode(
        ExplanationResults.self, from: fixture.text("\(folder)/results.json"), name: "")
      results.command = []
      for image in results.images.indices {
        for target in results.images[image].targets.indices {
          for map in results.images[image].targets[target].maps.indices {
            results.images[image].targets[target].maps[map].seconds = 0
          }
        }
      }
      return results
    }
    let whole = try results("whole")
    #expect(try JSONText.encode(results("out")) == JSONText.encode(whole))
    for target in whole.images.flatMap(\.targets) {
      let files = try Folder.entries(of: fixture.path("whole/\(target.folder)"))
      #expect(files.count == 2 * 3 + 2)
      for file in files.map({ "\(target.folder)/\($0)" }) {
        #expect(try fixture.bytes("out/\(file)") == fixture.bytes("whole/\(file)"), "\(file)")
      }
    }
    let refused = try explain(words + ["--output", "ROOT/out", "--shard", "1/3", "--overwrite"])
    #expect(
      refused.status == 64
        && refused.standardError.contains("--shard cannot be given with --overwrite"))
  }

  @Test func `older explanations are replaced once the new ones are complete`() throws {
    let words = ["--image", "IMAGE", "--target", "0", "--output", "ROOT/out"]
    #expect(try explain(words + ["--method", "saliency"]).status == 0)
    let before = try fixture.bytes("out/results.json")
    let failed = try explain(words + ["--overwrite"] + Self.failing)
    fixture.expectFailure(failed, .usage, ["shapley-values: exact Shapley values of"])
    #expect(try fixture.bytes("out/results.json") == before)
    #expect(try explain(words + ["--overwrite", "--method", "gradient"]).status == 0)
    let results = try JSONText.decode(
      ExplanationResults.self, from: fixture.text("out/results.json"), name: "results.json")
    #expect(results.complete && results.images[0].targets[0].maps.map(\.method) == ["gradient"])
    let folder = results.images[0].targets[0].folder
    #expect(
      !fixture.exists("out/\(folder)/saliency.png") && fixture.exists("out/\(folder)/gradient.png"))
    #expect(try Folder.entries(of: fixture.path(".")).filter { $0.contains("out") } == ["out"])
    // What is somebody else's stays.
    try fixture.write("dear", "out/letter.txt")
    let other = try explain(words + ["--overwrite", "--method", "saliency"])
    fixture.expectFailure(other, .cannotCreate, ["--overwrite does not replace it"])
    #expect(fixture.exists("out/letter.txt") && fixture.exists("out/\(folder)/gradient.png"))
  }

  @Test func `numbers of walks beyond counting are told all the same`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    let words = [
      "attribute", "--checkpoint", fixture.path("model.safetensors"), "--threads", "1", "--data",
      fixture.path("data"), "--samples", "2", "--method", "deep-shap", "--output",
      fixture.path("out"), "--quiet", "--baseline", "data:\(Int.max)",
    ]
    fixture.expectFailure(
      try runProgram("xai-explain", words), .usage, ["has only 6 test images"])
    let many = try raw(["--method", "saliency", "--repeat", "\(Int.max)", "--dry-run"])
    #expect(many.status == 0, "\(many.standardError)")
  }

  static let early: [(words: [String], status: FailureKind, fragments: [String])] = [
    (["--method", "grad-cam", "--layer", "conv9"], .usage, ["grad-cam", "'conv9'", "conv1"]),
    (
      ["--method", "occlusion", "--occlusion-window", "17"], .usage,
      ["occlusion", "17 x 17", "16 x 16"]
    ),
    (
      ["--method", "occlusion", "--occlusion-window", "17", "--dry-run"], .usage, ["17 x 17"]
    ),
    (
      ["--method", "kernel-shap", "--parameters", #"{"segmentation": "ROOT/none:map"}"#],
      .missingInput, ["none"]
    ),
    (["--method", "rise", "--parameters", #"{"cells": 17}"#], .usage, ["rise", "17 cells"]),
    (["--method", "rect-grad", "--parameters", #"{"q": 101}"#], .usage, ["0 to 100"]),
    (["--method", "lrp-epsilon", "--parameters", #"{"epsilon": 0}"#], .usage, ["epsilon = 0"]),
  ]

  @Test(arguments: early)
  func `what can be known before the work ends it before anything is written`(
    words: [String], status: FailureKind, fragments: [String]
  ) throws {
    // The first method would be done before the second fails.
    var given = words
    given[1] = "saliency,\(given[1])"
    let pictures = try explain(
      ["--image", "IMAGE", "--target", "0", "--output", "ROOT/out"] + given)
    fixture.expectFailure(pictures, status, fragments)
    #expect(!fixture.exists("out/results.json"))
    fixture.expectFailure(try raw(given), status, fragments)
    #expect(!fixture.exists("maps.safetensors"))
  }

  @Test func `a place that cannot be written is told before the work`() throws {
    // Hours of work, were they begun.
    let long = ["--method", "gradient", "--noise", "smooth-grad", "--noise-samples", "1000000"]
    fixture.expectFailure(
      try raw(long + ["--raw", "ROOT/none/maps.safetensors"]), .cannotCreate, ["none/maps"])
    try fixture.write("", "file")
    fixture.expectFailure(
      try explain(["--image", "IMAGE", "--output", "ROOT/file/out"] + long), .cannotCreate,
      ["file'"])
  }

  @Test(arguments: [
    (["--method", "gradient", "--noise-tensor", "ROOT/tensors.safetensors:noise"], "--noise"),
    (
      [
        "--method", "gradient-shap", "--noise-tensor", "ROOT/tensors.safetensors:noise",
        "--baseline-tensor", "ROOT/tensors.safetensors:baselines",
      ], "standardDeviation"
    ),
    (
      ["--method", "gradient", "--baseline-tensor", "ROOT/tensors.safetensors:baselines"],
      "--baseline-tensor"
    ),
    (
      [
        "--method", "occlusion", "--parameters", #"{"fill": "zero"}"#, "--baseline-tensor",
        "ROOT/tensors.safetensors:baselines",
      ], "--baseline-tensor"
    ),
  ])
  func `an option without effect is told of`(words: [String], fragment: String) throws {
    let result = try raw(words)
    #expect(result.status == 0, "\(result.standardError)")
    #expect(result.standardError.contains("has no effect: none of the chosen methods"))
    #expect(result.standardError.contains(fragment))
  }

  @Test func `an option that one method of several uses has an effect`() throws {
    let none = try explain(
      ["--image", "IMAGE", "--method", "gradient", "--baseline", "black", "--output", "ROOT/out"])
    #expect(none.status == 0 && none.standardError.contains("--baseline has no effect"))
    let result = try raw([
      "--method", "gradient,occlusion", "--baseline-tensor", "ROOT/tensors.safetensors:baselines",
    ])
    #expect(result.status == 0 && !result.standardError.contains("no effect"))
  }

  @Test func `a raw file says what was really used`() throws {
    let noise = "ROOT/tensors.safetensors:noise"
    let words = ["--method", "gradient", "--noise", "smooth-grad", "--noise-tensor", noise]
    let result = try raw(words)
    #expect(result.status == 0, "\(result.standardError)")
    #expect(try parameters("gradient")["samples"] == .integer(3))
    let metadata = try maps().metadata
    #expect(metadata["complete"] == "true" && metadata["failure"] == nil)
    #expect(metadata["checkpoint"] == fixture.path("model.safetensors"))
    #expect(
      try metadata["checkpoint.sha256"] == SHA256.ofFile(fixture.path("model.safetensors")))
    #expect(metadata["tensor"]?.hasSuffix("tensors.safetensors:images") == true)
    #expect(metadata["noise"]?.hasSuffix("tensors.safetensors:noise") == true)
    #expect(metadata["baseline"] == nil)
    let both = try raw(words + ["--noise-samples", "2"])
    #expect(both.status == 0 && both.standardError.contains("--noise-samples has no effect"))
    #expect(try parameters("gradient")["samples"] == .integer(3))
  }

  @Test func `numbers of samples are those of the files that decide them`() throws {
    let file = fixture.path("tensors.safetensors")
    let baselines = ["--baseline-tensor", "\(file):baselines"]
    let shap = try raw(
      ["--method", "gradient-shap", "--parameters", #"{"position": "\#(file):positions"}"#]
        + baselines)
    #expect(shap.status == 0, "\(shap.standardError)")
    #expect(try parameters("gradient-shap")["samples"] == .integer(4))
    #expect(try maps().metadata["baseline"] == "\(file):baselines")
    let noisy = try raw(
      [
        "--method", "gradient-shap", "--parameters", #"{"standardDeviation": 0.5}"#,
        "--noise-tensor", "\(file):noise",
      ] + baselines)
    #expect(noisy.status == 0, "\(noisy.standardError)")
    #expect(try parameters("gradient-shap")["samples"] == .integer(3))
  }

  @Test func `notes belong to their image, and are numbered from 1`() throws {
    var tensor = Tensor(shape: [2, 3, 16, 16], repeating: -0.5)
    for index in 0..<3 * 16 * 16 { tensor.withUnsafeMutableElements { $0[index] = 0.25 } }
    try SafetensorsFile.write(
      [("one", .float32(tensor))], to: fixture.path("baselines.safetensors"))
    try SafetensorsFile.write(
      [("images", .float32(Tensor(shape: [2, 3, 16, 16], repeating: -0.5)))],
      to: fixture.path("tensors.safetensors"))
    let result = try raw(
      [
        "--method", "integrated-gradients", "--ig-steps", "2", "--baseline-tensor",
        "ROOT/baselines.safetensors:one",
      ], quiet: false)
    #expect(result.status == 0, "\(result.standardError)")
    #expect(result.standardError.contains("integrated-gradients of image 2: every baseline"))
    #expect(!result.standardError.contains("of image 1: every"))
    #expect(result.standardError.contains("1 method: "))
  }

  @Test func `a picture's notes are in its own record`() throws {
    try fixture.write(try fixture.bytes("data/val/images/val_0.JPEG"), "same.JPEG")
    let result = try explain(
      [
        "--image", "IMAGE", "ROOT/data/val/images/val_1.JPEG", "--target", "0", "--method",
        "integrated-gradients", "--ig-steps", "2", "--baseline", "file", "ROOT/same.JPEG",
        "--output", "ROOT/out",
      ], quiet: false)
    #expect(result.status == 0, "\(result.standardError)")
    #expect(result.standardError.contains("integrated-gradients of val_0.JPEG: every baseline"))
    #expect(result.standardError.contains("2 targets explained by 1 method: "))
    let results = try JSONText.decode(
      ExplanationResults.self, from: fixture.text("out/results.json"), name: "results.json")
    #expect(results.complete && results.failure == nil)
    #expect(results.images.map { $0.targets[0].maps[0].notes.count } == [1, 0])
  }

  @Test(arguments: [
    (["--target", "-1"], "--target -1: "), (["--seed", "-1"], "whole number from 0"),
    (["--noise", "smooth-grad", "--noise-std", "-1"], "a number above 0"),
    (["--occlusion-window", "-3"], "a number of pixels above 0"),
    (["--threads", "-2"], "whole number from 1"),
  ])
  func `a negative number is told what is expected`(words: [String], fragment: String) throws {
    let result = try explain(
      ["--image", "IMAGE", "--method", "occlusion", "--output", "ROOT/out"] + words)
    #expect(result.status == 64)
    #expect(result.standardError.contains(fragment), "\(result.standardError)")
    #expect(!result.standardError.contains("Missing value"))
  }

  @Test func `a sheet tells a method behind noise from the method alone`() throws {
    let words = ["--image", "IMAGE", "--target", "0", "--method", "gradient", "--output"]
    // So little noise that no pixel changes.
    let noise = ["--noise", "smooth-grad", "--noise-samples", "1", "--noise-std", "1e-30"]
    for (output, more) in [("plain", []), ("noised", noise)] {
      let result = try explain(words + ["ROOT/\(output)"] + more)
      #expect(result.status == 0, "\(result.standardError)")
    }
    let folder = "val_0.JPEG/name_of_n03"
    func equal(_ name: String) throws -> Bool {
      try fixture.bytes("plain/\(folder)/\(name)") == fixture.bytes("noised/\(folder)/\(name)")
    }
    #expect(try equal("gradient.png") && !equal("sheet.png"))
  }

  @Test func `parameters that are not set are listed, those of structures too`() throws {
    let json = try runProgram("xai-explain", ["methods", "--json"])
    let rows = try JSONDecoder().decode([JSONValue].self, from: Data(json.standardOutput.utf8))
    let lime = try #require(
      rows.compactMap(\.members).first { $0["identifier"] == .string("lime") })
    #expect(lime["parameters"]?.members?["segmentation"]?.members?["map"] == .null)
    let result = try raw(["--method", "lime", "--parameters", #"{"lime": {"depth": 3}}"#])
    fixture.expectFailure(result, .usage, [#""map":null"#])
  }
}
