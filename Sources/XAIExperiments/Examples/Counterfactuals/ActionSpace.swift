import XAIDatasets
import XAIExamples
import XAIImages

/// What may be done to an image so that another one comes of it, with prices.
protocol ActionSpace {
  /// The names of features, in the order in which steps number them.
  var names: [String] { get }
  /// What each may be set to.
  var features: [RecourseSearch.Feature] { get }
  /// What no answer sets, by name.
  var impossible: [String] { get }
  /// What a step costs.
  func price(_ step: RecourseSearch.Step) -> Double
  /// Whether a step stays within what was asked for.
  func allows(_ step: RecourseSearch.Step) -> Bool
  /// What comes of steps.
  /// - Parameters:
  ///   - steps: What is set.
  ///   - isHeld: Whether consequences that are to be held stay as they were, as methods believe that know no causes.
  /// - Returns: The picture, and what followed.
  /// - Throws: Where a picture cannot be made.
  func acted(_ steps: [RecourseSearch.Step], isHeld: Bool) throws -> ActedImage
  /// Other pictures of the same, that an answer should outlast; nil where noise of a byte has to do.
  func copies(_ steps: [RecourseSearch.Step], count: Int) -> [RGBImage]?
  /// What steps set, in words.
  func changes(_ steps: [RecourseSearch.Step]) -> [RecourseChange]
}

/// An image that something was done to.
struct ActedImage {
  let picture: RGBImage
  /// What followed from what was set.
  var consequences: [RecourseChange] = []
  /// The price of what followed, where that is priced.
  var extra = 0.0
}

/// What a user wants of actions.
public struct RecourseWishes: Sendable, Equatable {
  /// How steps are priced.
  public enum Cost: String, Sendable, CaseIterable {
    /// The share of scenes between the old and the new value; categories cost 1.
    case percentile
    /// `|ln((1 - Q(new)) / (1 - Q(old)))|`: the last percents are dear.
    case logPercentile = "log-percentile"
    /// As percentile, of every feature that moved, not only of those that were set.
    case all
  }

  /// The only features that may be set; nil for all that can be.
  public var actionable: String?
  /// Features that may not be set.
  public var immutable: String?
  /// Ranges such as `exposure=0.9:1.2`.
  public var bounds: String?
  /// Consequences that stay as they were in a second search, which stands beside the first.
  public var hold: String?
  /// How steps are priced.
  public var cost = Cost.percentile
  /// How many answers.
  public var diverse = 3

  /// The usual ones.
  public init() {}

  /// Reads ranges.
  /// - Returns: Names with both ends, in their order.
  /// - Throws: `ExampleFailure` where a word is no range.
  func ranges() throws(ExampleFailure) -> [(name: String, low: Double, high: Double)] {
    var all: [(name: String, low: Double, high: Double)] = []
    for word in (bounds ?? "").split(separator: ",") {
      let parts = word.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      let ends =
        parts.count == 2
        ? parts[1].split(separator: ":", omittingEmptySubsequences: false).map { Double($0) } : []
      guard ends.count == 2, let low = ends[0], let high = ends[1], low < high else {
        throw ExampleFailure(
          .value(
            of: "the range \(word)", found: "none",
            expected: "FEATURE=LOW:HIGH, such as exposure=0.9:1.2"))
      }
      let name = parts[0].drop { $0 == " " }
      all.append((String(name), low, high))
    }
    return all
  }
}
