import Testing
import XAIPlots

@Suite struct MarkupTests {
  @Test(arguments: [
    ("a < b & c > d", "a &lt; b &amp; c &gt; d"), ("\"'", "&quot;&#39;"), ("&lt;", "&amp;lt;"),
    ("a\u{0}\u{1F}\u{9F}\u{FFFE}b", "a\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}b"),
    ("\u{1F34C}\t\n", "\u{1F34C}\t\n"),
  ])
  func `no character is left that ends content or an attribute`(text: String, expected: String) {
    #expect(Markup.escaped(text) == expected)
  }

  @Test func `a graphic's words stay in their line and keep their apostrophes`() {
    var svg = SVG(width: 10, height: 5)
    svg.text("a\nb\tc's <d>", at: (1, 2), size: 3)
    let text = svg.document(title: "x\r\ny", description: "\u{0}&")
    #expect(text.contains(">a b c's &lt;d&gt;</text>"))
    #expect(text.contains("<title>x y</title>"))
    #expect(text.contains("<desc>\u{FFFD}&amp;</desc>"))
  }
}
