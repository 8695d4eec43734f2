import FoundationEssentials
import Testing
import XAIAttribution
import XAIFiles
import XAIKernels
import XAINetworks
import XAITensor

/// Every number among the parameters of every method, set to what nobody can mean.
@Suite struct ParameterRangeTests {
  /// Whole numbers and others that a parameter is set to; other numbers also to what is none.
  static let integers: [Int64] = [-1, 0, .min, .max]
  static let numbers: [Double] = [-1, 0, 1e308, -1e308, 1e-300]
  static let nonNumbers = ["nan", "inf", "-inf"]

  /// Where numbers are, by the names that lead to them.
  private func places(_ value: JSONValue, _ names: [String] = []) -> [[String]] {
    switch value {
    case .integer, .number: [names]
    case .object(let members):
      members.sorted { $0.key < $1.key }.flatMap { places($0.value, names + [$0.key]) }
    default: []
    }
  }

  private func setting(
    _ names: [String], of value: JSONValue, to new: JSONValue
  ) -> JSONValue {
    guard let name = names.first, case .object(var members) = value else { return new }
    members[name] = members[name].map { setting(Array(names.dropFirst()), of: $0, to: new) }
    return .object(members)
  }

  /// The method with other parameters, also with what JSON has no number for.
  private func decoded<Method: AttributionMethod>(
    like method: Method, from value: JSONValue
  ) throws -> any AttributionMethod {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try decoder.decode(Method.self, from: JSONEncoder().encode(value))
  }

  @Test(arguments: MethodCatalog.entries.map(\.identifier))
  func `a number out of range ends in a sentence or in maps, and never in a trap`(
    _ identifier: String
  ) throws {
    let lively = try LivelyNetwork(
      Architecture(input: [3, 8, 8], stacks: [[4]], hidden: [5], classes: 3), images: 1)
    let entry = try #require(MethodCatalog.entry(identifier))
    let method = MethodMatrixTests.cheap(entry)
    var request = lively.request
    switch method.baselineNeed {
    case .none: break
    case .one: request.baselines = .one(Tensor(shape: request.images.shape))
    case .several: request.baselines = .shared(Tensor(shape: request.images.shape))
    }
    let own = JSONValue.object(try MethodParameters(of: method).values)
    let values =
      Self.integers.map(JSONValue.integer) + Self.numbers.map(JSONValue.number)
      + Self.nonNumbers.map(JSONValue.string)
    for place in places(own) {
      for value in values {
        // A whole number cannot be 1e308, and a parameter of its own type may refuse what it reads.
        guard
          let changed = try? decoded(like: method, from: setting(place, of: own, to: value))
        else { continue }
        _ = changed.cost(of: request, on: lively.network)
        var asked = 0
        let context = AttributionContext(
          isStopped: {
            asked += 1
            return asked > 20
          })
        do {
          _ = try changed.prepared(for: request, on: lively.network)
          _ = try changed.attribute(request, on: lively.explained, in: context)
        } catch is AttributionStopped {
        } catch is AttributionFailure {
        } catch {
          Issue.record("\(identifier) with \(place) = \(value): \(error)")
        }
      }
    }
  }
}
