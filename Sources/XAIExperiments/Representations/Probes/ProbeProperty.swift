import XAIDatasets
import XAIImages
import XAIRepresentations
public import XAITensor

/// A property of images that probes predict.
public struct ProbeProperty: Sendable, Equatable {
  /// Its name.
  public let name: String
  let values: Values

  /// What it is of each image.
  enum Values: Equatable {
    /// Names, and the name of each training and test image.
    case labels([String], training: [Int], test: [Int])
    /// A number of each image.
    case numbers(training: [Double], test: [Double])
  }
}

/// A property that the data do not have.
public struct ProbeFailure: Failure, Equatable {
  /// What is wrong, with its values.
  public enum Code: Sendable, Equatable {
    /// No property has this name.
    case unknownProperty(String, known: [String])
    /// All images have one value.
    case oneValue(String)
  }

  /// What is wrong.
  public let code: Code

  /// Describes what is wrong.
  /// - Parameter code: What is wrong.
  public init(_ code: Code) { self.code = code }

  /// Something impossible was asked for.
  public var kind: FailureKind { .usage }

  /// One sentence: what is wrong, and what to do.
  public var description: String {
    switch code {
    case .unknownProperty(let name, let known):
      oneLine(
        "the data have no property \(quoted(name)); they have \(known.joined(separator: ", "))")
    case .oneValue(let name):
      oneLine("\(name) is the same in all training images; probe a property that differs")
    }
  }
}

/// Reads properties of images.
struct PropertyReader {
  private let dataset: any ImageDataset
  private let shapes: ShapesDataset?

  init(_ dataset: any ImageDataset) {
    self.dataset = dataset
    shapes = dataset as? ShapesDataset
  }

  private static let names = ["kind", "pattern", "hue", "size", "light"]
  private static let numbers = ["radius", "x", "y", "turn", "exposure", "object-contrast", "shade"]
  private static let statistics = ImageStatistics.names(channels: 3)
    .map { $0.replacing(" ", with: "-") }

  /// The names of all properties.
  var known: [String] {
    (shapes == nil ? ["class"] : Self.names + Self.numbers) + Self.statistics
  }

  /// Properties of images.
  /// - Parameters:
  ///   - names: The properties, each once.
  ///   - training: Training images.
  ///   - test: Test images.
  ///   - fewest: The fewest training images of each value of a name.
  /// - Returns: The properties, in their order.
  /// - Throws: `ProbeFailure`; `RepresentationFailure` where a value has too few images; what reading throws.
  func properties(
    _ names: [String], training: [Int], test: [Int], fewest: Int = ClassProbe.fewestRows
  ) throws -> [ProbeProperty] {
    for name in names where !known.contains(name) {
      throw ProbeFailure(.unknownProperty(name, known: known))
    }
    let parts = [(Split.train, training), (.test, test)]
    let truths = parts.map { split, images in
      images.map { shapes?.truth(at: $0, of: split) }
    }
    let needsStatistics = names.contains(where: Self.statistics.contains)
    let tables = try parts.map { split, images in
      needsStatistics ? try statistics(images, split) : []
    }
    return try names.map { name in
      if let column = Self.statistics.firstIndex(of: name) {
        return try numbers(name, tables.map { $0.map { $0[column] } })
      }
      if name == "class" {
        return try labels(
          name, fewest,
          parts.map { split, images in
            images.map { dataset.classes[dataset.label(at: $0, of: split)].id }
          })
      }
      if Self.names.contains(name) {
        return try labels(
          name, fewest, truths.map { $0.map { $0.map { Self.word(name, $0) } ?? "" } })
      }
      return try numbers(name, truths.map { $0.map { $0.map { Self.number(name, $0) } ?? 0 } })
    }
  }

  /// What recurs with several values of a property, for control tasks: the class of an image.
  func types(_ images: [Int], of split: Split) -> [Int] {
    images.map { dataset.label(at: $0, of: split) }
  }

  private func statistics(_ images: [Int], _ split: Split) throws -> [[Double]] {
    let bytes = try images.flatMap { try dataset.picture(at: $0, of: split).pixels }
    return ImageStatistics.table(
      try PixelImages(shape: [images.count, dataset.height, dataset.width, 3], bytes))
  }

  private func numbers(_ name: String, _ values: [[Double]]) throws -> ProbeProperty {
    guard Set(values[0]).count > 1 else { throw ProbeFailure(.oneValue(name)) }
    return ProbeProperty(name: name, values: .numbers(training: values[0], test: values[1]))
  }

  private func labels(
    _ name: String, _ fewest: Int, _ values: [[String]]
  ) throws -> ProbeProperty {
    let known = Set(values[0]).sorted()
    guard known.count > 1 else { throw ProbeFailure(.oneValue(name)) }
    let places = Dictionary(uniqueKeysWithValues: known.enumerated().map { ($1, $0) })
    // A name that no training image has is never answered rightly.
    let indices = values.map { $0.map { places[$0] ?? known.count } }
    for (label, word) in known.enumerated() {
      let count = indices[0].count { $0 == label }
      guard count >= fewest else {
        throw RepresentationFailure(
          .tooFew(
            "training images of \(name)=\(word)", found: count, needed: fewest))
      }
    }
    return ProbeProperty(
      name: name, values: .labels(known, training: indices[0], test: indices[1]))
  }

  private static func word(_ name: String, _ truth: ShapesTruth) -> String {
    switch name {
    case "kind": truth.kind
    case "pattern": truth.pattern.rawValue
    case "hue": truth.hue.rawValue
    case "size": truth.size
    default: truth.light
    }
  }

  private static func number(_ name: String, _ truth: ShapesTruth) -> Double {
    switch name {
    case "radius": truth.radius
    case "x": truth.center[0]
    case "y": truth.center[1]
    case "turn": truth.turn
    case "exposure": truth.exposure
    case "object-contrast": truth.contrast
    default: truth.shade
    }
  }
}
