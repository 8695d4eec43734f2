import XAIExperiments
import XAITensor

/// Verdicts as people read them.
enum VerdictWords {
  /// One plain sentence about methods that are no controls.
  static func summary(of verdicts: [MethodVerdict]) -> String {
    guard !verdicts.isEmpty else { return "No method was judged." }
    let parts = MethodVerdict.Degree.allCases.compactMap { degree -> String? in
      let number = verdicts.count { $0.shownDegree == degree }
      guard number > 0 else { return nil }
      let isOne = number == 1
      switch degree {
      case .depends:
        return "\(number) \(isOne ? "depends" : "depend") on what the network has learned"
      case .hardly: return "\(number) hardly \(isOne ? "does" : "do")"
      case .doesNot: return "\(number) \(isOne ? "does" : "do") not depend on it at all"
      case .cannotTell: return "of \(number) the test cannot tell"
      }
    }
    return "Of \(counted(verdicts.count, "method")), \(parts.joined(separator: ", "))."
  }

  /// A small bar from 0 to the noise floor, and the number with its interval.
  static func changeCell(_ change: MethodVerdict.Change?) -> PageTable.Cell {
    guard let change else { return .text("", label: "change", sortedAs: "") }
    func percent(_ share: Double) -> String { "\(Int((100 * share).rounded()))" }
    let width = percent(min(max(change.mean, 0), 1))
    let interval = [change.lower, change.upper].map { $0.map(percent) ?? "?" }
      .joined(separator: " to ")
    return .text(
      """
      <svg class="way" width="64" height="10" viewBox="0 0 100 10" preserveAspectRatio="none" \
      aria-hidden="true"><rect class="whole" width="100" height="10"/>\
      <rect class="gone" width="\(width)" height="10"/></svg> \(percent(change.mean)) % \
      <span class="faint">(\(interval))</span>
      """, label: "change", name: "change", sortedAs: "\(change.mean)")
  }
}

extension MethodVerdict {
  /// The degree; of results that lack it, what the outcome says.
  var shownDegree: Degree {
    degree ?? (outcome == .pass ? .depends : outcome == .fail ? .doesNot : .cannotTell)
  }

  /// The badge of a control, which must not depend on the network.
  var controlBadge: HTML {
    shownDegree == .doesNot
      ? "<span class=\"badge pass\">\u{2713} does not, as it must</span>"
      : "<span class=\"badge fail\">\u{2717} must not depend</span>"
  }
}

extension MethodVerdict.Degree {
  /// A sign and words, so that nobody depends on the color.
  var badgeWord: String {
    switch self {
    case .depends: "\u{2713} depends"
    case .hardly: "\u{2248} hardly"
    case .doesNot: "\u{2717} does not"
    case .cannotTell: "? cannot tell"
    }
  }

  /// How the badge looks.
  var look: String {
    switch self {
    case .depends: "pass"
    case .hardly: "hardly"
    case .doesNot: "fail"
    case .cannotTell: "inconclusive"
    }
  }

  var badge: HTML { "<span class=\"badge \(look)\">\(badgeWord)</span>" }
}
