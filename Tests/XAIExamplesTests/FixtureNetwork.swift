import FoundationEssentials
import Testing
import XAIAttribution
import XAIExamples
import XAIFiles
import XAIKernels
import XAINetworks
import XAIRepresentations
import XAITensor
import XAITestSupport

/// A network with given tensors and what PyTorch, SciPy, scikit-learn and networkx make of them in Float64.
///
/// `A` is the public reference; `P` has one channel, images of 13 x 20 and other parameters throughout.
struct FixtureNetwork {
  let explained: ExplainedNetwork
  let normalization: PixelNormalization
  let images: Tensor
  let targets: [Int]
  let givenFile: SafetensorsFile
  let given: GivenTensors
  let expected: SafetensorsFile
  let tolerances: [String: Tolerance]

  struct Tolerance: Decodable {
    let kind: String
    let value: Double
    let columns: [Int]?
  }

  init(_ name: String) throws {
    func path(_ file: String) -> String { Fixture.path("network\(name)/\(file).safetensors") }
    let checkpoint = try Checkpoint(path: path("parameters"))
    explained = ExplainedNetwork(
      checkpoint.network, parameters: checkpoint.parameters, backend: try CPUBackend())
    let reference = try TensorReference(path("inputs") + ":images")
    normalization = try PixelNormalization(of: checkpoint, reference)
    images = try reference.tensor()
    targets = try SafetensorsFile(path: path("inputs")).integers("targets").map { Int($0) }
    givenFile = try SafetensorsFile(path: path("given"))
    given = try GivenTensors(givenFile)
    expected = try SafetensorsFile(path: path("expected"))
    tolerances = try JSONDecoder().decode(
      [String: Tolerance].self, from: Data((expected.metadata["tolerances"] ?? "").utf8))
  }

  var reader: ClassReader { ClassReader(explained, algorithm: .direct) }

  func tensors(_ given: GivenTensors? = nil) throws -> ExampleTensors {
    try ExampleTensors(
      of: explained, normalization, given ?? self.given, images: images, targets: targets)
  }

  /// The given tensors with other tensors asked for, and some replaced.
  func given(
    asking parameters: String, replacing others: [String: TensorData] = [:]
  ) throws -> GivenTensors {
    let folder = try TemporaryFolder()
    let tensors = try givenFile.entries.map { entry -> (name: String, data: TensorData) in
      if let other = others[entry.name] { return (entry.name, other) }
      guard entry.typeName.hasPrefix("F") else {
        return (entry.name, .int64(shape: entry.shape, try givenFile.integers(entry.name)))
      }
      return (entry.name, .float64(shape: entry.shape, try givenFile.doubles(entry.name)))
    }
    return try withExtendedLifetime(folder) {
      let path = folder.file("given.safetensors")
      try SafetensorsFile.write(tensors, metadata: ["parameters": parameters], to: path)
      return try GivenTensors(try SafetensorsFile(path: path))
    }
  }

  /// How far a result is beyond its tolerance: at most 1 is fine.
  func excess(_ name: String, _ data: TensorData) throws -> Double {
    let entry = try #require(expected.entry(name))
    guard entry.shape == data.shape else { return .infinity }
    var reference = try expected.doubles(name)
    var (values, isWhole): ([Double], Bool) =
      switch data {
      case .float32(let tensor), .float16(let tensor): (tensor.elements.map(Double.init), false)
      case .float64(_, let values): (values, false)
      case .int64(_, let values): (values.map { Double($0) }, true)
      case .uint8(_, let values): (values.map { Double($0) }, true)
      }
    guard isWhole == ["I64", "U8"].contains(entry.typeName) else { return .infinity }
    let tolerance = try #require(tolerances[name])
    if let columns = tolerance.columns, let width = entry.shape.last {
      let kept = values.indices.filter { columns.contains($0 % width) }
      (values, reference) = (kept.map { values[$0] }, kept.map { reference[$0] })
    }
    let deviation = largestDeviation(values, reference)
    guard deviation.absolute > 0 else { return 0 }
    switch tolerance.kind {
    case "absolute" where !isWhole: return deviation.absolute / tolerance.value
    case "relative": return deviation.relative / tolerance.value
    default: return .infinity
    }
  }
}
