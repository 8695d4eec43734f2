import XAIDatasets
import XAIExamples
import XAIStatistics
import XAITensor

/// Makes lists of training images from a number for each: nearly equal images are one entry.
struct InfluenceListMaker {
  private let experiment: InfluenceExperiment
  private let bank: FeatureBank
  private let isRare: [Bool]

  /// A class of fewer images is no matter of first order.
  private static let fewest = 5
  /// Images that are looked at for each entry of a list, so that duplicates do not fill it.
  private static let candidatesEach = 4

  init(_ experiment: InfluenceExperiment, _ bank: FeatureBank) {
    (self.experiment, self.bank) = (experiment, bank)
    let counts = Dictionary(grouping: bank.labels, by: { $0 }).mapValues(\.count)
    isRare = bank.labels.map { counts[$0, default: 0] < Self.fewest }
  }

  /// The images of the largest and of the least numbers.
  /// - Parameters:
  ///   - method: The method.
  ///   - values: The rise of the loss without each training image.
  ///   - agreement: How well these agree with what leaving out really did.
  ///   - complete: Adds what else is known of a row of the bank.
  /// - Returns: The list.
  func list(
    _ method: InfluenceMethod, _ values: [Double], agreement: InfluenceAgreement?,
    complete: (Int, inout InfluencePick) -> Void = { _, _ in }
  ) -> InfluenceList {
    func end(_ sign: Double) -> [InfluencePick] {
      let order = values.indices.filter { sign * values[$0] > 0 }
        .sorted { (-sign * values[$0], $0) < (-sign * values[$1], $1) }
      return picks(order) { values[$0] }.map { row, pick in
        var pick = pick
        complete(row, &pick)
        return pick
      }
    }
    return InfluenceList(
      method: method, helpful: end(1), harmful: end(-1), stayed: [], agreement: agreement)
  }

  /// The first rows of an order, nearly equal ones once.
  func picks(_ order: [Int], value: (Int) -> Double) -> [(row: Int, pick: InfluencePick)] {
    let top = experiment.configuration.top
    let candidates = Array(order.prefix(Self.candidatesEach * top))
    let features = bank.features.rows(at: candidates)
    let groups = DuplicateGroups.groups(
      of: Matrix(
        rows: features.rows, columns: features.rowCount, features.elements.map(Double.init)))
    var leaders: [Int: [Int]] = [:]
    var isFollower = Array(repeating: false, count: candidates.count)
    for group in groups {
      // Images of other classes are others, however alike they are.
      for own in Dictionary(grouping: group, by: { bank.labels[candidates[$0]] }).values {
        leaders[own[0]] = Array(own.dropFirst())
        for place in own.dropFirst() { isFollower[place] = true }
      }
    }
    return candidates.indices.filter { !isFollower[$0] }.prefix(top).map { place in
      let row = candidates[place]
      return (
        row,
        pick(row, value: value(row), duplicates: (leaders[place] ?? []).map { candidates[$0] })
      )
    }
  }

  private func pick(_ row: Int, value: Double, duplicates: [Int]) -> InfluencePick {
    let classes = experiment.session.classes
    return InfluencePick(
      name: name(row), index: bank.numbers[row], label: StudiedClass(bank.labels[row], of: classes),
      predicted: StudiedClass(bank.predicted[row], of: classes), value: value,
      duplicates: duplicates.map(name), isRare: isRare[row])
  }

  /// The name of a row's image.
  func name(_ row: Int) -> String {
    experiment.dataset.name(at: bank.numbers[row], of: .train)
  }
}
