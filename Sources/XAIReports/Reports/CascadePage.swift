import XAIFiles
import XAIImages
import XAIExperiments

extension RandomizationReport {
  /// The page.
  func page(_ sprites: SpriteSheet) throws -> String {
    let title = "Randomization test: \(checkpointName)"
    let body: HTML = """
      <a class="skip" href="#main">Skip to the content</a>
      <header>
      <h1>Do these explanations depend on what the network has learned?</h1>
      <p>Randomization test of <bdi>\(checkpointName)</bdi>: \(extent).</p>
      <div id="failure" role="alert" hidden></div>
      <noscript><p class="notice">The interactive part of this page needs JavaScript. Verdicts, plots,
      health and settings are below all the same.</p></noscript>
      \(incompleteness)
      </header>
      <nav aria-label="Parts of this page"><ul>
      <li><a href="#verdicts">Verdicts</a></li><li><a href="#explore">Explore</a></li>
      <li><a href="#similarity">Similarities</a></li><li><a href="#plots">Plots</a></li>
      \(complexityLink)
      <li><a href="#health">Network</a></li><li><a href="#setup">Settings</a></li>
      <li><a href="#measures">Measures</a></li>
      </ul></nav>
      <main id="main">
      \(verdictSection)\(Self.exploreSection)\(Self.similaritySection)\(plotSection)\(complexitySection)
      \(healthSection)\(setupSection)\(measureSection)
      </main>
      <footer class="faint"><p>Written by swift-xai \(results.version). This page is complete in itself:
      it loads nothing and sends nothing.</p></footer>
      """
    return ReportPage(
      title: title, styles: PageFiles.cascadeStyles, scripts: PageFiles.cascadeScripts, body: body,
      data: sprites.elements + [
        try HTML.data(CascadeData(self, sprites: sprites), identifier: "report-data")
      ]
    ).text
  }

  private var complexityLink: HTML {
    if results.complexity.isEmpty { return "" }
    return "<li><a href=\"#complexity\">Complexity</a></li>"
  }

  private var checkpointName: String {
    results.checkpoint.path.split(separator: "/").last.map(String.init) ?? "a network"
  }

  private var extent: String {
    let modes = results.plans.map { plan in
      "\(plan.mode.rawValue) (\(counted(plan.layers.count, "step")))"
    }
    let counts = [
      counted(results.methods.count, "method"), counted(results.images.count, "image"),
      counted(results.seeds, "seed"),
    ]
    return (counts + modes).joined(separator: ", ")
  }

  private var incompleteness: HTML {
    if results.complete { return "" }
    return """
      <p class="notice"><strong>Unfinished:</strong> not everything that was asked for has been computed.
      The same command continues where it ended.</p>
      """
  }

  /// The controls, maps and curves, which scripts fill.
  private static let exploreSection: HTML = """
    <section id="explore" hidden>
    <h2>Explore</h2>
    <p class="no-print">Choose what to see, then drag the slider through the layers: layer after layer
    loses what it has learned. An explanation that hardly changes did not depend on it.</p>
    <p class="print-only">Shown here: <span id="chosen" class="name"></span></p>
    <div class="controls">
    <label><span>Method</span><select id="method"></select></label>
    <label><span>Image</span><select id="image"></select></label>
    <label><span>Order of randomization</span><select id="mode"></select></label>
    <label><span>Measure of similarity</span><select id="measure"></select></label>
    <label><span>Seed of the maps</span><select id="seed"></select></label>
    \(ReportPage.lookControls)
    </div>
    <div class="step">
    <label for="step">How far the randomization has come</label>
    <button type="button" id="back" aria-label="One step back">&#9664;</button>
    <input type="range" id="step" min="0" max="1" value="1" step="1">
    <button type="button" id="on" aria-label="One step on">&#9654;</button>
    </div>
    <div class="status">
    <div aria-live="polite"><p id="where"></p><p id="numbers"></p></div>
    <p id="condition" class="condition"></p>
    </div>
    <div class="stage">
    <div>
    <div class="maps">
    <figure><img id="picture" alt=""><figcaption><strong id="picture-name" class="name"></strong>
    <span id="picture-facts" class="name"></span></figcaption></figure>
    <figure><canvas id="trained" role="img"></canvas><figcaption><strong>trained network</strong>
    <span id="trained-facts"></span></figcaption></figure>
    <figure><canvas id="random" role="img"></canvas><figcaption>
    <strong id="random-name"></strong><span id="random-facts"></span></figcaption></figure>
    </div>
    <div id="legend" class="legend"><span class="against"></span><i></i><span>for the class</span></div>
    <p class="faint" id="whole"></p>
    <p id="verdict"></p>
    <p class="faint name" id="about"></p>
    </div>
    <figure class="beside"><figcaption><strong id="measure-name" class="name"></strong>:
    <span id="measure-about" class="name"></span></figcaption>
    <div id="curve"></div>
    <ul class="key"><li><i class="mean"></i>mean and standard deviation, all images and seeds</li>
    <li><i class="single"></i>this image and seed</li></ul></figure>
    <figure id="forgetting-figure" hidden><figcaption><strong>Why:</strong> magnitude of the
    cosine between signals with different random starts, on their way down the trained network by this
    method's rules (Sixt et al. 2020). At 1 they have forgotten where they started.</figcaption>
    <div id="forgetting"></div>
    <ul class="key"><li><i class="other"></i>median and quartiles</li></ul></figure>
    </div>
    <h3>All steps</h3>
    <div class="strip" id="strip" role="group" aria-label="Steps: choose one, arrow keys move"></div>
    </section>

    """

  private static let similaritySection: HTML = """
    <section id="similarity" hidden>
    <h2>Similarities</h2>
    <p><span id="means-caption" class="name"></span>: as chosen above. The deeper the colour, the more
    alike the maps.</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Mean similarity by method and layer">
    <table id="means" aria-describedby="means-caption"><thead></thead><tbody></tbody></table></div>
    </section>

    """
}
