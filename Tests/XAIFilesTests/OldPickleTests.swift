import Testing
import XAIFiles
import XAITensor
import XAITestSupport

/// Pickles of Python 2 and of the oldest protocols, and files of before August 2020.
@Suite struct OldPickleTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func open(_ bytes: [UInt8]) throws -> TorchFile {
    try AtomicFile.write(bytes, to: folder.file("a.pt"))
    return try TorchFile(path: folder.file("a.pt"))
  }

  private func clause(_ bytes: [UInt8]) throws -> String {
    let failure = try #require(throws: FileFailure.self) { try open(bytes) }
    #expect(failure.kind == .badData)
    return failure.description
  }

  /// The instructions that push the tensor.
  private static let tensor = HandMade.tensor()

  private static let programs: [String] = {
    var programs: [String] = []
    // Byte strings as keys, and an OrderedDict made of a list of lists.
    programs.append("ccollections\nOrderedDict\n(](](U\u{1}w\(tensor)eetR.")
    programs.append("}T\u{1}\0\0\0w\(tensor)s.")
    programs.append("}S'w'\n\(tensor)s.")
    programs.append("}Vw\n\(tensor)s.")
    programs.append("(Vw\np0\n\(tensor)d.")
    programs.append("}\u{8D}\u{1}\0\0\0\0\0\0\0w\(tensor)s.")
    // Values beside the tensor that nobody needs.
    programs.append("}(Vx\nI5\nVy\nL5L\nVz\nF1.5\nVb\nI01\nVw\n\(tensor)u.")
    programs.append(
      "}(Va\nC\u{1}xVb\nB\u{1}\0\0\0xVc\n\u{8E}\u{1}\0\0\0\0\0\0\0xVd\n(K\u{1}lVw\n\(tensor)u.")
    programs.append(
      "}(Ve\n\u{8F}(K\u{1}\u{90}Vf\n(K\u{1}\u{91}Vg\n\u{8B}\u{9}\0\0\0123456789Vw\n\(tensor)u.")
    // An object of the old kind, one with named arguments, and values that are thrown away.
    programs.append(
      "}(Va\n(iargparse\nNamespace\n}bVb\n(cargparse\nNamespace\noVw\n\(tensor)u.")
    programs.append("}(Vc\ncargparse\nNamespace\n)}\u{92}Vw\n\(tensor)u.")
    programs.append("N0(NN1K\u{1}20}Vw\n\(tensor)p7\n0g7\ns.")
    return programs
  }()

  @Test("The instructions of every protocol are known", arguments: programs)
  func instructions(pickle: String) throws {
    let file = try open(HandMade.archive(pickle))
    #expect(file.entries.map(\.name) == ["w"])
    #expect(try file.tensor("w").elements == [1, 2])
  }

  private static let honest = "}Vw\n\(HandMade.tensor(view: "N"))s."

  @Test("The older format is read, views of storages too")
  func legacy() throws {
    #expect(try open(HandMade.legacy(Self.honest)).tensor("w").elements == [1, 2])
    let view = HandMade.tensor(shape: "K\u{1}", view: "(X\u{1}\0\0\09K\u{1}K\u{1}t")
    #expect(try open(HandMade.legacy("}Vw\n\(view)s.")).tensor("w").elements == [2])
    let python2 = HandMade.legacy(Self.honest, keys: "](U\u{1}0e.", version: "I1001\n.")
    #expect(try open(python2).tensor("w").elements == [1, 2])
  }

  @Test("Every part of the older format is checked")
  func broken() throws {
    let honest = Self.honest
    #expect(try clause(HandMade.legacy(honest, version: "M\u{E8}\u{3}.")).contains("expected 1001"))
    #expect(try clause(HandMade.legacy(honest, system: "N.")).contains("on which system"))
    #expect(
      try clause(HandMade.legacy(honest, system: "}Vlittle_endian\n\u{89}s."))
        .contains("not little-endian"))
    #expect(try clause(HandMade.legacy(honest, keys: "N.")).contains("does not list its storages"))
    #expect(try clause(HandMade.legacy(honest, keys: "].")).contains("'0' of 'w' are missing"))
    #expect(try clause(HandMade.legacy(honest, keys: "]V5\na.")).contains("do not name"))
    #expect(try clause(HandMade.legacy(honest, keys: "](V0\nV0\ne.")).contains("do not name"))
    #expect(try clause(HandMade.legacy(honest, count: 3)).contains("3 elements, expected 2"))
    #expect(try clause(HandMade.legacy(honest, count: -1)).contains("expected 2"))
    #expect(try clause(HandMade.legacy(honest, data: [0, 0, 0])).contains("ends early"))
    let wide = HandMade.tensor(count: "J\u{FF}\u{FF}\u{FF}\u{7F}", view: "N")
    #expect(try clause(HandMade.legacy("}Vw\n\(wide)s.")).contains("should have 8589934588 bytes"))
    let far = HandMade.tensor(shape: "K\u{1}", view: "(V9\nK\u{2}K\u{1}t")
    #expect(try clause(HandMade.legacy("}Vw\n\(far)s.")).contains("in an unknown way"))
    #expect(
      try clause(HandMade.legacy("}Vw\ncos\nsystem\n(Vls\ntRs.")).contains("asks for 'os.system'"))
  }

  @Test(
    "Names that could do something are refused by name, however they are called",
    arguments: [
      ("os", "system"), ("posix", "system"), ("nt", "system"), ("builtins", "eval"),
      ("builtins", "exec"), ("builtins", "getattr"), ("__builtin__", "eval"), ("torch", "load"),
      ("torch.serialization", "load"), ("torch.storage", "_load_from_bytes"),
      ("subprocess", "Popen"),
      ("importlib", "import_module"), ("functools", "partial"), ("numpy", "load"),
      ("numpy", "intercept"), ("numpy.core.multiarray", "fromfile"), ("pathlib", "os.Path.x"),
      ("copyreg", "__newobj__"), ("operator", "attrgetter"), ("types", "FunctionType"),
      ("omegaconf.nodes", "open"), ("torch", "jit.load"), ("datetime", "sys"),
    ])
  func forbidden(module: String, name: String) throws {
    for call in ["(Vls\ntR", "(Vls\nt\u{81}", ")}\u{92}", ""] {
      let text = try clause(HandMade.archive("}Vw\nc\(module)\n\(name)\n\(call)s."))
      #expect(text.contains("asks for '\(module).\(name)', which is not allowed"), "\(text)")
    }
    let text = try clause(HandMade.archive("(Vls\ni\(module)\n\(name)\n."))
    #expect(text.contains("asks for '\(module).\(name)', which is not allowed"), "\(text)")
    let stacked = "}Vw\n\(HandMade.text(module))\(HandMade.text(name))\u{93})Rs."
    #expect(try clause(HandMade.archive(stacked)).contains("'\(module).\(name)'"))
  }
}
