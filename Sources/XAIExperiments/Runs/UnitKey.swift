public import XAIAttribution
import XAIClassifiers
import XAIFiles
import XAITensor

/// A method of a test with all that decides its maps.
public struct UnitMethod: Sendable, Hashable, Codable {
  /// The method's identifier in the catalog.
  public var method: String
  /// Every parameter, defaults included, as JSON.
  public var parameters: String
  /// What images are compared with.
  public var baseline: String?
  /// Whether maps are kept with their channels.
  public var keepsChannels: Bool

  /// Describes a method.
  /// - Parameters:
  ///   - identifier: The method's identifier in the catalog.
  ///   - method: The method.
  ///   - baseline: What images are compared with.
  ///   - keepsChannels: Whether maps are kept with their channels.
  /// - Throws: `AttributionFailure` where a parameter has no JSON form, `FileFailure`.
  public init(
    _ identifier: String, _ method: any AttributionMethod, baseline: BaselineKind?,
    keepsChannels: Bool
  ) throws {
    self.method = identifier
    parameters = try JSONText.encode(try MethodParameters(of: method).values)
    (self.baseline, self.keepsChannels) = (baseline?.description, keepsChannels)
  }

  enum CodingKeys: String, CodingKey {
    case method, parameters, baseline
    case keepsChannels = "keeps_channels"
  }
}

/// A unit of work: one map.
public struct UnitKey: Sendable, Hashable {
  /// How it is made.
  public var method: UnitMethod
  /// Names image, baseline and target by their content.
  public var subject: String
  /// The random layers; nothing for the original network.
  public var layers: RandomLayers?
  /// Which draw, from 0.
  public var seed: Int

  /// Names a unit.
  /// - Parameters:
  ///   - method: How it is made.
  ///   - subject: Names image, baseline and target by their content.
  ///   - layers: The random layers; nothing for the original network.
  ///   - seed: Which draw.
  public init(method: UnitMethod, subject: String, layers: RandomLayers?, seed: Int) {
    (self.method, self.subject) = (method, subject)
    (self.layers, self.seed) = (layers, layers == nil ? 0 : seed)
  }

  /// The name of its tensor.
  var name: String {
    layers.map { "\(subject)/\($0.text)/\(seed)" } ?? "\(subject)/original"
  }
}

/// The names of a test's units.
public struct UnitKeys: Sendable {
  private let methods: [UnitMethod]
  private let subjects: [[String]]

  /// Names the units of a test.
  /// - Parameter test: The test.
  /// - Throws: Where a baseline cannot be made.
  public init(_ test: RandomizationTest) throws {
    methods = try test.methods.map { try test.unitMethod($0) }
    subjects = try test.methods.map { method in
      try test.subjects.indices.map { index in
        let subject = test.subjects[index]
        let baselines = try test.request([index], for: method).baselines?.values
        let suffix = baselines.map { "-" + String($0.fingerprint, radix: 16) } ?? ""
        return "\(subject.image.keyText)-t\(subject.target)\(suffix)"
      }
    }
  }

  /// The name of a unit.
  /// - Parameters:
  ///   - method: The position of the method.
  ///   - subject: The position of the image.
  ///   - layers: The random layers; nothing for the original network.
  ///   - seed: Which draw.
  /// - Returns: Its key.
  public func key(_ method: Int, _ subject: Int, _ layers: RandomLayers?, seed: Int) -> UnitKey {
    UnitKey(
      method: methods[method], subject: subjects[method][subject], layers: layers, seed: seed)
  }
}
