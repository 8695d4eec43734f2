import XAIEvaluation
import XAIExperiments

/// The parts of the page that scripts fill.
extension EvaluationReport {
  private static let picker = Picker([
    ("image", "Image"), ("baseline", "What is removed becomes"),
    ("quantity", "The network's answer"),
  ])
  private static let viewer = MapViewer(
    figures: ["map"], stripLabel: "Methods: choose one, arrow keys move", hasOutlines: true)

  /// The maps and curves of an image.
  var exploreSection: ReportPage.Section? {
    guard hasExplorer else { return nil }
    let outline: HTML =
      outcome.objects.contains { $0 != nil }
      ? " The line is the outline of the object, or the box around it." : ""
    return ReportPage.Section(
      "explore", link: "Images", title: "Image by image", isScripted: true,
      content: """
        <p class="no-print">Choose an image and a method.\(limit)\(outline)</p>
        \(Self.picker.html)
        <div class="status"><div aria-live="polite"><p id="where"></p><p id="numbers"></p></div></div>
        <div class="stage">
        <div>
        \(Self.viewer.maps)<p class="faint name" id="about"></p>
        \(outcome.curves.entries.isEmpty ? "" : Self.companions)
        </div>
        <div>
        \(curves)</div>
        </div>
        <h3>All methods</h3>
        <p class="faint" id="strip-about"></p>
        \(Self.viewer.strip)
        """)
  }

  private var limit: String {
    shown < results.images.count ? " The first \(counted(shown, "image")) are shown." : ""
  }

  private var curves: HTML {
    """
    <p id="no-curves" class="faint" hidden>There are no removal curves of this image.</p>
    <div id="curves">
    <figure><figcaption><strong>Deletion:</strong> the most relevant pixels go first; the lower, the
    better.</figcaption><div id="deletion"></div></figure>
    <figure><figcaption><strong>Insertion:</strong> the most relevant pixels come first; the higher, the
    better.</figcaption><div id="insertion"></div></figure>
    <ul class="key" id="curve-key"></ul>
    </div>

    """
  }

  /// The methods whose curves are shown beside the chosen one's.
  private static let companions: HTML = """
    <fieldset class="no-print"><legend>Curves of other methods</legend>
    <div class="chips" id="others"></div></fieldset>
    """

  /// Two headlines against each other.
  var tradeoffSection: ReportPage.Section? {
    guard hasExplorer, results.measures.contains(where: \.isHeadline) else { return nil }
    let best: HTML =
      results.pareto.isEmpty
      ? ""
      : """
      <p>In all headline columns together, no other method beats
      <bdi>\(results.pareto.joined(separator: ", "))</bdi>.</p>
      """
    return ReportPage.Section(
      "tradeoff", link: "Trade-off", title: "Which methods no other beats", isScripted: true,
      content: """
        \(best)
        <div class="controls">
        <label><span>To the right</span><select id="across" data-choice></select></label>
        <label><span>Upward</span><select id="upward" data-choice></select></label>
        </div>
        <figure class="scatter"><div id="scatter"></div>
        <ul class="key"><li><i class="dot-best"></i>no other is better in both</li>
        <li><i class="dot-plain"></i>method, with 95 % intervals</li>
        <li><i class="dot-control"></i>control</li></ul></figure>
        <p id="front" class="name" aria-live="polite"></p>
        """)
  }
}
