import Testing
import XAIAttribution
import XAIExperiments
import XAIExperimentsTestSupport
import XAIKernels
import XAITensor
import XAITestSupport

@Suite struct AttributionExperimentTests {
  private let test: SessionCase

  init() throws { test = try SessionCase() }

  private func experiment(
    _ change: (inout AttributionExperiment.Configuration) -> Void = { _ in },
    observer: any WorkObserver = NoObserver()
  ) throws -> AttributionExperiment {
    var configuration = AttributionExperiment.Configuration(
      images: test.pictures(2), targets: [.predicted, .index(3)],
      methods: test.methods("saliency", "lrp-a1b0"))
    change(&configuration)
    return try AttributionExperiment(configuration, in: test.session(observer: observer))
  }

  @Test func `each target of each image has a map of each method`() throws {
    var maps = AttributionExperiment.Collection()
    let counts = try experiment().run(into: &maps)
    #expect(counts == (4, 2) && maps.isComplete && maps.entries.count == 4)
    for entry in maps.entries {
      #expect(entry.findings.map(\.method) == ["saliency", "lrp-a1b0"])
      #expect(entry.findings.allSatisfy { $0.map.shape == [3, 16, 16] && $0.map.isFinite })
    }
    #expect(maps.entries.map(\.subject.target)[1] == 3)
    #expect(maps.entries[0].findings[0].map != maps.entries[1].findings[0].map)
  }

  @Test func `the cost counts direct convolutions by their slowness`() throws {
    let (methods, maps) = try experiment().cost()
    #expect(maps == 4 && methods.map(\.method) == ["saliency", "lrp-a1b0"])
    // A forward and a backward pass each; relevance keeps to direct convolutions.
    #expect(methods[0].walks == 2 && methods[1].walks.truncatingRemainder(dividingBy: 3.5) == 0)
    let slow = try experiment { $0.algorithm = .direct }.cost().methods
    #expect(slow[0].walks == 7 && slow[1].walks == methods[1].walks)
  }

  @Test func `methods of many passes are left out together, which is told once`() throws {
    let observer = RecordingObserver()
    var maps = AttributionExperiment.Collection()
    try experiment(
      {
        $0.methods += test.methods("rise", "lime", isRequired: false)
        $0.limit = MethodPreparation.standardLimit
      }, observer: observer
    ).run(into: &maps)
    let remarks = observer.remarks.compactMap { $0 as? ExperimentRemark }
    #expect(remarks.count == 1 && remarks[0].description.hasSuffix("rise, lime"))
    #expect(observer.work == ["explaining"])
  }

  @Test func `a true class that nobody said is a failure with the image`() throws {
    let failure = #expect(throws: ExperimentFailure.self) {
      try experiment { $0.targets = [.label] }.cost()
    }
    #expect(
      failure?.code
        == .labelUnknown(
          image: "image0.png", source: test.folder.file("image0.png"),
          use: .explanation(ofData: false)))
  }

  @Test func `where it is stopped the record has what was finished and says so`() throws {
    var maps = AttributionExperiment.Collection()
    #expect(throws: AttributionStopped.self) {
      try experiment(observer: RecordingObserver(stoppingAfter: 1)).run(into: &maps)
    }
    #expect(!maps.isComplete && maps.entries.allSatisfy { $0.findings.count < 2 })
  }

  @Test func `no method that is left is a failure`() throws {
    let failure = #expect(throws: ExperimentFailure.self) {
      try experiment { $0.methods = test.methods("cam", isRequired: false) }.cost()
    }
    #expect(failure?.kind == .usage)
  }
}

@Suite struct RawAttributionTests {
  private let test: SessionCase
  private let images: Tensor

  init() throws {
    test = try SessionCase()
    var stream = RandomStream(seed: 0, purpose: "raw images")
    images = Tensor(shape: [2, 3, 16, 16]) { elements in
      for index in elements.indices { elements[index] = Float(stream.integer(below: 100)) / 50 - 1 }
    }
  }

  private func attribution(
    _ change: (inout RawAttribution.Configuration) -> Void = { _ in },
    observer: any WorkObserver = NoObserver()
  ) throws -> RawAttribution {
    var configuration = RawAttribution.Configuration(
      images: .init(images, name: "x"), targets: [1],
      methods: test.methods("saliency", "integrated-gradients", isRequired: false))
    change(&configuration)
    return try RawAttribution(configuration, in: test.session(observer: observer))
  }

  @Test func `one target is that of all images, and each method makes a map of each`() throws {
    let both = try attribution {
      $0.targets = [1, 1]
      $0.baselines = .init(Tensor(shape: [1, 3, 16, 16]), name: "b")
      $0.repetitions = 2
    }
    #expect(both.methodCount == 2)
    var told: [Int] = []
    try both.run { told.append($0.seconds.count) }
    #expect(told == [2, 2])
    #expect(both.findings.map(\.maps.shape) == [[2, 3, 16, 16], [2, 3, 16, 16]])
    let one = try attribution()
    try one.run()
    #expect(one.findings[0].maps == both.findings[0].maps)
  }

  @Test func `methods without baselines are left out, or a failure where they are required`() throws
  {
    let observer = RecordingObserver()
    #expect(try attribution(observer: observer).methodCount == 1)
    #expect(observer.warnings == ["integrated-gradients is left out: it needs baselines"])
    let required = #expect(throws: ExperimentFailure.self) {
      try attribution { $0.methods = test.methods("integrated-gradients") }
    }
    #expect(required?.code == .baselinesMissing(method: "integrated-gradients"))
    let none = #expect(throws: ExperimentFailure.self) {
      try attribution { $0.methods = test.methods("integrated-gradients", isRequired: false) }
    }
    #expect(none?.code == .everyBaselineMissing)
  }

  @Test func `tensors that do not fit are named with both shapes`() throws {
    func code(
      _ change: (inout RawAttribution.Configuration) -> Void
    ) -> ExperimentFailure.Code? {
      #expect(throws: ExperimentFailure.self) { try attribution(change) }?.code
    }
    #expect(
      code { $0.images = .init(Tensor(shape: [1, 3, 8, 8]), name: "small") }
        == .tensorShape(
          .images, source: "small", found: [1, 3, 8, 8], expected: "[N] + [3, 16, 16]"))
    #expect(code { $0.targets = [0, 1, 2] } == .targetCount(targets: 3, images: 2))
    #expect(
      code { $0.noise = .init(Tensor(shape: [4, 3, 16, 16]), name: "n") }
        == .tensorShape(
          .noise, source: "n", found: [4, 3, 16, 16], expected: "[S] + [2, 3, 16, 16]"))
    #expect(
      code { $0.baselines = .init(Tensor(shape: [3, 3, 16, 16]), name: "b") }
        == .baselineCount(
          source: "b", baselines: 3, images: 2, method: "integrated-gradients"))
    #expect(
      code { $0.images = .init(Tensor(shape: [1, 3, 16, 16], repeating: .nan), name: "nan") }
        == .tensorNotFinite(.images, source: "nan"))
  }

  @Test func `what was finished before it is stopped is kept`() throws {
    let stopped = try attribution(
      { $0.methods = test.methods("saliency", "input-x-gradient") },
      observer: RecordingObserver(stoppingAfter: 1))
    #expect(throws: AttributionStopped.self) { try stopped.run() }
    #expect(stopped.findings.count < 2)
  }
}
