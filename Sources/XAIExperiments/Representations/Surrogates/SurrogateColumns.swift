import XAIAttribution
import XAIDatasets
import XAIFiles
import XAINetworks
import XAIRepresentations
import XAITensor

/// Features of images that the network itself has: scores of concepts, and means of units.
struct SurrogateColumns {
  fileprivate struct Unit {
    let layer: String
    let unit: Int
    let name: String
  }

  private let units: [Unit]
  private let directions: [ConceptDirection]

  /// Finds what is asked for.
  /// - Throws: `SurrogateExperiment.Failed` and `RepresentationFailure` where units do not exist; what finding images
  ///   of concepts throws.
  init(
    _ configuration: SurrogateExperiment.Configuration, in session: Session,
    _ preprocessing: Preprocessing
  ) throws {
    let network = session.network.checkpoint.network
    let layers = try network.layers(configuration.layers)
    directions = try session.conceptDirections(
      configuration.concepts, at: configuration.layers == nil ? Array(layers.suffix(1)) : layers,
      set: configuration.set, preprocessing)
    units = try configuration.units.flatMap { try Self.units($0, in: session) }
    for unit in units {
      let layer = try network.layers([unit.layer])[0]
      let count = network.shape(of: layer)[0]
      guard 0..<count ~= unit.unit else {
        throw RepresentationFailure(.unknownUnit(unit.unit, layer: layer, count: count))
      }
    }
  }

  private static func units(_ word: String, in session: Session) throws -> [Unit] {
    let parts = word.split(separator: ":").map(String.init)
    if parts.count == 2, let unit = Int(parts[1]) {
      return [Unit(layer: parts[0], unit: unit, name: word)]
    }
    let path = "\(word)/results.json"
    guard Folder.exists(word), let text = try? WholeFile.readText(path),
      let results = try? JSONText.decode(DissectionResults.self, from: text, name: path),
      results.schema == DissectionResults.schema
    else { throw SurrogateExperiment.Failed(.noUnits(word)) }
    guard results.networks.first?.checkpoint.sha256 == (try session.network.digest.value()) else {
      throw SurrogateExperiment.Failed(.otherNetwork(path))
    }
    return results.units.filter(\.isDetector).map {
      Unit(layer: $0.layer, unit: $0.unit, name: "\($0.layer):\($0.unit) \($0.concept)")
    }
  }

  /// What the columns are called: without `=`, which stands for a value of a name.
  var names: [String] {
    directions.map { "concept \($0.name.replacing("=", with: " ")) at \($0.layer)" }
      + units.map { $0.name.replacing("=", with: " ") }
  }

  /// Reads the columns of images from outputs of layers.
  struct Reader {
    fileprivate let units: [Unit]
    fileprivate let folds: [(layer: String, folds: ConceptDirection.Folds)]

    var isEmpty: Bool { units.isEmpty && folds.isEmpty }
    var layers: Set<String> { Set(units.map(\.layer) + folds.map(\.layer)) }

    /// The columns of one image of a batch.
    func values(of outputs: [String: Tensor], row: Int, digest: UInt64) -> [Double] {
      folds.map { layer, folds in
        folds.score(outputs[layer]?.row(row).elements ?? [], digest: digest)
      }
        + units.map { unit in
          guard let map = outputs[unit.layer]?.row(row) else { return 0 }
          let area = map.shape.dropFirst(2).reduce(1, *)
          let own = map.elements[unit.unit * area..<(unit.unit + 1) * area]
          return own.reduce(0.0) { $0 + Double($1) } / Double(area)
        }
    }
  }

  /// Finds the directions of concepts in a network.
  func reader(of network: ExplainedNetwork) throws -> Reader {
    Reader(
      units: units, folds: try directions.map { ($0.layer, try $0.folds(in: network)) })
  }
}
