import Testing
import XAIAttribution
import XAIExperiments
import XAIExperimentsTestSupport
import XAIFiles
import XAITensor
import XAITestSupport

@Suite struct ShardPartitionTests {
  private func pieces(_ costs: [Double], _ groups: [Int]? = nil) -> [ShardPartition.Piece] {
    costs.indices.map { .init(cost: costs[$0], group: groups?[$0] ?? $0) }
  }

  @Test func `the costliest piece goes first, to the shard with the least`() {
    let partition = ShardPartition(pieces([1, 5, 3, 3]), among: 2)
    #expect(partition.shards == [0, 0, 1, 1] && partition.loads == [6, 6])
    #expect(partition.imbalance == 0)
    #expect(ShardPartition(pieces([2, 2, 2]), among: 2).shards == [0, 1, 0])
  }

  @Test func `pieces that share work stay together, up to a part of the whole`() {
    let together = ShardPartition(
      pieces([1, 1, 1, 1, 1, 1], [0, 0, 0, 1, 1, 1]), among: 2)
    #expect(together.shards == [0, 0, 0, 1, 1, 1])
    let large = ShardPartition(pieces([1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0]), among: 3)
    #expect(large.loads == [2, 2, 2])
  }

  @Test(arguments: [1, 2, 7, 64])
  func `every piece is done once, and shards are alike`(count: Int) {
    var stream = RandomStream(seed: 3, purpose: "pieces")
    let costs = (0..<1000).map { _ in 1 + 9 * stream.uniform(in: 0..<1) }
    let partition = ShardPartition(pieces(costs), among: count)
    #expect(partition.shards.allSatisfy { 0..<count ~= $0 })
    let sum = partition.loads.reduce(0, +)
    #expect(abs(sum - costs.reduce(0, +)) < 1e-6)
    #expect(partition.imbalance < 0.1)
    #expect(partition == ShardPartition(pieces(costs), among: count))
  }

  @Test func `more shards than pieces leave some without work`() {
    let partition = ShardPartition(pieces([1, 1]), among: 4)
    #expect(partition.loads == [1, 1, 0, 0])
    #expect(ShardPartition([], among: 3).loads == [0, 0, 0])
  }
}

@Suite struct ShardTests {
  private let test: SessionCase

  init() throws { test = try SessionCase() }

  private func experiment(
    observer: any WorkObserver = NoObserver(), seed: UInt64 = 0
  ) throws -> RandomizationExperiment {
    var wanted = RandomizationExperiment.Configuration(
      images: test.pictures(2), methods: test.methods("gradient", "grad-cam", "occlusion"))
    (wanted.draws, wanted.modes) = (2, [.cascading, .independent])
    return try RandomizationExperiment(wanted, in: try test.session(observer: observer))
  }

  private func results(in folder: String) throws -> String {
    let experiment = try experiment()
    try experiment.open(test.folder.file(folder))
    return try JSONText.encode(try experiment.finish().results)
  }

  private func finish(
    _ number: Int, of count: Int, in folder: String, observer: any WorkObserver = NoObserver()
  ) throws {
    let shard: Shard = try #require(Shard(number, of: count))
    let experiment = try experiment(observer: observer)
    try experiment.open(test.folder.file(folder), shard: shard)
    try experiment.finishPart()
  }

  private func units(_ folder: String) throws -> [String] {
    try Folder.entries(of: test.folder.file("\(folder)/units"))
  }

  @Test(arguments: [1, 3, 7])
  func `shards in any order give the bytes of one process`(count: Int) throws {
    let whole = try results(in: "whole")
    let order = (1...count).reversed()
    for number in order { try finish(number, of: count, in: "parts") }
    let merge = try ShardMerge(test.folder.file("parts"))
    #expect(merge.found.count == count && merge.missing.isEmpty && merge.incomplete.isEmpty)
    let merged = try units("parts")
    let observer = RecordingObserver()
    let experiment = try experiment(observer: observer)
    try experiment.open(test.folder.file("parts"))
    // Nothing is left to do.
    #expect(try experiment.cost().maps.missing == 0)
    #expect(try JSONText.encode(try experiment.finish().results) == whole)
    #expect(try units("parts") == merged)
  }

  @Test func `a shard that was stopped goes on, and a missing one is named`() throws {
    let whole = try results(in: "whole")
    try finish(1, of: 3, in: "parts")
    #expect(throws: AttributionStopped.self) {
      try finish(2, of: 3, in: "parts", observer: RecordingObserver(stoppingAfter: 1))
    }
    let early = try ShardMerge(test.folder.file("parts"))
    #expect(early.missing == [Shard(3, of: 3)] && early.incomplete == [Shard(2, of: 3)])
    try finish(2, of: 3, in: "parts")
    let later = try ShardMerge(test.folder.file("parts"))
    #expect(later.incomplete.isEmpty && later.missing == [Shard(3, of: 3)])
    // One process does what a shard has left.
    #expect(try results(in: "parts") == whole)
  }

  @Test func `shards are found without a merge`() throws {
    for number in 1...2 { try finish(number, of: 2, in: "parts") }
    let experiment = try experiment()
    try experiment.open(test.folder.file("parts"))
    #expect(try experiment.cost().maps.missing == 0)
  }

  @Test func `shards of another experiment are refused by name`() throws {
    try finish(1, of: 2, in: "parts")
    let place = test.folder.file("parts/shards/001-of-002/origin.json")
    let text = try WholeFile.readText(place)
    try AtomicFile.write(text.replacing(Toolkit.version, with: "0.0.1"), to: place)
    let failure = #expect(throws: (any Error).self) { try results(in: "parts") }
    #expect("\(try #require(failure))".contains("0.0.1"))
    try finish(2, of: 2, in: "others")
    try Folder.create(test.folder.file("parts/shards/002-of-002"))
    let other = try WholeFile.readText(test.folder.file("others/shards/002-of-002/origin.json"))
    try AtomicFile.write(other, to: test.folder.file("parts/shards/002-of-002/origin.json"))
    let refused = #expect(throws: FileFailure.self) {
      try ShardMerge(test.folder.file("parts"))
    }
    #expect(refused?.kind == .badData && refused?.description.contains("version") == true)
  }

  @Test func `a shard that is still running is not merged`() throws {
    try finish(1, of: 1, in: "parts")
    let lock = try FolderLock(test.folder.file("parts/shards/001-of-001"), work: "testing")
    let failure = #expect(throws: FileFailure.self) { try ShardMerge(test.folder.file("parts")) }
    #expect(failure?.description.contains("001-of-001") == true)
    withExtendedLifetime(lock) {}
    #expect(throws: FileFailure.self) { try ShardMerge(test.folder.file("none")) }
  }
}
