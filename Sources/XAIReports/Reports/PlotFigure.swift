/// The plot part of a page: a figure that a script draws (`drawPlot` in `plot.js`), or one that stands in
/// the page in a form for wide windows and one for phones.
package struct PlotFigure {
  /// An entry of the key below a plot.
  package struct Key {
    let look: String
    let words: String
    let identifier: String?

    /// Describes an entry: the class of its mark, its words, and its name for scripts.
    package init(_ look: String, _ words: String, identifier: String? = nil) {
      (self.look, self.words, self.identifier) = (look, words, identifier)
    }
  }

  /// What the measure that is chosen is called and means.
  package static let measureWords: HTML = """
    <strong id="measure-name" class="name"></strong>:
    <span id="measure-about" class="name"></span>
    """

  /// A figure that a script draws into the element of this name.
  package static func scripted(
    _ identifier: String, caption: HTML, key: [Key], attributes: HTML = ""
  ) -> HTML {
    let entries = key.map { entry -> HTML in
      let name: HTML = entry.identifier.map { " id=\"\($0)\"" } ?? ""
      return "<li\(name)><i class=\"\(entry.look)\"></i>\(entry.words)</li>\n"
    }
    return """
      <figure\(attributes)><figcaption>\(caption)</figcaption>
      <div id="\(identifier)"></div>
      <ul class="key">\(entries)</ul></figure>

      """
  }

  /// A plot that stands in the page, in a form for wide windows and paper, and in one for phones.
  package static func plate(_ plot: Plot) -> HTML {
    var narrow = plot
    narrow.isNarrow = true
    return """
      <figure><div class="wide">\(HTML(markup: plot.element))</div>\
      <div class="narrow">\(HTML(markup: narrow.element))</div></figure>

      """
  }
}
