import XAIAttribution
import XAIFiles

/// The list of methods that `methods` prints.
package struct MethodTable {
  private struct Row: Encodable {
    let identifier: String
    let group: MethodGroup
    let summary: String
    let source: String
    let baseline: BaselineNeed
    let stochastic: Bool
    let parameters: MethodParameters
  }

  package init() {}

  /// Prints the list.
  /// - Parameters:
  ///   - asJSON: Whether as one JSON array, default parameters included.
  ///   - console: Where.
  /// - Throws: `AttributionFailure` where a parameter has no JSON form.
  package func print(asJSON: Bool, on console: Console) throws {
    let entries = MethodCatalog.entries
    if asJSON {
      let rows = try entries.map {
        Row(
          identifier: $0.identifier, group: $0.group, summary: $0.summary, source: $0.source,
          baseline: $0.method.baselineNeed, stochastic: $0.method.isStochastic,
          parameters: try MethodParameters(of: $0.method))
      }
      console.printLines(String(try JSONText.encode(rows).dropLast()))
      return
    }
    let width = (entries.map(\.identifier.count).max() ?? 0) + 2
    for group in MethodGroup.allCases {
      let members = entries.filter { $0.group == group }
      if !members.isEmpty { console.print("\(group.rawValue): \(group.title)") }
      for entry in members {
        let gap = String(repeating: " ", count: width - entry.identifier.count)
        console.print("  \(entry.identifier)\(gap)\(entry.summary) (\(entry.source))")
      }
    }
  }
}

extension MethodGroup {
  /// The group in words.
  fileprivate var title: String {
    switch self {
    case .gradient: "gradients, rectifier rules and class activation maps"
    case .reference: "comparison with a reference"
    case .path: "integration along paths"
    case .relevance: "relevance propagation"
    case .perturbation: "perturbation of the input"
    case .control: "controls, which explain nothing"
    }
  }
}
