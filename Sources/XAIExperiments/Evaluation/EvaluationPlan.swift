import XAIAttribution
import XAIEvaluation
import XAIImages
import XAITensor

/// What an evaluation is about: images with their classes and objects, methods, columns.
struct EvaluationPlan {
  let subjects: [EvaluationSubject]
  /// Makes requests of the images.
  let source: any EvaluationSource
  /// The images as people see them; empty where only tensors are known.
  let pictures: [RGBImage]
  /// What is judged.
  let methods: [MethodUnderTest]
  /// Maps that were made elsewhere.
  let given: [GivenMaps]
  /// Controls of the catalog: they look at the image alone.
  let controls: [MethodUnderTest]
  let columns: EvaluationColumns
  /// What measures are worth to the user; nil where nothing was said.
  let weights: ScoreWeights?
  /// The names of the baselines.
  let baselines: [String]
  /// Rows and columns of the cells of coalition tables.
  let cells: (rows: Int, columns: Int)
  /// How many points curves have.
  let steps: CurveSteps
  /// On how many images axioms are checked that take edited networks.
  let axiomImages = 5
  let network: JudgedNetwork
  let draws: EvaluationDraws
  /// `[N, C, H, W]`.
  let normalised: Tensor
  /// What stands in the place of what is removed: one for each image.
  let fillings: [String: [Tensor]]
  /// Other images of the data.
  let others: [(key: Int, image: Tensor)]
  /// Superpixels of each image, where they are asked for.
  let segments: [ImageParts]?
  /// How many neighbors each image has.
  let neighborCount: Int
  /// The standard deviation that each channel was divided by.
  let deviations: [Double]
  /// How values become pixels of 8 bits; nil where it is not known.
  let code: PixelCode?

  /// How many other images the monotonicity correlation takes pixels from.
  static let otherImages = 6

  /// Everything that makes maps.
  var explained: [MethodUnderTest] { methods + controls }

  /// The maps of each method that are needed.
  var wishes: [EvaluationExplainer.Wish] {
    subjects.indices.flatMap { position -> [EvaluationExplainer.Wish] in
      let subject = subjects[position]
      var targets = [subject.target]
      if columns.needsObjects, let localized = subject.localized, localized != subject.target {
        targets.append(localized)
      }
      if !columns.contrasts.isEmpty, let rival = subject.rival, !targets.contains(rival) {
        targets.append(rival)
      }
      return targets.map { .init(subject: position, target: $0) }
    }
  }

  private var shape: [Int] { Array(normalised.shape.dropFirst()) }

  /// An image with what all measures share.
  /// - Parameters:
  ///   - position: The image.
  ///   - noise: What is added to it; what stands in the place of removed pixels stays.
  /// - Returns: The image.
  /// - Throws: `EvaluationFailure` where something does not fit the network.
  func judged(_ position: Int, disturbedBy noise: Tensor? = nil) throws -> JudgedImage {
    let subject = subjects[position]
    var knowledge = JudgedImage.Knowledge()
    knowledge.baselines = fillings.mapValues { $0[position] }
    knowledge.others = others.filter { $0.key != subject.key }.prefix(Self.otherImages)
      .map(\.image)
    knowledge.object = subject.truth?.mask
    knowledge.segments = segments?[position]
    knowledge.code = code
    knowledge.disturbances = disturbances(of: position)
    let image = normalised.row(position).reshaped(to: shape)
    return try JudgedImage(
      noise.map { image.combined(with: $0, +) } ?? image, target: subject.target, on: network,
      key: subject.key, draws: draws, knowledge: knowledge)
  }

  private func disturbances(of position: Int) -> [Tensor] {
    (0..<neighborCount).map { disturbance(of: position, $0) }
  }

  /// What makes a neighbor of an image.
  func disturbance(of position: Int, _ draw: Int = 0) -> Tensor {
    draws.neighbor(
      shape: shape, deviations: deviations, image: subjects[position].key, draw: draw)
  }

  /// The neighbors of an image, `[D, C, H, W]`.
  func neighbors(of position: Int) throws -> Tensor {
    let noise = disturbances(of: position).map { $0.reshaped(to: [1] + $0.shape) }
    return Tensor(
      stacking: noise.map { normalised.row(position).combined(with: $0, +) })
  }

  /// Names what stands in the place of removed pixels by its content.
  func fillingName(_ filling: String, _ position: Int) -> String {
    guard let tensor = fillings[filling]?[position] else { return filling }
    return filling + String(tensor.fingerprint, radix: 16)
  }

  /// Names the images that other pixels come from.
  var othersName: String { others.map { String($0.key, radix: 16) }.joined(separator: "-") }
}
