import Glibc
import Testing
import XAIFiles
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct EvaluateFailureTests {
  static let model = "model.safetensors"

  /// Replaces the first place where the bytes of a text stand.
  @Sendable private static func replace(
    _ old: String, _ new: String, in fixture: CommandFixture
  ) throws {
    let bytes = try fixture.bytes(model)
    #expect(bytes.contains(Array(old.utf8)))
    try fixture.write(
      bytes.replacing(Array(old.utf8), with: Array(new.utf8), maxReplacements: 1), model)
  }

  static let checkpoints: [Fault] = [
    Fault("none", .missingInput, "cannot read 'ROOT/\(model)': it does not exist") {
      try $0.remove(model)
    },
    Fault("a folder", .missingInput, "cannot read 'ROOT/\(model)': it is a folder") {
      try $0.remove(model)
      try Folder.create($0.path(model))
    },
    Fault("an empty file", .badData, "'ROOT/\(model)'", "it has 0 bytes") {
      try $0.write([], model)
    },
    Fault("another kind of file", .badData, "'ROOT/\(model)'") {
      try $0.write($0.bytes("data/val/images/val_0.JPEG"), model)
    },
    Fault("a truncated file", .badData, "'ROOT/\(model)'") {
      try $0.write(Array($0.bytes(model).dropLast(40)), model)
    },
    Fault("a truncated header", .badData, "'ROOT/\(model)'", "its header should have") {
      try $0.write(Array($0.bytes(model).prefix(100)), model)
    },
    Fault("trailing bytes", .badData, "'ROOT/\(model)'") {
      try $0.write($0.bytes(model) + [0, 0, 0, 0], model)
    },
    Fault("another header length", .badData, "'ROOT/\(model)'") {
      var bytes = try $0.bytes(model)
      bytes[0] ^= 1
      try $0.write(bytes, model)
    },
    Fault("a flipped brace", .badData, "'ROOT/\(model)'") {
      var bytes = try $0.bytes(model)
      bytes[8] ^= 1
      try $0.write(bytes, model)
    },
    Fault("a renamed tensor", .badData, "tensor conv1.weight is missing") {
      try replace("conv1.weight", "conv9.weight", in: $0)
    },
    Fault("another shape", .badData, "ROOT/\(model)") {
      try replace("[8,3,3,3]", "[3,8,3,3]", in: $0)
    },
    Fault("an architecture that is none", .badData, "ROOT/\(model), metadata architecture") {
      try replace("stacks", "stocks", in: $0)
    },
    Fault("fewer classes than logits", .badData, "is no list of 3 names") {
      try $0.writeCheckpoint(model) { $0.classes.removeLast() }
    },
    Fault("NaN", .badData, "tensor fc1.weight holds NaN or infinity") {
      try $0.writeCheckpoint(model) { $0.parameters["fc1.weight"]?[3, 5] = .nan }
    },
    Fault("no standard deviation", .badData, "normalization.std") {
      try $0.writeCheckpoint(model) { $0.standardDeviation = Tensor(shape: [3]) }
    },
    Fault("no metadata", .badData, "its metadata names no architecture") {
      let file = try SafetensorsFile(path: $0.path(model))
      let tensors = try file.entries.map { ($0.name, TensorData.float32(try file.tensor($0.name))) }
      try SafetensorsFile.write(tensors, metadata: [:], to: $0.path(model))
    },
    Fault("other data", .badData, "ROOT/\(model): knows no class n01", "trained on other data") {
      try $0.writeCheckpoint(model) { $0.classes[1].id = "n99" }
    },
    Fault("a damaged image", .badData, "ROOT/data/val/images/val_3.JPEG") {
      try $0.write([], "data/val/images/val_3.JPEG")
    },
  ]

  @Test(arguments: checkpoints)
  func `what cannot be evaluated is told in one sentence`(_ fault: Fault) throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint(Self.model)
    try fault.cause(fixture)
    let result = try fixture.evaluate(Self.model, ["--json"])
    fixture.expectFailure(result, fault.kind, fault.fragments)
    #expect(result.standardOutput.isEmpty)
  }

  @Test func `a checkpoint of another architecture than the one given is refused`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint(Self.model)
    try fixture.write(
      "{\"input\": [3, 16, 16], \"stacks\": [[8]], \"hidden\": [16], \"classes\": 3}", "other.json")
    fixture.expectFailure(
      try fixture.evaluate(Self.model, ["--architecture", fixture.path("other.json")]), .badData,
      ["ROOT/\(Self.model): holds the architecture {", ", expected {"])
    #expect(
      try fixture.evaluate(Self.model, ["--architecture", fixture.path("small.json")]).status == 0)
  }

  @Test(arguments: ["--per-class", "--confusion", "--predictions"])
  func `a file that cannot be written is named after the result is out`(option: String) throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint(Self.model)
    let below = try fixture.evaluate(Self.model, [option, fixture.path("none/x.csv")])
    fixture.expectFailure(
      below, .cannotCreate, ["cannot create 'ROOT/none/x.csv': its folder does not exist"])
    #expect(below.standardOutput.contains("top-1 "))
    let full = try fixture.evaluate(Self.model, [option, "/dev/full"])
    fixture.expectFailure(full, .inputOutput, ["writing '/dev/full' failed: the disk is full"])
    #expect(full.standardOutput.contains("top-1 "))
  }

  @Test func `what is read is not written over, nor one result over another`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint("model")
    let before = try fixture.bytes("model")
    #expect(link(fixture.path("model"), fixture.path("same")) == 0)
    for (options, fragments) in [
      (["--per-class", "model"], ["--per-class 'ROOT/model': this file is read"]),
      (
        ["--predictions", "data/../same"], ["--predictions 'ROOT/data/../same': this file is read"]
      ),
      (["--confusion", "data/wnids.txt"], ["'ROOT/data/wnids.txt': this file is read"]),
      (
        ["--per-class", "a.csv", "--predictions", "data/../a.csv"],
        ["--predictions 'ROOT/data/../a.csv': --per-class is written into the same file"]
      ),
    ] {
      let words = options.map { $0.hasPrefix("-") ? $0 : fixture.path($0) }
      fixture.expectFailure(try fixture.evaluate("model", words), .usage, fragments)
    }
    let table = try fixture.evaluate("model", ["--per-class", fixture.path("other.safetensors")])
    #expect(table.status == 64 && table.standardError.contains("expected a name such as FILE.csv"))
    #expect(try fixture.bytes("model") == before)
    #expect(!fixture.exists("a.csv") && !fixture.exists("other.safetensors"))
    let twice = ["--per-class", "/dev/null", "--predictions", "/dev/null"]
    #expect(try fixture.evaluate("model", twice).status == 0)
  }

  @Test func `a pipe that nobody reads is not waited for`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint(Self.model)
    #expect(mkfifo(fixture.path("pipe"), 0o600) == 0)
    fixture.expectFailure(
      try fixture.evaluate(Self.model, ["--predictions", fixture.path("pipe")]), .inputOutput,
      ["writing 'ROOT/pipe' failed: it is a pipe that no program reads"])
    // With a reader it is a place like others.
    let reader = try RunningProgram("/bin/cat", [fixture.path("pipe")])
    var options = ["--predictions", fixture.path("pipe")]
    options += ["--per-class", fixture.path("classes.csv")]
    #expect(try fixture.evaluate(Self.model, options).status == 0)
    #expect(reader.wait(atMost: 20).standardOutput.split(separator: "\n").count == 7)
  }

  @Test(arguments: ["--batch-size=0", "--threads=-1", "--limit=0", "--split=everything"])
  func `values that cannot be are refused`(value: String) throws {
    let result = try runProgram("xai-eval", ["--checkpoint", "x", "--data", "y", value])
    #expect(result.status == 64)
    #expect(result.standardError.contains(value.prefix { $0 != "=" }))
  }
}
