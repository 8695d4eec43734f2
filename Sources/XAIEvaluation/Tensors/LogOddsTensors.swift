import XAIAttribution
import XAIFiles

/// `logOdds.*`: pairs of maps, of the target and of another class.
enum LogOddsTensors: TensorFamily {
  static func tensor(_ name: TensorName, _ context: TensorContext) throws -> TensorData? {
    guard name[0] == "logOdds", name.parts.count == 2, name[1] != "classes" else { return nil }
    let pairs = try pairs(name.text, context)
    let classes = try context.given.integers("logOdds.classes", [context.count]).values
    let masking =
      try context.given.number(name.text, "share").map { LogOddsMasking(share: $0) }
      ?? LogOddsMasking()
    let columns = try context.images.indices.map { image in
      try LogOddsMasking.falls(
        pairs.map {
          masking.removal(context.maps[$0][image], against: context.maps[$1][image])
        }, against: classes[image], try context.removal(name[1], image))
    }
    return .reals(
      [pairs.count, context.count], pairs.indices.flatMap { pair in columns.map { $0[pair] } })
  }

  private static func pairs(
    _ tensor: String, _ context: TensorContext
  ) throws(EvaluationFailure) -> [(Int, Int)] {
    var pairs: [(Int, Int)] = []
    for pair in try context.given.list(tensor, "pairs") ?? [] {
      let names = (pair.elements ?? []).compactMap(\.text)
      guard names.count == 2 else {
        throw EvaluationFailure(
          .parameter("a pair", expected: "the names of two maps"), of: tensor)
      }
      pairs.append(
        (
          try context.map(named: names[0], for: tensor),
          try context.map(named: names[1], for: tensor)
        ))
    }
    return pairs
  }
}
