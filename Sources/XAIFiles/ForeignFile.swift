import XAITensor

/// A file that is not read, but recognized, so that its owner hears what it is and what to do.
struct ForeignFile: Sendable {
  /// What it is, with its article.
  let what: String
  /// What makes a file of it that is read; lines of Python are separated by `; `.
  let remedy: String

  /// So many bytes from the beginning are looked at.
  static let longestStart = 4096

  /// Lines of Python that save the state dictionary of a network.
  static let saving = "in Python: `torch.save(model.state_dict(), \"weights.pt\")`"

  /// The failure of reading it, with what came to light before it was recognized as a clause.
  func failure(_ path: String, because reason: String? = nil) -> FileFailure {
    FileFailure(
      .badData,
      "'\(path)' is \(what), not a state dictionary\(reason.map { " (\($0))" } ?? ""); \(remedy)")
  }

  private static func python(_ line: String, _ next: String) -> String {
    "in Python: `\(line)`, then `\(next)`"
  }

  private static func network(_ line: String) -> String {
    python(line, "torch.save(model.state_dict(), \"weights.pt\")")
  }

  private static func state(_ line: String) -> String {
    python(line, "torch.save(state, \"weights.pt\")")
  }

  /// Both run what the file says.
  private static let trust = "where you trust its source, "

  static let module = ForeignFile(
    what: "a whole module",
    remedy: trust + network("model = torch.load(\"FILE\", weights_only=False)"))

  static let pickle = ForeignFile(
    what: "a plain pickle that torch.save did not write",
    remedy: trust + state("state = pickle.load(open(\"FILE\", \"rb\"))"))

  /// Whether a pickle that asks for a forbidden name is that of a module: only these have all
  /// three attributes.
  static func isModule(_ pickle: [UInt8], _ name: String) -> Bool {
    name.hasPrefix("torch.nn.modules.")
      || ["_parameters", "_buffers", "_modules"].allSatisfy { contains(pickle, $0) }
  }

  // MARK: By members of a zip file

  /// What a zip file is whose members are those of another program.
  static func recognize(members: [String]) -> ForeignFile? {
    func has(_ isSuch: (String) -> Bool) -> Bool { members.contains(where: isSuch) }
    if has({ $0.hasSuffix("/constants.pkl") || $0.contains("/code/__torch__") }) {
      return ForeignFile(
        what: "TorchScript", remedy: network("model = torch.jit.load(\"FILE\")"))
    }
    let exported = ["archive_format", "serialized_exported_program.json", "models/model.json"]
    if has({ name in exported.contains { name == $0 || name.hasSuffix("/" + $0) } }) {
      return ForeignFile(
        what: "a program of torch.export",
        remedy: network("model = torch.export.load(\"FILE\").module()"))
    }
    if !members.isEmpty, members.allSatisfy({ $0.hasSuffix(".npy") }) {
      return ForeignFile(
        what: "an archive of NumPy arrays",
        remedy: state(
          "state = {k: torch.from_numpy(v) for k, v in numpy.load(\"FILE\").items()}"))
    }
    if has({ $0.hasSuffix("model.weights.h5") }) {
      return ForeignFile(what: "a Keras model", remedy: otherFramework)
    }
    return nil
  }

  private static let otherFramework =
    "save the weights of the same network in PyTorch; \(saving)"

  // MARK: By the beginning

  private static let beginnings: [(start: [UInt8], file: ForeignFile)] = [
    (
      [0x89] + Array("HDF\r\n".utf8),
      ForeignFile(what: "an HDF5 file, as Keras writes", remedy: otherFramework)
    ),
    (
      [0x93] + Array("NUMPY".utf8),
      ForeignFile(
        what: "a NumPy array",
        remedy: state("state = {\"NAME\": torch.from_numpy(numpy.load(\"FILE\"))}"))
    ),
    (Array("GGUF".utf8), ForeignFile(what: "a GGUF file", remedy: otherFramework)),
    ([0x1F, 0x8B], ForeignFile(what: "compressed by gzip", remedy: "unpack it: gzip -d FILE")),
    (
      Array("BZh".utf8),
      ForeignFile(what: "compressed by bzip2", remedy: "unpack it: bzip2 -d FILE")
    ),
    (
      [0xFD] + Array("7zXZ".utf8),
      ForeignFile(what: "compressed by xz", remedy: "unpack it: xz -d FILE")
    ),
    (
      [0x28, 0xB5, 0x2F, 0xFD],
      ForeignFile(what: "compressed by zstd", remedy: "unpack it: zstd -d FILE")
    ),
    (
      Array("version https://git-lfs".utf8),
      ForeignFile(
        what: "a pointer of Git LFS to the real file", remedy: "fetch the file: git lfs pull")
    ),
  ]

  private static let tar = ForeignFile(
    what: "a tar archive",
    remedy:
      "unpack it: tar -xf FILE; where PyTorch before 2017 wrote it, and you trust its source, "
      + state("state = torch.load(\"FILE\", weights_only=False)"))

  private static let index = ForeignFile(
    what: "the index of weights that lie in several files",
    remedy: python(
      "state = {}; [state.update(safetensors.torch.load_file(f)) for f in"
        + " set(json.load(open(\"FILE\"))[\"weight_map\"].values())]",
      "torch.save(state, \"weights.pt\")"))

  private static let page = ForeignFile(
    what: "a page of the web", remedy: "download the file itself, not the page that shows it")

  private static let onnx = ForeignFile(
    what: "ONNX",
    remedy: "save the state dictionary of the network from which it was exported; \(saving)")

  /// What a file is that begins as those of other programs do.
  static func recognize(_ start: [UInt8]) -> ForeignFile? {
    if let known = beginnings.first(where: { start.starts(with: $0.start) }) { return known.file }
    if start.count > 262, start[257..<262].elementsEqual("ustar".utf8) { return tar }
    if start.count > 8, start[4..<8].elementsEqual("TFL3".utf8) {
      return ForeignFile(what: "a TensorFlow Lite model", remedy: otherFramework)
    }
    switch start.first(where: { !" \t\r\n".utf8.contains($0) }) {
    case UInt8(ascii: "{") where contains(start, "\"weight_map\""): return index
    case UInt8(ascii: "<"): return page
    default: return isONNX(start) ? onnx : nil
    }
  }

  /// A protocol buffer that begins with a small version, and goes on with a field of a model.
  private static func isONNX(_ start: [UInt8]) -> Bool {
    start.count > 2 && start[0] == 0x08 && start[1] < 0x40
      && [0x12, 0x1A, 0x22, 0x28, 0x32, 0x3A, 0x42].contains(start[2])
  }

  private static func contains(_ bytes: [UInt8], _ text: String) -> Bool {
    let text = Array(text.utf8)
    guard bytes.count >= text.count else { return false }
    return bytes.indices.dropLast(text.count - 1).contains { position in
      bytes[position] == text[0] && bytes[position..<position + text.count].elementsEqual(text)
    }
  }
}
