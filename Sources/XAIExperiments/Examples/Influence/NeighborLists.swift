import XAIClassifiers
import XAIDatasets
import XAIExamples
import XAIImages
import XAIRepresentations
import XAITensor

/// The nearest training images of those that are asked about, by the cosine of their features.
struct NeighborLists {
  /// Of each image the number of the training image that is the same picture; nil where there is none.
  let same: [Int?]
  private let found: FeatureNeighbors
  /// Distances of some training images to their nearest other one, ascending.
  private let usual: [Double]

  /// Training images whose nearest other one says what is near.
  private static let sample = 100

  init(_ asked: Tensor, among bank: FeatureBank, _ experiment: InfluenceExperiment) throws {
    let all = try FeatureNeighbors(of: asked, among: bank.features, count: 1)
    // Equal pictures have equal features, so that few pictures need to be read.
    let rows = try experiment.subjects.indices.map { index -> [Int] in
      let own = asked.row(index).elements
      let picture = experiment.subjects[index].image.picture
      return try all.distances[index].indices.filter { row in
        guard all.distances[index][row] < 1e-6, bank.features.row(row).elements == own else {
          return false
        }
        return try experiment.dataset.picture(at: bank.numbers[row], of: .train).pixels
          == picture.pixels
      }
    }
    same = rows.map { $0.first.map { bank.numbers[$0] } }
    found = try FeatureNeighbors(
      of: asked, among: bank.features, count: 4 * experiment.configuration.top, excluding: rows)
    var order = Array(bank.labels.indices)
    var stream = RandomStream(
      seed: experiment.session.request.seed, purpose: "influence/neighbors")
    stream.shuffle(&order)
    let some = Array(order.prefix(Self.sample))
    let nearest = try FeatureNeighbors(
      of: bank.features.rows(at: some), among: bank.features, count: 1,
      excluding: some.map { [$0] })
    usual = zip(nearest.neighbors, nearest.distances).compactMap { neighbors, distances in
      neighbors.first.map { distances[$0] }
    }.sorted()
  }

  /// The list of each image.
  func lists(_ maker: InfluenceListMaker) -> [InfluenceList] {
    found.neighbors.indices.map { index in
      let distances = found.distances[index]
      let picks = maker.picks(found.neighbors[index]) { distances[$0] }.map { row, pick in
        var pick = pick
        let nearer = usual.count { $0 < distances[row] }
        pick.percentile = usual.isEmpty ? nil : 100 * Double(nearer) / Double(usual.count)
        return pick
      }
      return InfluenceList(
        method: .neighbors, helpful: picks, harmful: [], stayed: [], agreement: nil)
    }
  }
}
