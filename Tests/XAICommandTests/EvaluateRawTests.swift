import Foundation
import Testing
import XAICommandLine
import XAIFiles
import XAITensor
import XAITestSupport

/// `xai-explain evaluate` with every random choice given.
@Suite struct EvaluateRawTests {
  private static let fixture = Fixture.path("networkA", ExplainRawTests.sourceFile)

  private let folder: TemporaryFolder
  private let images: Tensor

  init() throws {
    folder = try TemporaryFolder()
    images = try SafetensorsFile(path: "\(Self.fixture)/inputs.safetensors").tensor("images")
    try Data(ExplainRawTests.architectures["A", default: ""].utf8)
      .write(to: URL(filePath: folder.file("architecture.json")))
  }

  /// Writes maps of three images and what is wanted of them.
  private func give(
    _ parameters: String?, maps shape: [Int] = [2, 3, 16, 16], value: Float = 1
  ) throws {
    var stream = RandomStream(seed: 2, purpose: "test/maps")
    let maps = stream.normal(shape: shape).map { $0 * value }
    let black = Tensor(shape: [1, 3, 16, 16], repeating: -1.6)
    try SafetensorsFile.write(
      [("maps", .float32(maps)), ("inputs/baseline.black", .float32(black))],
      metadata: parameters.map { ["parameters": $0] } ?? [:], to: folder.file("given.safetensors"))
  }

  private func run(target: String = "9,5,6", _ more: [String] = []) throws -> ProgramResult {
    try runProgram(
      "xai-explain",
      [
        "evaluate", "--checkpoint", "\(Self.fixture)/parameters.safetensors", "--architecture",
        folder.file("architecture.json"), "--tensor", "\(Self.fixture)/inputs.safetensors:images",
        "--target", target, "--given", folder.file("given.safetensors"), "--raw",
        folder.file("scores.safetensors"), "--threads", "1",
      ] + more)
  }

  @Test func `what is wanted is written, undefined numbers as NaN`() throws {
    try give(
      #"{"maps": {"names": ["a", "b"]}, "curve.sizes": {"steps": 5}, "auc.black.morf": {}, "complexity": {}}"#,
      value: 0)
    let result = try run()
    #expect(result.status == 0 && result.standardOutput.isEmpty, "\(result.standardError)")
    let file = try SafetensorsFile(path: folder.file("scores.safetensors"))
    #expect(Set(file.entries.map(\.name)) == ["curve.sizes", "auc.black.morf", "complexity"])
    #expect(try file.integers("curve.sizes") == [0, 51, 102, 154, 205, 256])
    #expect(file.entry("auc.black.morf")?.shape == [2, 3, 2])
    #expect(try file.doubles("auc.black.morf").allSatisfy(\.isFinite))
    #expect(try file.doubles("complexity")[0].isNaN)
    #expect(file.metadata["checkpoint.sha256"]?.count == 64 && file.metadata["targets"] == "9,5,6")
  }

  @Test func `the same command writes the same bytes, whatever the threads`() throws {
    try give(#"{"maps": {}, "srg.black": {}, "table.scores": {}, "road.score": {}}"#)
    func bytes(_ threads: String) throws -> [UInt8] {
      let result = try run(["--threads", threads, "--seed", "3"])
      #expect(result.status == 0, "\(result.standardError)")
      return try WholeFile.read(folder.file("scores.safetensors"))
    }
    #expect(try bytes("1") == bytes("2"))
  }

  @Test func `what nobody computes is told and left out`() throws {
    try give(#"{"maps": {}, "order": {}, "beauty": {}}"#)
    let result = try run()
    #expect(result.status == 0)
    #expect(result.standardError.contains("beauty is left out: no measure has this name"))
    #expect(
      try SafetensorsFile(path: folder.file("scores.safetensors")).entries.map(\.name) == ["order"])
  }

  private func expect(_ result: ProgramResult, _ kind: FailureKind, _ fragments: String...) {
    #expect(result.status == kind.exitStatus, "\(result.standardError)")
    #expect(result.standardError.count { $0.isNewline } == 1)
    for fragment in fragments {
      #expect(result.standardError.contains(fragment), "\(result.standardError)")
    }
  }

  @Test func `maps that cannot be judged are told`() throws {
    try give(#"{"maps": {}, "order": {}}"#, maps: [2, 3, 16, 15])
    expect(try run(), .badData, "tensor maps", "[2, 3, 16, 15]", "[any, 3, 16, 16]")
    try give(#"{"maps": {}, "order": {}}"#, maps: [2, 4, 16, 16])
    expect(try run(), .badData, "tensor maps", "[2, 4, 16, 16]")
    try give(#"{"maps": {}, "order": {}}"#, value: .nan)
    expect(try run(), .badData, "tensor maps holds NaN or infinity")
    try give(#"{"maps": {"names": ["a"]}, "order": {}}"#)
    expect(try run(), .badData, "names of maps")
  }

  @Test func `a command line that cannot be is told`() throws {
    try give(nil)
    expect(try run(), .badData, "given.safetensors", "\"parameters\"")
    try give("[1]")
    expect(try run(), .badData, "the metadata of", "given.safetensors")
    try give(#"{"maps": {}, "order": {}}"#)
    expect(try run(target: "9,5"), .usage, "--target has 2 classes for 3 images")
    expect(try run(target: "9,5,10"), .usage, "--target")
    expect(try run(["--raw", folder.file("given.safetensors")]), .usage, "--raw")
    try FileManager.default.removeItem(atPath: folder.file("given.safetensors"))
    expect(try run(), .missingInput, "given.safetensors")
  }
}
