import XAITensor

/// Which training images are held back for validation.
struct StratifiedSplit {
  private(set) var train: [Int] = []
  private(set) var validation: [Int] = []

  /// Divides the images of every class by the same fraction.
  ///
  /// A class's draw depends on the seed, its identifier and its number of images only, so that
  /// neither the order of folders nor other classes move an image. A class of two or more images
  /// has at least one in each part, unless the fraction is 0.
  /// - Parameters:
  ///   - ranges: The images of each class, in order of their names.
  ///   - classes: The classes.
  ///   - fraction: The part held back, from 0 to below 1.
  ///   - seed: Names the draw.
  init(_ ranges: [Range<Int>], classes: [ClassLabel], fraction: Double, seed: UInt64) {
    for (range, label) in zip(ranges, classes) {
      var order = Array(range)
      var stream = RandomStream(seed: seed, purpose: "split/\(label.id)")
      stream.shuffle(&order)
      let wanted = Int((Double(range.count) * fraction).rounded())
      let held = fraction == 0 ? 0 : min(max(wanted, 1), max(range.count - 1, 0))
      validation.append(contentsOf: order[..<held].sorted())
      train.append(contentsOf: order[held...].sorted())
    }
  }
}
