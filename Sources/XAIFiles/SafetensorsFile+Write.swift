extension SafetensorsFile {
  /// Writes a file as a whole; the same content gives the same bytes.
  ///
  /// Types with larger elements come first, as PyTorch needs aligned data; within a type the order
  /// is kept.
  /// - Parameters:
  ///   - tensors: Tensors with unique names, none of them `__metadata__`.
  ///   - metadata: Texts stored with them.
  ///   - path: The file that is created or replaced.
  ///   - durability: When it reaches the disk.
  /// - Throws: `.cannotCreate` where the folder is missing or may not be written to,
  ///   `.inputOutput` where the disk is full or broken.
  public static func write(
    _ tensors: [(name: String, data: TensorData)], metadata: [String: String] = [:],
    to path: String, durability: AtomicFile.Durability = .atOnce
  ) throws(FileFailure) {
    precondition(
      Set(tensors.map(\.name)).union(["__metadata__"]).count == tensors.count + 1,
      "tensors of a file need different names")
    for (name, data) in tensors {
      precondition(data.isConsistent, "the elements of \(name) do not fill its shape")
    }
    let sizes = Set(tensors.map(\.data.type.size)).sorted(by: >)
    let ordered = sizes.flatMap { size in tensors.filter { $0.data.type.size == size } }
    let header = header(ordered, metadata)
    try AtomicFile.write(to: path, durability: durability) { (file) throws(FileFailure) in
      try file.write((0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) })
      try file.write(header)
      for (_, data) in ordered { try data.write(to: &file) }
    }
  }

  private static func header(
    _ tensors: [(name: String, data: TensorData)], _ metadata: [String: String]
  ) -> String {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(json($0.key)):\(json($0.value))" }
      members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var end = 0
    for (name, data) in tensors {
      let start = end
      end += data.byteCount
      let shape = data.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(json(name)):{\"dtype\":\"\(data.type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(start),\(end)]}")
    }
    let header = "{\(members.joined(separator: ","))}"
    return header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
  }

  /// A text as a JSON string.
  private static func json(_ text: String) -> String {
    var json = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": json += "\\\""
      case "\\": json += "\\\\"
      case "\n": json += "\\n"
      case "\t": json += "\\t"
      case "\r": json += "\\r"
      case _ where scalar.value < 0x20:
        json += scalar.value < 0x10 ? "\\u000" : "\\u00"
        json += String(scalar.value, radix: 16)
      default: json.unicodeScalars.append(scalar)
      }
    }
    return json + "\""
  }
}
