import XAIExperiments
import XAIReports

extension PrototypeResults {
  /// What a person reads first: what prototypes are worth beside random images, and what stayed of them.
  package var lines: [String] {
    let sets = groups.prefix(Self.mostLines).map { group in
      let names = group.prototypes.map(\.name).joined(separator: ", ")
      let worth =
        group.curve.last.map {
          "; MMD2 \(Format.fixed($0.chosen, digits: 4)), random images \(Format.fixed($0.random, digits: 4))"
        } ?? ""
      let stayed = group.stayed.map {
        "\($0.network) \(Format.fixed($0.jaccard, digits: 2))"
      }
      return "\(group.words): \(names)\(worth); stayed: \(stayed.joined(separator: ", "))"
    }
    let accuracy = classification.map {
      "nearest prototype: \(Format.percent($0.accuracy)) of \(Format.count($0.tests, "test image")) right; "
        + "random images \(Format.percent($0.random)), the network \(Format.percent($0.network))"
    }
    return sets + [accuracy].compactMap(\.self)
  }

  /// All sets are in the table.
  private static let mostLines = 20
}
