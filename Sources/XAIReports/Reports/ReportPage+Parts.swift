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

  /// The parameters of methods, folded up.
  static func parameters(_ methods: [TestedMethod]) -> HTML {
    var table = PageTable(
      "Parameters", isCards: true,
      columns: [.init("method"), .init("parameters"), .init("baseline"), .init("source")])
    for method in methods {
      let parameters = (method.parameters.members ?? [:]).sorted { $0.key < $1.key }.map {
        "\($0.key) = \(compact($0.value))"
      }
      let title = method.identifier == method.method ? "" : " (\(method.method))"
      let cells = [parameters.joined(separator: ", "), method.baseline ?? "", method.source]
      table.append(
        "<bdi>\(method.identifier)</bdi>\(title)", cells.map { .text("<bdi>\($0)</bdi>") })
    }
    return "<details><summary>Parameters of every method</summary>\n\(table.html)</details>\n"
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
  static func measures(_ results: some MeasuredResults) -> HTML {
    var table = PageTable(
      "Measures", isCards: true, columns: [.init("measure"), .init("meaning")])
    for record in results.allMeasureRecords {
      let mark: HTML =
        record.identifier == results.headline ? " <strong>(headline)</strong>" : ""
      table.append(
        "<bdi>\(record.identifier)</bdi>\(mark)", [.text("\(record.summary.firstUppercased)")])
    }
    return table.html
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
