import XAIAttribution
import XAIExperiments
import XAIFiles
import XAITensor

extension RandomizationReport {
  /// The configuration, and how to do it again.
  var setupSection: ReportPage.Section {
    let configuration = results.configuration
    let target: String =
      switch configuration.target {
      case .fixed:
        "at every step the image's own class, or the trained network's prediction where that is not known"
      case .repredicted: "the class that each randomized network predicts"
      }
    let facts: [(String, String)] = [
      ("toolkit", "swift-xai \(results.version)"),
      ("checkpoint", results.checkpoint.path),
      ("SHA-256", results.checkpoint.sha256),
      ("initializer", configuration.randomization.initializer.rawValue),
      ("batch norm", configuration.randomization.batchNorm.rawValue),
      ("explained class", target),
      ("seed of noise and samples", "\(configuration.seed)"),
      ("seeds of weights", seedsOfWeights),
      ("choice of images", results.samples),
      ("schema", "\(results.schema), version \(results.schemaVersion)"),
    ]
    let images = results.images.map { image -> HTML in
      """
      <li><bdi>\(image.name)</bdi>: explained class <bdi>\(image.target.words)</bdi>, \
      from <bdi>\(image.source)</bdi></li>

      """
    }
    return ReportPage.Section(
      "setup", link: "Settings", title: "Settings, and how to do it again",
      content: """
        \(ReportPage.command(options.command))
        <dl>\(facts.map { "<dt>\($0.0)</dt><dd><bdi>\($0.1)</bdi></dd>\n" as HTML })</dl>
        <h3>Images</h3>
        <ul>\(images)</ul>
        \(pageLimits)
        \(ReportPage.parameters(results.methods))
        \(ReportPage.architecture(results.checkpoint))
        """)
  }

  /// Draw number k has the seed of the test and k.
  private var seedsOfWeights: String {
    let first = results.configuration.seed
    let last = first &+ UInt64(max(0, results.seeds - 1))
    return first == last ? "\(first)" : "\(first) to \(last)"
  }

  private var pageLimits: HTML {
    let seeds = options.mapSeeds.map { "\($0)" }.joined(separator: ", ")
    let images =
      results.images.count > options.mapImages
      ? " of the first \(options.mapImages) images" : ""
    return """
      <p>This page holds the maps\(images) under seed \(seeds), each rounded to 255 levels; numbers are about
      all images and seeds, from the unrounded maps. Everything is in <code>results.json</code> and
      <code>results.csv</code>.</p>
      """
  }
}
