import XAITensor

/// What similarity is worth where nothing is shared: the images of one side in another order.
///
/// CKA of a network with its own permuted images must be 0 within its error; canonical correlations are not, where
/// samples are few.
public enum SimilarityNull {
  /// An order in which no image keeps its place.
  /// - Parameters:
  ///   - count: The number of images, at least 2.
  ///   - draw: Which of several orders.
  ///   - seed: The run's seed.
  /// - Returns: The index of the image at each place.
  public static func order(_ count: Int, draw: Int = 0, seed: UInt64) -> [Int] {
    precondition(count > 1, "\(count) images have one order")
    var stream = RandomStream(seed: seed, purpose: "similarity/null", draw)
    // Sattolo 1986: one cycle through all of them.
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, stream.integer(below: last))
    }
    return order
  }
}
