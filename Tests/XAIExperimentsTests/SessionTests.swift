import Testing
import XAIClassifiers
import XAIDatasets
import XAIExperiments
import XAIExperimentsTestSupport
import XAIFiles
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct SessionTests {
  private let test: SessionCase

  init() throws { test = try SessionCase() }

  @Test func `a session knows its network, its classes and the digest of its file`() throws {
    let session = try test.session()
    #expect(session.classCount == 10 && session.classes[3].name == "fruit 3")
    #expect(session.dataset == nil)
    #expect(try session.identity() == SHA256.ofFile(test.folder.file("model.safetensors")))
  }

  @Test func `what is known besides changes what stored maps belong to`() throws {
    let path = test.folder.file("model.safetensors")
    var request = Session.Request(checkpoints: [path])
    request.knowledge.preprocessing = (.half, "half")
    let observer = RecordingObserver()
    let session = try Session(request, observer: observer)
    #expect(try session.identity() != SHA256.ofFile(path))
    let remarks = observer.remarks.compactMap { $0 as? CheckpointRemark }
    #expect(remarks == [.reading(.replaced("normalization"), path: path)])
    #expect(observer.warnings.count == 1)
  }

  @Test func `two networks of other inputs are refused before data are opened`() throws {
    let small = Network(Architecture(input: [3, 8, 8], stacks: [[4]], hidden: [], classes: 10))
    let path = test.folder.file("small.safetensors")
    try Checkpoint(
      network: small, parameters: .initial(for: small, seed: 0),
      mean: Tensor(shape: [3]), standardDeviation: Tensor(shape: [3], repeating: 1), classes: []
    ).write(to: path)
    let model = test.folder.file("model.safetensors")
    let failure = #expect(throws: ExperimentFailure.self) {
      try Session(.init(checkpoints: [model, path], data: DataOpening("nowhere")))
    }
    #expect(
      failure?.code == .inputsDiffer(paths: [model, path], inputs: [[3, 16, 16], [3, 8, 8]]))
  }

  @Test func `data complete the classes, or their order is assumed, which is told`() throws {
    let network = Network(Architecture(input: [3, 16, 16], stacks: [[4]], hidden: [], classes: 12))
    let path = test.folder.file("nameless.safetensors")
    try Checkpoint(
      network: network, parameters: .initial(for: network, seed: 0),
      mean: Tensor(shape: [3]), standardDeviation: Tensor(shape: [3], repeating: 1), classes: []
    ).write(to: path)
    let observer = RecordingObserver()
    var request = Session.Request(checkpoints: [path], data: DataOpening("shapes"))
    let assumed = try Session(request, observer: observer)
    try assumed.openData()
    let shapes = try #require(assumed.dataset)
    #expect(assumed.classes.isEmpty && shapes.width == 16)
    let ids = shapes.classes.map(\.id)
    #expect(
      observer.remarks.contains {
        ($0 as? CheckpointRemark)
          == .assumedOrder(path: path, dataset: "shapes", classes: ids)
      })
    request.knowledge.classNames = .sorted
    let sorted = try Session(request)
    try sorted.openData()
    #expect(sorted.classes.map(\.id) == ids.sorted())
  }

  @Test func `without data there are no samples and no baselines of data`() throws {
    let session = try test.session()
    let requests = try session.requests(for: session.network)
    let failure = #expect(throws: ExperimentFailure.self) {
      try session.images(.samples(.recognised(1)), requests)
    }
    #expect(failure?.code == .noData)
    #expect(
      try session.images(test.pictures(2), requests).map(\.name) == ["image0.png", "image1.png"])
  }

  @Test func `times add up by phase, in the order in which phases ended`() {
    let times = PhaseTimes()
    times.add(1, to: "a")
    times.add(2, to: "b")
    times.add(3, to: "a")
    times.end("c")
    #expect(times.phases.map(\.name) == ["a", "b", "c"])
    #expect(times.phases[0].seconds == 4 && times.phases[2].seconds >= 0)
  }
}
