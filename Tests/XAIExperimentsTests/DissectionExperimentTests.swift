import Testing
import XAIExperiments
import XAIExperimentsTestSupport
import XAIFiles
import XAIImages
import XAINetworks
import XAIRepresentations
import XAITensor
import XAITestSupport

@Suite struct DissectionExperimentTests {
  /// A network whose unit 0 of the first layer is the red of a pixel less its green and blue, and whose unit 1 is dead.
  private func redUnit() throws -> StudyCase {
    let study = try StudyCase()
    try study.write("red.safetensors") { parameters in
      parameters["conv1.weight"] = Tensor(shape: [6, 3, 3, 3])
      parameters["conv1.bias"] = Tensor(shape: [6])
      for (channel, weight) in [(0, Float(1)), (1, -0.6), (2, -0.6)] {
        parameters["conv1.weight"]?[0, channel, 1, 1] = weight
      }
      parameters["conv1.bias"]?[1] = -1
    }
    return study
  }

  private func configuration(
    _ change: (inout DissectionExperiment.Configuration) -> Void = { _ in }
  ) -> DissectionExperiment.Configuration {
    var configuration = DissectionExperiment.Configuration()
    (configuration.images, configuration.permutations) = (60, 39)
    (configuration.randomNetworks, configuration.layers) = (1, ["conv1_relu"])
    change(&configuration)
    return configuration
  }

  @Test func `a unit that is red detects red, and a dead one nothing`() throws {
    let session = try redUnit().session(["red.safetensors"])
    let outcome = try DissectionExperiment(
      configuration { $0.quantile = 0.05 }, in: session
    ).run()
    let units = outcome.results.units
    #expect(units.count == 6)
    #expect(units[0].concept == "red" && units[0].category == "color" && units[0].isDetector)
    #expect((units[0].iou ?? 0) > 2 * units[0].nullUpper && units[0].adjustedP == 1 / 40.0)
    #expect(units[1].isDead && !units[1].isDetector && units[1].iou == 0)
    let layer = outcome.results.layers[0]
    #expect(layer.detectors == 1 && layer.categories == ["object": 0, "pattern": 0, "color": 1])
    #expect(layer.dead == 5 && layer.random.count == 1 && layer.concepts == 1)
    #expect(outcome.examples.map(\.unit) == [0])
    #expect(outcome.examples[0].pictures.count == 9)
  }

  @Test func `units are judged alike whether all fit the memory or not`() throws {
    let session = try redUnit().session(["red.safetensors"])
    let whole = try DissectionExperiment(configuration(), in: session).run().results
    let again = try DissectionExperiment(configuration(), in: session).run().results
    #expect(whole.units.map(\.iou) == again.units.map(\.iou))
    #expect(whole.units.map(\.adjustedP) == again.units.map(\.adjustedP))
  }

  @Test func `concepts of few images are left out, which is told`() throws {
    let session = try redUnit().session(["red.safetensors"])
    let results = try DissectionExperiment(
      configuration { $0.images = 24 }, in: session
    ).run().results
    #expect(results.concepts.map(\.name) == ["pattern", "color"])
    #expect(results.notes[0].hasPrefix("Left out, as fewer than 5 images show them: arrow, "))
  }

  @Test func `layers without maps are refused, and left out unless they are named`() throws {
    let session = try redUnit().session(["red.safetensors"])
    #expect(throws: RepresentationFailure.self) {
      try DissectionExperiment(configuration { $0.layers = ["fc1_relu"] }, in: session)
    }
    let plan = try DissectionExperiment(configuration { $0.layers = nil }, in: session).plan()
    #expect(plan.words == "2 layers, 60 images, 1 random network")
    #expect(throws: RepresentationFailure(.tooFew("test images", found: 4, needed: 5))) {
      try DissectionExperiment(configuration { $0.images = 4 }, in: session)
    }
  }

  @Test func `what is stopped goes on, and ends in the same bytes`() throws {
    let study = try redUnit()
    let wanted = configuration { $0.layers = ["conv1_relu", "conv2_relu"] }
    let plain = try DissectionExperiment(wanted, in: study.session(["red.safetensors"])).run()
    let folder = study.folder.file("parts")
    // The folder is locked as long as the experiment lives.
    func run(_ observer: any WorkObserver) throws -> DissectionExperiment.Outcome {
      let experiment = try DissectionExperiment(
        wanted, in: study.session(["red.safetensors"], observer: observer))
      try experiment.keep(in: folder)
      return try experiment.run()
    }
    #expect(throws: WorkStopped.self) { try run(RecordingObserver(stoppingAfter: 20)) }
    let finished = try Folder.entries(of: "\(folder)/units").count
    #expect(1..<6 ~= finished, "\(finished)")
    let parts = try run(NoObserver())
    #expect(try JSONText.encode(parts.results) == JSONText.encode(plain.results))
    #expect(parts.examples.map(\.pictures) == plain.examples.map(\.pictures))
    #expect(try Folder.entries(of: "\(folder)/units").count == 6)
  }

  @Test func `an observer stops it`() throws {
    let session = try redUnit().session(
      ["red.safetensors"], observer: RecordingObserver(stoppingAfter: 1))
    #expect(throws: WorkStopped.self) {
      try DissectionExperiment(configuration(), in: session).run()
    }
  }
}
