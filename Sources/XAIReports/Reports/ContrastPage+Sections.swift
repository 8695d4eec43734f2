import XAIAttribution
import XAITensor
import XAIExperiments
import XAIMetrics
import XAIPlots

/// The parts of the page that need no script.
extension ContrastReport {
  var overviewSection: ReportPage.Section {
    let contrasts = results.contrasts.map { contrast -> HTML in
      "<li><strong><bdi>\(contrast.identifier)</bdi></strong>: <bdi>\(contrast.summary)</bdi></li>\n"
    }
    return ReportPage.Section(
      "overview", link: "Overview", title: "Overview",
      content: """
        <p>\(explanation)</p>
        <ul>\(contrasts)</ul>
        <div class="plates single">\(PlotFigure.plate(chart))</div>
        <p class="faint">The chart is in the folder <code>plots</code> as SVG and PNG; the folder
        <code>pictures</code> has a sheet of all maps for each image.</p>
        \(overviewTable.html)
        """)
  }

  private var overviewTable: PageTable {
    let deviation: HTML = isSet ? "<br>&#177; deviation" : ""
    let heads = results.contrasts.flatMap { contrast -> [PageTable.Column] in
      let mean = PageTable.Column(
        "<bdi>\(contrast.identifier)</bdi>\(deviation)", isNumber: true)
      return isSet ? [mean, .init("95 % interval<br>of the mean")] : [mean]
    }
    let hasFloors = !results.floors.isEmpty
    var table = PageTable(
      "Similarity by method",
      caption: """
        Similarity is \(results.headline)\(overImages). Choose a
        method to see its maps.
        """, isSortable: true, isCards: true,
      columns: [.init("method")] + heads
        + (hasFloors ? [.init("noise floor:<br>different images", isNumber: true)] : [])
        + [.init("kind", name: "kind")])
    for (position, method) in results.methods.enumerated() {
      let floor = results.floors.first { $0.method == method.identifier }?.mean
      table.append(
        PageTable.Cell.method(method.identifier, at: position),
        results.contrasts.flatMap { cells(method, $0.identifier) }
          + (hasFloors ? [.number(floor, label: "noise floor")] : [])
          + [.text("\(method.group.reportTitle)", name: "kind")])
    }
    return table
  }

  /// What the networks do with the images: maps of a network that computes nothing say nothing.
  var networkSection: ReportPage.Section {
    let networks = results.networks.map { network in
      (results.networks.count > 1 ? network.name : "trained", network.health)
    }
    return ReportPage.Section(
      "networks", link: "Network",
      title: "\(results.networks.count > 1 ? "The networks" : "The network") on these images",
      content: HealthTable.table(networks))
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

  /// The mean of a method and, for several images, its interval.
  private func cells(_ method: TestedMethod, _ contrast: String) -> [PageTable.Cell] {
    let summary = results.summaries.first {
      $0.method == method.identifier && $0.contrast == contrast
        && $0.measure == results.headline
    }
    guard let summary else { return isSet ? [.number(nil), .text("")] : [.number(nil)] }
    let mark = summary.degenerate > 0 ? "*" : ""
    let spread = isSet ? " \u{b1} \(fixedPoint(summary.deviation, digits: 3))" : ""
    let mean = PageTable.Cell.number(summary.mean, label: contrast, followedBy: mark + spread)
    guard isSet else { return [mean] }
    let interval = [summary.lower, summary.upper].map { end in
      end.map { fixedPoint($0, digits: 3) } ?? "\u{2013}"
    }
    return [mean, .text("\(interval.joined(separator: " to "))", label: "interval")]
  }

  var setupSection: ReportPage.Section {
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
    return ReportPage.Section(
      "setup", link: "Settings", title: "Settings, and how to do it again",
      content: """
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
        """)
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

  var measureSection: ReportPage.Section {
    ReportPage.Section(
      "measures", link: "Measures", title: "What the measures mean",
      content: """
        <p>Each compares the two maps of a pair, channels summed: 1 for equal maps. No number is to be trusted
        alone: the scaling of the maps, the window and the dynamic range move SSIM as much as another class
        does. Maps that are constant or zero have a value by convention, which is counted and marked by *.</p>
        \(ReportPage.measures(results))
        """)
  }
}
