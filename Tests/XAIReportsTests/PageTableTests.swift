import Testing
import XAIReports

@Suite struct PageTableTests {
  private func table(isSortable: Bool = false, isCards: Bool = false) -> PageTable {
    PageTable(
      "Things <b>", caption: "A caption", isSortable: isSortable, isCards: isCards,
      columns: [
        .init("thing"), .init("size<br>in mm", isNumber: true), .init("kind", name: "kind"),
      ])
  }

  @Test func `a row has its heading and its cells`() {
    var table = table(isSortable: true, isCards: true)
    table.append(
      "<bdi>\("<x>")</bdi>", [.number(1.23456, label: "size"), .text("k", name: "kind")])
    let html = table.html.text
    #expect(html.contains("<table class=\"sortable cards\"><caption>A caption</caption>"))
    #expect(html.contains("aria-label=\"Things &lt;b&gt;\""))
    #expect(
      html.contains("<th scope=\"col\" class=\"number\" data-type=\"number\">size<br>in mm</th>"))
    #expect(html.contains("<th scope=\"col\" class=\"kind\">kind</th>"))
    #expect(
      html.contains(
        "<tr><th scope=\"row\"><bdi>&lt;x&gt;</bdi></th>"
          + "<td class=\"number\" data-label=\"size\" data-value=\"1.23456\">1.235</td>"
          + "<td class=\"kind\">k</td></tr>"))
  }

  @Test(arguments: [nil, Double.nan, .infinity])
  func `without a number a cell is empty and sorts below`(value: Double?) {
    var table = table()
    table.append("x", [.number(value, label: "size"), .text("")])
    #expect(table.html.text.contains("<td class=\"number\" data-value=\"\"></td><td></td></tr>"))
    #expect(!table.html.text.contains("class=\"sortable"))
  }

  @Test func `a row of words spans all columns but the first`() {
    var table = table()
    table.append("x", words: "not measured <")
    #expect(table.html.text.contains("<td colspan=\"2\">not measured &lt;</td></tr>"))
  }

  @Test func `words follow a number that sorts as it is`() {
    var table = table()
    table.append("x", [.number(-0.5, digits: 2, followedBy: "* ± 0.10"), .text("")])
    #expect(table.html.text.contains("<td class=\"number\" data-value=\"-0.5\">-0.50* ± 0.10</td>"))
  }
}
