/// Files of `torch.save` that are put together by hand.
enum HandMade {
  /// The numbers 1 and 2 as Float32.
  static let twoNumbers: [UInt8] = [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]

  /// An archive of a pickle, of which every character is one byte, and the storage `0`.
  static func archive(_ pickle: String, data: [UInt8] = twoNumbers) -> [UInt8] {
    zip([("a/data.pkl", bytes(pickle)), ("a/data/0", data)])
  }

  static func bytes(_ text: String) -> [UInt8] {
    text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
  }

  /// The older format: the pickle, and the storage `0` of numbers of type float32.
  static func legacy(
    _ pickle: String, keys: String = "]X\u{1}\0\0\00a.", count: Int = 2,
    data: [UInt8] = twoNumbers, version: String = "M\u{E9}\u{3}.", system: String = "}."
  ) -> [UInt8] {
    bytes("\u{80}\u{2}\u{8A}\u{A}") + [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
      + bytes("." + version + system + pickle + keys) + number(count, 8) + data
  }

  /// The instructions that push a tensor of two elements of the storage `0`.
  static func tensor(
    count: String = "K\u{2}", shape: String = "K\u{2}", stride: String = "K\u{1}", view: String = ""
  ) -> String {
    "ctorch._utils\n_rebuild_tensor_v2\n((X\u{7}\0\0\0storagectorch\nFloatStorage\n"
      + "X\u{1}\0\0\00X\u{3}\0\0\0cpu\(count)\(view)tQK\0(\(shape)t(\(stride)t\u{89}NtR"
  }

  /// The instructions that push a text.
  static func text(_ text: String) -> String {
    "X" + String(Character(Unicode.Scalar(UInt8(text.utf8.count)))) + "\0\0\0" + text
  }

  /// The instructions that push a dictionary of values that are instructions too.
  static func dictionary(_ pairs: [(String, String)]) -> String {
    "}(" + pairs.map { text($0.0) + $0.1 }.joined() + "u"
  }

  /// A zip file of plain members.
  static func zip(_ members: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for (name, bytes) in members {
      // Flags, method, time and checksum are 0; sizes; lengths of name and extra field.
      let common =
        number(0, 2 + 2 + 4 + 4) + number(bytes.count, 4) + number(bytes.count, 4)
        + number(name.utf8.count, 2) + number(0, 2)
      directory += number(0x0201_4B50, 4) + number(0, 2 + 2) + common
      directory += number(0, 2 + 2 + 2 + 4) + number(file.count, 4) + Array(name.utf8)
      file += number(0x0403_4B50, 4) + number(0, 2) + common + Array(name.utf8) + bytes
    }
    return file + directory + number(0x0605_4B50, 4) + number(0, 2 + 2)
      + number(members.count, 2) + number(members.count, 2) + number(directory.count, 4)
      + number(file.count, 4) + number(0, 2)
  }

  static func number(_ value: Int, _ size: Int) -> [UInt8] {
    (0..<size).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
  }
}
