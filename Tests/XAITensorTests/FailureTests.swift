import Testing
import XAITensor

@Suite struct FailureTests {
  @Test func `a sentence that is one already stays as it is`() {
    for text in ["", "'/data/a b.jpg': it is empty", "Bär \u{1F34C} \u{202E}", "\u{FEFF}"] {
      #expect(oneLine(text) == text)
    }
  }

  @Test func `what breaks a line is shown as a question mark`() {
    #expect(
      oneLine("a\nb\r\nc\td\u{0}e\u{1B}[31mf\u{85}g\u{2028}h\u{2029}i\u{7F}j")
        == "a?b??c?d?e?[31mf?g?h?i?j")
  }

  @Test func `of a very long sentence beginning and end are kept`() {
    let middle = String(repeating: "\u{1F34C}\n", count: 1 << 16)
    let line = oneLine("it failed: \(middle); try again")
    #expect(line.hasPrefix("it failed: \u{1F34C}?"))
    #expect(line.hasSuffix("?; try again") && line.contains(" ... "))
    #expect(line.utf8.count < 1 << 15 && !line.contains("\n"))
  }
}
