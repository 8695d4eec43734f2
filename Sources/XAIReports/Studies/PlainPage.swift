import XAIExperiments
import XAIFiles
import XAIImages
import XAITensor

/// A page whose parts stand in it from the start.
struct PlainPage {
  /// The name of the window.
  let title: String
  /// The question that the page answers.
  let heading: String
  /// What was studied, and on how much.
  let summary: HTML
  /// What a reader must know first, in sentences.
  let notes: [String]
  let networks: [StudiedNetwork]
  let version: String
  /// The command that made the results, word by word.
  let command: [String]

  /// What scripts of all pages look for.
  private struct NoData: Encodable {
    var measures: [String] = []
    var headline = ""
  }

  /// The whole file; to the sections comes how it was made.
  func text(_ sections: [ReportPage.Section]) throws -> String {
    ReportPage(
      title: title, heading: heading, summary: summary,
      withoutScripts: "Everything is here all the same.",
      notices: notes.map { "<bdi>\($0)</bdi>" }, sections: sections + [setup], version: version,
      scripts: PageFiles.plain, styles: PageFiles.plainStyle,
      data: [try HTML.data(NoData(), identifier: "report-data")]
    ).text
  }

  private var setup: ReportPage.Section {
    let architectures = networks.map {
      ReportPage.architecture($0.checkpoint, of: networks.count > 1 ? $0.name : "")
    }
    let files = networks.map { network -> HTML in
      "<li><bdi>\(network.name)</bdi>: <bdi>\(network.checkpoint.path)</bdi></li>\n"
    }
    return ReportPage.Section(
      "setup", link: "Setup", title: "How it was made",
      content: """
        <ul>\(files)</ul>
        \(ReportPage.command(command))\(architectures)
        """)
  }

  /// Plots side by side.
  static func plates(_ plots: [any DrawnPlot]) -> HTML {
    """
    <div class="plates">\(plots.map {
      "<figure class=\"scroll\">\(HTML(markup: $0.element))</figure>\n" as HTML
    })</div>

    """
  }

  /// Pictures with words below them.
  static func pictures(_ all: [(picture: RGBImage, words: HTML)]) throws -> HTML {
    let items = try all.map { picture, words -> HTML in
      """
      <li><figure><img src="\(try MapSprite.address(of: picture))" alt=""\
       width="\(picture.width)" height="\(picture.height)">\
      <figcaption>\(words)</figcaption></figure></li>

      """
    }
    return "<ul class=\"pictures\">\(items)</ul>\n"
  }
}

extension [StudiedNetwork] {
  /// The names of the files, for headings.
  var fileNames: String {
    map { $0.checkpoint.path.split(separator: "/").last.map(String.init) ?? "a network" }
      .joined(separator: " and ")
  }
}
