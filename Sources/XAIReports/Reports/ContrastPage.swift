import XAIAttribution
import XAIExperiments
import XAIFiles
import XAITensor
import XAIMetrics

extension ContrastReport {
  /// The page.
  func page() throws -> String {
    let names = networkNames
    let title = results.kind == .compare ? "Comparison of networks" : "Class sensitivity"
    var sprites: [HTML] = []
    let data = try ContrastData(self, sprites: &sprites)
    let body: HTML = """
      <a class="skip" href="#main">Skip to the content</a>
      <header>
      <h1>\(results.kind.question)</h1>
      <p>\(title) of <bdi>\(names.joined(separator: " and "))</bdi>: \(extent).</p>
      <div id="failure" role="alert" hidden></div>
      <noscript><p class="notice">The interactive part of this page needs JavaScript. Chart, table and
      settings are here all the same.</p></noscript>
      \(results.notes.map { "<p class=\"notice\"><bdi>\($0)</bdi></p>\n" as HTML })
      </header>
      <nav aria-label="Parts of this page"><ul>
      <li><a href="#overview">Overview</a></li><li><a href="#explore">Explore</a></li>
      <li><a href="#numbers">Numbers</a></li><li><a href="#networks">Network</a></li>
      <li><a href="#setup">Settings</a></li><li><a href="#measures">Measures</a></li>
      </ul></nav>
      <main id="main">
      \(overviewSection)\(exploreSection)\(Self.numberSection)\(networkSection)
      \(setupSection)\(measureSection)
      </main>
      <footer class="faint"><p>Written by swift-xai \(results.version). This page is complete in itself:
      it loads nothing and sends nothing.</p></footer>
      """
    return ReportPage(
      title: "\(title): \(names.joined(separator: " and "))",
      styles: PageFiles.contrastStyles, scripts: PageFiles.contrastScripts, body: body,
      data: sprites + [try HTML.data(data, identifier: "report-data")]
    ).text
  }

  /// The names of the files; with their folders where two are the same.
  private var networkNames: [String] {
    let paths = results.networks.map { $0.checkpoint.path.split(separator: "/") }
    let isSame = paths.count > 1 && paths[0].last == paths[1].last
    return paths.map { parts in
      parts.isEmpty ? "a network" : parts.suffix(isSame ? 2 : 1).joined(separator: "/")
    }
  }

  private var extent: String {
    [
      counted(results.methods.count, "method"), counted(results.images.count, "image"),
      counted(results.contrasts.count, "contrast"),
    ].joined(separator: ", ")
  }

  /// The controls, maps and bars, which scripts fill.
  private var exploreSection: HTML {
    """
    <section id="explore" hidden>
    <h2>Explore</h2>
    <p class="no-print">Choose a pair of maps, and look at both and at their difference.\(limit)</p>
    <p class="print-only">Shown here: <span id="chosen" class="name"></span></p>
    <div class="controls">
    <label><span>Method</span><select id="method"></select></label>
    <label><span>Image</span><select id="image"></select></label>
    <label><span>Pair of maps</span><select id="pair"></select></label>
    <label><span>Measure of similarity</span><select id="measure"></select></label>
    \(ReportPage.lookControls)
    </div>
    <div class="status"><div aria-live="polite"><p id="where"></p><p id="similarity"></p></div></div>
    <div class="stage">
    <div>
    <div class="maps four">
    <figure><img id="picture" alt=""><figcaption><strong id="picture-name" class="name"></strong>
    <span id="picture-facts" class="name"></span></figcaption></figure>
    <figure><canvas id="left" role="img"></canvas><figcaption><strong id="left-name" class="name"></strong>
    <span id="left-facts" class="name"></span></figcaption></figure>
    <figure><canvas id="right" role="img"></canvas><figcaption><strong id="right-name" class="name"></strong>
    <span id="right-facts" class="name"></span></figcaption></figure>
    <figure><canvas id="difference" role="img"></canvas><figcaption><strong>difference</strong>
    <span id="difference-facts" class="name"></span></figcaption></figure>
    </div>
    <div id="legend" class="legend"><span class="against"></span><i></i><span>for the class</span></div>
    <p class="faint" id="whole"></p>
    <p class="faint name" id="about"></p>
    </div>
    <div>
    <figure><figcaption><strong id="measure-name" class="name"></strong>:
    <span id="measure-about" class="name"></span></figcaption>
    <div id="bars"></div>
    <ul class="key"><li><i class="bar"></i>this pair</li>
    <li id="mean-key"><i class="single"></i>mean over all images, and its 95 % interval</li></ul></figure>
    </div>
    </div>
    <h3>All methods</h3>
    <p class="faint">First map, second map, difference, and similarity.</p>
    <div class="strip tall" id="strip" role="group" aria-label="Methods: choose one, arrow keys move"></div>
    </section>

    """
  }

  private var limit: String {
    shown < results.images.count ? " The first \(counted(shown, "image")) are shown." : ""
  }

  private static let numberSection: HTML = """
    <section id="numbers" hidden>
    <h2>Numbers</h2>
    <h3 id="means-caption" class="name"></h3>
    <p class="faint">The measure is chosen above. The deeper the colour, the more alike the maps.</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Similarity by method and contrast">
    <table id="means" aria-describedby="means-caption"><thead></thead><tbody></tbody></table></div>
    <h3 id="panel-caption" class="name"></h3>
    <div class="scroll" tabindex="0" role="region" aria-label="All measures of a pair">
    <table id="panel" aria-describedby="panel-caption"><thead></thead><tbody></tbody></table></div>
    </section>

    """
}
