import Foundation
import Testing
import XAIAttribution
import XAIEvaluation
import XAIExperiments
import XAIExperimentsTestSupport
import XAIFiles
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct EvaluationExperimentTests {
  private let test: SessionCase

  init() throws { test = try SessionCase() }

  private func configuration(
    _ methods: [MethodPreparation.Candidate], images: Int = 2,
    _ measures: [EvaluationColumns.Choice]? = nil
  ) -> EvaluationExperiment.Configuration {
    var configuration = EvaluationExperiment.Configuration(
      images: test.pictures(images), methods: methods)
    (configuration.cells, configuration.steps, configuration.neighbors) = ((2, 2), 4, 2)
    if let measures { configuration.measures = measures }
    return configuration
  }

  private func outcome(
    _ configuration: EvaluationExperiment.Configuration, in folder: String = "out",
    observer: any WorkObserver = NoObserver()
  ) throws -> EvaluationOutcome {
    let experiment = EvaluationExperiment(
      configuration, in: try test.session(observer: observer))
    try experiment.open(test.folder.file(folder))
    return try experiment.finish()
  }

  private func bytes(_ outcome: EvaluationOutcome) throws -> String {
    try JSONText.encode(outcome.results)
  }

  @Test func `methods stand beside controls, and nothing beats the oracle`() throws {
    let found = try outcome(configuration(test.methods("gradient", "occlusion")))
    let results = found.results
    #expect(
      results.methods.map(\.identifier) == [
        "gradient", "occlusion", "random", "constant", "edge-detector", "input", "center", "oracle",
      ])
    #expect(results.methods.map(\.kind).filter { $0 == .method }.count == 2)
    #expect(results.scores.count == 8 * 2)
    for measure in results.measures where measure.name == "share" {
      let oracle = try #require(
        results.summaries.first { $0.method == "oracle" && $0.measure == measure.identifier })
      #expect(abs((oracle.value ?? 0) - 1) < 1e-9, "\(measure.identifier)")
      #expect(
        results.summaries.allSatisfy {
          $0.measure != measure.identifier || ($0.value ?? 0) <= 1 + 1e-9
        })
    }
    #expect(found.curves.entries.count == 2 * 2)
    for entry in found.curves.entries {
      #expect(entry.methods.count == 8)
      for (quantity, index) in zip(TargetQuantity.allCases, 0...) {
        let (best, worst) = (entry.best[index], entry.worst[index])
        let gain = CurvePair(morf: best, lerf: worst).gain(quantity)
        #expect(gain >= -1e-12)
      }
    }
    // Nobody knows where the objects of pictures in a folder are.
    #expect(!results.setup.families.contains(.localization))
    #expect(results.notes.contains { $0.contains("of no image is an object known that counts") })
    #expect(results.notes.contains { $0.contains("provisional") })
  }

  @Test func `the same evaluation again computes nothing and gives the same bytes`() throws {
    let wanted = configuration(test.methods("gradient", "grad-cam"))
    let first = try bytes(try outcome(wanted))
    let files = try contents()
    #expect(try bytes(try outcome(wanted)) == first)
    #expect(try contents() == files)
    #expect(files.keys.contains { $0.hasPrefix("removals/") })
  }

  /// The files of the folder by their names.
  private func contents() throws -> [String: [UInt8]] {
    let root = test.folder.file("out")
    var found: [String: [UInt8]] = [:]
    for folder in ["units", "removals"] {
      for name in try Folder.entries(of: "\(root)/\(folder)") {
        found["\(folder)/\(name)"] = try WholeFile.read("\(root)/\(folder)/\(name)")
      }
    }
    return found
  }

  @Test func `a method that is added later pays for its own maps and orders`() throws {
    let alone = try outcome(configuration(test.methods("gradient"), [.family(.faithfulness)]))
    let before = try contents()
    let both = try bytes(
      try outcome(configuration(test.methods("gradient", "grad-cam"), [.family(.faithfulness)])))
    let added = Set(try contents().keys).subtracting(before.keys)
    #expect(Set(before.keys).isSubset(of: try contents().keys))
    // The cells of two tables of 16 are not evaluated again.
    let passes = try added.filter { $0.hasPrefix("removals/") }.map {
      try SafetensorsFile(path: test.folder.file("out/\($0)")).entry("classes")?.count ?? 0
    }
    let first = try before.keys.filter { $0.hasPrefix("removals/") }.map {
      try SafetensorsFile(path: test.folder.file("out/\($0)")).entry("classes")?.count ?? 0
    }
    #expect(passes.reduce(0, +) * 4 < first.reduce(0, +))
    let fresh = try outcome(
      configuration(test.methods("gradient", "grad-cam"), [.family(.faithfulness)]), in: "fresh")
    #expect(try bytes(fresh) == both)
    #expect(alone.results.methods.count + 1 == fresh.results.methods.count)
  }

  @Test func `an evaluation that was stopped goes on to the same bytes`() throws {
    let wanted = configuration(test.methods("gradient", "occlusion"))
    let whole = try bytes(try outcome(wanted, in: "whole"))
    var stops = 0
    for steps in [1, 3, 6, 9] {
      do {
        _ = try outcome(wanted, observer: RecordingObserver(stoppingAfter: steps))
      } catch is AttributionStopped {
        stops += 1
      }
    }
    #expect(stops > 1)
    #expect(try bytes(try outcome(wanted)) == whole)
  }

  @Test func `shards give the bytes of one process`() throws {
    let wanted = configuration(test.methods("gradient", "occlusion"))
    let whole = try bytes(try outcome(wanted, in: "whole"))
    for number in [2, 1] {
      let shard: Shard = try #require(Shard(number, of: 2))
      let experiment = EvaluationExperiment(wanted, in: try test.session())
      try experiment.open(test.folder.file("parts"), shard: shard)
      #expect(try experiment.load(of: shard) == (1, 2))
      try experiment.finishPart()
    }
    #expect(try bytes(try outcome(wanted, in: "parts")) == whole)
    // Nothing was computed: what one process adds lies beside the shards.
    #expect(try Folder.entries(of: test.folder.file("parts/removals")).isEmpty)
    let merge = try ShardMerge(test.folder.file("parts"))
    #expect(merge.files > 0 && merge.missing.isEmpty && merge.incomplete.isEmpty)
    #expect(try bytes(try outcome(wanted, in: "parts")) == whole)
  }

  @Test func `a folder of another experiment, network or seed is refused`() throws {
    let wanted = configuration(test.methods("gradient"), images: 1, [.family(.complexity)])
    _ = try outcome(wanted)
    try test.write(
      "other.safetensors", .initial(for: TrainedNetwork().network, seed: 5))
    let other = EvaluationExperiment(
      wanted, in: try test.session(["other.safetensors"]))
    let folder = test.folder.file("out")
    let failure = #expect(throws: ExperimentFailure.self) { try other.open(folder) }
    guard case .otherTest(_, let differences) = failure?.code else {
      Issue.record("\(failure?.description ?? "")")
      return
    }
    #expect(differences.map(\.subject) == [.checkpoint])
    let randomized = try RandomizationExperiment(
      .init(images: test.pictures(1), methods: test.methods("gradient")), in: try test.session())
    #expect(throws: FileFailure.self) { try randomized.open(folder) }
  }

  @Test func `a damaged file of removals is told, and removing it helps`() throws {
    let wanted = configuration(test.methods("gradient"), images: 1, [.family(.faithfulness)])
    let whole = try bytes(try outcome(wanted))
    let root = test.folder.file("out")
    let name = try #require(try Folder.entries(of: "\(root)/removals").sorted().first)
    let path = "\(root)/removals/\(name)"
    var content = try WholeFile.read(path)
    content[content.count - 3] ^= 1
    try Data(content).write(to: URL(filePath: path))
    // Numbers of maps are stored by themselves; curves are read from removals.
    let failure = #expect(throws: FileFailure.self) { try outcome(wanted) }
    #expect(failure?.description.contains("remove '\(path)'") == true)
    try FileManager.default.removeItem(atPath: path)
    #expect(try bytes(try outcome(wanted)) == whole)
  }

  @Test func `measures are chosen by family, by name, with or without baseline and quantity`()
    throws
  {
    let named = try outcome(
      configuration(
        test.methods("gradient"), images: 1,
        [.name("share.black.logit"), .name("gini"), .name("deletion.cells")]))
    #expect(
      named.results.measures.map(\.identifier) == [
        "share.black.logit", "gini", "deletion.cells.black.logit",
        "deletion.cells.black.probability", "deletion.cells.blur.logit",
        "deletion.cells.blur.probability",
      ])
    let failure = #expect(throws: EvaluationFailure.self) {
      try outcome(
        configuration(test.methods("gradient"), images: 1, [.name("shares")]), in: "none")
    }
    #expect(failure?.description.contains("'shares'") == true)
    #expect(failure?.description.contains("did you mean share") == true)
  }

  @Test func `measures are tried by noise and by a random network`() throws {
    var wanted = configuration(
      test.methods("gradient", "input-x-gradient", "grad-cam"),
      [.name("share"), .name("infidelity"), .name("gini")])
    #expect(try outcome(wanted, in: "plain").results.trials == nil)
    wanted.triesMeasures = true
    let found = try outcome(wanted)
    let trials = try #require(found.results.trials)
    // What describes is not tried.
    #expect(
      trials.map(\.measure) == [
        "share.black.logit", "share.black.probability", "infidelity.black", "share.blur.logit",
        "share.blur.probability", "infidelity.blur",
      ])
    for trial in trials {
      #expect(trial.images == 2)
      // A measure that tells no methods apart cannot keep its mind.
      #expect((-1...1).contains(trial.noiseResilience ?? 0))
      #expect((0...1).contains(try #require(trial.adversary)))
    }
    #expect(trials.contains { $0.noiseResilience != nil })
    #expect(try bytes(try outcome(wanted)) == bytes(found))
  }

  @Test func `cost tells passes of each family before anything is done`() throws {
    let experiment = EvaluationExperiment(
      configuration(test.methods("gradient", "grad-cam")), in: try test.session())
    let cost = try experiment.cost()
    #expect(cost.methods == 2 && cost.images == 2 && cost.maps > 0)
    let faithfulness = try #require(cost.passes.first { $0.family == .faithfulness })
    // Two tables of 16 sets, 300 subsets, 64 squares and the cells, for each of two baselines.
    #expect(faithfulness.shared >= 2 * 2 * (16 + 300 + 64))
    #expect(faithfulness.own > 0 && cost.trials.passes == 0)
  }

  @Test func `what was told is what it takes, but for orders that meet`() throws {
    var wanted = configuration(test.methods("gradient", "grad-cam"), [.family(.faithfulness)])
    let told = try EvaluationExperiment(wanted, in: try test.session()).cost().removals
    _ = try outcome(wanted)
    let taken = try contents().keys.filter { $0.hasPrefix("removals/") }.map {
      try SafetensorsFile(path: test.folder.file("out/\($0)")).entry("classes")?.count ?? 0
    }.reduce(0, +)
    // In images as small as these, more orders meet than in large ones.
    #expect(
      Double(taken) < 1.05 * Double(told) && Double(taken) > 0.75 * Double(told),
      "\(taken) of \(told)")
    wanted.triesMeasures = true
    let trials = try EvaluationExperiment(wanted, in: try test.session()).cost().trials
    #expect(trials.walks > 0 && trials.passes > 0)
  }

  @Test func `log-odds masking asks for maps of two classes`() throws {
    let found = try outcome(configuration(test.methods("gradient"), [.name("logOdds")]))
    #expect(found.results.measures.map(\.identifier) == ["logOdds.black", "logOdds.blur"])
    for score in found.results.scores {
      switch score.method {
      case "gradient", "random": #expect(score.values.allSatisfy { $0 != nil })
      // They are the same for every class, so that nothing speaks for one of them.
      case "edge-detector", "input": #expect(score.values == [0, 0])
      default: #expect(score.values == [nil, nil])
      }
    }
    let all = try outcome(
      configuration(test.methods("gradient"), images: 1, [.family(.faithfulness)]), in: "family")
    #expect(!all.results.measures.contains { $0.name == "logOdds" })
  }

  @Test func `a total is there for those who bring weights`() throws {
    var wanted = configuration(
      test.methods("gradient", "grad-cam", "input-x-gradient"), [.name("share"), .name("gini")])
    #expect(try outcome(wanted).results.total == nil)
    wanted.weights = ["share.black.logit": 3, "share.blur.logit": 1]
    let results = try outcome(wanted).results
    let total = try #require(results.total)
    #expect(total.weights.map(\.weight) == [3, 1])
    for score in total.scores {
      let ranks = try total.weights.map { weight in
        try #require(
          results.summaries.first {
            $0.method == score.method && $0.measure == weight.measure
          }?.rank)
      }
      let expected = (3 * (3 - ranks[0]) + (3 - ranks[1])) / (4 * 2)
      #expect(abs(try #require(score.score) - expected) < 1e-12)
    }
    for weights in [
      ["gini": 1.0], ["share": 1], ["share.black.logit": -1], ["share.black.logit": 0],
    ] {
      wanted.weights = weights
      #expect(throws: EvaluationFailure.self) { try outcome(wanted) }
    }
  }

  @Test func `what was found about other parameters is left out, and told`() throws {
    var wanted = configuration(test.methods("gradient", "grad-cam"), [.name("gini")])
    let methods = try outcome(wanted).results.methods.compactMap(\.method)
    var other = methods[1]
    other.parameters = .object(["layer": .string("another")])
    for method in [methods[0], other] {
      var finding = EvaluatedMethod.Finding()
      finding.verdict = .init(RandomizationFinding(outcome: .pass), about: method)
      wanted.known[method.identifier] = finding
    }
    let results = try outcome(wanted).results
    #expect(results.methods[0].verdict?.outcome == .pass && results.methods[1].verdict == nil)
    #expect(results.notes.contains { $0.hasPrefix("grad-cam: the randomization test") })
  }

  @Test func `maps whose pixels are equal are told, as drawn orders decide about them`() throws {
    let images = ReferenceArray.random([2, 3, 16, 16], "images").tensor
    func given(_ name: String, _ value: (Int) -> Float) throws -> GivenMaps {
      try GivenMaps(
        name, Tensor(shape: [2, 16, 16], (0..<512).map(value)), of: images.shape, source: name)
    }
    var wanted = EvaluationExperiment.Configuration(
      tensors: JudgedTensors(.init(images, name: "images"), targets: [1, 2]),
      given: [
        try given("once") { $0 < 256 ? 1 : Float($0) }, try given("halves") { Float($0 % 2) },
        try given("steps") { Float($0) },
      ])
    wanted.measures = [.name("gini")]
    let notes = try outcome(wanted).results.notes
    #expect(
      notes.contains(
        "The same everywhere, which says nothing and is ordered at random: once on 1 image."))
    #expect(
      notes.contains(
        "Pixels that share their value with another one are ordered at random among themselves: "
          + "50 % of those of once, 100 % of those of halves."))
  }
}
