import XAIAttribution
import XAIFiles
import XAITensor
import XAIExperiments
import XAIMetrics

/// What the pages of several tests have in common.
extension ReportPage {
  /// How to do it again; nothing where that is not known.
  static func command(_ words: [String]) -> HTML {
    if words.isEmpty { return "" }
    let command = words.map(shellWord).joined(separator: " ")
    return """
      <p>The same command gives the same numbers, bit for bit, on the same processor and
      libraries:</p>
      <pre><code>\(command)</code></pre>

      """
  }

  /// A picture of curves or bars in a form for wide windows and paper, and one for phones.
  static func plate(_ wide: String, narrow: String) -> HTML {
    """
    <figure><div class="wide">\(HTML(markup: wide))</div>\
    <div class="narrow">\(HTML(markup: narrow))</div></figure>

    """
  }

  /// The parameters of methods, folded up.
  static func parameters(_ methods: [TestedMethod]) -> HTML {
    """
    <details><summary>Parameters of every method</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="Parameters"><table class="cards">
    <thead><tr><th scope="col">method</th><th scope="col">parameters</th>
    <th scope="col">baseline</th><th scope="col">source</th></tr></thead><tbody>
    \(methods.map(parameterRow))</tbody></table></div></details>
    """
  }

  /// A network's architecture, folded up.
  static func architecture(
    _ checkpoint: ExplanationResults.CheckpointRecord, of name: String = ""
  ) -> HTML {
    let text = (try? JSONText.encode(checkpoint.architecture)) ?? ""
    return """
      <details><summary>Architecture\(name.isEmpty ? "" : " of \(name)")</summary>
      <pre><code>\(text)</code></pre></details>
      """
  }

  /// What measures mean.
  static func measures(_ identifiers: [String], headline: String) -> HTML {
    let rows = identifiers.map { identifier -> HTML in
      let mark: HTML = identifier == headline ? " <strong>(headline)</strong>" : ""
      let summary = SimilarityPanel.measure(identifier)?.summary ?? ""
      return
        "<tr><th scope=\"row\"><bdi>\(identifier)</bdi>\(mark)</th><td>\(summary.firstUppercased)</td></tr>\n"
    }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="Measures"><table class="cards">
      <thead><tr><th scope="col">measure</th><th scope="col">meaning</th></tr></thead><tbody>
      \(rows)</tbody></table></div>
      """
  }

  private static func parameterRow(_ method: TestedMethod) -> HTML {
    let parameters = (method.parameters.members ?? [:]).sorted { $0.key < $1.key }.map {
      "\($0.key) = \(compact($0.value))"
    }
    let title =
      method.identifier == method.method ? "" : " (\(method.method))"
    return """
      <tr><th scope="row"><bdi>\(method.identifier)</bdi>\(title)</th>
      <td><bdi>\(parameters.joined(separator: ", "))</bdi></td>
      <td><bdi>\(method.baseline ?? "")</bdi></td><td><bdi>\(method.source)</bdi></td></tr>

      """
  }

  private static func compact(_ value: JSONValue) -> String {
    switch value {
    case .null: "none"
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .unsigned(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): value
    case .array(let values): "[" + values.map(compact).joined(separator: ", ") + "]"
    case .object(let members):
      "{"
        + members.sorted { $0.key < $1.key }.map { "\($0.key): \(compact($0.value))" }
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
