import Testing
import XAIAttribution
import XAIDatasets
import XAIExamples
import XAIExperiments
import XAIExperimentsTestSupport
import XAIFiles
import XAIImages
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

/// Counterfactuals by actions: on scenes with what follows from them, and on photos.
@Suite struct RecourseExperimentTests {
  /// A session whose network says class 1 where a picture is brighter than a level, else class 0.
  private static func session(level: Float = 0.45) throws -> (study: StudyCase, session: Session) {
    let study = try StudyCase()
    try study.write("bright.safetensors") { parameters in
      for layer in ["conv1", "conv2", "fc1"] {
        // Every layer averages what it reads.
        parameters["\(layer).weight"] = parameters["\(layer).weight"].map { weight in
          Tensor(
            shape: weight.shape, repeating: Float(weight.shape[0]) / Float(weight.count))
        }
        parameters["\(layer).bias"] = parameters["\(layer).bias"].map { Tensor(shape: $0.shape) }
      }
      // Normalized pixels may be negative: the first layer lifts them.
      parameters["conv1.bias"] = parameters["conv1.bias"].map {
        Tensor(shape: $0.shape, repeating: 2)
      }
      let head = study.network.nodes.last { $0.isDense }?.name ?? ""
      parameters["\(head).weight"] = parameters["\(head).weight"].map { weight in
        Tensor(
          shape: weight.shape,
          (0..<weight.count).map { $0 / weight.shape[1] == 1 ? 10 / Float(weight.shape[1]) : 0 })
      }
      parameters["\(head).bias"] = parameters["\(head).bias"].map { bias in
        let threshold = 10 * (2 + (level - 0.45) / 0.25)
        return Tensor(
          shape: bias.shape,
          (0..<bias.count).map { $0 == 1 ? -threshold : $0 == 0 ? 0 : -1000 })
      }
    }
    return (study, try study.session(["bright.safetensors"]))
  }

  private static func configuration(
    _ kind: CounterfactualKind, _ wishes: (inout RecourseWishes) -> Void = { _ in }
  ) -> CounterfactualExperiment.Configuration {
    var configuration = CounterfactualExperiment.Configuration()
    (configuration.images, configuration.kind) = (.samples(.chosen("1")), kind)
    (configuration.most, configuration.tests, configuration.budget) = (40, 10, 120)
    wishes(&configuration.wishes)
    return configuration
  }

  private static func recourse(
    _ configuration: CounterfactualExperiment.Configuration, in session: Session
  ) throws -> (image: CounterfactualImage, recourse: RecourseDetail) {
    let image = try CounterfactualExperiment(configuration, in: session).run().results.images[0]
    return (image, try #require(image.detail.recourse))
  }

  @Test func `setting the exposure changes the answer, and what follows is said`() throws {
    let (_, session) = try Self.session()
    var configuration = Self.configuration(.scene) { $0.actionable = "exposure" }
    let first = try Self.recourse(configuration, in: session)
    // Whatever was predicted, brightness decides between the first two classes.
    configuration.goal = .index(1 - first.image.image.predicted.index)
    let (image, recourse) = try Self.recourse(configuration, in: session)
    #expect(image.image.predicted.index < 2)
    #expect(recourse.answers.allSatisfy { $0.changes.map(\.feature) == ["exposure"] })
    #expect(recourse.reached == image.answer.valid && recourse.cheapest == recourse.reached)
    #expect(recourse.impossible.contains("kind") && recourse.impossible.contains("turn"))
    #expect(!recourse.photographic && recourse.acausal == nil)
    for answer in recourse.answers {
      #expect(answer.consequences.allSatisfy { $0.feature == "apparent color" && $0.cost == nil })
      #expect(answer.cost == answer.changes.compactMap(\.cost).reduce(0, +))
    }
    #expect(image.answer.stability <= 32 && image.answer.changed == 1)
  }

  @Test func `bounds are kept, also where numbers are moved back`() throws {
    let (_, session) = try Self.session()
    var configuration = Self.configuration(.scene) {
      ($0.actionable, $0.bounds) = ("exposure", "exposure=0.75:0.85")
    }
    let first = try Self.recourse(configuration, in: session)
    configuration.goal = .index(1 - first.image.image.predicted.index)
    let (_, recourse) = try Self.recourse(configuration, in: session)
    for answer in recourse.answers {
      for change in answer.changes { #expect(0.749...0.851 ~= Double(change.to) ?? 0) }
    }
  }

  @Test func `what ignores causes stands beside, with what it promised and what it gets`() throws {
    let (_, session) = try Self.session()
    let (_, recourse) = try Self.recourse(
      Self.configuration(.scene) {
        ($0.actionable, $0.hold, $0.diverse) = ("ground,exposure", "color", 1)
      }, in: session)
    #expect(recourse.hold == "color" && recourse.answers.count == 1)
    if let acausal = recourse.acausal {
      #expect(acausal.promised.reached && !acausal.changes.isEmpty)
      #expect(acausal.really.reached == (acausal.really.margin > 0))
    }
  }

  @Test func `a goal that is the prediction already needs no search`() throws {
    let (_, session) = try Self.session()
    var configuration = Self.configuration(.scene) { $0.actionable = "exposure" }
    let predicted = try Self.recourse(configuration, in: session).image.image.predicted.index
    configuration.goal = .index(predicted)
    let image = try CounterfactualExperiment(configuration, in: session).run().results.images[0]
    #expect(image.answer.already && image.answer.passes == 0 && image.detail.recourse == nil)
  }

  @Test func `nothing found is a result with the best attempt`() throws {
    let (_, session) = try Self.session()
    var configuration = Self.configuration(.scene) { $0.actionable = "mirrored,exposure" }
    configuration.goal = .index(7)
    let (image, recourse) = try Self.recourse(configuration, in: session)
    #expect(!recourse.reached && !recourse.cheapest && !image.answer.valid)
    #expect(recourse.answers.count == 1 && recourse.answers[0].margin < 0)
    #expect(image.answer.complete && image.answer.stability == 0)
  }

  @Test func `photographic actions need no causes, and nothing follows from them`() throws {
    let (study, session) = try Self.session()
    let picture = RGBImage(height: 64, width: 64, repeating: (90, 120, 40))
    try AtomicFile.write(try PNG.encode(picture), to: study.folder.file("photo.png"))
    var configuration = Self.configuration(.photo) {
      $0.immutable = "hue,blur,crop,shift across,shift down,turn,quality"
    }
    configuration.images = .files([study.folder.file("photo.png")])
    configuration.goal = .index(1)
    let outcome = try CounterfactualExperiment(configuration, in: session).run()
    let image = outcome.results.images[0]
    let recourse = try #require(image.detail.recourse)
    #expect(recourse.photographic && recourse.impossible.count == 7)
    #expect(image.answer.valid, "an exposure of 2 makes it bright")
    #expect(recourse.answers[0].changes.map(\.feature) == ["exposure"])
    #expect(recourse.answers[0].consequences.isEmpty)
    // As little more light as suffices: the mean of the channels is just above the level.
    let mean = outcome.pictures[0].answer.pixels.reduce(0) { $0 + Int($1) }
    let level = Double(mean) / Double(3 * 64 * 64) / 255
    #expect(level > 0.44 && level < 0.48)
    #expect(outcome.results.notes.contains { $0.hasPrefix("Actions are photographic") })
    #expect(outcome.results.graph == nil)
  }

  @Test func `all features that moved are priced where that is asked for`() throws {
    let (_, session) = try Self.session()
    let (_, recourse) = try Self.recourse(
      Self.configuration(.scene) { ($0.actionable, $0.cost) = ("scale,exposure", .all) },
      in: session)
    for answer in recourse.answers {
      let set = answer.changes.compactMap(\.cost).reduce(0, +)
      let followed = answer.consequences.compactMap(\.cost).reduce(0, +)
      #expect(abs(answer.cost - set - followed) < 1e-9)
    }
  }

  static let wrong: [(wishes: @Sendable (inout RecourseWishes) -> Void, sentence: String)] = [
    ({ $0.actionable = "colour" }, "there is no feature 'colour' of scenes; expected kind"),
    (
      { $0.actionable = "apparent color" },
      "apparent color cannot be set: it is a consequence of color, pattern, shade"
    ),
    ({ $0.actionable = "kind" }, "kind cannot be set: it is what the picture is of"),
    (
      { $0.bounds = "exposure=0.5:2" },
      "the range of exposure is 0.5:2.0, expected within 0.7000:1.2000, which scenes draw"
    ),
    ({ $0.bounds = "behind=0:1" }, "behind cannot be set: it is a consequence of ground, clutter"),
    ({ $0.bounds = "exposure" }, "the range exposure is none, expected FEATURE=LOW:HIGH"),
    (
      { $0.hold = "exposure" },
      "what is held is exposure, expected what follows from other features"
    ),
  ]

  @Test(arguments: wrong.indices)
  func `what cannot be wished for is refused in a sentence`(_ index: Int) throws {
    let (_, session) = try Self.session()
    let (wishes, sentence) = Self.wrong[index]
    do {
      _ = try CounterfactualExperiment(Self.configuration(.scene, wishes), in: session)
      Issue.record("it was accepted")
    } catch {
      #expect("\(error)".contains(sentence), "\(error)")
    }
  }
}
