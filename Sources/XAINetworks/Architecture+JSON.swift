public import FoundationEssentials
import XAIFiles

extension Architecture {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, input, stacks, hidden, classes, pooling, globalAveragePooling, adaptivePooling,
      batchNorm
    case denseBatchNorm, dropout
  }

  private struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Reads an architecture; `name`, `pooling`, `globalAveragePooling`, `adaptivePooling`, `batchNorm`,
  /// `denseBatchNorm` and `dropout` may be left out.
  /// - Parameter decoder: Positioned at the object.
  /// - Throws: `DecodingError` for missing, unknown or ill-typed keys.
  public init(from decoder: any Decoder) throws {
    try Self.refuseKeys(besides: CodingKeys.allCases.map(\.rawValue), in: decoder)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    // The decoder reports a fraction in place of an integer as invalid JSON, without its key.
    func whole(_ number: Double, _ key: CodingKeys) throws -> Int {
      if let whole = Int(exactly: number) { return whole }
      throw DecodingError.dataCorruptedError(
        forKey: key, in: values, debugDescription: "\(number) is no whole number")
    }
    self.init(
      name: try values.decodeIfPresent(String.self, forKey: .name),
      input: try values.decode([Double].self, forKey: .input).map { try whole($0, .input) },
      stacks: try values.decode([[Double]].self, forKey: .stacks)
        .map { try $0.map { try whole($0, .stacks) } },
      hidden: try values.decode([Double].self, forKey: .hidden).map { try whole($0, .hidden) },
      classes: try whole(values.decode(Double.self, forKey: .classes), .classes),
      pooling: try values.decodeIfPresent(Bool.self, forKey: .pooling) ?? true,
      globalAveragePooling: try values.decodeIfPresent(Bool.self, forKey: .globalAveragePooling)
        ?? false,
      adaptivePooling: try values.decodeIfPresent([Double].self, forKey: .adaptivePooling)
        .map { try $0.map { try whole($0, .adaptivePooling) } },
      batchNorm: try values.decodeIfPresent(Bool.self, forKey: .batchNorm) ?? true,
      denseBatchNorm: try values.decodeIfPresent(Bool.self, forKey: .denseBatchNorm),
      dropout: try values.decodeIfPresent(DropoutShares.self, forKey: .dropout)
        ?? DropoutShares())
  }

  fileprivate static func refuseKeys(besides known: [String], in decoder: any Decoder) throws {
    for key in try decoder.container(keyedBy: AnyKey.self).allKeys
    where !known.contains(key.stringValue) {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "unknown key \"\(key.stringValue)\""))
    }
  }

  /// Reads an architecture file.
  /// - Parameter path: A JSON file such as `Models/vgg16-tiny.json`.
  /// - Returns: The architecture, validated.
  /// - Throws: What is missing or wrong in the file.
  public static func read(from path: String) throws(NetworkFailure) -> Architecture {
    let bytes: [UInt8]
    do {
      bytes = try WholeFile.read(path, limit: longestText)
    } catch { throw NetworkFailure(error) }
    return try Architecture(json: Data(bytes), source: path)
  }

  /// Bytes of the longest description that is read.
  static let longestText = 1 << 20

  /// Reads an architecture from JSON text.
  /// - Parameters:
  ///   - json: The text, at most a megabyte.
  ///   - source: Where it comes from, for messages.
  /// - Throws: What is missing or wrong.
  public init(json: Data, source: String) throws(NetworkFailure) {
    guard json.count <= Self.longestText else {
      throw NetworkFailure(
        "\(source): no architecture: it has \(json.count) bytes, more than \(Self.longestText)")
    }
    do {
      self = try JSONDecoder().decode(Architecture.self, from: json)
    } catch let error as DecodingError {
      throw NetworkFailure("\(source): no architecture: \(Self.sentence(for: error))")
    } catch {
      throw NetworkFailure("\(source): no architecture: \(error)")
    }
    try validate(source: source)
  }

  /// The architecture as one line of JSON with sorted keys.
  public var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else {
      preconditionFailure("an architecture has no number that JSON lacks")
    }
    return String(decoding: data, as: UTF8.self)
  }

  private static func sentence(for error: DecodingError) -> String {
    func path(_ context: DecodingError.Context, _ last: String? = nil) -> String {
      let keys = context.codingPath.map(\.stringValue) + (last.map { [$0] } ?? [])
      return keys.isEmpty ? "the file" : "\"\(keys.joined(separator: "."))\""
    }
    switch error {
    case .keyNotFound(let key, let context): return "\(path(context, key.stringValue)) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "\(path(context)): \(context.debugDescription)"
    case .dataCorrupted(let context):
      // For a number out of range only the underlying error says what is wrong.
      let reason = context.underlyingError.map { " \($0)" } ?? ""
      return "\(path(context)): \(context.debugDescription)\(reason)"
    @unknown default: return "\(error)"
    }
  }
}

extension Architecture.DropoutShares {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case convolution, dense
  }

  /// Reads the shares; what is left out has its default.
  /// - Parameter decoder: Positioned at the object.
  /// - Throws: `DecodingError` for unknown or ill-typed keys.
  public init(from decoder: any Decoder) throws {
    try Architecture.refuseKeys(besides: CodingKeys.allCases.map(\.rawValue), in: decoder)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    if let share = try values.decodeIfPresent(Double.self, forKey: .convolution) {
      convolution = share
    }
    if let share = try values.decodeIfPresent(Double.self, forKey: .dense) { dense = share }
  }
}

extension Architecture {
  /// Checks that the network can be built.
  /// - Parameter source: Where it comes from, for messages.
  /// - Throws: The first thing that is wrong.
  public func validate(source: String) throws(NetworkFailure) {
    func require(_ condition: Bool, _ sentence: @autoclosure () -> String) throws(NetworkFailure) {
      if !condition { throw NetworkFailure("\(source): \(sentence())") }
    }
    let limit = 1 << 16
    let layers = stacks.reduce(stacks.count) { $0 + $1.count } + hidden.count
    try require(
      layers <= Self.mostLayers, "it has \(layers) stacks and layers, more than \(Self.mostLayers)")
    try require(
      input.count == 3 && input.allSatisfy { 1...limit ~= $0 },
      "\"input\" is channels, height and width, found \(input)")
    try require(1...limit ~= classes, "\"classes\" is at least 1, found \(classes)")
    try require(
      stacks.allSatisfy { !$0.isEmpty && $0.allSatisfy { 1...limit ~= $0 } },
      "\"stacks\" are lists of channel counts, found \(stacks)")
    try require(
      hidden.allSatisfy { 1...limit ~= $0 }, "\"hidden\" are unit counts, found \(hidden)")
    for share in [dropout.convolution, dropout.dense] {
      try require(0..<1 ~= share, "a dropout share is in [0, 1), found \(share)")
    }
    if pooling {
      let halvings = stacks.count
      try require(
        halvings < 17 && input[1] >> halvings >= 1 && input[2] >> halvings >= 1,
        "an image of \(input[1]) x \(input[2]) cannot be pooled \(halvings) times")
    }
    if let extent = adaptivePooling {
      try require(
        extent.count == 2 && extent.allSatisfy { 1...limit ~= $0 },
        "\"adaptivePooling\" is rows and columns, found \(extent)")
      try require(
        !globalAveragePooling,
        "\"adaptivePooling\" and \"globalAveragePooling\" exclude each other")
    }
    let (weights, outputs) = sizes
    try require(weights <= 0x1p31, "its layers have \(weights) weights, more than 2^31")
    // Weights must be there, but a file of a few bytes can ask for images and activations of any size.
    try require(
      outputs <= 0x1p28, "one of its layers makes \(outputs) numbers of an image, more than 2^28")
  }

  /// Deeper networks than any that is known by name; expanded, each layer takes memory.
  private static let mostLayers = 1024

  /// All weights, and elements of the largest input or output for an image; in Double, so that nothing
  /// overflows.
  private var sizes: (weights: Double, outputs: Double) {
    var channels = Double(input[0])
    var area = Double(input[1]) * Double(input[2])
    var (weights, outputs) = (0.0, channels * area)
    for stack in stacks {
      for next in stack.map(Double.init) {
        weights += 9 * channels * next
        outputs = max(outputs, next * area)
        channels = next
      }
      if pooling { area /= 4 }
    }
    if let extent = adaptivePooling { area = Double(extent[0]) * Double(extent[1]) }
    outputs = max(outputs, channels * area)
    var features = globalAveragePooling ? channels : channels * area
    for units in (hidden + [classes]).map(Double.init) {
      weights += features * units
      features = units
    }
    return (weights, outputs)
  }
}
