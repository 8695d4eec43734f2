import XAIClassifiers
import XAIExamples
import XAIStatistics
import XAITensor

/// The last layer fitted on frozen features, and what leaving out a training image does to it.
final class HeadLists {
  /// Images of either end of a list that are really left out.
  static let checkedEnd = 10
  /// Random images that are really left out.
  static let checkedRandom = 20

  /// The fitted layer.
  let influence: HeadInfluence
  /// The share of training images for which it says what the network says.
  let agreementWithNetwork: Double
  private let bank: FeatureBank
  private let experiment: InfluenceExperiment
  private let values: [[Double]]
  /// Why rows are left out, by image.
  private var roles: [[(row: Int, role: String)]] = []
  /// The rise of every loss after the layer was fitted again without a row.
  private var real: [Int: [Double]] = [:]
  private var newton: [Int: [Double]] = [:]

  init(
    _ asked: Tensor, _ bank: FeatureBank, _ experiment: InfluenceExperiment, checks: Bool? = nil
  ) throws {
    (self.bank, self.experiment) = (bank, experiment)
    let session = experiment.session
    session.observer.begin("fitting the last layer", total: 2, unit: "steps")
    let problem = try HeadProblem(
      features: bank.features, labels: bank.labels, classes: session.classCount,
      penalty: experiment.penalty, threads: session.request.threads)
    let state = try problem.fit()
    try session.checkStop()
    session.observer.advance(to: 1, "")
    influence = try HeadInfluence(
      problem, state: state, queries: asked, labels: experiment.subjects.map(experiment.target))
    agreementWithNetwork = influence.agreement(with: bank.predicted)
    values = influence.influence
    session.observer.end()
    if checks ?? experiment.checks { try check() }
  }

  /// The list of each image.
  /// - Parameters:
  ///   - maker: Makes lists.
  ///   - newton: Whether what is reported is asked of a Newton step as well.
  /// - Returns: One list for each image.
  /// - Throws: `WorkStopped` where the observer asked to stop.
  func lists(_ maker: InfluenceListMaker, newton: Bool = true) throws -> [InfluenceList] {
    try values.indices.map { index in
      var list = maker.list(.head, values[index], agreement: agreement(index, values[index])) {
        row, pick in pick.real = real[row]?[index]
      }
      guard newton else { return list }
      try step(&list.helpful, index)
      try step(&list.harmful, index)
      return list
    }
  }

  private func step(_ picks: inout [InfluencePick], _ index: Int) throws {
    for place in picks.indices {
      guard let row = bank.numbers.firstIndex(of: picks[place].index) else { continue }
      picks[place].newton = try rises(row)[index]
    }
  }

  /// The rise of every loss by one Newton step without a row.
  private func rises(_ row: Int) throws -> [Double] {
    if let known = newton[row] { return known }
    try experiment.session.checkStop()
    let rises = influence.newton(leavingOut: [row])
    newton[row] = rises
    return rises
  }

  /// The lists by the curvature in factors.
  func factoredLists(_ maker: InfluenceListMaker) throws -> [InfluenceList] {
    let curvature = try EKFAC(
      features: influence.problem.features.matrix, probabilities: influence.state.probabilities,
      damping: influence.problem.penalty)
    return influence.labels.indices.map { query in
      let slope = influence.problem.gradient(
        of: influence.queries.row(query), label: influence.labels[query],
        at: influence.state.weights)
      let values = influence.products(with: curvature.inverse(slope))
      return maker.list(.ekfac, values, agreement: agreement(query, values)) { row, pick in
        pick.real = real[row]?[query]
      }
    }
  }

  // MARK: Leaving out

  /// Fits the layer again without the images that matter most to each image asked about, and without random ones.
  private func check() throws {
    let session = experiment.session
    var order = Array(bank.labels.indices)
    var stream = RandomStream(seed: session.request.seed, purpose: "influence/check")
    stream.shuffle(&order)
    let random = order.prefix(Self.checkedRandom)
    roles = values.map { values in
      let sorted = values.indices.sorted { (-values[$0], $0) < (-values[$1], $1) }
      let helpful = sorted.prefix(Self.checkedEnd).map { ($0, "helpful") }
      let harmful = sorted.suffix(Self.checkedEnd).reversed().map { ($0, "harmful") }
      let ends = Set((helpful + harmful).map(\.0))
      return (helpful + harmful + random.filter { !ends.contains($0) }.map { ($0, "random") })
        .map { (row: $0.0, role: $0.1) }
    }
    let rows = Set(roles.flatMap { $0.map(\.row) }).sorted()
    session.observer.begin("leaving out", total: rows.count, unit: "images")
    defer { session.observer.end() }
    // Leaving out one of equal images does the same as leaving out another.
    let alike = influence.firstAlike
    for (done, row) in rows.enumerated() {
      try session.checkStop()
      if let known = real[alike[row]] {
        real[row] = known
      } else {
        let rises = try influence.refit(leavingOut: [row])
        (real[row], real[alike[row]]) = (rises, rises)
      }
      _ = try self.rises(row)
      session.observer.advance(to: done + 1, "")
    }
  }

  /// What leaving out did to the loss of one image; nil where that was not asked.
  func check(_ index: Int) -> InfluenceCheck? {
    guard roles.indices.contains(index) else { return nil }
    let maker = InfluenceListMaker(experiment, bank)
    return InfluenceCheck(
      points: roles[index].compactMap { row, role in
        guard let real = real[row]?[index], let newton = newton[row]?[index] else { return nil }
        return InfluencePoint(
          name: maker.name(row), index: bank.numbers[row], role: role, first: values[index][row],
          newton: newton, real: real)
      })
  }

  /// How well numbers for all training images agree with what leaving some of them out did.
  func agreement(_ index: Int, _ values: [Double]) -> InfluenceAgreement? {
    guard roles.indices.contains(index) else { return nil }
    let pairs = roles[index].compactMap { row, _ in real[row].map { (values[row], $0[index]) } }
    return InfluenceAgreement(
      pearson: Ranks.pearson(pairs.map(\.0), pairs.map(\.1)),
      spearman: Ranks.spearman(pairs.map(\.0), pairs.map(\.1)))
  }
}
