import XAIAttribution
import XAIFiles
import XAITensor
import XAIExperiments
import XAIMetrics
import XAIPlots

/// The parts of the page that need no script.
extension RandomizationReport {
  var verdictSection: HTML {
    let positions = Dictionary(
      results.methods.enumerated().map { ($1.identifier, $0) }, uniquingKeysWith: { $1 })
    let groups = Dictionary(
      results.methods.map { ($0.identifier, $0.group) }, uniquingKeysWith: { $1 })
    let rows = results.verdicts.map { verdict -> HTML in
      let group = groups[verdict.method]?.reportTitle ?? ""
      let position = positions[verdict.method] ?? 0
      return """
        <tr><th scope="row"><a href="#explore" data-method="\(position)"><bdi>\(verdict.method)</bdi></a>
        </th><td class="outcome" data-value="\(verdict.outcome.rawValue)">\(verdict.outcome.badge)</td>
        \(numberCell(verdict.afterTop, "after the top layer"))\
        \(numberCell(verdict.afterHead, "after the dense head"))\
        \(numberCell(verdict.floor, "noise floor"))\
        \(wordCell(verdict.floorReachedAt, "floor reached at"))
        <td class="kind">\(group)</td>
        <td class="why"><bdi>\(verdict.reason)</bdi></td></tr>

        """
    }
    let counts = MethodVerdict.Outcome.allCases.map { outcome -> HTML in
      let number = results.verdicts.count { $0.outcome == outcome && groups[$0.method] != .control }
      return "<span>\(outcome.badge) \(counted(number, "method"))</span>"
    }
    let controls = results.verdicts.filter { groups[$0.method] == .control }
    return """
      <section id="verdicts">
      <h2>Verdicts</h2>
      <div class="counts">\(counts)</div>
      \(Self.controlWords(controls))
      \(unchecked)
      \(ruleText)
      <div class="scroll" tabindex="0" role="region" aria-label="Verdicts">
      <table class="sortable cards"><caption>Similarity is \(results.headline), mean over images and seeds.
      Choose a method to see its maps.</caption><thead><tr>
      <th scope="col">method</th><th scope="col">verdict</th>
      <th scope="col" class="number" data-type="number">after the <br>top layer</th>
      <th scope="col" class="number" data-type="number">after the <br>dense head</th>
      <th scope="col" class="number" data-type="number">noise <br>floor</th>
      <th scope="col">floor <br>reached at</th><th scope="col" class="kind">kind</th><th scope="col">why</th>
      </tr></thead><tbody>
      \(rows)</tbody></table></div>
      </section>

      """
  }

  /// The rule, each clause a point.
  private var ruleText: HTML {
    let parts = results.rule.split(separator: "\n- ").map(String.init)
    let clauses = parts.dropFirst().map { "<li>\($0)</li>\n" as HTML }
    let list: HTML = clauses.isEmpty ? "" : "<ul>\(Array(clauses))</ul>"
    return "<p><strong>The rule:</strong> \(parts.first ?? "")</p>\(list)"
  }

  /// Clauses of the rule that nothing was measured for.
  private var unchecked: HTML {
    var words: [String] = []
    if !results.health.contains(where: { $0.step != nil }) {
      words.append("whether randomized networks have collapsed, as their health was not measured")
    }
    if !results.methods.contains(where: { $0.group == .control }) {
      words.append(
        "whether the test notices what does not depend on the network, as no control was run")
    }
    if results.images.count < 2 {
      words.append("the noise floor, as there is one image alone")
    }
    if words.isEmpty { return "" }
    return """
      <p class="notice"><strong>Not checked:</strong> \(words.joined(separator: "; ")).</p>
      """
  }

  var plotSection: HTML {
    let plots = SimilarityPlots(results, margin: options.margin).plots(of: [results.headline])
    let parts = results.plans.map { plan -> HTML in
      let figures = plots.filter { $0.mode == plan.mode }.map { plot -> HTML in
        var narrow = plot.curves
        narrow.isNarrow = true
        return ReportPage.plate(plot.curves.element, narrow: narrow.element)
      }
      return "<h3>\(plan.mode.title.firstUppercased)</h3>\n<div class=\"plates\">\(figures)</div>\n"
    }
    return """
      <section id="plots">
      <h2>All methods</h2>
      <p>The same plots are in the folder <code>plots</code>, as SVG and PNG.</p>
      \(parts)</section>

      """
  }

  var healthSection: HTML {
    let rows = HealthTable(results)
    return """
      <section id="health">
      <h2>Does the network still compute something?</h2>
      <p>Where a randomized network has collapsed, its maps say nothing about the method. It has collapsed
      where a logit or gradient is NaN or infinite, where no rectifier of a layer lets anything pass for any
      image, where all logits are equal or the same for all images (their variation is at most a millionth
      of their spread), or where no gradient arrives at the image. Logit spread is the largest logit of an
      image minus the smallest, in the mean over images; variation the standard deviation of a logit over
      images, in the mean over logits; a rectifier is dead that is 0 at every position of every image.
      Numbers are means over seeds; a step is marked where any seed collapsed.</p>
      \(rows.tables)</section>

      """
  }

  var measureSection: HTML {
    return """
      <section id="measures">
      <h2>What the measures mean</h2>
      <p>Each compares the map of the trained network with that of a randomized one, channels summed: 1 for
      equal maps. No number is to be trusted alone: the scaling of the maps, the window and the dynamic
      range move SSIM as much as a randomization does. Maps that are constant or zero have a value by
      convention; how many these are stands beside the mean. The noise floor is what unrelated maps
      reach. Intervals take images and seeds for drawn at random: with five of each, simulations found
      the mean in 95 to 99 % of them where effects are normal, and in 75 to 94 % where they are very
      skewed, as similarities close to 1 are.</p>
      \(ReportPage.measures(results.measures, headline: results.headline))
      <p><strong>Convergence</strong> (Sixt et al. 2020): signals with different random starts go down the
      trained network by the method's rules. Where the magnitude of the cosine of the angle between two
      of them reaches 1, the layers above have no say in the map but for its sign and scale, so that
      randomizing them cannot change it. Vectors of few elements are alike by chance: 0.5 for the three
      colours of the image.</p>
      </section>

      """
  }

  /// Whether the controls came out as they must.
  private static func controlWords(_ verdicts: [MethodVerdict]) -> HTML {
    if verdicts.isEmpty { return "" }
    let odd = verdicts.filter { $0.outcome != .fail }.map(\.method)
    if odd.isEmpty {
      return """
        <p>The controls, which never look at the network and so have to fail, failed: \
        \(verdicts.count) of \(verdicts.count).</p>
        """
    }
    return """
      <p class="notice"><strong>Doubtful test:</strong> controls never look at the network and so have to
      fail, but these did not: <bdi>\(odd.joined(separator: ", "))</bdi>.</p>
      """
  }

  private func wordCell(_ word: String?, _ label: String) -> HTML {
    guard let word else { return "<td></td>" }
    return "<td data-label=\"\(label)\"><bdi>\(word)</bdi></td>"
  }

  /// A number of a table; empty where there is none.
  func numberCell(_ value: Double?, _ label: String) -> HTML {
    guard let value, value.isFinite else {
      return "<td class=\"number\" data-value=\"\"></td>"
    }
    let text = fixedPoint(value, digits: 3)
    return """
      <td class="number" data-label="\(label)" data-value="\("\(value)")">\(text)</td>
      """
  }
}

extension MethodVerdict.Outcome {
  /// A sign and a word, so that nobody depends on the colour.
  var badgeWord: String {
    switch self {
    case .pass: "\u{2713} pass"
    case .fail: "\u{2717} fail"
    case .inconclusive: "? inconclusive"
    }
  }

  var badge: HTML { "<span class=\"badge \(rawValue)\">\(badgeWord)</span>" }
}

extension String {
  /// With a capital letter at the beginning.
  var firstUppercased: String { prefix(1).uppercased() + dropFirst() }
}
