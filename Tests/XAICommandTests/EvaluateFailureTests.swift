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

  @Test(arguments: ["--batch-size=0", "--threads=-1", "--limit=0", "--split=everything"])
  func `values that cannot be are refused`(value: String) throws {
    let result = try runProgram("xai-eval", ["--checkpoint", "x", "--data", "y", value])
    #expect(result.status == 64)
    #expect(result.standardError.contains(value.prefix { $0 != "=" }))
  }
}
