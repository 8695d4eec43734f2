import FoundationEssentials
import XAIFiles

/// A page in one file that needs nothing else: no server, no network, no other file.
///
/// Its policy lets the browser run the scripts of this page alone, known by their digests, so that
/// even a mistake in escaping could not run anything else.
struct ReportPage {
  /// The name of the window.
  var title: String
  /// Style sheets.
  var styles: [String]
  /// Scripts, run in order as one.
  var scripts: [String]
  /// What is seen.
  var body: HTML
  /// Elements with data for the scripts.
  var data: [HTML]

  /// The whole file.
  var text: String {
    let style = styles.joined(separator: "\n")
    let script = "\"use strict\";\n" + scripts.joined(separator: "\n")
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

  /// How a policy names a script or style sheet.
  private static func digest(_ text: String) -> String {
    let digits = Array(SHA256.of(Array(text.utf8)))
    let bytes = stride(from: 0, to: digits.count, by: 2).compactMap { index in
      UInt8(String(digits[index..<index + 2]), radix: 16)
    }
    return "sha256-" + Data(bytes).base64EncodedString()
  }
}
