import FoundationEssentials
import XAIFiles

/// A page in one file that needs nothing else: no server, no network, no other file.
///
/// A page is a title, sections and data; sections are made of parts (`PageTable`, `PlotFigure`,
/// `MapViewer`, `Picker`, `Badge`), which scripts of every page fill. Its policy lets the browser run
/// the scripts of this page alone, known by their digests, so that even a mistake in escaping could not
/// run anything else.
package struct ReportPage {
  /// A section of a page.
  package struct Section {
    /// Its place in the page's address.
    var identifier: String
    /// What the page's navigation calls it.
    var link: String
    /// Its heading.
    var title: String
    /// Whether it is seen only once a script shows it.
    var isScripted: Bool
    /// What it holds.
    var content: HTML

    /// Describes a section.
    package init(
      _ identifier: String, link: String, title: String, isScripted: Bool = false, content: HTML
    ) {
      (self.identifier, self.link, self.title) = (identifier, link, title)
      (self.isScripted, self.content) = (isScripted, content)
    }

    var html: HTML {
      """
      <section id="\(identifier)"\(isScripted ? " hidden" : "" as HTML)>
      <h2>\(title)</h2>
      \(content)
      </section>

      """
    }
  }

  /// The name of the window.
  package var title: String
  /// The question that the page answers.
  package var heading: String
  /// What was tested, and on how much, in a sentence.
  package var summary: HTML
  /// What a reader without scripts finds all the same.
  package var withoutScripts: String
  /// What a reader has to know first.
  package var notices: [HTML]
  /// What is seen.
  package var sections: [Section]
  /// The version of the toolkit.
  package var version: String
  /// The page's own scripts, which run after those of the parts.
  package var scripts: [String]
  /// The page's own style sheets.
  package var styles: [String]
  /// Elements with data for the scripts.
  package var data: [HTML]

  /// Plans a page.
  package init(
    title: String, heading: String, summary: HTML, withoutScripts: String = "",
    notices: [HTML] = [], sections: [Section], version: String, scripts: [String],
    styles: [String] = [], data: [HTML]
  ) {
    (self.title, self.heading, self.summary) = (title, heading, summary)
    (self.withoutScripts, self.notices, self.sections) = (withoutScripts, notices, sections)
    (self.version, self.scripts, self.styles, self.data) = (version, scripts, styles, data)
  }

  /// The whole file.
  package var text: String {
    let style = (PageFiles.styles + styles).joined(separator: "\n")
    let script = "\"use strict\";\n" + (PageFiles.scripts + scripts).joined(separator: "\n")
    let policy =
      "default-src 'none'; img-src data:; style-src '\(Self.digest(style))'; "
      + "script-src '\(Self.digest(script))'; base-uri 'none'; form-action 'none'"
    let page: HTML = """
      <!DOCTYPE html>
      <html lang="en" data-state="loading">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="generator" content="swift-xai">
      <title>\(title)</title>
      <link rel="icon" href="data:,">
      <style>\(HTML(markup: style))</style>
      </head>
      <body>
      \(body)
      \(data)<script>\(HTML(markup: script))</script>
      </body>
      </html>

      """
    return page.text
  }

  private var body: HTML {
    let links = sections.map { section -> HTML in
      "<li><a href=\"#\(section.identifier)\">\(section.link)</a></li>\n"
    }
    return """
      <a class="skip" href="#main">Skip to the content</a>
      <header>
      <h1>\(heading)</h1>
      <p>\(summary)</p>
      <div id="failure" role="alert" hidden></div>
      <noscript><p class="notice">The interactive part of this page needs JavaScript. \(withoutScripts)</p>
      </noscript>
      \(notices.map { "<p class=\"notice\">\($0)</p>\n" as HTML })
      </header>
      <nav aria-label="Parts of this page"><ul>
      \(links)</ul></nav>
      <main id="main">
      \(sections.map(\.html))
      </main>
      <footer class="faint"><p>Written by swift-xai \(version). This page is complete in itself:
      it loads nothing and sends nothing.</p></footer>
      """
  }

  /// How a policy names a script or style sheet.
  private static func digest(_ text: String) -> String {
    let digits = Array(SHA256.of(Array(text.utf8)))
    let bytes = stride(from: 0, to: digits.count, by: 2).compactMap { index in
      UInt8(String(digits[index..<index + 2]), radix: 16)
    }
    return "sha256-" + Data(bytes).base64EncodedString()
  }
}
