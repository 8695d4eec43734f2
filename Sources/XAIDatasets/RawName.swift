/// The name of a file or folder: the system's bytes, which need not be UTF-8, and words for people.
package struct RawName: Sendable, Hashable {
  /// The bytes, without a zero at the end.
  let bytes: [UInt8]

  /// Takes the system's bytes.
  /// - Parameter bytes: The bytes, without a zero at the end.
  package init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

  /// Takes a text.
  /// - Parameter text: The name.
  package init(_ text: String) { self.init(text.utf8) }

  /// The name as text; each byte that is no UTF-8 becomes `\xE9`, so that names stay different.
  package var text: String {
    if let validText { return validText }
    var text = ""
    var rest = bytes[...]
    while let first = rest.first {
      let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
      if let part = String(validating: rest.prefix(length), as: UTF8.self) {
        text += part
        rest = rest.dropFirst(length)
      } else {
        text += "\\x" + (first < 16 ? "0" : "") + String(first, radix: 16, uppercase: true)
        rest = rest.dropFirst()
      }
    }
    return text
  }

  /// The name as the system's text, where it is UTF-8.
  var validText: String? { String(validating: bytes, as: UTF8.self) }

  /// What stands after the last slash.
  var lastComponent: RawName {
    RawName(bytes[(bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)...])
  }

  /// What stands after the last dot, in small letters; empty where there is none.
  var fileExtension: String {
    guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")), dot > 0 else { return "" }
    return String(decoding: bytes[(dot + 1)...], as: UTF8.self).lowercased()
  }

  /// A path of a name in this folder.
  func appending(_ name: RawName) -> RawName {
    bytes.isEmpty ? name : RawName(bytes + [UInt8(ascii: "/")] + name.bytes)
  }
}
