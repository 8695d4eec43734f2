import XAIAttribution
import XAIDatasets
import XAIExamples
import XAIKernels
import XAIRepresentations
import XAITensor

/// What is reported of pictures that are answers: everything is asked of the picture of bytes.
struct AnswerJudge {
  /// What is known of training images, where there are data.
  struct Knowledge {
    let training: FeatureBank
    /// Mean distances of test images to their nearest training images.
    let usual: [Double]
    /// What a unit of change costs, `[C, H, W]`.
    let deviation: [Double]
  }

  /// Copies with noise of one byte.
  static let copies = 32
  /// The training images that say how near a picture is to the data.
  static let neighbors = 10

  let session: Session
  let features: FeatureReader?
  let normalization: PixelNormalization
  let knowledge: Knowledge?
  let other: ExplainedNetwork?
  private let reader: ClassReader

  init(
    _ session: Session, _ features: FeatureReader?, _ normalization: PixelNormalization,
    _ knowledge: Knowledge?, other: ExplainedNetwork?
  ) {
    (self.session, self.features, self.normalization) = (session, features, normalization)
    (self.knowledge, self.other) = (knowledge, other)
    reader = ClassReader(session.network.explained, algorithm: .direct)
  }

  /// Judges an answer.
  /// - Parameters:
  ///   - name: What found it.
  ///   - found: The answer.
  ///   - fact: The image as bytes.
  ///   - predicted: Its predicted class.
  ///   - goal: The class that is wanted; nil for any other.
  /// - Returns: What is reported of it.
  /// - Throws: What kernels throw.
  func answer(
    _ name: String, _ found: FoundCounterfactual, fact: PixelImages, predicted: Int, goal: Int?
  ) throws -> CounterfactualAnswer {
    let image = found.picture.normalized(by: normalization)
    let logits = try Self.logits(image, reader)
    let change = try CounterfactualQuality.proximity(fact, found.picture)
    let answer = logits.largest
    let isValid = goal.map { $0 == answer } ?? (answer != predicted)
    return CounterfactualAnswer(
      name: name, valid: isValid, already: goal == predicted,
      predicted: StudiedClass(answer, of: session.classes),
      margin: goal.map(logits.lead) ?? -logits.lead(of: predicted),
      deviation: knowledge.map { distance(fact, found.picture, $0.deviation) }, sum: change.sum,
      length: change.length, largest: change.largest, share: change.share,
      fineGrain: change.fineGrain, changed: found.parts?.count,
      plausibility: try plausibility(image),
      stability: isValid ? try stability(found, answer) : 0,
      agrees: try other.map { network in
        let theirs = try Self.logits(image, ClassReader(network, algorithm: .direct)).largest
        return goal.map { $0 == theirs } ?? (theirs != predicted)
      }, passes: found.passes, complete: found.complete)
  }

  /// In how many of 32 copies an answer keeps its class.
  private func stability(_ found: FoundCounterfactual, _ answer: Int) throws -> Int {
    guard let copies = found.copies else {
      return try CounterfactualQuality.stability(
        found.picture, answer, copies: Self.copies, normalization, seed: session.request.seed,
        on: reader)
    }
    return try copies.count { copy in
      try Self.logits(copy.normalized(by: normalization), reader).largest == answer
    }
  }

  /// The sum of differences in units of deviation.
  private func distance(
    _ fact: PixelImages, _ answer: PixelImages, _ deviation: [Double]
  ) -> Double {
    let plane = fact.height * fact.width
    return deviation.indices.reduce(0.0) { sum, index in
      let (channel, position) = (index / plane, index % plane)
      let place = position * fact.channels + channel
      let difference = abs(Double(fact.bytes[place]) - Double(answer.bytes[place])) / 255
      return sum + difference / normalization.deviation[channel] / deviation[index]
    }
  }

  private func plausibility(_ image: Tensor) throws -> Double? {
    guard let knowledge, let features, !knowledge.usual.isEmpty else { return nil }
    let own = try features.outputs(of: image, by: session.network.explained).features
    let distance = try CounterfactualQuality.neighborDistances(
      own, among: knowledge.training.features, count: Self.neighbors)
    guard let distance = distance.first else { return nil }
    return 100 * Double(knowledge.usual.count { $0 < distance }) / Double(knowledge.usual.count)
  }

  /// The logits of one image.
  static func logits(_ image: Tensor, _ reader: ClassReader) throws -> [Double] {
    try reader.logits(of: image).elements.map(Double.init)
  }

  // MARK: Answers that look at nothing

  /// Noise in a random direction, as little as suffices; the most where none does.
  func randomDirection(
    _ fact: PixelImages, key: Int, predicted: Int, goal: Int?
  ) throws -> FoundCounterfactual {
    var stream = RandomStream(
      seed: session.request.seed, purpose: "counterfactuals/direction", key)
    let signs = fact.bytes.map { _ in stream.integer(below: 2) == 0 ? 1 : -1 }
    var passes = 0
    func picture(_ amount: Int) throws -> PixelImages {
      try PixelImages(
        shape: [1, fact.height, fact.width, fact.channels],
        zip(fact.bytes, signs).map { UInt8(min(max(Int($0) + $1 * amount, 0), 255)) })
    }
    func isValid(_ amount: Int) throws -> Bool {
      passes += 1
      let answer = try Self.logits(
        picture(amount).normalized(by: normalization), reader
      ).largest
      return goal.map { $0 == answer } ?? (answer != predicted)
    }
    var (low, high) = (0, 1)
    while high < 255, try !isValid(high) { (low, high) = (high, min(2 * high, 255)) }
    while high - low > 1 {
      let middle = (low + high) / 2
      if try isValid(middle) { high = middle } else { low = middle }
    }
    return FoundCounterfactual(picture: try picture(high), parts: nil, passes: passes)
  }

  /// The nearest training image that the network is right about and that has the goal; nil where there is none.
  func nearestImage(
    _ image: Tensor, predicted: Int, goal: Int?, read: (Int) throws -> PixelImages
  ) throws -> FoundCounterfactual? {
    guard let knowledge, let features else { return nil }
    let bank = knowledge.training
    let rows = bank.labels.indices.filter { row in
      bank.predicted[row] == bank.labels[row]
        && (goal.map { $0 == bank.labels[row] } ?? (bank.labels[row] != predicted))
    }
    guard !rows.isEmpty else { return nil }
    let own = try features.outputs(of: image, by: session.network.explained).features
    let found = try FeatureNeighbors(
      of: own, among: bank.features.rows(at: rows), .euclidean, count: 1)
    guard let nearest = found.neighbors.first?.first else { return nil }
    return FoundCounterfactual(
      picture: try read(bank.numbers[rows[nearest]]), parts: nil, passes: 0)
  }
}

extension [Double] {
  /// The index of the largest element, the first of equal ones.
  var largest: Int { indices.reduce(0) { self[$1] > self[$0] ? $1 : $0 } }

  /// An element less the largest of the others.
  func lead(of index: Int) -> Double {
    self[index] - (indices.filter { $0 != index }.map { self[$0] }.max() ?? 0)
  }
}
