import XAITensor

/// The header of a safetensors file: a JSON object that names type, shape and place of each tensor.
///
/// As strict as the reference library: names are unique and the tensors fill the data without gaps
/// or overlaps (https://huggingface.co/docs/safetensors).
struct SafetensorsHeader {
  typealias Problem = JSONScanner.Problem

  /// The longest header that the reference library reads.
  static let longest = 100_000_000
  /// More axes than any program makes.
  private static let mostAxes = 64

  private(set) var metadata: [String: String] = [:]
  private(set) var entries: [SafetensorsFile.Entry] = []

  /// Parses and checks a header.
  /// - Parameters:
  ///   - bytes: The JSON text.
  ///   - dataCount: The number of bytes that follow it.
  /// - Throws: What is wrong with it.
  init(_ bytes: [UInt8], dataCount: Int) throws(Problem) {
    guard bytes.first == UInt8(ascii: "{") else {
      throw Problem(clause: "its header does not begin with {")
    }
    var scanner = JSONScanner(bytes)
    var names: Set<String> = []
    var metadata: [String: String] = [:]
    var entries: [SafetensorsFile.Entry] = []
    try scanner.object { (scanner, name) throws(Problem) in
      guard names.insert(name).inserted else {
        throw Problem(clause: "the name \(quoted(name)) appears twice in its header")
      }
      if name == "__metadata__" {
        metadata = try Self.metadata(&scanner)
      } else {
        entries.append(try Self.entry(name, &scanner))
      }
    }
    try scanner.end()
    self.metadata = metadata
    self.entries = entries.sorted {
      ($0.bytes.lowerBound, $0.bytes.upperBound, $0.name)
        < ($1.bytes.lowerBound, $1.bytes.upperBound, $1.name)
    }
    try checkPlaces(dataCount: dataCount)
  }

  private func checkPlaces(dataCount: Int) throws(Problem) {
    var end = 0
    for entry in entries {
      guard entry.bytes.lowerBound == end else {
        throw Problem(
          clause: "the data of \(quoted(entry.name)) begins at byte \(entry.bytes.lowerBound),"
            + " expected \(end) without gap or overlap")
      }
      end = entry.bytes.upperBound
    }
    guard end == dataCount else {
      throw Problem(
        clause: "it holds \(dataCount) bytes of data, expected \(end) from its header")
    }
  }

  private static func metadata(_ scanner: inout JSONScanner) throws(Problem) -> [String: String] {
    var metadata: [String: String] = [:]
    try scanner.object { (scanner, key) throws(Problem) in
      guard metadata.updateValue(try scanner.string(), forKey: key) == nil else {
        throw Problem(clause: "the key \(quoted(key)) appears twice in its metadata")
      }
    }
    return metadata
  }

  private static func entry(
    _ name: String, _ scanner: inout JSONScanner
  ) throws(Problem) -> SafetensorsFile.Entry {
    var type: String?
    var shape: [Int]?
    var place: [Int]?
    try scanner.object { (scanner, key) throws(Problem) in
      let isRepeated: Bool
      switch key {
      case "dtype":
        isRepeated = type != nil
        type = try scanner.string()
      case "shape":
        isRepeated = shape != nil
        shape = try integers(&scanner)
      case "data_offsets":
        isRepeated = place != nil
        place = try integers(&scanner)
      default:
        isRepeated = false
        try scanner.skipValue()
      }
      if isRepeated { throw Problem(clause: "\(quoted(name)) has \(key) twice") }
    }
    guard let type, let shape, let place, place.count == 2 else {
      throw Problem(clause: "\(quoted(name)) lacks dtype, shape or two data_offsets")
    }
    guard place[0] <= place[1] else {
      throw Problem(clause: "the data of \(quoted(name)) ends at \(place[1]) before \(place[0])")
    }
    return SafetensorsFile.Entry(
      name: name, storedType: try storedType(type, name, shape, byteCount: place[1] - place[0]),
      shape: shape, bytes: place[0]..<place[1])
  }

  /// The type of a tensor, once its size agrees with its shape.
  private static func storedType(
    _ name: String, _ tensor: String, _ shape: [Int], byteCount: Int
  ) throws(Problem) -> StoredType {
    guard let type = StoredType(safetensors: name) else {
      let known = StoredType.safetensors.map(\.name).joined(separator: ", ")
      throw Problem(
        clause: "\(quoted(tensor)) has the type \(quoted(name)), expected one of \(known)")
    }
    var bits = 1
    for factor in shape + [type.bits] {
      let (product, overflow) = bits.multipliedReportingOverflow(by: factor)
      if overflow {
        throw Problem(clause: "the size of \(quoted(tensor)) with shape \(shape) overflows 64 bits")
      }
      bits = product
    }
    guard bits % 8 == 0 else {
      throw Problem(
        clause: "\(quoted(tensor)) has \(bits) bits for shape \(shape) of \(name), expected whole"
          + " bytes")
    }
    guard byteCount == bits / 8 else {
      throw Problem(
        clause: "\(quoted(tensor)) has \(byteCount) bytes,"
          + " expected \(bits / 8) for shape \(shape) of \(name)")
    }
    return type
  }

  private static func integers(_ scanner: inout JSONScanner) throws(Problem) -> [Int] {
    var values: [Int] = []
    try scanner.array { (scanner) throws(Problem) in
      guard values.count < mostAxes else {
        throw Problem(clause: "a list in its header has more than \(mostAxes) numbers")
      }
      values.append(try scanner.unsignedInteger())
    }
    return values
  }
}
