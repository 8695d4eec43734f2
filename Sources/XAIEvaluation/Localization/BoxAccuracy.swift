/// How often the box around a map finds the object, over images that share a threshold.
///
/// Source: Choe et al. 2020.
///
/// `BoxAcc(tau, delta)` is the share of images whose intersection over union is at least delta. Its maximum
/// over tau, **MaxBoxAcc**, is chosen on the images it is reported for; the cross-fitted one is not. The weak
/// localization error is `1 - MaxBoxAcc(0.5)`.
public struct BoxAccuracy: Sendable, Equatable {
  /// The page's deltas.
  public static let defaultDeltas = [0.3, 0.5, 0.7]

  /// The least intersection over union that counts as found.
  public let delta: Double
  /// Whether the object was found: one row for each image, one column for each threshold.
  private let found: [[Bool]]

  /// Counts what is found.
  /// - Parameters:
  ///   - intersections: Intersection over union for each image and threshold.
  ///   - delta: The least one that counts.
  public init(_ intersections: [[Double]], delta: Double) {
    precondition(
      Set(intersections.map(\.count)).count <= 1, "images with other numbers of thresholds")
    self.delta = delta
    found = intersections.map { $0.map { $0 >= delta } }
  }

  /// The share of images in which the object is found, at each threshold.
  public var accuracies: [Double] { accuracies(of: Array(found.indices)) }

  /// The greatest share over thresholds; `nil` without images.
  public var maximum: Double? { accuracies.max() }

  /// The share of images found at a threshold that was chosen on the images of the other parity, the lowest
  /// among equals; `nil` with fewer than two images.
  public var crossFitted: Double? {
    guard found.count > 1 else { return nil }
    let parities = [0, 1].map { parity in found.indices.filter { $0 % 2 == parity } }
    let hits = [0, 1].reduce(0) { hits, parity in
      let chosen = Self.best(accuracies(of: parities[1 - parity]))
      return hits + parities[parity].count { found[$0][chosen] }
    }
    return Double(hits) / Double(found.count)
  }

  private func accuracies(of images: [Int]) -> [Double] {
    guard let first = found.first, !images.isEmpty else { return [] }
    return first.indices.map { threshold in
      Double(images.count { found[$0][threshold] }) / Double(images.count)
    }
  }

  private static func best(_ accuracies: [Double]) -> Int {
    let greatest = accuracies.max() ?? 0
    return accuracies.firstIndex(of: greatest) ?? 0
  }
}
