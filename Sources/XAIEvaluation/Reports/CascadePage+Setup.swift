import XAIAttribution
import XAIFiles
import XAITensor

extension RandomizationReport {
  /// The configuration, and how to do it again.
  var setupSection: HTML {
    let configuration = results.configuration
    let target: String =
      switch configuration.target {
      case .fixed: "the class that was explained on the trained network, at every step"
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
      ("seeds of weights", "0 to \(max(0, results.seeds - 1))"),
      ("schema", "\(results.schema), version \(results.schemaVersion)"),
    ]
    let images = results.images.map { image -> HTML in
      """
      <li><bdi>\(image.name)</bdi>: explained class <bdi>\(image.target.words)</bdi>, \
      from <bdi>\(image.source)</bdi></li>

      """
    }
    return """
      <section id="setup">
      <h2>Settings, and how to do it again</h2>
      \(commandPart)
      <dl>\(facts.map { "<dt>\($0.0)</dt><dd><bdi>\($0.1)</bdi></dd>\n" as HTML })</dl>
      <h3>Images</h3>
      <ul>\(images)</ul>
      \(pageLimits)
      <details><summary>Parameters of every method</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="Parameters"><table class="cards">
      <thead><tr><th scope="col">method</th><th scope="col">parameters</th>
      <th scope="col">baseline</th><th scope="col">source</th></tr></thead><tbody>
      \(results.methods.map(methodRow))</tbody></table></div></details>
      <details><summary>Architecture</summary>
      <pre><code>\(jsonText(results.checkpoint.architecture))</code></pre></details>
      </section>

      """
  }

  private var commandPart: HTML {
    if options.command.isEmpty { return "" }
    let command = options.command.map(Self.shellWord).joined(separator: " ")
    return """
      <p>The same command gives the same numbers, bit for bit, on the same processor and
      libraries:</p>
      <pre><code>\(command)</code></pre>

      """
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

  private func methodRow(_ method: TestedMethod) -> HTML {
    let parameters = (method.parameters.members ?? [:]).sorted { $0.key < $1.key }.map {
      "\($0.key) = \(compactJSON($0.value))"
    }
    let title =
      method.identifier == method.method ? "" : " (\(method.method))"
    return """
      <tr><th scope="row"><bdi>\(method.identifier)</bdi>\(title)</th>
      <td><bdi>\(parameters.joined(separator: ", "))</bdi></td>
      <td><bdi>\(method.baseline ?? "")</bdi></td><td><bdi>\(method.source)</bdi></td></tr>

      """
  }

  private func jsonText(_ value: JSONValue) -> String {
    (try? JSONText.encode(value)) ?? ""
  }

  private func compactJSON(_ value: JSONValue) -> String {
    switch value {
    case .null: "none"
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .unsigned(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): value
    case .array(let values): "[" + values.map(compactJSON).joined(separator: ", ") + "]"
    case .object(let members):
      "{"
        + members.sorted { $0.key < $1.key }.map { "\($0.key): \(compactJSON($0.value))" }
        .joined(separator: ", ") + "}"
    }
  }

  /// A word as a POSIX shell reads it back.
  static func shellWord(_ word: String) -> String {
    let signs = "0123456789._+-/=:,@%".unicodeScalars
    let isPlain = word.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII && scalar.properties.isAlphabetic || signs.contains(scalar)
    }
    return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
