import XAIAttribution
import XAIEvaluation
import XAIExperiments
import XAITensor

/// Measures as people read them.
extension EvaluatedMeasure {
  private static let titles = [
    "share": "share of the possible", "infidelity": "relative infidelity",
    "sensitivity.maximal": "maximal sensitivity", "sensitivity.average": "average sensitivity",
    "rocAUC": "ROC area", "sic": "SIC", "aic": "AIC", "road": "ROAD", "aopc": "AOPC",
    "pic.clipped": "clipped share of SIC and AIC", "bestIoU": "best IoU",
  ]

  /// Its name in words, without baseline and quantity.
  var title: String { Self.titles[name] ?? Self.words(of: name) }

  /// Baseline and quantity; empty where there is neither.
  var variant: String { [baseline, quantity?.rawValue].compactMap(\.self).joined(separator: ", ") }

  /// Its name in words, with baseline and quantity.
  var longTitle: String { variant.isEmpty ? title : "\(title) (\(variant))" }

  /// The direction as an arrow; empty where the number describes.
  var arrow: String {
    switch direction {
    case .higher: "\u{2191}"
    case .lower: "\u{2193}"
    case .describes: ""
    }
  }

  /// Whether it asks of a method's maps what they do not promise.
  func isDoubtful(of method: EvaluatedMethod) -> Bool {
    switch reservation {
    case .additive: method.kind == .method && method.shownMeaning != .relevance
    case .literal: true
    case nil: false
    }
  }

  /// The direction in words.
  var directionWords: String {
    switch direction {
    case .higher: "\u{2191} higher is better"
    case .lower: "\u{2193} lower is better"
    case .describes: "describes"
    }
  }

  /// `infidelity.subsets` and `deletionShare` as words; points between digits stay.
  private static func words(of name: String) -> String {
    var text = ""
    var last: Character = " "
    for (position, letter) in zip(name.indices, name) {
      let next = name.index(after: position)
      let isInNumber = last.isNumber && next < name.endIndex && name[next].isNumber
      if letter == ".", !isInNumber {
        text.append(" ")
      } else if letter.isUppercase, last.isLowercase {
        text += " " + letter.lowercased()
      } else {
        text.append(letter)
      }
      last = letter
    }
    return text
  }
}

extension MeasureColumn.Family {
  /// Its name and what it asks.
  var question: String {
    switch self {
    case .faithfulness: "Faithfulness: does the network depend on what the map names?"
    case .localization: "Localization: does the map name the object?"
    case .robustness: "Robustness: does the map stay when the image hardly changes?"
    case .complexity: "Complexity: how simple is the map?"
    case .axioms: "Axioms: does the map account for what it explains?"
    }
  }
}

extension EvaluatedMethod {
  /// What the page puts it under.
  var group: PageChoice {
    switch kind {
    case .method:
      method.map { PageChoice(id: $0.group.rawValue, title: $0.group.reportTitle) }
        ?? PageChoice(id: "method", title: "Methods")
    case .given: PageChoice(id: "given", title: "Maps made elsewhere")
    case .control: PageChoice(id: "control", title: "Controls: no explanations")
    }
  }
}

/// A number with three digits after its point, or, where it is very large or small, three that count.
func measured(_ value: Double) -> String {
  let size = abs(value)
  return size == 0 || 0.001..<1000 ~= size
    ? fixedPoint(value, digits: 3) : fixedOrScientific(value)
}
