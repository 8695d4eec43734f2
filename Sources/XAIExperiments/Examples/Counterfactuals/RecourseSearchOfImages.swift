import XAIAttribution
import XAIDatasets
import XAIExamples
import XAIImages
import XAIKernels
import XAINetworks
import XAIRepresentations
import XAITensor

/// The cheapest actions that change the answer, each painted and asked about.
struct RecourseSearchOfImages: CounterfactualSearch {
  /// What may be done to each image.
  let spaces: [any ActionSpace]
  let preprocessing: Preprocessing
  let wishes: RecourseWishes
  let classes: [Checkpoint.ClassName]
  let budget: Int?
  /// Asked whether it should stop, before every batch.
  let checkStop: () throws -> Void

  func search(
    _ subject: Int, _ image: Tensor, goal: Int?, on network: ExplainedNetwork
  ) throws -> FoundCounterfactual {
    try search(subject, image, goal: goal, on: network, answers: wishes.diverse, isWhole: true)
  }

  func brief(
    _ subject: Int, _ image: Tensor, goal: Int?, on network: ExplainedNetwork
  ) throws -> FoundCounterfactual {
    try search(subject, image, goal: goal, on: network, answers: 1, isWhole: false)
  }

  private func search(
    _ subject: Int, _ image: Tensor, goal: Int?, on network: ExplainedNetwork, answers: Int,
    isWhole: Bool
  ) throws -> FoundCounterfactual {
    let inquiry = RecourseInquiry(
      space: spaces[subject], preprocessing: preprocessing,
      reader: ClassReader(network, algorithm: .direct),
      predicted: try ClassReader(network, algorithm: .direct).logits(of: image).elements
        .map(Double.init).largest, goal: goal, checkStop: checkStop)
    let found = try inquiry.run(answers: answers, budget: budget, isHeld: false)
    let best = found.answers.first ?? found.closest
    let steps = best?.steps ?? []
    let acted = try inquiry.space.acted(steps, isHeld: false)
    var result = FoundCounterfactual(
      picture: try bytes(acted.picture), parts: steps.map(\.feature), passes: found.asked,
      complete: found.complete)
    guard isWhole else { return result }
    result.copies = try inquiry.space.copies(steps, count: AnswerJudge.copies)?.map(bytes)
    var acausal: AcausalAnswer?
    if wishes.hold != nil {
      let held = try inquiry.run(answers: 1, budget: budget, isHeld: true)
      result.passes += held.asked
      acausal = try held.answers.first.map { try compared($0, inquiry) }
    }
    result.others = try found.answers.dropFirst().map {
      try inquiry.space.acted($0.steps, isHeld: false).picture
    }
    result.detail.recourse = RecourseDetail(
      reached: !found.answers.isEmpty, cheapest: found.isCheapest, cost: wishes.cost.rawValue,
      answers: try (found.answers.isEmpty ? [best].compactMap(\.self) : found.answers).map {
        try record($0, inquiry)
      }, impossible: inquiry.space.impossible, hold: wishes.hold, acausal: acausal,
      photographic: spaces[subject] is PhotoActions)
    return result
  }

  private func record(
    _ answer: RecourseSearch.Answer, _ inquiry: RecourseInquiry
  ) throws -> RecourseAnswer {
    let acted = try inquiry.space.acted(answer.steps, isHeld: false)
    let logits = try inquiry.logits([acted.picture])[0]
    return RecourseAnswer(
      changes: inquiry.space.changes(answer.steps), consequences: acted.consequences,
      cost: answer.cost, largest: answer.prices.max() ?? 0,
      predicted: StudiedClass(logits.largest, of: classes), margin: inquiry.margin(logits))
  }

  /// What the answer that ignores causes promised, and what comes of it where they act.
  private func compared(
    _ answer: RecourseSearch.Answer, _ inquiry: RecourseInquiry
  ) throws -> AcausalAnswer {
    let logits = try inquiry.logits(
      [true, false].map { try inquiry.space.acted(answer.steps, isHeld: $0).picture })
    func outcome(_ logits: [Double]) -> AcausalOutcome {
      AcausalOutcome(
        predicted: StudiedClass(logits.largest, of: classes), margin: inquiry.margin(logits),
        reached: inquiry.isReached(logits))
    }
    return AcausalAnswer(
      changes: inquiry.space.changes(answer.steps), cost: answer.cost,
      promised: outcome(logits[0]), really: outcome(logits[1]))
  }

  private func bytes(_ picture: RGBImage) throws -> PixelImages {
    var pixels = picture.pixels
    if preprocessing.reversesChannels {
      for start in stride(from: 0, to: pixels.count, by: 3) { pixels.swapAt(start, start + 2) }
    }
    return try PixelImages(shape: [1, picture.height, picture.width, 3], pixels)
  }
}

/// One image and one network, asked what would come of actions.
struct RecourseInquiry {
  let space: any ActionSpace
  let preprocessing: Preprocessing
  let reader: ClassReader
  let predicted: Int
  let goal: Int?
  let checkStop: () throws -> Void

  func isReached(_ logits: [Double]) -> Bool {
    goal.map { $0 == logits.largest } ?? (logits.largest != predicted)
  }

  /// By how much the goal leads.
  func margin(_ logits: [Double]) -> Double {
    goal.map(logits.lead) ?? -logits.lead(of: predicted)
  }

  /// The logits of pictures.
  func logits(_ pictures: [RGBImage]) throws -> [[Double]] {
    let rows = try reader.logits(count: pictures.count) { row, pixels in
      pictures[row].pixels.withUnsafeBufferPointer { preprocessing.apply($0, into: pixels) }
    }
    return (0..<pictures.count).map { rows.row($0).elements.map(Double.init) }
  }

  func run(answers: Int, budget: Int?, isHeld: Bool) throws -> RecourseSearch.Result {
    var search = RecourseSearch(space.features)
    search.answers = answers
    if let budget { search.budget = budget }
    return try search.run(price: space.price, isAllowed: space.allows) { all in
      try checkStop()
      let acted = try all.map { try space.acted($0, isHeld: isHeld) }
      return zip(acted, try logits(acted.map(\.picture))).map { acted, logits in
        RecourseSearch.Outcome(
          isReached: isReached(logits), margin: margin(logits), extra: acted.extra)
      }
    }
  }
}
