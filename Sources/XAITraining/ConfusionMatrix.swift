/// How often images of one class were taken for another.
public struct ConfusionMatrix: Sendable, Equatable {
  /// Images of one class that were taken for another.
  public struct Pair: Sendable, Equatable {
    /// The true class.
    public let label: Int
    /// The class they were taken for.
    public let predicted: Int
    /// How many images.
    public let images: Int
    /// As a fraction of the true class's images.
    public let fraction: Double
  }

  /// The number of classes.
  public let classes: Int
  private var counts: [Int]

  /// A matrix of zeros.
  /// - Parameter classes: The number of classes.
  public init(classes: Int) {
    precondition(classes > 0, "\(classes) classes")
    self.classes = classes
    counts = [Int](repeating: 0, count: classes * classes)
  }

  /// How many images of class `label` were predicted as `predicted`.
  /// - Parameters:
  ///   - label: The true class: the row.
  ///   - predicted: The predicted class: the column.
  public internal(set) subscript(label: Int, predicted: Int) -> Int {
    get { counts[label * classes + predicted] }
    set { counts[label * classes + predicted] = newValue }
  }

  /// The counts of a row: how the images of a class were predicted.
  /// - Parameter label: The true class.
  /// - Returns: One count per predicted class.
  public func row(_ label: Int) -> ArraySlice<Int> {
    counts[label * classes..<(label + 1) * classes]
  }

  /// How many images were predicted as a class, rightly or wrongly.
  /// - Parameter predicted: The class.
  /// - Returns: The sum of its column.
  public func predictions(of predicted: Int) -> Int {
    (0..<classes).reduce(0) { $0 + self[$1, predicted] }
  }

  /// The confusions that happened most.
  /// - Parameter limit: At most how many.
  /// - Returns: Pairs by falling number of images, equal ones by true, then by predicted class.
  public func mostConfused(limit: Int) -> [Pair] {
    var pairs: [Pair] = []
    for label in 0..<classes {
      let total = row(label).reduce(0, +)
      for predicted in 0..<classes where predicted != label && self[label, predicted] > 0 {
        let images = self[label, predicted]
        pairs.append(
          Pair(
            label: label, predicted: predicted, images: images,
            fraction: Double(images) / Double(total)))
      }
    }
    pairs.sort { ($1.images, $0.label, $0.predicted) < ($0.images, $1.label, $1.predicted) }
    return Array(pairs.prefix(limit))
  }
}
