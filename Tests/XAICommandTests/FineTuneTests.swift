import Foundation
import Testing
import XAIDatasets
import XAIFiles
import XAINetworks
import XAITensor
import XAITestSupport
import XAITraining

@Suite struct FineTuneTests {
  /// Options of a short fine-tuning: the architecture is the checkpoint's.
  private func tune(
    _ fixture: CommandFixture, _ more: [String], output: String = "run"
  ) throws -> ProgramResult {
    let options = [
      "--data", fixture.path("data"), "--output", fixture.path(output), "--batch-size", "8",
      "--threads", "1", "--epochs", "2",
    ]
    return try runProgram("xai-train", options + more)
  }

  private func configuration(_ fixture: CommandFixture) throws -> TrainingConfiguration {
    try JSONText.decode(
      TrainingConfiguration.self, from: fixture.text("run/config.json"), name: "config.json")
  }

  @Test func `a checkpoint is the start, and frozen nodes stay as they were`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    let path = fixture.path("model.safetensors")
    let result = try tune(fixture, ["--from", path, "--freeze", "conv1"])
    #expect(result.status == 0, "\(result.standardError)")
    for words in [
      "model.safetensors: parameters are taken over; of the 3 outputs of fc2, 3 are of classes that it "
        + "knows, 0 are new; images are normalized as it says",
      "frozen: conv1, conv1_bn;",
    ] {
      #expect(result.standardError.contains(words), "\(result.standardError)")
    }
    let (before, after) = (
      try Checkpoint(path: path), try Checkpoint(path: fixture.path("run/bestmodel.safetensors"))
    )
    for name in before.parameters.names where name.hasPrefix("conv1") {
      #expect(after.parameters[name] == before.parameters[name], "\(name)")
    }
    #expect(after.parameters["conv2.weight"] != before.parameters["conv2.weight"])
    #expect(after.mean == before.mean && after.standardDeviation == before.standardDeviation)
    let written = try configuration(fixture)
    #expect(written.from?.path == path)
    #expect(try written.from?.digest == SHA256.ofFile(path))
    #expect(written.frozen == ["conv1", "conv1_bn"])
    #expect(written.preprocessing == .channelMean)
  }

  @Test func `a fine-tuning goes on without its checkpoint, and refuses another`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    let start = ["--from", fixture.path("model.safetensors"), "--freeze", "conv*", "--quiet"]
    #expect(try tune(fixture, start, output: "whole").status == 0)
    #expect(try tune(fixture, start + ["--max-steps", "2"]).status == 0)
    try fixture.writeCheckpoint("other.safetensors") {
      $0.parameters = .initial(for: $0.network, seed: 1)
    }
    fixture.expectFailure(
      try fixture.resume(["--from", fixture.path("other.safetensors")]), .usage,
      ["start from the checkpoint of SHA-256"])
    fixture.expectFailure(
      try fixture.resume(["--freeze", "conv1"]), .usage,
      ["frozen nodes conv1,conv1_bn instead of conv1,conv1_bn,conv2,conv2_bn"])
    fixture.expectFailure(
      try fixture.resume(["--preprocessing", "mean-image"]), .usage, ["preprocessing mean-image"])
    // The same file under another name is the same checkpoint.
    try FileManager.default.moveItem(
      atPath: fixture.path("model.safetensors"), toPath: fixture.path("moved.safetensors"))
    #expect(try fixture.resume(["--max-steps", "4"]).status == 0)
    #expect(try fixture.resume(["--from", fixture.path("moved.safetensors")]).status == 0)
    try fixture.expectSameRun("run", "whole")
  }

  @Test func `one command starts and resumes a fine-tuning under any recipe`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    let words = [
      "--from", fixture.path("model.safetensors"), "--recipe", "strong", "--resume-or-start",
      "--architecture", fixture.path("small.json"), "--quiet",
    ]
    #expect(try tune(fixture, words + ["--max-steps", "2"]).status == 0)
    let result = try tune(fixture, words)
    #expect(result.status == 0, "\(result.standardError)")
    #expect(try configuration(fixture).architecture.dropout.convolution == 0)
  }

  @Test func `a repeated command goes on where its checkpoint is gone`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    let words = ["--from", fixture.path("model.safetensors"), "--resume-or-start"]
    #expect(try tune(fixture, words, output: "whole").status == 0)
    #expect(try tune(fixture, words + ["--max-steps", "2"]).status == 0)
    let digest = try SHA256.ofFile(fixture.path("model.safetensors"))
    try fixture.remove("model.safetensors")
    // What changes the start is refused all the same.
    let measured = try tune(fixture, words + ["--preprocessing", "mean-image"])
    #expect(measured.status == 64, "\(measured.standardError)")
    #expect(measured.standardError.contains("preprocessing mean-image instead of the checkpoint's"))
    let result = try tune(fixture, words)
    #expect(result.status == 0, "\(result.standardError)")
    #expect(
      result.standardError.contains(
        "model.safetensors cannot be read any more; the training goes on all the same"))
    #expect(result.standardError.contains("of SHA-256 \(digest)"))
    try fixture.expectSameRun("run", "whole")
    #expect(try configuration(fixture).from?.digest == digest)
    // To begin, the file is needed, and by a training that did not begin with one, too.
    fixture.expectFailure(
      try tune(fixture, words + ["--quiet"], output: "new"), .missingInput, ["model.safetensors"])
    #expect(
      try fixture.train(["--output": fixture.path("random"), "--max-steps": "1"]).status == 0)
    fixture.expectFailure(
      try tune(fixture, words + ["--quiet"], output: "random"), .missingInput,
      ["model.safetensors"])
  }

  @Test func `classes are matched by names where names alone are known`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint {
      $0.classes = []
      $0.parameters["fc2.bias"] = Tensor(shape: [3], [1, 2, 3])
    }
    try fixture.write("name of n02\nname of n03\nname of n01\n", "names.txt")
    let result = try tune(
      fixture,
      [
        "--from", fixture.path("model.safetensors"), "--class-names", fixture.path("names.txt"),
        "--learning-rate", "1e-9", "--max-steps", "1",
      ])
    #expect(result.status == 0, "\(result.standardError)")
    #expect(result.standardError.contains("3 are of classes that it knows, 0 are new"))
    let model = try Checkpoint(path: fixture.path("run/bestmodel.safetensors"))
    #expect(model.classes.map(\.id) == ["n03", "n01", "n02"])
    let bias = try #require(model.parameters["fc2.bias"]).elements
    #expect(zip(bias, [2, 3, 1] as [Float]).allSatisfy { abs($0 - $1) < 1e-3 }, "\(bias)")
  }

  @Test(arguments: [
    ["--weights", "ema"], ["--ignore-tensors", "x."], ["--class-names", "/nonexistent"],
    ["--class-names", "sorted", "--weights", "ema"],
  ])
  func `options of a checkpoint need one`(words: [String]) throws {
    let fixture = try CommandFixture()
    let result = try fixture.train([:], words)
    #expect(result.status == 64)
    for word in words.filter({ $0.hasPrefix("--") }) + ["without --from", "give --from CHECKPOINT"]
    {
      #expect(result.standardError.contains(word), "\(result.standardError)")
    }
    #expect(!fixture.exists("run"))
  }

  @Test func `classes are matched by their ids whatever their order`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint {
      $0.classes = ["n01", "elsewhere", "n03"].map { .init(id: $0, name: $0) }
      $0.parameters["fc2.bias"] = Tensor(shape: [3], [1, 2, 3])
    }
    // So slow that weights stay what they were, to three digits.
    let result = try tune(
      fixture,
      [
        "--from", fixture.path("model.safetensors"), "--learning-rate", "1e-9", "--max-steps", "1",
        "--preprocessing", "mean-image",
      ])
    #expect(result.status == 0, "\(result.standardError)")
    #expect(result.standardError.contains("2 are of classes that it knows, 1 are new"))
    #expect(result.standardError.contains("images are normalized as measured on data"))
    let model = try Checkpoint(path: fixture.path("run/bestmodel.safetensors"))
    #expect(model.classes.map(\.id) == ["n03", "n01", "n02"])
    let bias = try #require(model.parameters["fc2.bias"]).elements
    #expect(zip(bias, [3, 1, 0] as [Float]).allSatisfy { abs($0 - $1) < 1e-3 }, "\(bias)")
    #expect(model.mean.shape == [3, 16, 16])
  }

  @Test func `a checkpoint that names neither classes nor architecture needs the latter`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    let file = try SafetensorsFile(path: fixture.path("model.safetensors"))
    let tensors = try file.entries.map { ($0.name, TensorData.float32(try file.tensor($0.name))) }
    try SafetensorsFile.write(tensors, metadata: [:], to: fixture.path("bare.safetensors"))
    let from = ["--from", fixture.path("bare.safetensors")]
    fixture.expectFailure(
      try tune(fixture, from + ["--quiet"]), .badData, ["names no architecture", "--architecture"])
    let result = try tune(
      fixture, from + ["--architecture", fixture.path("small.json"), "--quiet"])
    #expect(result.status == 0, "\(result.standardError)")
    #expect(result.standardError.contains("names no classes; the order of its outputs is assumed"))
  }

  static let faults: [([String], FailureKind, [String])] = [
    (["--from", "ROOT/none.safetensors"], .missingInput, ["ROOT/none.safetensors"]),
    (["--from", "MODEL", "--freeze", "cnv1"], .usage, ["--freeze cnv1", "did you mean conv1"]),
    (["--from", "MODEL", "--freeze", "conv1...fc2"], .usage, ["nothing to train"]),
    (
      ["--from", "MODEL", "--architecture", "ROOT/other.json"], .usage,
      ["holds the architecture", "leave --architecture out"]
    ),
  ]

  @Test(arguments: faults)
  func `what cannot be the start is refused before anything is written`(
    words: [String], kind: FailureKind, fragments: [String]
  ) throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    try fixture.write(
      "{\"input\": [3, 16, 16], \"stacks\": [[9], [8]], \"hidden\": [16], \"classes\": 3}",
      "other.json")
    let model = fixture.path("model.safetensors")
    let root = String(fixture.path("x").dropLast(2))
    let arguments = words.map {
      $0.replacing("MODEL", with: model).replacing("ROOT", with: root)
    }
    fixture.expectFailure(try tune(fixture, arguments + ["--quiet"]), kind, fragments)
    #expect(!fixture.exists("run/last.safetensors"))
  }
}
