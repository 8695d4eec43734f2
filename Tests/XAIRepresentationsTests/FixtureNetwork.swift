import FoundationEssentials
import Testing
import XAIAttribution
import XAIFiles
import XAIKernels
import XAINetworks
import XAIRepresentations
import XAITensor
import XAITestSupport

/// A network with given tensors and what PyTorch, scikit-learn and SciPy make of them in Float64.
///
/// `A` is the public reference; `P` has one channel, images of 13 x 20 and other parameters throughout.
struct FixtureNetwork {
  let explained: ExplainedNetwork
  let normalization: PixelNormalization
  let given: GivenTensors
  let givenFile: SafetensorsFile
  let expected: SafetensorsFile
  let tolerances: [String: Tolerance]

  struct Tolerance: Decodable {
    let kind: String
    let value: Double?
  }

  init(_ name: String) throws {
    func path(_ file: String) -> String { Fixture.path("network\(name)/\(file).safetensors") }
    let checkpoint = try Checkpoint(path: path("parameters"))
    explained = ExplainedNetwork(
      checkpoint.network, parameters: checkpoint.parameters, backend: try CPUBackend())
    normalization = try PixelNormalization(
      of: checkpoint, try TensorReference(path("inputs") + ":images"))
    givenFile = try SafetensorsFile(path: path("given"))
    given = try GivenTensors(givenFile)
    expected = try SafetensorsFile(path: path("expected"))
    tolerances = try JSONDecoder().decode(
      [String: Tolerance].self, from: Data((expected.metadata["tolerances"] ?? "").utf8))
  }

  /// The given tensors with other tensors asked for.
  func given(asking parameters: String) throws -> GivenTensors {
    let folder = try TemporaryFolder()
    let tensors = try givenFile.entries.map { entry -> (name: String, data: TensorData) in
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

  /// The images of a given tensor of pixels, normalized.
  func images(_ name: String) throws -> Tensor {
    let pixels = try PixelImages(
      shape: givenFile.entry(name)?.shape ?? [],
      try givenFile.integers(name).map { UInt8($0) })
    return pixels.normalized(by: normalization)
  }

  /// How far a result is beyond its tolerance: at most 1 is fine.
  func excess(_ name: String, _ data: TensorData) throws -> Double {
    let entry = try #require(expected.entry(name))
    guard entry.shape == data.shape else { return .infinity }
    let reference = try expected.doubles(name)
    let (values, isWhole): ([Double], Bool) =
      switch data {
      case .float32(let tensor), .float16(let tensor): (tensor.elements.map(Double.init), false)
      case .float64(_, let values): (values, false)
      case .int64(_, let values): (values.map { Double($0) }, true)
      case .uint8(_, let values): (values.map { Double($0) }, true)
      }
    guard isWhole == ["I64", "U8"].contains(entry.typeName) else { return .infinity }
    let tolerance = try #require(tolerances[name])
    let deviation = largestDeviation(values, reference)
    guard deviation.absolute > 0 else { return 0 }
    // Single numbers of the reference were rounded to Float32.
    let isRounded = entry.typeName == "F32"
    switch tolerance.kind {
    case "absolute" where !isWhole: return deviation.absolute / (tolerance.value ?? 0)
    case "relative": return deviation.relative / (tolerance.value ?? 0)
    case "exact" where isRounded && !isWhole:
      return zip(values, reference).allSatisfy { Float($0) == Float($1) } ? 0 : .infinity
    default: return .infinity
    }
  }
}
