import Foundation
import Testing
import XAIAttribution
import XAIExperiments
import XAIExperimentsTestSupport
import XAIMetrics
import XAIFiles
import XAITensor
import XAITestSupport

/// Damaged results and finished units.
@Suite struct MutationTests {
  private let folder: TemporaryFolder
  private let method: UnitMethod

  init() throws {
    folder = try TemporaryFolder()
    let entry = try #require(MethodCatalog.entry("saliency"))
    method = try UnitMethod("saliency", entry.method, baseline: nil, keepsChannels: false)
  }

  private func run<Value: Codable>(
    _ name: String, _ count: Int, _ type: Value.Type, seeds: [String]
  ) throws {
    try MutationTrial(name, seeds: seeds.map { Array($0.utf8) }, isText: true).run(count) { bytes in
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw FileFailure(.badData, "no text")
      }
      let value = try JSONText.decode(type, from: text, name: name)
      // What was read can be written, and what was written read.
      let written = try JSONText.encode(value)
      let again = try JSONText.encode(try JSONText.decode(type, from: written, name: name))
      #expect(again == written)
    }
  }

  @Test func `results of a randomization test`() throws {
    let test = FabricatedTest(
      methods: [("saliency", .gradient)], images: ["one.png"], layers: ["fc1"],
      modes: [.cascading], seeds: 1, side: 16, measures: [SimilarityPanel.headline])
    try run(
      "randomization", 1_500, RandomizationResults.self,
      seeds: [try JSONText.encode(test.results()), try record("randomization")])
  }

  @Test func `results of a comparison`() throws {
    try run("contrast", 1_500, ContrastResults.self, seeds: [try record("contrast")])
  }

  @Test func `records of explanations`() throws {
    try run("explanations", 1_500, ExplanationResults.self, seeds: [try record("explanation")])
  }

  /// A record that a program has written, with one element of each list; the fuzzer begins with it too.
  private func record(_ kind: String) throws -> String {
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    return try WholeFile.readText("/\(folder)/Fixtures/\(kind)-results.json")
  }

  private let origin = RandomizationOrigin(
    version: "1", checkpoint: "abc",
    configuration: .init(randomization: Randomization(), target: .fixed, seed: 0))

  private func key(_ subject: String) -> UnitKey {
    UnitKey(method: method, subject: subject, layers: nil, seed: 0)
  }

  /// The path of the only file of a kind among the finished units.
  private func file(_ kind: String) throws -> String {
    let names = try Folder.entries(of: folder.file("out/units")).filter { $0.hasSuffix(kind) }
    return folder.file("out/units/\(try #require(names.first))")
  }

  private func replace(_ path: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(filePath: path))
  }

  private func open() throws -> UnitStore {
    try UnitStore(folder.file("out"), origin: origin)
  }

  @Test func `finished units and what they have in common`() throws {
    let units = ["a", "b"].map { subject in
      (
        key: key(subject),
        unit: UnitStore.Unit(map: Tensor(shape: [2, 3], repeating: 1), target: 2)
      )
    }
    try open().add(units, of: method)
    let path = try file(".safetensors")
    let seed = try WholeFile.read(path)
    var trial = MutationTrial("units", seeds: [seed], isText: true)
    trial.mending = mendSafetensorsLength
    try trial.run(1_500) { bytes in
      try replace(path, bytes)
      let store = try open()
      for subject in ["a", "b"] {
        if let unit = try store.unit(key(subject), extent: [2, 3]) {
          #expect(unit.map.shape.suffix(2) == [2, 3])
        }
      }
    }
    try replace(path, seed)
    let common = folder.file("out/origin.json")
    var origins = MutationTrial("origin", seeds: [try WholeFile.read(common)], isText: true)
    // Another origin is the user's choice of folder.
    origins.kinds = [.badData, .usage]
    try origins.run(500) { bytes in
      try replace(common, bytes)
      _ = try open()
    }
  }

  @Test func `records beside the units`() throws {
    let inputs = ["inputs"]
    let made = [1.5, 2.25, -3]
    let first = try open().record("numbers", of: inputs, where: { $0.count == 3 }) { made }
    #expect(first == made)
    let path = try file(".json")
    let store = try open()
    try MutationTrial("records", seeds: [try WholeFile.read(path)], isText: true).run(500) {
      bytes in
      try replace(path, bytes)
      let record: [Double] = try store.record("numbers", of: inputs, where: { $0.count == 3 }) {
        Issue.record("a record that is there was made again")
        return []
      }
      #expect(record.count == 3)
    }
  }

  @Test func `a record of another length and a map of another size are told of, with what to do`()
    throws
  {
    let store = try open()
    let unit = UnitStore.Unit(map: Tensor(shape: [1]), target: 0)
    try store.add([(key: key("a"), unit: unit)], of: method)
    let shape = try #require(throws: FileFailure.self) {
      try store.unit(key("a"), extent: [2, 3])
    }
    #expect(shape.kind == .badData)
    #expect(shape.description.contains("a map of the shape [1], expected one of [2, 3]; remove '"))
    _ = try store.record("numbers", of: []) { [1.0] }
    let length = try #require(throws: FileFailure.self) {
      try store.record("numbers", of: [], where: { $0.count == 2 }) { [1.0, 2] }
    }
    #expect(length.description.contains("something else than what was asked for; remove '"))
  }
}
