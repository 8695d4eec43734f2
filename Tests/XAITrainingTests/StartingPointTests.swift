import Testing
import XAIDatasets
import XAINetworks
import XAITensor
import XAITraining

@Suite struct StartingPointTests {
  private func network(_ classes: Int, hidden: [Int] = [5]) -> Network {
    Network(
      Architecture(input: [3, 4, 4], stacks: [[3]], hidden: hidden, classes: classes))
  }

  private func checkpoint(_ ids: [String], naming: Bool = true) -> Checkpoint {
    checkpoint(of: ids.count, naming ? ids.map { .init(id: $0, name: "name of \($0)") } : [])
  }

  private func checkpoint(of count: Int, _ classes: [Checkpoint.ClassName]) -> Checkpoint {
    let network = network(count)
    return Checkpoint(
      network: network, parameters: .initial(for: network, seed: 9),
      mean: Tensor(shape: [3], [0.1, 0.2, 0.3]), standardDeviation: Tensor(shape: [3], [1, 2, 3]),
      classes: classes)
  }

  private func start(
    _ checkpoint: Checkpoint, _ ids: [String], seed: UInt64 = 1, keeps: Bool = true
  ) throws -> StartingPoint {
    try StartingPoint(
      checkpoint, for: network(ids.count), dataset: NamedClasses(ids), seed: seed,
      keepsPreprocessing: keeps)
  }

  @Test func `the same classes in another order permute the rows of the last layer`() throws {
    let trained = checkpoint(["a", "b", "c"])
    let start = try start(trained, ["c", "a", "b"])
    #expect(start.knownClasses == 3 && !start.assumesOrder)
    for name in ["fc2.weight", "fc2.bias"] {
      let (old, new) = (
        try #require(trained.parameters[name]), try #require(start.parameters[name])
      )
      #expect(new == old.rows(at: [2, 0, 1]), "\(name)")
    }
    for name in trained.parameters.names where !name.hasPrefix("fc2") {
      #expect(start.parameters[name] == trained.parameters[name], "\(name)")
    }
  }

  @Test func `rows of classes that both know are taken over and the others are new`() throws {
    let trained = checkpoint(["a", "b", "c"])
    let start = try start(trained, ["x", "b", "y", "a"], seed: 4)
    #expect(start.knownClasses == 2)
    let old = try #require(trained.parameters["fc2.weight"])
    let new = try #require(start.parameters["fc2.weight"])
    let fresh = try #require(Parameters.initial(for: network(4), seed: 4)["fc2.weight"])
    #expect(new == Tensor(stacking: [fresh.row(0), old.row(1), fresh.row(2), old.row(0)]))
    let bias = try #require(start.parameters["fc2.bias"]).elements
    #expect(bias[0] == 0 && bias[2] == 0)
  }

  @Test func `without names as many classes are taken in their order, and others are new`() throws {
    let trained = checkpoint(["a", "b", "c"], naming: false)
    let same = try start(trained, ["x", "y", "z"])
    #expect(same.assumesOrder && same.knownClasses == 3)
    #expect(same.parameters == trained.parameters)
    let more = try start(trained, ["x", "y"])
    #expect(!more.assumesOrder && more.knownClasses == 0)
    #expect(
      more.parameters["fc2.weight"]
        == Parameters.initial(for: network(2), seed: 1)["fc2.weight"])
  }

  @Test(
    arguments: [
      // Names alone, in another order; one of them is not the data's.
      (["name of c", "name of a", "name of b"], [1, 2, 0]),
      (["name of b", "another", "name of a"], [2, 0, nil]),
      // Names that stand for identifiers are no names.
      (["b", "name of a", "a"], [2, 0, nil]),
      (["another", "one more", "the last"], [nil, nil, nil]),
    ] as [([String], [Int?])])
  func `where the checkpoint has names alone they match`(names: [String], rows: [Int?]) throws {
    let trained = checkpoint(of: 3, names.map { .init(id: $0, name: $0) })
    let start = try start(trained, ["a", "b", "c"])
    #expect(start.knownClasses == rows.count { $0 != nil } && !start.assumesOrder)
    let old = try #require(trained.parameters["fc2.weight"])
    let new = try #require(start.parameters["fc2.weight"])
    let fresh = try #require(Parameters.initial(for: network(3), seed: 1)["fc2.weight"])
    for (position, row) in rows.enumerated() {
      #expect(new.row(position) == row.map { old.row($0) } ?? fresh.row(position), "\(position)")
    }
  }

  @Test func `names match nothing where the checkpoint has identifiers, too`() throws {
    let trained = checkpoint(of: 2, [.init(id: "x", name: "name of a"), .init(id: "b", name: "b")])
    #expect(try start(trained, ["a", "c"]).knownClasses == 0)
  }

  @Test func `the preprocessing is that of the checkpoint or left to the data`() throws {
    let trained = checkpoint(["a"])
    let kept = try start(trained, ["a"]).preprocessing
    #expect(kept?.mean == trained.mean && kept?.standardDeviation == trained.standardDeviation)
    #expect(try start(trained, ["a"], keeps: false).preprocessing == nil)
  }

  @Test func `a checkpoint of another network is refused by its tensor`() throws {
    let trained = checkpoint(["a", "b"])
    let failure = try #require(throws: TrainingFailure.self) {
      try StartingPoint(
        trained, for: network(2, hidden: [6]), dataset: NamedClasses(["a", "b"]), seed: 0,
        keepsPreprocessing: false)
    }
    #expect(failure.kind == .badData && failure.description.contains("fc1.weight"))
  }
}

/// Data of which only the classes matter.
private struct NamedClasses: ImageDataset {
  let name = "named"
  let classes: [ClassLabel]
  let height = 4
  let width = 4

  init(_ ids: [String]) { classes = ids.map { ClassLabel(id: $0, name: "name of \($0)") } }

  func count(of split: Split) -> Int { 0 }

  func sample(at index: Int, of split: Split) -> Sample { Sample(name: "", label: 0) }

  func readPixels(
    at index: Int, of split: Split, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) throws(DatasetFailure) {}
}
