import FoundationEssentials
import Testing
import XAIFiles
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct ArchitectureTests {
  private func architecture(_ changes: [String: String?] = [:]) throws -> Architecture {
    try Architecture(json: Data(architectureJSON(changes).utf8), source: "net.json")
  }

  private func expectFailure(
    _ changes: [String: String?], _ sentence: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let failure = try #require(
      throws: NetworkFailure.self, sourceLocation: sourceLocation
    ) { try architecture(changes) }
    #expect(failure.description == sentence, sourceLocation: sourceLocation)
    #expect(failure.kind == .badData, sourceLocation: sourceLocation)
  }

  @Test func `what may be left out has the thesis's values`() throws {
    let architecture = try architecture()
    #expect(architecture.name == nil && architecture.pooling && architecture.batchNorm)
    #expect(architecture.dropout == .init(convolution: 0.25, dense: 0.5))
    #expect(architecture.stacks == [[4], [6, 6]] && architecture.input == [3, 8, 8])
    let other = try self.architecture([
      "name": "\"n\"", "pooling": "false", "batchNorm": "false", "stacks": "[]", "hidden": "[]",
      "dropout": #"{"convolution": 0, "dense": 0.75}"#,
    ])
    #expect(other.name == "n" && !other.pooling && !other.batchNorm && other.stacks.isEmpty)
    #expect(other.dropout.convolution == 0 && other.dropout.dense == 0.75)
    #expect(!architecture.globalAveragePooling)
    #expect(try self.architecture(["globalAveragePooling": "true"]).globalAveragePooling)
    let third = try self.architecture(["dropout": #"{"dense": 0.75}"#])
    #expect(third.dropout.convolution == 0.25 && third.dropout.dense == 0.75)
  }

  @Test func `an architecture survives its own JSON`() throws {
    var averaging = Architecture.vgg16Tiny
    averaging.globalAveragePooling = true
    let family = Architecture.familyNames.compactMap { Architecture.family($0) }
    for architecture in Array(FixtureNetwork.architectures.values) + [.vgg16Tiny, averaging]
      + family
    {
      let text = architecture.json
      #expect(!text.contains("\n"))
      #expect(try Architecture(json: Data(text.utf8), source: "own") == architecture)
    }
  }

  @Test func `missing, unknown and ill-typed keys are named`() throws {
    try expectFailure(["classes": nil], #"net.json: no architecture: "classes" is missing"#)
    try expectFailure(
      ["dropout": #"{"conv": 0.5}"#],
      #"net.json: no architecture: "dropout": unknown key "conv""#)
    try expectFailure(
      ["poolng": "true"], #"net.json: no architecture: the file: unknown key "poolng""#)
    try expectFailure(
      ["hidden": "\"many\""],
      #"net.json: no architecture: "hidden": Expected to decode Array<Any> but found a string "#
        + "instead.")
    try expectFailure(
      ["classes": "2.5"],
      #"net.json: no architecture: "classes": 2.5 is no whole number"#)
    try expectFailure(
      ["stacks": "[[4, 1e30]]"],
      #"net.json: no architecture: "stacks": 1e+30 is no whole number"#)
  }

  @Test func `text that is no JSON is refused`() throws {
    let failure = try #require(throws: NetworkFailure.self) {
      try Architecture(json: Data("{".utf8), source: "net.json")
    }
    #expect(failure.description.hasPrefix("net.json: no architecture: the file: "))
  }

  @Test func `impossible sizes are named`() throws {
    let input = "net.json: \"input\" is channels, height and width, found "
    try expectFailure(["input": "[3, 8]"], input + "[3, 8]")
    try expectFailure(["input": "[3, 0, 8]"], input + "[3, 0, 8]")
    try expectFailure(["input": "[3, 70000, 8]"], input + "[3, 70000, 8]")
    try expectFailure(["classes": "0"], "net.json: \"classes\" is at least 1, found 0")
    try expectFailure(["classes": "-7"], "net.json: \"classes\" is at least 1, found -7")
    let stacks = "net.json: \"stacks\" are lists of channel counts, found "
    try expectFailure(["stacks": "[[4], []]"], stacks + "[[4], []]")
    try expectFailure(["stacks": "[[4, -1]]"], stacks + "[[4, -1]]")
    try expectFailure(["hidden": "[0]"], "net.json: \"hidden\" are unit counts, found [0]")
  }

  @Test func `more poolings than the image has halvings are refused`() throws {
    let sentence = "net.json: an image of 8 x 8 cannot be pooled 4 times"
    let stacks = "[[4], [4], [4], [4]]"
    try expectFailure(["stacks": stacks], sentence)
    #expect(try architecture(["stacks": stacks, "pooling": "false"]).stacks.count == 4)
    #expect(try architecture(["stacks": "[[4], [4], [4]]"]).stacks.count == 3)
  }

  @Test func `a dropout outside of 0 to 1 is refused`() throws {
    for (share, text) in [("1", "1.0"), ("-0.1", "-0.1"), ("2", "2.0")] {
      let sentence = "net.json: a dropout share is in [0, 1), found \(text)"
      try expectFailure(["dropout": #"{"convolution": \#(share), "dense": 0}"#], sentence)
      try expectFailure(["dropout": #"{"convolution": 0, "dense": \#(share)}"#], sentence)
    }
  }

  @Test func `files are read, and missing ones are named`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("net.json")
    try AtomicFile.write(architectureJSON(), to: path)
    #expect(try Architecture.read(from: path) == architecture())
    let failure = try #require(throws: NetworkFailure.self) {
      try Architecture.read(from: folder.file("other.json"))
    }
    #expect(failure.kind == .missingInput && failure.description.contains("other.json"))
  }
}
