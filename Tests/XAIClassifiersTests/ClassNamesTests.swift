import Testing
import XAIClassifiers
import XAIFiles
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct ClassNamesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func names(_ bytes: [UInt8]) throws -> [String] {
    let path = folder.file("classes")
    try AtomicFile.write(bytes, to: path)
    guard case .listed(let classes, _) = try ClassNames(path) else { return [] }
    return classes.map { $0.id == $0.name ? $0.id : "\($0.id)=\($0.name)" }
  }

  private func names(_ text: String) throws -> [String] { try names(Array(text.utf8)) }

  @Test func `lines are identifiers or names, with a name behind a tab`() throws {
    #expect(try names("n02\nn01\n\n n03 \r\n") == ["n02", "n01", "n03"])
    #expect(try names("hot dog\rcat") == ["hot dog", "cat"])
    #expect(try names("n02\tgoldfish, Carassius\nn01\t\n") == ["n02=goldfish, Carassius", "n01"])
    #expect(try names("1\n10\n2") == ["1", "10", "2"])
  }

  @Test func `WordNet ids may have a blank before their name, other ids not`() throws {
    #expect(
      try names("n01440764 tench, Tinca tinca\nn01443537 goldfish")
        == ["n01440764=tench, Tinca tinca", "n01443537=goldfish"])
    #expect(try names("n01440764 tench\nhot dog") == ["n01440764 tench", "hot dog"])
  }

  @Test func `byte order marks and UTF-16 are read`() throws {
    #expect(try names([0xEF, 0xBB, 0xBF] + Array("a\nb".utf8)) == ["a", "b"])
    let units = Array("Bär\n猫".utf16)
    #expect(
      try names([0xFF, 0xFE] + units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
        == ["Bär", "猫"])
    #expect(
      try names([0xFE, 0xFF] + units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })
        == ["Bär", "猫"])
  }

  @Test func `JSON lists and objects of indices are read`() throws {
    #expect(try names(#" ["b", "a"]"#) == ["b", "a"])
    #expect(try names(#"[["n1", "tench"], ["n2", "goldfish"]]"#) == ["n1=tench", "n2=goldfish"])
    #expect(
      try names(#"{"1": ["n2", "goldfish"], "0": ["n1", "tench"], "2": ["n3", "shark"]}"#)
        == ["n1=tench", "n2=goldfish", "n3=shark"])
    #expect(try names(#"{"0": "tench", "1": "goldfish"}"#) == ["tench", "goldfish"])
    #expect(try names(#"{"n2": 1, "n1": 0}"#) == ["n1", "n2"])
  }

  @Test func `names that two classes share are told apart by their place`() throws {
    #expect(try names("crane\ntench\ncrane") == ["crane (0)=crane", "tench", "crane (2)=crane"])
  }

  @Test(arguments: [
    ("", "names no class"), ("a\tx\nb\ty\na\tz", "names 'a' twice"),
    ("[1, 2]", "no list of class names"),
    (#"{"0": "a", "2": "b"}"#, "no list of class names"), (#"{"a": 0, "b": 0}"#, "no list"),
    (#"[["a", "b", "c"]]"#, "no list of class names"), (#"["a", "#, "no list of class names"),
  ])
  func `what is no list is refused`(_ text: String, _ words: String) throws {
    let failure = try #require(throws: ClassifierFailure.self) { try names(text) }
    #expect(failure.kind == .badData && failure.description.contains(words), "\(failure)")
  }

  @Test func `a missing file is told with the other way`() throws {
    let failure = try #require(throws: ClassifierFailure.self) { try ClassNames("nowhere.txt") }
    #expect(failure.kind == .missingInput && failure.description.contains("'sorted'"))
    #expect(try ClassNames("sorted") == .sorted)
  }
}
