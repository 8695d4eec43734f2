import XAITensor

/// Random labels for types of things (Hewitt and Liang 2019): what a probe can learn by heart.
///
/// Each type, something that recurs such as the class of an image, gets a label drawn from the property's own
/// distribution, the same in training and test. Selectivity is accuracy less accuracy on this task. Labels for
/// each image instead would pin the control's accuracy to chance.
public enum ControlTask {
  /// Draws labels.
  /// - Parameters:
  ///   - types: The type of each row.
  ///   - labels: The property's label of each row, whose distribution is kept.
  ///   - draw: Which of several tasks.
  ///   - seed: The run's seed.
  /// - Returns: A label for each row, the same for rows of a type.
  /// - Throws: `RepresentationFailure` where the type determines the property: the task would be no control.
  public static func labels(
    types: [Int], labels: [Int], draw: Int, seed: UInt64
  ) throws(RepresentationFailure) -> [Int] {
    precondition(types.count == labels.count, "\(types.count) types, \(labels.count) labels")
    let pairs = Set(zip(types, labels).map { [$0, $1] })
    guard pairs.count > Set(types).count else {
      throw RepresentationFailure(
        .value(
          of: "the type of the control task", found: "what determines the property",
          expected: "something that recurs with several labels"))
    }
    var drawn: [Int: Int] = [:]
    for type in Set(types).sorted() {
      var stream = RandomStream(seed: seed, purpose: "probes/control", draw, type)
      drawn[type] = labels[stream.integer(below: labels.count)]
    }
    return types.map { drawn[$0] ?? 0 }
  }
}
