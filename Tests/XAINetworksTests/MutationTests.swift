import FoundationEssentials
import Testing
import XAIFiles
import XAINetworks
import XAITensor
import XAITestSupport

/// Damaged architectures and checkpoints, and those that ask for more than they could hold.
@Suite struct MutationTests {
  private let folder: TemporaryFolder
  private let network = Network(
    Architecture(name: "small", input: [3, 4, 4], stacks: [[2]], hidden: [3], classes: 2))
  private var path: String { folder.file("model.safetensors") }

  init() throws { folder = try TemporaryFolder() }

  private func checkpoint(_ change: (inout Checkpoint) -> Void = { _ in }) throws -> [UInt8] {
    var checkpoint = Checkpoint(
      network: network, parameters: livelyParameters(for: network),
      mean: Tensor(shape: [3, 4, 4], repeating: 0.5),
      standardDeviation: Tensor(shape: [3], repeating: 0.25),
      classes: [.init(id: "n01", name: "goldfish"), .init(id: "n02", name: "Bär")])
    change(&checkpoint)
    try checkpoint.write(to: path)
    return try WholeFile.read(path)
  }

  @Test func `architectures`() throws {
    let texts = [
      architectureJSON(), Architecture.vgg16Tiny.json,
      architectureJSON([
        "name": "\"n\\u00e9\"", "pooling": "false", "batchNorm": "false",
        "dropout": #"{"convolution": 0.1, "dense": 0.5}"#, "globalAveragePooling": "true",
      ]),
    ]
    try MutationTrial("architecture", seeds: texts.map { Array($0.utf8) }, isText: true)
      .run(6_000) { bytes in
        let architecture = try Architecture(json: Data(bytes), source: "net.json")
        #expect(Network(architecture).nodes.count <= 6 * 1024)
        let again = try Architecture(json: Data(architecture.json.utf8), source: "own")
        #expect(again == architecture)
      }
  }

  @Test func `checkpoints`() throws {
    let seeds = [
      try checkpoint(), try checkpoint { $0.mean = Tensor(shape: [3]) },
      try checkpoint { $0.classes = [] },
    ]
    var trial = MutationTrial("checkpoint", seeds: seeds)
    trial.isText = true
    trial.mending = mendSafetensorsLength
    let scratch = ScratchFile()
    try trial.run(6_000) { bytes in
      scratch.write(bytes)
      let checkpoint = try Checkpoint(path: scratch.path)
      #expect(
        checkpoint.parameters.names.allSatisfy { checkpoint.parameters[$0]?.isFinite == true })
    }
  }

  /// What a checkpoint with another text for a key of its metadata is refused with.
  private func refusal(_ key: String, _ text: String) throws -> String {
    _ = try checkpoint()
    let file = try SafetensorsFile(path: path)
    var metadata = file.metadata
    metadata[key] = text
    let tensors = try file.entries.map { ($0.name, TensorData.float32(try file.tensor($0.name))) }
    try SafetensorsFile.write(tensors, metadata: metadata, to: path)
    let failure = try #require(throws: NetworkFailure.self) { try Checkpoint(path: path) }
    #expect(failure.kind == .badData && failure.description.utf8.count < 20_000)
    return failure.description
  }

  @Test func `lists of a million classes are not read to their end`() throws {
    let names = "[" + String(repeating: "\"a\",", count: 1_000_000) + "\"a\"]"
    for key in ["classes", "class_names"] {
      #expect(try refusal(key, names).contains("is no list of 2 names"))
      #expect(try refusal(key, String(names.dropLast())).contains("is no list of 2 names"))
    }
  }

  @Test func `an architecture of a hundred thousand layers is refused, wherever it stands`() throws
  {
    let layers = String(repeating: "1,", count: 100_000) + "1"
    for (key, count) in [("stacks", 100_002), ("hidden", 100_001)] {
      let value = key == "stacks" ? "[[\(layers)]]" : "[\(layers)]"
      let others = key == "stacks" ? ["hidden": "[]"] : ["stacks": "[]"]
      let text = architectureJSON(others.merging([key: value]) { $1 })
      let sentence = "it has \(count) stacks and layers, more than 1024"
      let failure = try #require(throws: NetworkFailure.self) {
        try Architecture(json: Data(text.utf8), source: "net.json")
      }
      #expect(failure.description == "net.json: \(sentence)")
      #expect(try refusal("architecture", text).hasSuffix(sentence))
    }
  }

  @Test func `an architecture of megabytes is refused before it is read`() throws {
    let text = architectureJSON(["name": "\"\(String(repeating: "n", count: 2 << 20))\""])
    #expect(try refusal("architecture", text).contains("more than 1048576"))
  }

  @Test func `images and activations that no file could justify are refused`() throws {
    let cases = [
      [
        "input": "[3, 60000, 60000]", "stacks": "[]", "hidden": "[]",
        "globalAveragePooling": "true",
      ],
      [
        "input": "[1, 4096, 4096]", "stacks": "[[65536]]", "hidden": "[]", "pooling": "false",
        "globalAveragePooling": "true",
      ],
    ]
    for changes in cases {
      let text = architectureJSON(changes)
      let failure = try #require(throws: NetworkFailure.self) {
        try Architecture(json: Data(text.utf8), source: "net.json")
      }
      #expect(failure.description.contains("numbers of an image, more than 2^28"), "\(failure)")
    }
  }

  @Test func `what a file says cannot break the sentence about it`() throws {
    let failure = try #require(throws: NetworkFailure.self) {
      try Architecture(
        json: Data(architectureJSON(["a\\n\\u001b[31m\\u2028b": "1"]).utf8), source: "net.json")
    }
    #expect(
      failure.description
        == #"net.json: no architecture: the file: unknown key "a??[31m?b""#)
  }
}
