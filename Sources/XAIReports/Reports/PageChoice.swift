import XAIAttribution
import XAITensor
import XAIExperiments
import XAIMetrics

/// What can be chosen on a page, with its name for people.
struct PageChoice: Encodable {
  let id: String
  let title: String

  /// The groups of some methods, in the order of the catalog.
  static func groups(of methods: [TestedMethod]) -> [PageChoice] {
    let used = Set(methods.map(\.group))
    return MethodGroup.allCases.filter(used.contains).map {
      PageChoice(id: $0.rawValue, title: $0.reportTitle)
    }
  }
}

/// A measure that can be chosen on a page.
struct PageMeasure: Encodable {
  let id: String
  let title: String
  let summary: String

  /// Measures, with the headline marked.
  static func measures(_ identifiers: [String], headline: String) -> [PageMeasure] {
    identifiers.map { identifier in
      PageMeasure(
        id: identifier, title: identifier == headline ? "\(identifier) (headline)" : identifier,
        summary: SimilarityPanel.measure(identifier)?.summary ?? "")
    }
  }
}

extension ReportPage {
  /// How maps are shown: switches that scripts listen to.
  static let lookControls: HTML = """
    <fieldset><legend>Relevance</legend><div class="choice">
    <label><input type="radio" name="sign" value="all"><span>all</span></label>
    <label><input type="radio" name="sign" value="positive"><span>positive only</span></label>
    </div></fieldset>
    <fieldset><legend>Scale of colours</legend><div class="choice">
    <label><input type="radio" name="scale" value="own"><span>each map</span></label>
    <label><input type="radio" name="scale" value="shared"><span>shared</span></label>
    </div></fieldset>
    <fieldset><legend>Colours (against, for)</legend><div class="choice">
    <label><input type="radio" name="colours" value="red-green"><span>red, green</span></label>
    <label><input type="radio" name="colours" value="orange-blue"><span>orange, blue</span></label>
    </div></fieldset>
    """
}
