import XAIAttribution
import XAIExperiments
import XAIFiles
import XAITensor
import XAIMetrics

extension RandomizationReport {
  /// The efficient variant of the test; nothing where no network was wholly random.
  var complexitySection: HTML {
    let methods = results.methods.map(\.identifier)
    let rows = methods.compactMap(complexityRow)
    guard !rows.isEmpty else { return "" }
    return """
      <section id="complexity">
      <h2>Complexity: the efficient test</h2>
      <p>Efficient MPRT (Hedström et al. 2024) compares no maps: it asks whether a map has less order, a
      higher entropy of its histogram, once <em>all</em> layers are random. The rise is (after - before) /
      before, in the mean over images and seeds. A map that shows what was learned rises; 0 is a map
      whose order did not need the trained network. It says nothing about single layers, and takes no part
      in the verdicts.</p>
      <div class="scroll" tabindex="0" role="region" aria-label="Complexity">
      <table class="sortable"><thead><tr><th scope="col">method</th>
      <th scope="col" class="number" data-type="number">entropy<br>before</th>
      <th scope="col" class="number" data-type="number">entropy<br>after</th>
      <th scope="col" class="number" data-type="number">relative<br>rise</th>
      <th scope="col" class="number">95 % interval</th></tr></thead><tbody>
      \(rows)</tbody></table></div>
      </section>

      """
  }

  private func complexityRow(_ method: String) -> HTML? {
    let rows = results.complexity.filter { $0.method == method }
    guard !rows.isEmpty else { return nil }
    let name: HTML = "<tr><th scope=\"row\"><bdi>\(method)</bdi></th>"
    let rises = rows.compactMap { row in
      row.rise.map { CrossedMean.Value(image: row.image, draw: row.seed, value: $0) }
    }
    let count = Double(rows.count)
    let entropies: HTML = """
      \(numberCell(rows.reduce(0) { $0 + $1.original } / count, "entropy before"))\
      \(numberCell(rows.reduce(0) { $0 + $1.randomized } / count, "entropy after"))
      """
    guard !rises.isEmpty else {
      return "\(name)\(entropies)<td></td><td class=\"number\">constant maps</td></tr>\n"
    }
    let mean = CrossedMean(rises, scale: -1 ... .infinity)
    return """
      \(name)\(entropies)\(numberCell(mean.mean, "relative rise"))\
      <td class="number">\(Self.bound(mean.lower)) to \(Self.bound(mean.upper))</td></tr>

      """
  }

  private static func bound(_ value: Double) -> String {
    value.isFinite ? fixedPoint(value, digits: 3) : "no bound"
  }
}
