public import XAIFiles
import XAINetworks
package import XAITensor

/// The tensors of a file that the raw form reads its images, labels, masks and starts from.
public struct GivenTensors: Sendable {
  private let file: SafetensorsFile
  /// The names of all tensors, sorted.
  package var names: [String] { file.entries.map(\.name).sorted() }
  /// What is asked for.
  package let parameters: JSONParameters

  /// Takes a file.
  /// - Parameter file: Its metadata hold `parameters`: for every tensor asked for, an object of its parameters.
  /// - Throws: `RepresentationFailure` where they do not.
  public init(_ file: SafetensorsFile) throws(RepresentationFailure) {
    self.file = file
    guard let text = file.metadata["parameters"] else {
      throw RepresentationFailure(.missing("'parameters' in the metadata of the given tensors"))
    }
    parameters = try JSONParameters(text)
  }

  /// The shape of a tensor.
  package func shape(of name: String) throws(RepresentationFailure) -> [Int] {
    guard let entry = file.entry(name) else {
      throw RepresentationFailure(.missing("tensor \(name) among the given ones"))
    }
    return entry.shape
  }

  /// Whether there is a tensor of this name.
  package func holds(_ name: String) -> Bool { file.entry(name) != nil }

  /// Images of 8 bits.
  package func pixels(_ name: String) throws -> PixelImages {
    let values = try integers(name, in: 0...255)
    return try PixelImages(shape: try shape(of: name), values.map { UInt8($0) }, name: name)
  }

  /// Whole numbers of a range.
  package func integers(_ name: String, in range: ClosedRange<Int> = .min ... .max) throws -> [Int]
  {
    _ = try shape(of: name)
    let values = try file.integers(name).map { Int($0) }
    if let value = values.first(where: { !range.contains($0) }) {
      throw RepresentationFailure(
        .value(
          of: "an element of \(name)", found: "\(value)",
          expected: "a number from \(range.lowerBound) to \(range.upperBound)"))
    }
    return values
  }

  /// Finite numbers in Double.
  package func doubles(_ name: String) throws -> [Double] {
    _ = try shape(of: name)
    let values = try file.doubles(name)
    guard values.allSatisfy(\.isFinite) else { throw RepresentationFailure(.notFinite(name)) }
    return values
  }

  /// Finite numbers.
  package func tensor(_ name: String) throws -> Tensor {
    _ = try shape(of: name)
    let tensor = try file.tensor(name)
    guard tensor.isFinite else { throw RepresentationFailure(.notFinite(name)) }
    return tensor
  }

  /// Probes have an output for every label up to the largest.
  private static let mostLabels = 10_000

  /// Labels, one for each of so many rows.
  package func labels(_ name: String, count: Int) throws -> [Int] {
    let values = try integers(name, in: 0...Self.mostLabels)
    guard values.count == count else {
      throw RepresentationFailure(
        .shape(of: name, found: try shape(of: name), expected: "[\(count)]"))
    }
    return values
  }
}
