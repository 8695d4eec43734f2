import Testing
import XAIDatasets
import XAIExperiments
import XAIExperimentsTestSupport
import XAIFiles
import XAIImages
import XAINetworks
import XAIRepresentations
import XAITensor
import XAITestSupport

@Suite struct ConceptExperimentTests {
  private func configuration(
    _ concepts: String, _ change: (inout ConceptExperiment.Configuration) -> Void = { _ in }
  ) throws -> ConceptExperiment.Configuration {
    var configuration = ConceptExperiment.Configuration(
      try ConceptSource.list(concepts), targets: [4])
    configuration.layers = ["fc1_relu"]
    (configuration.set, configuration.runs, configuration.randomConcepts) = (12, 2, 39)
    change(&configuration)
    return configuration
  }

  /// A network whose class star rises with red and nothing else.
  private func redStar() throws -> StudyCase {
    let study = try StudyCase()
    try study.write("red.safetensors") { parameters in
      for name in parameters.names {
        guard let tensor = parameters[name] else { continue }
        parameters[name] = Tensor(shape: tensor.shape)
      }
      // Channel 0 passes red less green and blue; the hidden unit sums it, and star reads it.
      for (channel, weight) in [(0, Float(1)), (1, -0.5), (2, -0.5)] {
        parameters["conv1.weight"]?[0, channel, 1, 1] = weight
      }
      parameters["conv2.weight"]?[0, 0, 1, 1] = 1
      parameters["fc1.weight"]?.fillFirstRow(with: 0.01)
      parameters["fc1.bias"]?[0] = 0.1
      parameters["fc2.weight"]?[4, 0] = 1
    }
    return study
  }

  @Test func `what a class was built of is used, and what it was not built of is not shown`() throws
  {
    let session = try redStar().session(["red.safetensors"])
    // One hidden unit is ever active, so that directions differ in their sign alone; maps have more.
    let outcome = try ConceptExperiment(
      configuration("shapes:hue=red,shapes:place=left") {
        ($0.layers, $0.set) = (["conv1_relu"], 24)
      },
      in: session
    ).run()
    let entries = outcome.results.entries
    #expect(entries.map(\.concept) == ["hue=red", "place=left"])
    #expect(entries[0].verdict == .used && entries[0].cosine > 0, "\(entries[0])")
    #expect(entries[0].tcav > 0.9)
    #expect(abs(entries[1].cosine) < entries[0].cosine)
    #expect(outcome.results.controls[0].cosines.count == 39)
    #expect(outcome.examples.map(\.count) == [8, 8])
  }

  @Test func `pairs show a factor by exchanging pictures`() throws {
    let session = try redStar().session(["red.safetensors"])
    let results = try ConceptExperiment(
      configuration("shapes:hue=red/PAIRED,shapes:place=left/PAIRED") {
        $0.layers = ["conv1_relu"]
      }, in: session
    ).run().results
    #expect(results.concepts == ["hue=red/PAIRED", "place=left/PAIRED"])
    #expect(results.entries[0].verdict == .used, "\(results.entries[0])")
    #expect(abs(results.entries[1].cosine) < results.entries[0].cosine)
    #expect(results.controls.isEmpty)
    // The behavior itself: red moves the logit, a place does so by chance alone.
    #expect(results.effects.map(\.pairs) == [24, 24])
    #expect(results.effects[0].logit > 3 * results.effects[0].error)
    #expect(abs(results.effects[1].logit) < results.effects[0].logit / 2)
  }

  @Test func `p values are adjusted over everything that is tested`() throws {
    let session = try StudyCase().session()
    let results = try ConceptExperiment(
      configuration("shapes:hue=red,shapes:pattern=stripes") {
        $0.layers = ["conv2_relu", "fc1_relu"]
        $0.randomConcepts = 79
        $0.randomNetworks = 3
      }, in: session
    ).run().results
    #expect(results.entries.count == 4)
    let sorted = results.entries.sorted { ($0.p ?? 1) < ($1.p ?? 1) }
    #expect(sorted[0].adjustedP == min(1, 4 * (sorted[0].p ?? 1)))
    for entry in results.entries {
      #expect([0.25, 0.5, 0.75, 1].contains(entry.networkP), "rank among 3 networks")
      #expect((entry.adjustedP ?? 0) >= (entry.p ?? 1) && entry.comparison != nil)
    }
  }

  @Test func `concepts that are compared with each other have no verdict`() throws {
    let session = try StudyCase().session()
    let results = try ConceptExperiment(
      configuration("shapes:hue=red,shapes:hue=blue") { $0.isRelative = true }, in: session
    ).run().results
    #expect(results.entries.allSatisfy { $0.p == nil && $0.verdict == nil })
    #expect(results.randomConcepts == 0 && results.controls.isEmpty)
    #expect(throws: ConceptFailure(.pairedIsRelative("hue=red/PAIRED"))) {
      try ConceptExperiment(
        configuration("shapes:hue=red/PAIRED,class:s01") { $0.isRelative = true }, in: session)
    }
  }

  @Test func `too few random concepts are refused with the number that is enough`() throws {
    let session = try StudyCase().session()
    #expect(
      throws: RepresentationFailure(.neverSignificant(controls: 38, tests: 2, needed: 39))
    ) {
      try ConceptExperiment(
        configuration("shapes:hue=red,class:s02") { $0.randomConcepts = 38 }, in: session)
    }
    let plan = try ConceptExperiment(
      configuration("shapes:hue=red,class:s02") { $0.randomConcepts = nil }, in: session
    ).plan()
    #expect(plan.words == "2 concepts, 1 target, 1 layer, 99 random concepts of 12 images")
  }

  @Test func `sources are read, and words that mean nothing are refused`() throws {
    let sources = try ConceptSource.list(
      "class:s01, s02,folder:a/b,groups:g.json,shapes:size=large/PAIRED")
    #expect(
      sources == [
        .classes(["s01", "s02"]), .folders("a/b"), .groups("g.json"),
        .scenes(try ShapesFactor("size=large"), name: "size=large", isPaired: true),
      ])
    for text in ["", "stripes", "texture:x", "s01,class:s02"] {
      #expect(throws: ConceptFailure.self, "\(text)") { try ConceptSource.list(text) }
    }
    #expect(throws: DatasetFailure.self) { try ConceptSource.list("shapes:pattern=plaid") }
  }

  @Test func `folders that are empty or too small, unknown classes and repeated names are refused`()
    throws
  {
    let study = try StudyCase()
    let session = try study.session()
    let folder = study.folder.file("concepts")
    func refuse(_ concepts: String, _ code: ConceptFailure.Code) {
      #expect(throws: ConceptFailure(code)) {
        try ConceptExperiment(configuration(concepts), in: session)
      }
    }
    try Folder.create(folder)
    refuse("folder:\(folder)", .noFolders(folder))
    try Folder.create("\(folder)/dots")
    #expect(throws: DatasetFailure.self) {
      try ConceptExperiment(configuration("folder:\(folder)"), in: session)
    }
    for number in 0..<3 {
      let picture = ShapesRandomScenes().picture(at: number).pixels
      try AtomicFile.write(
        try PNG.encode(RGBImage(height: 64, width: 64, pixels: picture)),
        to: "\(folder)/dots/\(number).png")
    }
    refuse("folder:\(folder)", .tooFewImages(of: "dots", found: 3, set: 12))
    refuse("class:s02,shapes:hue=red,class:ring", .twice("ring"))
    let failure = #expect(throws: ConceptFailure.self) {
      try ConceptExperiment(configuration("class:stra"), in: session)
    }
    #expect(
      failure?.description.hasPrefix("shapes has no class 'stra'") == true)
    #expect(
      throws: RepresentationFailure(.tooFew("images in a set", found: 4, needed: 5))
    ) { try ConceptExperiment(configuration("class:s02") { $0.set = 4 }, in: session) }
  }

  @Test func `concepts that share an image are refused`() throws {
    let study = try StudyCase()
    let folder = study.folder.file("concepts")
    for concept in ["one", "two"] {
      try Folder.create("\(folder)/\(concept)")
      for number in 0..<12 {
        let picture = ShapesRandomScenes().picture(at: number).pixels
        try AtomicFile.write(
          try PNG.encode(RGBImage(height: 64, width: 64, pixels: picture)),
          to: "\(folder)/\(concept)/\(number).png")
      }
    }
    #expect(throws: RepresentationFailure(.shared("two", with: "one"))) {
      try ConceptExperiment(configuration("folder:\(folder)"), in: try study.session())
    }
  }

  @Test func `what is stopped goes on, and ends in the same bytes`() throws {
    let study = try StudyCase()
    let wanted = try configuration("shapes:hue=red") {
      ($0.layers, $0.randomNetworks) = (["conv2_relu", "fc1_relu"], 2)
      ($0.set, $0.randomConcepts) = (5, 39)
    }
    let plain = try ConceptExperiment(wanted, in: try study.session()).run().results
    let folder = study.folder.file("parts")
    // The folder is locked as long as the experiment lives.
    func run(_ observer: any WorkObserver) throws -> ConceptResults {
      let experiment = try ConceptExperiment(wanted, in: study.session(observer: observer))
      try experiment.keep(in: folder)
      return try experiment.run().results
    }
    // In the middle of random concepts, and again before the end.
    for steps in [15, 40] {
      #expect(throws: WorkStopped.self) { try run(RecordingObserver(stoppingAfter: steps)) }
      #expect(try Folder.entries(of: "\(folder)/units").contains { $0.hasPrefix("random-") })
    }
    let parts = try run(NoObserver())
    #expect(try JSONText.encode(parts) == JSONText.encode(plain))
    // Other networks have other parts.
    try study.write("other.safetensors", seed: 1)
    let other = try ConceptExperiment(wanted, in: try study.session(["other.safetensors"]))
    #expect(throws: ExperimentFailure.self) { try other.keep(in: folder) }
  }

  @Test func `an observer stops it`() throws {
    let session = try StudyCase().session(observer: RecordingObserver(stoppingAfter: 3))
    #expect(throws: WorkStopped.self) {
      try ConceptExperiment(configuration("shapes:hue=red"), in: session).run()
    }
  }
}

extension Tensor {
  /// Sets the first row.
  fileprivate mutating func fillFirstRow(with value: Float) {
    let count = rowCount
    withUnsafeMutableElements { elements in
      for index in 0..<count { elements[index] = value }
    }
  }
}
