import XAIAttribution
import XAIClassifiers
import XAIDatasets
import XAINetworks
import XAITensor

/// What a randomization test is made of: images, methods, networks and steps.
struct RandomizationSetup {
  private let configuration: RandomizationExperiment.Configuration
  private let session: Session
  private let requests: RequestMaker

  init(_ configuration: RandomizationExperiment.Configuration, _ session: Session) throws {
    (self.configuration, self.session) = (configuration, session)
    requests = try session.requests(for: session.network)
  }

  private var checkpoint: Checkpoint { session.network.checkpoint }

  /// The test of some images.
  func test(
    _ subjects: [RandomizationTest.Subject], _ calibration: Tensor?
  ) throws -> RandomizationTest {
    let plans = try plans()
    return RandomizationTest(
      networks: RandomizedNetworks(
        original: session.network.explained, randomization: configuration.randomization,
        seed: session.request.seed, calibration: calibration),
      subjects: subjects, methods: try methods(for: subjects[0]), plans: plans,
      seeds: configuration.draws, target: configuration.target, requests: requests,
      keepsChannels: configuration.keepsChannels)
  }

  /// The steps of each mode.
  private func plans() throws(ExperimentFailure) -> [RandomizationPlan] {
    var plans: [RandomizationPlan] = []
    for mode in configuration.modes where !plans.contains(where: { $0.mode == mode }) {
      let plan = RandomizationPlan(checkpoint.network, mode: mode)
      guard let layers = configuration.layers else {
        plans.append(plan)
        continue
      }
      plans.append(try plan.steps(from: layers.first, through: layers.last))
    }
    return plans
  }

  /// The images, each once, with what is explained of them.
  func subjects() throws -> [RandomizationTest.Subject] {
    let images = try session.images(configuration.images, requests)
    let predictions = try session.predictions(of: images, by: session.network, requests)
    let predicts = configuration.target == .repredicted
    var subjects: [RandomizationTest.Subject] = []
    for (image, prediction) in zip(images, predictions) {
      let target = predicts ? prediction.predicted : image.label ?? prediction.predicted
      if let same = subjects.first(where: { $0.image.key == image.key && $0.target == target }) {
        session.observer.tell(
          ExperimentRemark.repeated(
            image: image.name, source: image.source, first: same.image.name))
        continue
      }
      subjects.append(.init(image: image, prediction: prediction, target: target))
    }
    return subjects
  }

  /// The methods with their baselines, and the controls after them.
  private func methods(for subject: RandomizationTest.Subject) throws -> [MethodUnderTest] {
    var candidates = try configuration.methods.leavingOutObstructed(
      on: checkpoint.network, observer: session.observer)
    if configuration.isSmooth {
      for index in candidates.indices {
        candidates[index].method.method = smooth(candidates[index].method.method)
      }
    }
    if !configuration.without.contains(.controls) { candidates = candidates.withControls() }
    return try MethodPreparation(checkpoint.network, requests, limit: configuration.limit).ready(
      candidates, for: [subject.image], targets: [subject.target], observer: session.observer)
  }

  /// A method behind a tunnel, for smooth MPRT.
  private func smooth(_ method: any AttributionMethod) -> any AttributionMethod {
    // A tenth of the range of pixels, in units of the normalized image.
    let deviations = checkpoint.standardDeviation.elements
    let mean = deviations.reduce(0) { $0 + Double($1) } / Double(max(deviations.count, 1))
    return noised(method, samples: 50, standardDeviation: 0.1 / mean)
  }

  /// The first of these images, where batch norm is recalibrated on them.
  func calibration(_ images: Tensor) -> Tensor? {
    guard configuration.randomization.batchNorm == .recalibrate else { return nil }
    return images.rows(0..<min(images.rows, Self.calibrationImages))
  }

  /// One batch.
  private static let calibrationImages = 64

  /// The images on which networks are measured and batch norm is recalibrated: those of the data, else
  /// those under test.
  func healthImages(
    beside subjects: [RandomizationTest.Subject]
  ) throws -> (images: Tensor, labels: [Int]?) {
    let isNeeded =
      !configuration.without.contains(.health)
      || configuration.randomization.batchNorm == .recalibrate
    guard let dataset = session.dataset, isNeeded else {
      return (ExplainedImage.normalised(subjects.map(\.image), requests.preprocessing), nil)
    }
    let count = min(configuration.healthImages, dataset.count(of: .test))
    let images = try ExplainedImage.take("\(count)", of: dataset, for: checkpoint)
    let labels = images.compactMap(\.label)
    return (
      ExplainedImage.normalised(images, requests.preprocessing),
      labels.count == images.count ? labels : nil
    )
  }
}
