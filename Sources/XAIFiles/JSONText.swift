import FoundationEssentials
import XAITensor

/// JSON as all files of a run have it: indented, keys sorted, and a final newline.
///
/// Numbers that JSON cannot express are the strings `"nan"`, `"inf"` and `"-inf"`, in both
/// directions: a run that diverged must still be able to say so.
public enum JSONText {
  /// The JSON text of a value.
  /// - Parameter value: The value.
  /// - Returns: The text.
  /// - Throws: `FileFailure` of kind `software` when the value refuses to be encoded.
  public static func encode(_ value: some Encodable) throws(FileFailure) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    } catch {
      throw FileFailure(.software, "a \(type(of: value)) cannot be written as JSON: \(error)")
    }
  }

  /// Reads a value.
  /// - Parameters:
  ///   - type: Its type.
  ///   - text: The JSON text.
  ///   - name: The file's name in messages.
  /// - Returns: The value.
  /// - Throws: `FileFailure` of kind `badData` that says where the text is wrong.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, from text: String, name: String
  ) throws(FileFailure) -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      return try decoder.decode(type, from: Data(text.utf8))
    } catch let error as DecodingError {
      throw FileFailure(.badData, "\(name) cannot be read: \(reason(error))")
    } catch {
      throw FileFailure(.badData, "\(name) cannot be read: \(error)")
    }
  }

  /// Reads a list of strings.
  /// - Parameters:
  ///   - text: The JSON text.
  ///   - count: The number of strings; a longer list is not read to its end.
  /// - Returns: The strings; nothing where the text is no list of so many.
  package static func strings(_ text: String, count: Int) -> [String]? {
    var scanner = JSONScanner(Array(text.utf8))
    var strings: [String] = []
    do throws(JSONScanner.Problem) {
      try scanner.array { (scanner) throws(JSONScanner.Problem) in
        guard strings.count < count else { throw JSONScanner.Problem(clause: "it is too long") }
        strings.append(try scanner.string())
      }
      try scanner.end()
    } catch {
      return nil
    }
    return strings.count == count ? strings : nil
  }

  private static func reason(_ error: DecodingError) -> String {
    func place(_ context: DecodingError.Context) -> String {
      let keys = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
      return keys.isEmpty ? "at the top" : "at \(keys.joined(separator: "."))"
    }
    switch error {
    case .keyNotFound(let key, let context):
      return "\(place(context)), the key \"\(key.stringValue)\" is missing"
    case .valueNotFound(_, let context), .typeMismatch(_, let context):
      return "\(place(context)): \(context.debugDescription)"
    case .dataCorrupted(let context):
      return context.codingPath.isEmpty
        ? "it is no valid JSON" : "\(place(context)): \(context.debugDescription)"
    @unknown default:
      return "\(error)"
    }
  }
}
