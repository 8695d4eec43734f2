import Testing
import XAIReports

@Suite struct HTMLTests {
  @Test(arguments: [
    ("a < b & c > d", "a &lt; b &amp; c &gt; d"), ("\"'", "&quot;&#39;"),
    ("&amp;", "&amp;amp;"), ("</script>", "&lt;/script&gt;"),
    ("a\u{0}\u{7}b", "a\u{FFFD}\u{FFFD}b"),
    ("\u{1F34C} \u{5D0}\n", "\u{1F34C} \u{5D0}\n"),
  ])
  func `text that is put in cannot become markup`(text: String, expected: String) {
    let page: HTML = "<p title=\"\(text)\">\(text)</p>"
    #expect(page.text == "<p title=\"\(expected)\">\(expected)</p>")
  }

  @Test func `markup is put in as it is`() {
    let inner: HTML = "<b>\("<")</b>"
    let page: HTML = "<p>\(inner)\([inner, inner])\(7)</p>"
    #expect(page.text == "<p><b>&lt;</b><b>&lt;</b><b>&lt;</b>7</p>")
  }

  @Test(arguments: ["</script><script>", "<!--", "]]>", "\u{2028}\u{2029}", "\"\\\n\u{0}", "&lt;"])
  func `data cannot end the script element that holds them`(text: String) throws {
    let json = try HTML.json(["key": text])
    for letter in ["<", ">", "&", "\u{2028}", "\u{2029}", "\n"] { #expect(!json.contains(letter)) }
    let back = try #require(try? JSONFixture.decode(json))
    #expect(back == ["key": text])
  }
}
