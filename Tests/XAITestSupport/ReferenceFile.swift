import FoundationEssentials
public import Testing
public import XAIFiles
public import XAITensor

/// Reference numbers of a fixture, each with the tolerance that its maker recommends.
///
/// The numbers were computed in Double with PyTorch 2.15 and agree with a second derivation.
public struct ReferenceFile: Sendable {
  private struct Tolerance: Codable, Sendable {
    var kind: String
    var value: Double?
    var valueInDouble: Double?
    var perImage: Bool?
    var meanValue: Double?
    var columns: [Int]?
  }

  /// Where numbers are compared.
  public enum Precision: Sendable {
    /// Arithmetic in Float32.
    case single
    /// Arithmetic in Double.
    case double
  }

  /// The numbers.
  public let file: SafetensorsFile
  private let tolerances: [String: Tolerance]

  /// Opens a fixture.
  /// - Parameters:
  ///   - name: Its path below `Fixtures`, without extension, such as `networkA/forward`.
  ///   - sourceFile: The source file of the test.
  /// - Throws: Where it or `tolerances.json` cannot be read.
  public init(_ name: String, _ sourceFile: String = #filePath) throws {
    file = try SafetensorsFile(path: Fixture.path("\(name).safetensors", sourceFile))
    let text = try WholeFile.read(Fixture.path("tolerances.json", sourceFile))
    tolerances =
      try JSONDecoder().decode([String: [String: Tolerance]].self, from: Data(text))[name] ?? [:]
  }

  /// The names of all numbers.
  public var names: [String] { file.entries.map(\.name) }

  /// A tensor as an array.
  /// - Parameter name: Its name.
  /// - Returns: The array.
  /// - Throws: Where it is not there.
  public func array(_ name: String) throws -> ReferenceArray {
    ReferenceArray(try #require(file.entry(name)).shape, try file.doubles(name))
  }

  /// Records an issue where numbers are further from the reference than its tolerance.
  /// - Parameters:
  ///   - actual: What was computed.
  ///   - name: The name of the reference.
  ///   - precision: What it was computed in.
  ///   - sourceLocation: The line to blame.
  /// - Throws: Where the reference or its tolerance is missing.
  public func expect(
    _ actual: ReferenceArray, agreesWith name: String, in precision: Precision = .single,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let expected = try array(name)
    let tolerance = try #require(tolerances[name], "\(name)", sourceLocation: sourceLocation)
    #expect(actual.shape == expected.shape, "\(name)", sourceLocation: sourceLocation)
    guard actual.shape == expected.shape else { return }
    let value = (precision == .double ? tolerance.valueInDouble : nil) ?? tolerance.value ?? 0
    let groups = tolerance.perImage == true ? expected.batch : 1
    let size = expected.values.count / groups
    for group in 0..<groups {
      let range = group * size..<(group + 1) * size
      let isZero = expected.values[range].allSatisfy { $0 == 0 }
      let isAbsolute = tolerance.kind == "absolute" || isZero
      expectClose(
        actual.values[range], expected.values[range], relative: isAbsolute ? 0 : value,
        absolute: isAbsolute ? value : 0, groups > 1 ? "\(name), image \(group)," : name,
        sourceLocation: sourceLocation)
      guard let mean = tolerance.meanValue else { continue }
      let deviation = Self.meanDeviation(actual.values[range], expected.values[range])
      #expect(
        deviation <= mean, "\(name), image \(group), mean deviation",
        sourceLocation: sourceLocation)
    }
  }

  /// `mean|difference| / mean|expected|`.
  private static func meanDeviation(
    _ actual: some Collection<Double>, _ expected: some Collection<Double>
  ) -> Double {
    let difference = zip(actual, expected).reduce(0) { $0 + abs($1.0 - $1.1) }
    return difference == 0 ? 0 : difference / expected.reduce(0) { $0 + abs($1) }
  }

  /// Records an issue where a tensor is further from the reference than its tolerance.
  /// - Parameters:
  ///   - actual: What was computed in Float32.
  ///   - name: The name of the reference.
  ///   - sourceLocation: The line to blame.
  /// - Throws: Where the reference or its tolerance is missing.
  public func expect(
    _ actual: Tensor, agreesWith name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try expect(ReferenceArray(actual), agreesWith: name, sourceLocation: sourceLocation)
  }
}
