import Testing
import XAIEvaluation

@Suite struct FileNamesTests {
  @Test(arguments: [
    ("val_0.JPEG", "val_0.JPEG"), ("German shepherd", "German_shepherd"), ("../x", "_._x"),
    ("", "_"), ("..", "_."), ("-rf", "_rf"), ("a/b\\c\u{0}d\n", "a_b_c_d_"), ("\u{1F34C}", "_"),
    (String(repeating: "x", count: 300), String(repeating: "x", count: 100)),
  ])
  func `only plain letters stay`(text: String, expected: String) {
    var names = FileNames()
    #expect(names.name(for: text) == expected)
  }

  @Test func `no name occurs twice, whatever the case of its letters`() {
    var names = FileNames()
    let long = String(repeating: "x", count: 300)
    let made = ["a", "A", "a", "b?", "b!", long, long].map { names.name(for: $0) }
    #expect(Set(made.map { $0.lowercased() }).count == made.count)
    #expect(made.allSatisfy { $0.utf8.count <= 100 })
  }
}
