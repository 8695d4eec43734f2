import FoundationEssentials
import Testing
import XAIAttribution
import XAIEvaluation
import XAIFiles
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

/// A network of the reference fixtures with every tensor of the group `evaluation`.
struct EvaluationFixture {
  /// What the fixture says of a tensor.
  struct Entry: Decodable, Sendable {
    struct Tolerance: Decodable, Sendable {
      let kind: String
      let value: Double?
      let perFirstAxis: Bool?
    }

    let name: String
    let given: Bool?
    let parameters: JSONValue?
    let tolerance: Tolerance
  }

  private struct Description: Decodable {
    let tensors: [Entry]
  }

  /// The fixtures of the attribution tests.
  private static let others = #filePath.replacing("XAIEvaluationTests", with: "XAIAttributionTests")

  static let architecture = Architecture(
    input: [3, 16, 16], stacks: [[8, 8], [16, 16]], hidden: [32, 24], classes: 10)

  static let entries: [Entry] = {
    guard let text = try? WholeFile.read(Fixture.path("networkA/evaluation.json")) else {
      return []
    }
    return (try? JSONDecoder().decode(Description.self, from: Data(text)))?.tensors ?? []
  }()

  /// Every tensor but those that are given.
  static var results: [String] { entries.filter { $0.given != true }.map(\.name) }

  let network: ExplainedNetwork
  let reference: SafetensorsFile
  let inputs: SafetensorsFile

  init() throws {
    let checkpoint = try Checkpoint(
      path: Fixture.path("networkA/parameters.safetensors", Self.others),
      architecture: Self.architecture)
    network = ExplainedNetwork(
      checkpoint.network, parameters: checkpoint.parameters, backend: try CPUBackend())
    reference = try SafetensorsFile(path: Fixture.path("networkA/evaluation.safetensors"))
    inputs = try SafetensorsFile(
      path: Fixture.path("networkA/inputs.safetensors", Self.others))
  }

  /// The network as measures see it.
  func judged(
    _ algorithm: ConvolutionAlgorithm = .direct, memory: Int = 256 << 20
  ) -> JudgedNetwork {
    JudgedNetwork(network, in: AttributionContext(memory: memory, algorithm: algorithm))
  }

  /// What a program gets that is judged by the fixture.
  func input() throws -> EvaluationTensors.Input {
    var given: [String: TensorData] = [:]
    for entry in Self.entries where entry.given == true {
      given[entry.name] = try Self.data(entry.name, of: reference)
    }
    for entry in inputs.entries where entry.name.hasPrefix("baseline.") {
      given["inputs/\(entry.name)"] = try Self.data(entry.name, of: inputs)
    }
    let parameters = Self.entries.map { ($0.name, $0.parameters ?? .object([:])) }
    return EvaluationTensors.Input(
      images: try inputs.tensor("images"), targets: try inputs.integers("targets").map { Int($0) },
      given: given, parameters: Dictionary(uniqueKeysWithValues: parameters))
  }

  private static func data(_ name: String, of file: SafetensorsFile) throws -> TensorData {
    let entry = try #require(file.entry(name))
    return entry.type?.isInteger == true
      ? .int64(shape: entry.shape, try file.integers(name))
      : .float64(shape: entry.shape, try file.doubles(name))
  }

  /// Everything that is computed, once for all tests.
  static let output: [String: TensorData]? = {
    guard let fixture = try? EvaluationFixture(), let input = try? fixture.input() else {
      return nil
    }
    let output = try? EvaluationTensors(input, on: fixture.judged()).compute()
    return output.map { Dictionary(uniqueKeysWithValues: $0.tensors.map { ($0.name, $0.data) }) }
  }()

  /// How far numbers are from the reference, as a multiple of the tolerance; infinite where NaN is in one alone.
  static func error(_ actual: [Double], _ expected: [Double], _ shape: [Int], _ entry: Entry)
    -> Double
  {
    guard actual.count == expected.count else { return .infinity }
    let value = entry.tolerance.value ?? 0
    let groups = entry.tolerance.perFirstAxis == true ? shape.first ?? 1 : 1
    let size = expected.count / max(groups, 1)
    var worst = 0.0
    for group in 0..<groups {
      let range = group * size..<(group + 1) * size
      let largest = expected[range].reduce(0) { $1.isNaN ? $0 : max($0, abs($1)) }
      for index in range {
        let (left, right) = (actual[index], expected[index])
        if left == right || left.isNaN && right.isNaN { continue }
        guard !left.isNaN, !right.isNaN, entry.tolerance.kind != "exact" else { return .infinity }
        let limit =
          switch entry.tolerance.kind {
          case "absoluteOrRelative": value * max(1, abs(right))
          default: largest == 0 ? 1e-6 : value * largest
          }
        worst = max(worst, abs(left - right) / limit)
      }
    }
    return worst
  }
}

extension TensorData {
  /// The elements in Double.
  var doubles: [Double] {
    switch self {
    case .float32(let tensor), .float16(let tensor): tensor.elements.map(Double.init)
    case .float64(_, let values): values
    case .int64(_, let values): values.map(Double.init)
    case .uint8(_, let values): values.map(Double.init)
    }
  }
}
