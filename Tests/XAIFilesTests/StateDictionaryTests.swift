import Testing
import XAIFiles
import XAITensor
import XAITestSupport

/// Which tensors of a file are those of the network.
@Suite struct StateDictionaryTests {
  private static let network = HandMade.dictionary([("w", HandMade.tensor())])
  private static let averaged = HandMade.dictionary([("v", HandMade.tensor())])
  private static let counter =
    HandMade.tensor(shape: "", stride: "")

  private func open(
    _ pairs: [(String, String)], _ weights: TensorArchive.Weights = .standard
  ) throws -> TensorArchive {
    let folder = try TemporaryFolder()
    let pickle = HandMade.dictionary(pairs) + "."
    try AtomicFile.write(HandMade.archive(pickle), to: folder.file("a.pt"))
    return try TensorArchive(path: folder.file("a.pt"), weights: weights)
  }

  @Test(
    "It is found under every usual key, beside values of all kinds",
    arguments: ["state_dict", "model_state_dict", "model", "net"])
  func keys(key: String) throws {
    let file = try open([("epoch", "K\u{3}"), (key, Self.network), ("note", "N")])
    #expect(file.entries.map(\.name) == ["w"])
    #expect(file.dictionaryKey == key && file.otherWeightsKey == nil)
    #expect(try file.tensor("w").elements == [1, 2])
  }

  @Test("It is found within a dictionary of these", arguments: ["state_dict", "model", "net"])
  func nested(key: String) throws {
    let inner = HandMade.dictionary([("step", "K\u{1}"), (key, Self.network)])
    let file = try open([("model", inner)])
    #expect(file.dictionaryKey == "model.\(key)")
    #expect(try file.tensor("w").elements == [1, 2])
  }

  @Test(
    "Averaged weights are told, and read when asked for",
    arguments: ["state_dict_ema", "model_ema", "ema", "ema_state_dict"])
  func averaged(key: String) throws {
    let pairs = [(key, Self.averaged), ("state_dict", Self.network)]
    let standard = try open(pairs)
    #expect(standard.entries.map(\.name) == ["w"])
    #expect(standard.dictionaryKey == "state_dict" && standard.otherWeightsKey == key)
    let ema = try open(pairs, .ema)
    #expect(ema.entries.map(\.name) == ["v"])
    #expect(ema.dictionaryKey == key && ema.otherWeightsKey == "state_dict")
  }

  @Test("Averaged weights alone are taken, and so are they beside a counter")
  func onlyAveraged() throws {
    for pairs in [[("ema", Self.averaged)], [("step", Self.counter), ("ema", Self.averaged)]] {
      let file = try open(pairs)
      #expect(file.dictionaryKey == "ema" && file.otherWeightsKey == nil)
    }
  }

  @Test("The whole content counts where it has more than counters")
  func whole() throws {
    let file = try open([("w", HandMade.tensor()), ("ema", Self.averaged)])
    #expect(file.entries.map(\.name) == ["w"])
    #expect(file.dictionaryKey == nil && file.otherWeightsKey == "ema")
    #expect(try open([("step", Self.counter)]).entries.map(\.name) == ["step"])
  }

  @Test("Averaged weights that are not there are missed by naming what is there")
  func missing() throws {
    let failure = try #require(throws: FileFailure.self) {
      try open([("epoch", "N"), ("state_dict", Self.network)], .ema)
    }
    #expect(failure.kind == .badData)
    #expect(failure.description.contains("holds no averaged weights (state_dict_ema,"))
    #expect(failure.description.contains("its keys are 'epoch', 'state_dict'"), "\(failure)")
    let other = try #require(throws: FileFailure.self) {
      try TensorArchive(path: Fixture.path("types.safetensors"), weights: .ema)
    }
    #expect(other.description.contains("holds no averaged weights"))
  }
}
