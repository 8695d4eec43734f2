import XAIAttribution
import XAITensor

/// What a network says when segments of an image are removed; every set is asked once.
struct RemovalGame {
  /// The answer to a set.
  struct Answer {
    let members: Set<Int>
    let drop: Double
    let predicted: Int
    let isChanged: Bool
  }

  let segments: SegmentMap
  private(set) var predicted = 0
  private let image: Tensor
  private let absent: Tensor
  private let goal: Int?
  private let reader: ClassReader
  private var known: [Set<Int>: Answer] = [:]
  private var order: [Set<Int>] = []
  private var whole = 0.0

  init(
    image: Tensor, absent: Tensor, segments: SegmentMap, goal: Int?, _ reader: ClassReader
  ) {
    (self.image, self.absent, self.segments) = (image, absent, segments)
    (self.goal, self.reader) = (goal, reader)
  }

  /// Sets that were asked, the whole image among them, and how often pruning asked.
  var asked: Int { known.count + repeated }
  /// How often pruning asked for what was known.
  private var repeated = 0
  /// Whether the whole image has the goal already.
  var isReached: Bool { goal == predicted }

  /// The set that lowers the class most of all that were asked.
  var largestDrop: (segments: [Int], drop: Double)? {
    let answers = order.compactMap { known[$0] }.dropFirst()
    guard let first = answers.first else { return nil }
    let best = answers.reduce(first) { $1.drop > $0.drop ? $1 : $0 }
    return (best.members.sorted(), best.drop)
  }

  /// Asks for the whole image.
  mutating func start() throws {
    let logits = try reader.logits(of: image).logits(0)
    predicted = logits.indexOfLargest
    whole = score(logits)
    known[[]] = Answer(members: [], drop: 0, predicted: predicted, isChanged: false)
    order.append([])
  }

  /// Asks for the set with every other segment, as far as the sets are new.
  mutating func answers(extending members: Set<Int>) throws -> [Answer] {
    let sets = (0..<segments.count).filter { !members.contains($0) }
      .map { members.union([$0]) }.filter { known[$0] == nil }
    return try answers(sets)
  }

  /// Puts segments back, the one that matters least alone first, as long as the class still differs.
  mutating func pruned(_ answer: Answer) throws -> Answer {
    var current = answer
    let singles = try Dictionary(
      uniqueKeysWithValues: answers(answer.members.sorted().map { [$0] })
        .map { ($0.members.first ?? 0, $0.drop) })
    search: while current.members.count > 1 {
      let order = current.members.sorted { (singles[$0] ?? 0, $0) < (singles[$1] ?? 0, $1) }
      for segment in order {
        let rest = current.members.subtracting([segment])
        if known[rest] != nil { repeated += 1 }
        let smaller = try answers([rest])
        if let first = smaller.first, first.isChanged {
          current = first
          continue search
        }
      }
      break
    }
    return current
  }

  /// Whether no smaller set changes the class; nil where that takes more than the limit.
  mutating func isMinimum(_ members: [Int], limit: Int) throws -> Bool? {
    var sets: [Set<Int>] = [[]]
    var all: [Set<Int>] = []
    for _ in 1..<max(members.count, 1) {
      sets = Array(
        Set(
          sets.flatMap { set in
            (0..<segments.count).filter { !set.contains($0) }.map { set.union([$0]) }
          }))
      all += sets
      guard all.count <= limit else { return nil }
    }
    // Of sets in no order of their own; answers do not depend on it.
    return try !answers(all).contains(where: \.isChanged)
  }

  /// The answers to sets, known or asked for now.
  private mutating func answers(_ sets: [Set<Int>]) throws -> [Answer] {
    let new = sets.filter { known[$0] == nil }
    let plane = segments.labels.count
    let logits = try image.withUnsafeElements { shown in
      try absent.withUnsafeElements { hidden in
        try reader.logits(count: new.count) { row, pixels in
          let isRemoved = (0..<segments.count).map { new[row].contains($0) }
          for index in pixels.indices {
            pixels[index] =
              isRemoved[segments.labels[index % plane]] ? hidden[index] : shown[index]
          }
        }
      }
    }
    for (row, set) in new.enumerated() {
      let values = logits.logits(row)
      let answer = values.indexOfLargest
      known[set] = Answer(
        members: set, drop: whole - score(values), predicted: answer,
        isChanged: goal.map { $0 == answer } ?? (answer != predicted))
      order.append(set)
    }
    return sets.compactMap { known[$0] }
  }

  /// The predicted class's probability, less that of the goal where there is one.
  private func score(_ logits: [Double]) -> Double {
    let shares = logits.softmax
    return shares[predicted] - (goal.map { shares[$0] } ?? 0)
  }
}
