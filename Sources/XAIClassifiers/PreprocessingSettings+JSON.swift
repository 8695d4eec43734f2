import FoundationEssentials
import XAIFiles
import XAIImages
import XAITensor

extension PreprocessingSettings {
  private static let keys = ["mean", "std", "resize", "crop", "interpolation", "range", "channels"]

  /// Reads settings.
  /// - Parameters:
  ///   - json: A JSON object.
  ///   - source: Where it is from, for messages.
  ///   - needsNumbers: Whether a mean and a deviation must be there.
  /// - Throws: What is missing, unknown or impossible, with its key.
  init(json: Data, source: String, needsNumbers: Bool = true) throws(ClassifierFailure) {
    func refuse(_ clause: String) -> ClassifierFailure {
      ClassifierFailure(.badData, "\(source): no preprocessing: \(clause)")
    }
    let values: [String: Value]
    do {
      values = try JSONDecoder().decode([String: Value].self, from: json)
    } catch {
      throw refuse(
        "expected a JSON object such as {\"mean\": [0.5, 0.5, 0.5], \"std\": [0.5, 0.5, 0.5]}")
    }
    if let unknown = values.keys.sorted().first(where: { !Self.keys.contains($0) }) {
      let close = Spelling.closest(to: unknown, in: Self.keys, limit: 1).first
      throw refuse(
        "unknown key \(quoted(unknown))"
          + (close.map { "; did you mean \"\($0)\"?" }
            ?? ", expected \(Self.keys.joined(separator: ", "))"))
    }
    func channels(_ key: String, otherwise: Double) throws(ClassifierFailure) -> [Double] {
      guard let value = values[key] else {
        if needsNumbers { throw refuse("\"\(key)\" is missing") }
        return Array(repeating: otherwise, count: 3)
      }
      // PyTorch people write [3, 1, 1], so that it broadcasts.
      guard let numbers = value.numbers, numbers.count == 3, numbers.allSatisfy(\.isFinite) else {
        throw refuse("\"\(key)\" is three numbers, one for each channel")
      }
      return numbers
    }
    self.init(
      mean: try channels("mean", otherwise: 0), standardDeviation: try channels("std", otherwise: 1)
    )
    guard standardDeviation.allSatisfy({ $0 > 0 }) else {
      throw refuse("\"std\" holds \(standardDeviation), expected numbers above 0")
    }
    func extent(_ key: String) throws(ClassifierFailure) -> [Int]? {
      guard let value = values[key], value != .none else { return nil }
      let numbers = (value.numbers ?? []).map { Int(exactly: $0) ?? 0 }
      guard 1...2 ~= numbers.count, numbers.allSatisfy({ 1...(1 << 16) ~= $0 }) else {
        throw refuse("\"\(key)\" is a number of pixels, or [height, width]")
      }
      return numbers
    }
    resize = try extent("resize").map { $0.count == 1 ? .shorterSide($0[0]) : .exact($0) }
    crop = try extent("crop").map { $0.count == 1 ? [$0[0], $0[0]] : $0 }
    if let value = values["interpolation"] {
      guard case .text(let name) = value,
        let known = ImageFitting.Interpolation(rawValue: name.lowercased())
      else {
        let names = ImageFitting.Interpolation.allCases.map(\.rawValue).joined(separator: ", ")
        throw refuse("\"interpolation\" is one of \(names)")
      }
      interpolation = known
    }
    if let value = values["range"] {
      let numbers = value.numbers ?? []
      range = numbers.count == 1 ? [0, numbers[0]] : numbers
      guard range.count == 2, range.allSatisfy(\.isFinite), range[0] < range[1] else {
        throw refuse("\"range\" is the value of a white pixel (1 or 255), or [black, white]")
      }
    }
    if let value = values["channels"] {
      guard case .text(let order) = value, ["RGB", "BGR"].contains(order.uppercased()) else {
        throw refuse("\"channels\" is RGB or BGR")
      }
      reversesChannels = order.uppercased() == "BGR"
    }
    let largest = mean.map { abs($0) }.max() ?? 0
    if range[1] - range[0] > 16, largest > 0, largest <= 2,
      standardDeviation.allSatisfy({ $0 <= 2 })
    {
      throw refuse(
        "a mean of \(mean) is one of pixels from 0 to 1, not from \(range[0]) to \(range[1]); leave "
          + "\"range\" out")
    }
    let limit = 2 * max(abs(range[0]), abs(range[1]))
    if let value = (mean + standardDeviation).first(where: { abs($0) > limit }) {
      throw refuse(
        "a mean or deviation of \(value) is not one of pixels from \(range[0]) to \(range[1]); where they are "
          + "of pixels from 0 to 255, add \"range\": 255")
    }
  }

  /// A value of the object.
  private enum Value: Decodable, Equatable {
    case number(Double)
    case text(String)
    case list([Value])
    case none

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .none
      } else if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else if let text = try? container.decode(String.self) {
        self = .text(text)
      } else {
        self = .list(try container.decode([Value].self))
      }
    }

    /// All numbers in it, whatever the nesting; nil where there is anything else.
    var numbers: [Double]? {
      switch self {
      case .number(let number): return [number]
      case .list(let values):
        let lists = values.map(\.numbers)
        return lists.contains { $0 == nil } ? nil : lists.flatMap { $0 ?? [] }
      case .text, .none: return nil
      }
    }
  }
}
