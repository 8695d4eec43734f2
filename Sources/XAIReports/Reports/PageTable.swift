import XAITensor

/// The table part of a page: one whose rows are there from the start, or one that a script fills
/// (`showTable` in `table.js`).
package struct PageTable {
  /// A column's heading.
  package struct Column {
    var heading: HTML
    var isNumber: Bool
    var name: String?

    /// Describes a column; `name` is a class for the style sheets.
    package init(_ heading: HTML, isNumber: Bool = false, name: String? = nil) {
      (self.heading, self.isNumber, self.name) = (heading, isNumber, name)
    }
  }

  /// A row's cell: its markup, with its tags.
  package struct Cell {
    let html: HTML

    /// Text; `label` is its heading where rows are cards, `sortedAs` replaces it in the order of rows.
    package static func text(
      _ content: HTML, label: String? = nil, name: String? = nil, sortedAs: String? = nil
    ) -> Cell {
      Cell(
        html: """
          <td\(attribute("class", name))\(attribute("data-label", label))\
          \(attribute("data-value", sortedAs))>\(content)</td>
          """)
    }

    /// A number with digits after its point, and what follows it; empty without a finite one.
    package static func number(
      _ value: Double?, digits: Int = 3, label: String? = nil, followedBy suffix: String = ""
    ) -> Cell {
      guard let value, value.isFinite else {
        return .text("", name: "number", sortedAs: "")
      }
      return .text(
        "\(fixedPoint(value, digits: digits) + suffix)", label: label, name: "number",
        sortedAs: "\(value)")
    }

    /// The name of a method, which shows its maps.
    package static func method(_ identifier: String, at position: Int) -> HTML {
      "<a href=\"#explore\" data-method=\"\(position)\"><bdi>\(identifier)</bdi></a>"
    }

    private static func attribute(_ name: String, _ value: String?) -> HTML {
      guard let value else { return "" }
      return " \(name)=\"\(value)\""
    }
  }

  /// What readers who hear the page are told that it is.
  package var label: String
  /// Words above it.
  package var caption: HTML?
  /// Whether a click on a heading sorts it.
  package var isSortable = false
  /// Whether rows become cards on a phone.
  package var isCards = false
  private let columns: [Column]
  /// The bodies that come before the last one.
  private var bodies: [[HTML]] = []
  private var rows: [HTML] = []

  /// A table without rows.
  package init(
    _ label: String, caption: HTML? = nil, isSortable: Bool = false, isCards: Bool = false,
    columns: [Column]
  ) {
    (self.label, self.caption, self.columns) = (label, caption, columns)
    (self.isSortable, self.isCards) = (isSortable, isCards)
  }

  /// Adds a row: what stands in its first column, and the other cells.
  package mutating func append(_ heading: HTML, _ cells: [Cell]) {
    rows.append("<tr><th scope=\"row\">\(heading)</th>\(cells.map(\.html))</tr>\n")
  }

  /// Rules off what follows: rows before it stay above, however they are sorted.
  package mutating func appendRule(_ words: String) {
    bodies.append(rows)
    rows = [
      "<tr class=\"rule\"><th scope=\"rowgroup\" colspan=\"\(columns.count)\">\(words)</th></tr>\n"
    ]
  }

  /// Adds a row of which nothing is known but the words.
  package mutating func append(_ heading: HTML, words: String) {
    rows.append(
      """
      <tr><th scope="row">\(heading)</th><td colspan="\(columns.count - 1)">\(words)</td></tr>

      """)
  }

  /// The table, which can be scrolled where it is too wide.
  package var html: HTML {
    let kinds = [isSortable ? "sortable" : nil, isCards ? "cards" : nil].compactMap(\.self)
    let names: HTML = kinds.isEmpty ? "" : " class=\"\(kinds.joined(separator: " "))\""
    let words: HTML = caption.map { "<caption>\($0)</caption>" } ?? ""
    let heads = columns.map { column -> HTML in
      let name = [column.isNumber ? "number" : nil, column.name].compactMap(\.self)
      let classes: HTML = name.isEmpty ? "" : " class=\"\(name.joined(separator: " "))\""
      let kind: HTML = column.isNumber ? " data-type=\"number\"" : ""
      return "<th scope=\"col\"\(classes)\(kind)>\(column.heading)</th>\n"
    }
    let all = (bodies + [rows]).map { "<tbody>\n\($0)</tbody>" as HTML }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="\(label)">
      <table\(names)>\(words)<thead><tr>\(heads)</tr></thead>\(all)</table></div>

      """
  }

  /// A table that a script fills, described by the element `IDENTIFIER-caption`.
  package static func scripted(_ identifier: String, label: String) -> HTML {
    """
    <div class="scroll" tabindex="0" role="region" aria-label="\(label)">
    <table id="\(identifier)" class="filled" aria-describedby="\(identifier)-caption"><thead></thead>\
    <tbody></tbody></table></div>

    """
  }
}
