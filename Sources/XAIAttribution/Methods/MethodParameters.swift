import FoundationEssentials
import XAITensor

/// The parameters of a method as JSON: shown to users, and changed by them.
public struct MethodParameters: Sendable, Equatable {
  /// Each parameter by name; `null` where an optional one is not set.
  public let values: [String: JSONValue]

  /// The names, sorted.
  public var names: [String] { values.keys.sorted() }

  /// Reads the parameters of a method.
  /// - Parameter method: The method.
  /// - Throws: `AttributionFailure` where a parameter has no JSON form.
  public init(of method: any AttributionMethod) throws(AttributionFailure) {
    var values = try Self.encoded(method).members ?? [:]
    // Encoders leave out what is nil; the stored properties, which are the parameters, still name it.
    for property in Mirror(reflecting: method).children {
      guard let label = property.label else { continue }
      if let inner = property.value as? any AttributionMethod {
        values[label] = .object(try MethodParameters(of: inner).values)
      } else {
        values[label] = Self.completed(values[label], of: property.value)
      }
    }
    self.values = values
  }

  /// Whether the method, or the one that it wraps, has a parameter.
  /// - Parameter name: The parameter.
  /// - Returns: Whether it is there.
  public func has(_ name: String) -> Bool { place(of: name) != nil }

  /// The names of the members that lead to a parameter: of the method, else of the one it wraps.
  private func place(of name: String) -> [String]? {
    if values[name] != nil { return [name] }
    return values[Self.inner]?.members.flatMap(MethodParameters.init)?.place(of: name).map {
      [Self.inner] + $0
    }
  }

  private static let inner = "inner"

  private init(_ values: [String: JSONValue]) { self.values = values }

  /// A method with some parameters changed.
  /// - Parameters:
  ///   - changes: New values by name; objects are changed member by member.
  ///   - method: The method.
  ///   - identifier: What to call it in messages.
  /// - Returns: The changed method.
  /// - Throws: `AttributionFailure` where it has no such parameter, or where a value is impossible.
  public static func applying(
    _ changes: [String: JSONValue], to method: any AttributionMethod, named identifier: String
  ) throws(AttributionFailure) -> any AttributionMethod {
    guard !changes.isEmpty else { return method }
    let own = try MethodParameters(of: method)
    var wanted = JSONValue.object([:])
    for (name, value) in changes.sorted(by: { $0.key < $1.key }) {
      guard let place = own.place(of: name) else {
        throw AttributionFailure(
          .usage, "\(identifier) has no parameter '\(name)'; \(own.sentence)")
      }
      let change = place.reversed().reduce(value) { .object([$1: $0]) }
      wanted = Self.overlay(wanted, change)
    }
    let overlay = Self.overlay(.object(own.values), wanted)
    let changed: any AttributionMethod
    do {
      changed = try Self.decoded(like: method, from: JSONEncoder().encode(overlay))
    } catch let error as DecodingError {
      throw AttributionFailure(.usage, "\(identifier): \(Self.reason(error)); \(own.sentence)")
    } catch let failure as AttributionFailure {
      throw AttributionFailure(failure.kind, "\(identifier): \(failure.description)")
    } catch {
      throw AttributionFailure(.usage, "\(identifier): \(error)")
    }
    // What the method does not say about itself afterwards, it did not understand.
    let result = try MethodParameters(of: changed)
    if let lost = Self.missing(wanted, in: .object(result.values)) {
      throw AttributionFailure(
        .usage, "\(identifier) has no parameter '\(lost)'; \(own.sentence)")
    }
    return changed
  }

  /// The parameters as one line of JSON with sorted keys.
  public var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: (try? encoder.encode(values)) ?? Data("{}".utf8), as: UTF8.self)
  }

  private var sentence: String {
    names.isEmpty
      ? "it has no parameters"
      : "its parameters are \(names.joined(separator: ", ")), by default \(json)"
  }

  private static func encoded(
    _ method: any AttributionMethod
  ) throws(AttributionFailure) -> JSONValue {
    do {
      return try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(method))
    } catch {
      throw AttributionFailure(
        .usage, "the parameters of a \(type(of: method)) cannot be written as JSON: \(error)")
    }
  }

  private static func decoded<Method: AttributionMethod>(
    like method: Method, from json: Data
  ) throws -> any AttributionMethod {
    try JSONDecoder().decode(Method.self, from: json)
  }

  /// The encoded form of a value, `null` where it or a member of it is not set.
  private static func completed(_ encoded: JSONValue?, of value: Any) -> JSONValue? {
    if encoded == nil { return isNil(value) ? .null : nil }
    let mirror = Mirror(reflecting: value)
    guard var members = encoded?.members, mirror.displayStyle == .struct else { return encoded }
    for property in mirror.children {
      guard let label = property.label else { continue }
      members[label] = completed(members[label], of: property.value)
    }
    return .object(members)
  }

  private static func isNil(_ value: Any) -> Bool {
    let mirror = Mirror(reflecting: value)
    return mirror.displayStyle == .optional && mirror.children.isEmpty
  }

  private static func overlay(_ old: JSONValue, _ new: JSONValue) -> JSONValue {
    guard let members = old.members, let changes = new.members else { return new }
    return .object(members.merging(changes, uniquingKeysWith: overlay))
  }

  /// The first member of a change that a result does not have, its place in front.
  private static func missing(_ change: JSONValue, in result: JSONValue) -> String? {
    guard let changes = change.members else { return nil }
    guard let members = result.members else { return nil }
    for (name, value) in changes.sorted(by: { $0.key < $1.key }) {
      guard let member = members[name] else {
        if value == .null { continue }
        return name
      }
      if let inner = missing(value, in: member) { return "\(name).\(inner)" }
    }
    return nil
  }

  private static func reason(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, _): return "the parameter '\(key.stringValue)' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context):
      let place = context.codingPath.map(\.stringValue).joined(separator: ".")
      if let cause = context.underlyingError as? AttributionFailure { return cause.description }
      // Of a number out of range the decoder says neither which nor why.
      guard !place.isEmpty else {
        return
          "a parameter cannot have this value: a whole number is expected, or one out of range was found"
      }
      return "the parameter '\(place)' cannot be that: \(context.debugDescription)"
    @unknown default: return "\(error)"
    }
  }
}

extension MethodParameters: Encodable {
  /// Encodes the parameters as an object.
  /// - Parameter encoder: Takes it.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws { try values.encode(to: encoder) }
}
