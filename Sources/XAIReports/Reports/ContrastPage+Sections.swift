import XAIAttribution
import XAITensor
import XAIExperiments
import XAIMetrics
import XAIPlots

/// The parts of the page that need no script.
extension ContrastReport {
  var overviewSection: HTML {
    let contrasts = results.contrasts.map { contrast -> HTML in
      "<li><strong><bdi>\(contrast.identifier)</bdi></strong>: <bdi>\(contrast.summary)</bdi></li>\n"
    }
    let deviation: HTML = isSet ? "<br>&#177; deviation" : ""
    let heads = results.contrasts.map { contrast -> HTML in
      let spread: HTML =
        isSet
        ? """
        <th scope="col">95 % interval<br>of the mean</th>
        """ : ""
      return """
        <th scope="col" class="number" data-type="number"><bdi>\(contrast.identifier)</bdi>\(deviation)</th>\(spread)

        """
    }
    return """
      <section id="overview">
      <h2>Overview</h2>
      <p>\(explanation)</p>
      <ul>\(contrasts)</ul>
      <div class="plates single">\(chartPlate)</div>
      <p class="faint">The chart is in the folder <code>plots</code> as SVG and PNG; the folder
      <code>pictures</code> has a sheet of all maps for each image.</p>
      <div class="scroll" tabindex="0" role="region" aria-label="Similarity by method">
      <table class="sortable cards"><caption>Similarity is \(results.headline)\(overImages). Choose a
      method to see its maps.</caption><thead><tr><th scope="col">method</th>\(heads)\(floorHead)
      <th scope="col" class="kind">kind</th></tr></thead><tbody>
      \(results.methods.enumerated().map { row($1, at: $0) })</tbody></table></div>
      </section>

      """
  }

  private var chartPlate: HTML {
    var narrow = chart
    narrow.isNarrow = true
    return ReportPage.plate(chart.element, narrow: narrow.element)
  }

  private var floorHead: HTML {
    if results.floors.isEmpty { return "" }
    return """
      <th scope="col" class="number" data-type="number">noise floor:<br>different images</th>

      """
  }

  /// The similarity of maps that have nothing in common but the method.
  private func floorCell(_ method: String) -> HTML {
    if results.floors.isEmpty { return "" }
    guard let mean = results.floors.first(where: { $0.method == method })?.mean else {
      return "<td class=\"number\" data-value=\"\"></td>"
    }
    return """
      <td class="number" data-label="noise floor" data-value="\("\(mean)")">\
      \(fixedPoint(mean, digits: 3))</td>
      """
  }

  /// What the networks do with the images: maps of a network that computes nothing say nothing.
  var networkSection: HTML {
    let networks = results.networks.map { network in
      (results.networks.count > 1 ? network.name : "trained", network.health)
    }
    return """
      <section id="networks">
      <h2>\(results.networks.count > 1 ? "The networks" : "The network") on these images</h2>
      \(HealthTable.table(networks))</section>

      """
  }

  private var isSet: Bool { results.images.count > 1 }

  private var overImages: String {
    isSet ? ", mean over \(counted(results.images.count, "image"))" : ""
  }

  private var explanation: String {
    switch results.kind {
    case .classSensitivity:
      "Each method explains the same image for two classes. An explanation that is the same for both "
        + "(similarity 1) does not tell one class from the other, whatever it shows. Controls know "
        + "nothing of the class, so that their similarity is 1 by construction."
    case .compare:
      "Each method explains the same class of the same image on two networks. An explanation that is "
        + "the same on both (similarity 1) does not depend on what makes the networks different. Controls "
        + "know nothing of the network; only the normalised input can differ."
    }
  }

  private func row(_ method: TestedMethod, at position: Int) -> HTML {
    let cells = results.contrasts.map { contrast -> HTML in
      let summary = results.summaries.first {
        $0.method == method.identifier && $0.contrast == contrast.identifier
          && $0.measure == results.headline
      }
      guard let summary else {
        let empty: HTML = "<td class=\"number\" data-value=\"\"></td>"
        return isSet ? empty + "<td></td>" : empty
      }
      let mark = summary.degenerate > 0 ? "*" : ""
      let spread = isSet ? " \u{b1} \(fixedPoint(summary.deviation, digits: 3))" : ""
      let mean: HTML = """
        <td class="number" data-label="\(contrast.identifier)" data-value="\("\(summary.mean)")">\
        \(fixedPoint(summary.mean, digits: 3))\(mark)\(spread)</td>
        """
      guard isSet else { return mean }
      let interval = [summary.lower, summary.upper].map { end in
        end.map { fixedPoint($0, digits: 3) } ?? "\u{2013}"
      }
      return mean
        + """
        <td data-label="interval">\(interval.joined(separator: " to "))</td>

        """
    }
    return """
      <tr><th scope="row"><a href="#explore" data-method="\(position)"><bdi>\(method.identifier)</bdi></a>
      </th>\(cells)\(floorCell(method.identifier))<td class="kind">\(method.group.reportTitle)</td></tr>

      """
  }

  var setupSection: HTML {
    let networks = results.networks.map { network -> HTML in
      let name = results.networks.count > 1 ? "checkpoint \(network.name)" : "checkpoint"
      return """
        <dt>\(name)</dt><dd><bdi>\(network.checkpoint.path)</bdi></dd>
        <dt>SHA-256</dt><dd><bdi>\(network.checkpoint.sha256)</bdi></dd>

        """
    }
    let images = results.images.enumerated().map { index, image -> HTML in
      """
      <li><bdi>\(image.name)</bdi>: <bdi>\(facts(image))</bdi>; from <bdi>\(image.source)</bdi></li>

      """
    }
    let architectures = results.networks.map { network in
      ReportPage.architecture(
        network.checkpoint, of: results.networks.count > 1 ? network.name : "")
    }
    return """
      <section id="setup">
      <h2>Settings, and how to do it again</h2>
      \(ReportPage.command(options.command))
      <dl><dt>toolkit</dt><dd>swift-xai \(results.version)</dd>
      \(networks)<dt>seed</dt><dd>\("\(results.seed)")</dd>
      <dt>schema</dt><dd>\(results.schema), version \(results.schemaVersion)</dd></dl>
      <p>Maps on this page are rounded to 255 levels; numbers are from the unrounded ones, and about all
      images. Everything is in <code>results.json</code> and <code>results.csv</code>.</p>
      <details><summary>\(counted(results.images.count, "image").firstUppercased)</summary>
      <ul>\(images)</ul></details>
      \(ReportPage.parameters(results.methods))
      \(architectures)
      </section>

      """
  }

  /// What an image shows, and what networks take it for.
  func facts(_ image: ContrastImage) -> String {
    let label = image.label.map { "shows \($0.words.firstSynonym), " } ?? ""
    let predictions = image.predicted.enumerated().map { network, target in
      let by = results.networks.count > 1 ? " by \(results.networks[network].name)" : ""
      return "taken for \(target.words.firstSynonym)\(by) "
        + "(\(fixedPoint(100 * target.probability, digits: 1)) %)"
    }
    return label + predictions.joined(separator: ", ")
  }

  var measureSection: HTML {
    """
    <section id="measures">
    <h2>What the measures mean</h2>
    <p>Each compares the two maps of a pair, channels summed: 1 for equal maps. No number is to be trusted
    alone: the scaling of the maps, the window and the dynamic range move SSIM as much as another class
    does. Maps that are constant or zero have a value by convention, which is counted and marked by *.</p>
    \(ReportPage.measures(results.measures, headline: results.headline))
    </section>

    """
  }
}
