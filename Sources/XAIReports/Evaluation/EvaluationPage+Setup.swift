import XAIEvaluation
import XAIExperiments
import XAITensor

/// How it was done.
extension EvaluationReport {
  /// Settings, parameters of methods, and the command.
  var setupSection: ReportPage.Section {
    let setup = results.setup
    let neighbors = setup.neighbors > 0 ? counted(setup.neighbors, "neighbor") : "not measured"
    let area = setup.boxArea.map { fixedPoint(100 * $0, digits: 0) }.joined(separator: " to ")
    let rows: [(String, String)] = [
      ("checkpoint", results.checkpoint.path), ("SHA-256", results.checkpoint.sha256),
      ("images", setup.samples + (setup.correctOnly ? "; correctly classified ones alone" : "")),
      ("class that is explained", setup.target),
      ("baselines", setup.baselines.joined(separator: ", ")),
      ("cells", setup.cells.map { "\($0)" }.joined(separator: " \u{d7} ")),
      ("points of curves", "\(setup.steps + 1)"), ("boxes that count", "\(area) % of the image"),
      ("robustness", neighbors),
      ("measured", setup.families.map(\.rawValue).joined(separator: ", ")),
      ("seed", "\(results.seed)"), ("toolkit", "swift-xai \(results.version)"),
      ("schema", "\(results.schema), version \(results.schemaVersion)"),
    ]
    let entries = rows.map { "<dt>\($0)</dt><dd><bdi>\($1)</bdi></dd>\n" as HTML }
    let images = results.images.map { image -> HTML in
      """
      <li><bdi>\(image.name)</bdi>: <bdi>\(facts(image))</bdi>; from <bdi>\(image.source)</bdi></li>

      """
    }
    return ReportPage.Section(
      "setup", link: "Settings", title: "How it was done",
      content: """
        \(ReportPage.command(options.command))
        <dl>\(entries)</dl>
        <p>Maps on this page are rounded to 255 levels; numbers are from the unrounded ones, and about all
        images. Everything is in <code>results.json</code>; <code>scores.csv</code> has a row for each map,
        <code>summary.csv</code> one for each method and measure.</p>
        <details><summary>\(counted(results.images.count, "image").firstUppercased)</summary>
        <ul>\(images)</ul></details>
        \(methods)
        \(ReportPage.parameters(results.methods.compactMap(\.method)))
        \(ReportPage.architecture(results.checkpoint))
        """)
  }

  /// Methods in a line each.
  private var methods: HTML {
    let lines = results.methods.map { method -> HTML in
      "<li><bdi>\(method.identifier)</bdi>: <bdi>\(method.summary)</bdi></li>\n"
    }
    return "<details><summary>What each method is</summary><ul>\(lines)</ul></details>"
  }

  /// What an image shows, what the network takes it for, and what is explained.
  func facts(_ image: EvaluatedImage) -> String {
    let label = image.label.map { "shows \($0.words.firstSynonym), " } ?? ""
    let predicted = image.predicted
    let target =
      image.target.index == predicted.index
      ? "" : ", explained for \(image.target.words.firstSynonym)"
    let object = image.truth.map { truth in
      let area = image.area.map { ", \(fixedPoint(100 * $0, digits: 0)) % of the image" } ?? ""
      return truth == .mask ? "; object known exactly\(area)" : "; box known\(area)"
    }
    return label + "taken for \(predicted.words.firstSynonym) "
      + "(\(fixedPoint(100 * predicted.probability, digits: 1)) %)" + target + (object ?? "")
  }
}
