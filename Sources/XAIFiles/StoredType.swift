import XAITensor

/// The type of stored elements, also of those that are carried but not converted.
struct StoredType: Sendable, Equatable {
  /// The name in the safetensors format, or in its manner (`C128`).
  let name: String
  /// Bits of an element; less than eight where several share a byte.
  let bits: Int

  init(_ element: ElementType) {
    name = element.rawValue
    bits = 8 * element.size
  }

  private init(_ name: String, bits: Int) {
    self.name = name
    self.bits = bits
  }

  /// A type of the safetensors format.
  init?(safetensors name: String) {
    guard let type = Self.safetensors.first(where: { $0.name == name }) else { return nil }
    self = type
  }

  /// What it is converted from, nil where it is not.
  var element: ElementType? { ElementType(rawValue: name) }

  /// Every type that the reference library of safetensors (0.8) knows.
  static let safetensors: [StoredType] =
    ElementType.allCases.map { StoredType($0) } + [
      float8e4m3, float8e5m2, float8e8m0, float8e4m3fnuz, float8e5m2fnuz, complex64,
      StoredType("F6_E2M3", bits: 6), StoredType("F6_E3M2", bits: 6), StoredType("F4", bits: 4),
    ]

  static let float8e4m3 = StoredType("F8_E4M3", bits: 8)
  static let float8e5m2 = StoredType("F8_E5M2", bits: 8)
  static let float8e8m0 = StoredType("F8_E8M0", bits: 8)
  static let float8e4m3fnuz = StoredType("F8_E4M3FNUZ", bits: 8)
  static let float8e5m2fnuz = StoredType("F8_E5M2FNUZ", bits: 8)
  static let complex64 = StoredType("C64", bits: 64)
  static let complex128 = StoredType("C128", bits: 128)

  /// The failure of reading a tensor of a type that is not converted.
  func unread(_ tensor: String, _ path: String) -> FileFailure {
    let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
    return FileFailure(
      .badData,
      "'\(path)': \(quoted(tensor)) has the type \(name), which is not read; expected one of"
        + " \(known); save it as one of these")
  }
}
