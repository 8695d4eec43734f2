import Testing
import XAIReports

@Suite struct FileNamesTests {
  @Test(arguments: [
    ("val_0.JPEG", "val_0.JPEG"), ("German shepherd", "German_shepherd"), ("../x", "_._x"),
    ("", "_"), ("..", "_."), ("-rf", "_rf"), ("a/b\\c\u{0}d\n", "a_b_c_d_"), ("\u{1F34C}", "_"),
    (String(repeating: "x", count: 300), String(repeating: "x", count: 100)),
  ])
  func `only letters and digits stay`(text: String, expected: String) {
    var names = FileNames()
    #expect(names.name(for: text) == expected)
  }

  @Test(arguments: [
    ("Größe 1", "Größe_1"), ("日本語.png", "日本語.png"), ("кошка", "кошка"), ("हिन्दी", "हिन्दी"),
    ("e\u{301}a", "e\u{301}a"), ("\u{301}a", "_a"), ("a\u{202E}gnp.exe", "a_gnp.exe"),
    ("a\u{200B}b\u{2066}c\u{FEFF}d", "a_b_c_d"), ("a\u{2028}b\u{85}c\u{A0}d\u{3000}e", "a_b_c_d_e"),
    ("\u{3164}\u{115F}", "__"), ("a\u{2215}b\u{FF0F}c", "a_b_c"), ("٣", "٣"),
    ("\u{E000}\u{FFFF}", "__"),
  ])
  func `letters of every script stay, what hides or reorders does not`(
    text: String, expected: String
  ) {
    var names = FileNames()
    #expect(Array(names.name(for: text).unicodeScalars) == Array(expected.unicodeScalars))
  }

  @Test func `a long name ends with a whole character`() {
    var names = FileNames()
    #expect(names.name(for: String(repeating: "日", count: 99)) == String(repeating: "日", count: 33))
    let second = names.name(for: String(repeating: "日", count: 99))
    #expect(second == String(repeating: "日", count: 30) + "-2")
    #expect(names.name(for: String(repeating: "é", count: 99)).utf8.count == 100)
  }

  @Test func `no name occurs twice, whatever the case of its letters`() {
    var names = FileNames()
    let long = String(repeating: "x", count: 300)
    let made = ["a", "A", "a", "b?", "b!", long, long].map { names.name(for: $0) }
    #expect(Set(made.map { $0.lowercased() }).count == made.count)
    #expect(made.allSatisfy { $0.utf8.count <= 100 })
  }
}
