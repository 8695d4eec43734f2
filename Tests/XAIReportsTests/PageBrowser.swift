import Testing
import XAIFiles
import XAITestSupport

/// Opens pages in the browser of this machine.
enum PageBrowser {
  /// The document of a page once its scripts are done.
  /// - Parameters:
  ///   - page: The page.
  ///   - choice: The end of its address, such as `#method=1`.
  /// - Returns: The document as the browser has it.
  /// - Throws: Where the browser does not run.
  static func document(of page: String, showing choice: String = "") throws -> String {
    let folder = try TemporaryFolder()
    try AtomicFile.write(page, to: folder.file("page.html"))
    let result = try runProgram(
      browser ?? "",
      [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--window-size=1280,900", "--user-data-dir=\(folder.file("profile"))",
        "--virtual-time-budget=20000", "--dump-dom", "file://\(folder.file("page.html"))\(choice)",
      ])
    #expect(result.status == 0)
    return result.standardOutput
  }

  /// A page with a script of the test, which runs when the page is ready and leaves words behind: `say(words)` in
  /// the element `said`.
  static func acting(_ script: String, on page: String) -> String {
    let policy = /<meta http-equiv="Content-Security-Policy"[^>]*>/
    return page.replacing(policy, with: "").replacing(
      "</body>",
      with: """
        <script>
        const said = [];
        const say = (words) => said.push(words);
        const settle = () => new Promise((done) => setTimeout(done, 100));
        (async () => {
          while (document.documentElement.dataset.state === "loading") await settle();
          \(script)
          const left = document.createElement("p");
          left.id = "said";
          left.textContent = said.join("; ");
          parent.document.body.append(left);
        })();
        </script></body>
        """)
  }

  /// A page in a frame, as a browser's window has a least width.
  static func framed(_ page: String, width: Int) -> String {
    let content = page.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
    return """
      <!DOCTYPE html><html><body><iframe width="\(width)" height="844" style="border: 0"
      srcdoc="\(content)"></iframe></body></html>
      """
  }

  /// Says whether anything is wider than the window.
  static let widths = """
    await settle();
    say(innerWidth);
    say(document.documentElement.scrollWidth > innerWidth ? "too wide" : "fits");
    const wide = [...document.querySelectorAll("body *")].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.right > innerWidth + 1 && !element.closest("nav, .scroll, .strip, pre, svg, .skip");
    });
    say(wide.slice(0, 3).map((element) => element.tagName + "." + element.className).join(" "));
    """

  /// The text of an element.
  static func content(of identifier: String, in document: String) throws -> String {
    let element = try #require(
      document.firstMatch(of: try Regex("id=\"\(identifier)\"[^>]*>([^<]*)<")))
    return String(try #require(element.output[1].substring))
  }
}
