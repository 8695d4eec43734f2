/// How much units and concepts share: sums over images, from which IoU follows.
///
/// Both sums of IoU run over the images that are annotated for the concept's category: those that show any
/// concept of it (Bau et al. 2017).
/// - Note: Deviation from NetDissect-Lite, which counts a unit's activation only in images where the active
///   region itself touches a label.
public struct ConceptOverlap: Sendable, Equatable {
  /// The concepts of each category.
  public let categories: [[Int]]
  /// Pixels where unit and concept meet, `[unit][concept]`.
  public private(set) var intersection: [[Int]]
  /// Pixels of each unit over the images annotated for each category, `[unit][category]`.
  public private(set) var unitArea: [[Int]]
  /// Pixels of each concept.
  public private(set) var conceptArea: [Int]
  /// Images that show each concept.
  public private(set) var images: [Int]
  private let category: [Int]

  /// Starts without images.
  /// - Parameters:
  ///   - units: The number of units.
  ///   - categories: The concepts of each category; every concept is in one.
  public init(units: Int, categories: [[Int]]) {
    self.categories = categories
    let concepts = categories.reduce(0) { $0 + $1.count }
    var category = Array(repeating: 0, count: concepts)
    for (index, members) in categories.enumerated() {
      for concept in members { category[concept] = index }
    }
    self.category = category
    intersection = Array(repeating: Array(repeating: 0, count: concepts), count: units)
    unitArea = Array(repeating: Array(repeating: 0, count: categories.count), count: units)
    conceptArea = Array(repeating: 0, count: concepts)
    images = conceptArea
  }

  /// Takes an image.
  /// - Parameters:
  ///   - units: Where each unit is active.
  ///   - concepts: Where each concept is.
  public mutating func insert(units: [PixelMask], concepts: [PixelMask]) {
    // An image shows few of all concepts.
    let shown = categories.map { $0.filter { concepts[$0].area > 0 } }
    for (concept, mask) in concepts.enumerated() where mask.area > 0 {
      conceptArea[concept] += mask.area
      images[concept] += 1
    }
    for (unit, mask) in units.enumerated() where mask.area > 0 {
      for index in shown.indices where !shown[index].isEmpty {
        unitArea[unit][index] += mask.area
        for concept in shown[index] {
          intersection[unit][concept] += mask.overlap(with: concepts[concept])
        }
      }
    }
  }

  /// Pixels of unit or concept over images annotated for the concept's category, `[unit][concept]`.
  public var union: [[Int]] {
    intersection.indices.map { unit in
      conceptArea.indices.map { concept in
        unitArea[unit][category[concept]] + conceptArea[concept] - intersection[unit][concept]
      }
    }
  }

  /// Intersection over union, `[unit][concept]`; nil where neither has a pixel.
  public var iou: [[Double?]] {
    zip(intersection, union).map { shared, whole in
      zip(shared, whole).map { $1 > 0 ? Double($0) / Double($1) : nil }
    }
  }

  /// The concept of the largest IoU of each unit, the first one where equal.
  public var best: [Int] {
    iou.map { row in row.map { $0 ?? -1 }.firstIndexOfLargest }
  }

  /// The share of the unit's pixels that show the concept; nil of a unit that is never active there.
  public func precision(unit: Int, concept: Int) -> Double? {
    let area = unitArea[unit][category[concept]]
    return area > 0 ? Double(intersection[unit][concept]) / Double(area) : nil
  }

  /// The share of the concept's pixels at which the unit is active; nil of a concept that is nowhere.
  public func recall(unit: Int, concept: Int) -> Double? {
    conceptArea[concept] > 0
      ? Double(intersection[unit][concept]) / Double(conceptArea[concept]) : nil
  }
}
