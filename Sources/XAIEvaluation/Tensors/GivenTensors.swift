import XAIAttribution
import XAIFiles
import XAITensor

/// Numbers with a shape.
struct Numbers<Value> {
  let shape: [Int]
  let values: [Value]

  /// The numbers cut into as many rows of equal length.
  func rows(_ count: Int) -> [[Value]] {
    let length = count == 0 ? 0 : values.count / count
    return (0..<count).map { Array(values[$0 * length..<($0 + 1) * length]) }
  }
}

/// The tensors that are given, and the parameters of those that are wanted.
struct GivenTensors {
  private let tensors: [String: TensorData]
  private let parameters: [String: JSONValue]

  init(_ tensors: [String: TensorData], _ parameters: [String: JSONValue]) {
    (self.tensors, self.parameters) = (tensors, parameters)
  }

  func has(_ name: String) -> Bool { tensors[name] != nil }

  /// A tensor whose shape is checked; `nil` stands for any extent.
  private func data(_ name: String, _ shape: [Int?]) throws(EvaluationFailure) -> TensorData {
    guard let data = tensors[name] else { throw EvaluationFailure(.missing, of: "tensor \(name)") }
    guard data.shape.count == shape.count,
      zip(data.shape, shape).allSatisfy({ $1 == nil || $0 == $1 }), !data.shape.contains(0)
    else {
      let words = shape.map { $0.map { "\($0)" } ?? "any" }.joined(separator: ", ")
      throw EvaluationFailure(.shape(data.shape, expected: "[\(words)]"), of: "tensor \(name)")
    }
    return data
  }

  /// Real numbers, all finite unless they may be undefined.
  func reals(
    _ name: String, _ shape: [Int?], mayBeUndefined: Bool = false
  ) throws(EvaluationFailure) -> Numbers<Double> {
    let data = try data(name, shape)
    let values: [Double] =
      switch data {
      case .float32(let tensor), .float16(let tensor): tensor.elements.map(Double.init)
      case .float64(_, let values): values
      case .int64(_, let values): values.map(Double.init)
      case .uint8(_, let values): values.map(Double.init)
      }
    guard values.allSatisfy({ $0.isFinite || mayBeUndefined && $0.isNaN }) else {
      throw EvaluationFailure(.notFinite, of: "tensor \(name)")
    }
    return Numbers(shape: data.shape, values: values)
  }

  /// Whole numbers.
  func integers(_ name: String, _ shape: [Int?]) throws(EvaluationFailure) -> Numbers<Int> {
    let data = try data(name, shape)
    switch data {
    case .int64(_, let values): return Numbers(shape: data.shape, values: values.map { Int($0) })
    case .uint8(_, let values): return Numbers(shape: data.shape, values: values.map { Int($0) })
    default:
      throw EvaluationFailure(
        .parameter(data.type.rawValue, expected: "whole numbers"), of: "the type of tensor \(name)")
    }
  }

  /// Truth values: numbers that are not 0.
  func masks(_ name: String, _ shape: [Int?]) throws(EvaluationFailure) -> Numbers<Bool> {
    let numbers = try reals(name, shape)
    return Numbers(shape: numbers.shape, values: numbers.values.map { $0 != 0 })
  }

  /// Maps, their channels summed where they have any: `leading + [H, W]` or `leading + [C, H, W]`.
  func maps(
    _ name: String, leading: [Int?], height: Int, width: Int
  ) throws(EvaluationFailure) -> Numbers<Double> {
    let hasChannels = tensors[name]?.shape.count == leading.count + 3
    let numbers = try reals(name, leading + (hasChannels ? [nil] : []) + [height, width])
    guard hasChannels else { return numbers }
    let (channels, plane) = (numbers.shape[leading.count], height * width)
    var sums = Array(repeating: 0.0, count: numbers.values.count / channels)
    for (index, value) in numbers.values.enumerated() {
      sums[index / (channels * plane) * plane + index % plane] += value
    }
    return Numbers(shape: numbers.shape.prefix(leading.count) + [height, width], values: sums)
  }

  /// A tensor of Float32, all finite.
  func tensor(_ name: String, _ shape: [Int?]) throws(EvaluationFailure) -> Tensor {
    if case .float32(let tensor)? = tensors[name] {
      _ = try data(name, shape)
      guard tensor.isFinite else { throw EvaluationFailure(.notFinite, of: "tensor \(name)") }
      return tensor
    }
    let numbers = try reals(name, shape)
    return Tensor(shape: numbers.shape, numbers.values.map { Float($0) })
  }

  /// A parameter of a tensor; `nil` where it has none of this name.
  func parameter(_ tensor: String, _ name: String) -> JSONValue? {
    guard let value = parameters[tensor]?.members?[name], value != .null else { return nil }
    return value
  }

  /// A parameter of a kind; `nil` where there is none of this name.
  private func value<Value>(
    _ tensor: String, _ name: String, _ kind: String, _ read: (JSONValue) -> Value?
  ) throws(EvaluationFailure) -> Value? {
    guard let json = parameter(tensor, name) else { return nil }
    guard let value = read(json) else {
      throw EvaluationFailure(
        .parameter(json.kind, expected: kind), of: "the parameter \(name) of tensor \(tensor)")
    }
    return value
  }

  func number(_ tensor: String, _ name: String) throws(EvaluationFailure) -> Double? {
    try value(tensor, name, "a number", \.number)
  }

  func integer(_ tensor: String, _ name: String) throws(EvaluationFailure) -> Int? {
    try value(tensor, name, "a whole number") { $0.number.flatMap { Int(exactly: $0) } }
  }

  func text(_ tensor: String, _ name: String) throws(EvaluationFailure) -> String? {
    try value(tensor, name, "a text", \.text)
  }

  func numbers(_ tensor: String, _ name: String) throws(EvaluationFailure) -> [Double]? {
    try value(tensor, name, "a list of numbers") { $0.all(\.number) }
  }

  func texts(_ tensor: String, _ name: String) throws(EvaluationFailure) -> [String]? {
    try value(tensor, name, "a list of texts") { $0.all(\.text) }
  }

  func list(_ tensor: String, _ name: String) throws(EvaluationFailure) -> [JSONValue]? {
    try value(tensor, name, "a list", \.elements)
  }
}

extension JSONValue {
  var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  var text: String? { if case .string(let text) = self { text } else { nil } }

  var elements: [JSONValue]? { if case .array(let values) = self { values } else { nil } }

  /// The elements of a list, where all are of a kind.
  func all<Value>(_ read: (JSONValue) -> Value?) -> [Value]? {
    elements.flatMap { elements in
      let values = elements.compactMap(read)
      return values.count == elements.count ? values : nil
    }
  }

  /// What it is, in words.
  var kind: String {
    switch self {
    case .null: "null"
    case .boolean: "true or false"
    case .integer, .unsigned: "a whole number"
    case .number: "a fraction"
    case .string: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}
