import XAIAttribution
import XAIFiles
import XAITensor
import XAIExperiments
import XAIMetrics
import XAIPlots

/// The parts of the page that need no script.
extension RandomizationReport {
  var verdictSection: ReportPage.Section {
    let groups = Dictionary(
      results.methods.map { ($0.identifier, $0.group) }, uniquingKeysWith: { $1 })
    let controls = results.verdicts.filter { groups[$0.method] == .control }
    let others = results.verdicts.filter { groups[$0.method] != .control }
    let counts = MethodVerdict.Degree.allCases.map { degree -> HTML in
      let number = others.count { $0.shownDegree == degree }
      return "<span>\(degree.badge) \(counted(number, "method"))</span>"
    }
    let controlTable: HTML =
      controls.isEmpty
      ? ""
      : "<h3>Controls</h3>\n\(Self.controlWords(controls))\(verdictTable(controls, groups).html)"
    return ReportPage.Section(
      "verdicts", link: "Verdicts", title: "Verdicts",
      content: """
        <p class="lead"><strong>\(VerdictWords.summary(of: others))</strong></p>
        <div class="counts">\(counts)</div>
        \(unchecked)
        \(verdictTable(others, groups).html)
        \(controlTable)
        \(degreeText)
        <details><summary>The rule of pass and fail (Nuzzo 2020)</summary>\(ruleText)</details>
        """)
  }

  private func verdictTable(
    _ verdicts: [MethodVerdict], _ groups: [String: MethodGroup]
  ) -> PageTable {
    let positions = Dictionary(
      results.methods.enumerated().map { ($1.identifier, $0) }, uniquingKeysWith: { $1 })
    let areControls = verdicts.contains { groups[$0.method] == .control }
    var table = PageTable(
      areControls ? "Verdicts of controls" : "Verdicts",
      caption: """
        Numbers are means of \(results.record(of: results.headline).title) over images and seeds; the noise floor is
        what maps of different images reach. Choose a method to see its maps.
        """, isSortable: true, isCards: true,
      columns: [
        .init("method"), .init("depends on <br>the network"), .init("change"),
        .init("after the <br>top layer", isNumber: true),
        .init("after the <br>dense head", isNumber: true), .init("noise <br>floor", isNumber: true),
        .init("floor <br>reached at"), .init("why"),
      ])
    for verdict in verdicts {
      let badge = areControls ? verdict.controlBadge : verdict.shownDegree.badge
      table.append(
        PageTable.Cell.method(verdict.method, at: positions[verdict.method] ?? 0),
        [
          .text(badge, name: "outcome", sortedAs: verdict.shownDegree.rawValue),
          VerdictWords.changeCell(verdict.change),
          .number(verdict.afterTop, label: "after the top layer"),
          .number(verdict.afterHead, label: "after the dense head"),
          .number(verdict.floor, label: "noise floor"),
          verdict.floorReachedAt.map { .text("<bdi>\($0)</bdi>", label: "floor reached at") }
            ?? .text(""),
          .text(
            "\(verdict.outcome.rawValue): <bdi>\(verdict.reason)</bdi>", name: "why"),
        ])
    }
    return table
  }

  /// What the degrees mean.
  private var degreeText: HTML {
    """
    <p class="faint"><strong>Change</strong> is how far maps went, once the whole dense head (all dense layers) was
    random, from the trained network's maps (0 %) to unrelated ones (100 %, the noise floor: the similarity of maps of
    different images); its interval is that of the mean at 95 %. A method <em>depends</em> on the network where the
    interval lies above one half, <em>hardly</em> where it lies below, and <em>does not</em> where its maps are still at
    least \(shortNumber(options.margin)) alike; where none of these can be said, the test <em>cannot tell</em>.</p>
    """
  }

  private func shortNumber(_ number: Double) -> String { SVG.number(number) }

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

  var plotSection: ReportPage.Section {
    let plots = SimilarityPlots(results, margin: options.margin).plots(of: [results.headline])
    let parts = results.plans.map { plan -> HTML in
      let figures = plots.filter { $0.mode == plan.mode }.map { PlotFigure.plate($0.plot) }
      return "<h3>\(plan.mode.title.firstUppercased)</h3>\n<div class=\"plates\">\(figures)</div>\n"
    }
    return ReportPage.Section(
      "plots", link: "Plots", title: "All methods",
      content: """
        <p>The same plots are in the folder <code>plots</code>, as SVG and PNG.</p>
        \(parts)
        """)
  }

  var healthSection: ReportPage.Section {
    let rows = HealthTable(results)
    return ReportPage.Section(
      "health", link: "Network", title: "Does the network still compute something?",
      content: """
        <p>Where a randomized network has collapsed, its maps say nothing about the method. It has collapsed
        where a logit or gradient is NaN or infinite, where no rectifier of a layer lets anything pass for any
        image, where all logits are equal or the same for all images (their variation is at most a millionth
        of their spread), or where no gradient arrives at the image. Logit spread is the largest logit of an
        image minus the smallest, in the mean over images; variation the standard deviation of a logit over
        images, in the mean over logits; a rectifier is dead that is 0 at every position of every image.
        Numbers are means over seeds; a step is marked where any seed collapsed.</p>
        \(rows.tables)
        """)
  }

  var measureSection: ReportPage.Section {
    return ReportPage.Section(
      "measures", link: "Measures", title: "What the measures mean",
      content: """
        <p>Each compares the map of the trained network with that of a randomized one, channels summed: 1 for
        equal maps. No number is to be trusted alone: the scaling of the maps, the window and the dynamic
        range move SSIM as much as a randomization does. Maps that are constant or zero have a value by
        convention; how many these are stands beside the mean. The noise floor is what unrelated maps
        reach. Intervals take images and seeds for drawn at random: with five of each, simulations found
        the mean in 95 to 99 % of them where effects are normal, and in 75 to 94 % where they are very
        skewed, as similarities close to 1 are.</p>
        \(ReportPage.measures(results))
        <p><strong>Convergence</strong> (Sixt et al. 2020): signals with different random starts go down the
        trained network by the method's rules. Where the magnitude of the cosine of the angle between two
        of them reaches 1, the layers above have no say in the map but for its sign and scale, so that
        randomizing them cannot change it. Vectors of few elements are alike by chance: 0.5 for the three
        colours of the image.</p>
        """)
  }

  /// Whether the controls came out as they must.
  private static func controlWords(_ verdicts: [MethodVerdict]) -> HTML {
    if verdicts.isEmpty { return "" }
    let odd = verdicts.filter { $0.outcome != .fail }.map(\.method)
    if odd.isEmpty {
      return """
        <p>Controls never look at the network, so their maps must not depend on it. They do not: the test notices what
        explains nothing.</p>
        """
    }
    return """
      <p class="notice"><strong>Doubtful test:</strong> controls never look at the network and so have to
      fail, but these did not: <bdi>\(odd.joined(separator: ", "))</bdi>.</p>
      """
  }
}

extension String {
  /// With a capital letter at the beginning.
  var firstUppercased: String { prefix(1).uppercased() + dropFirst() }
}
