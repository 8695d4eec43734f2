package import XAITensor

/// The channels of an image at a layer, what each of them weighs, and the map that they add up to.
package struct WeightedChannels {
  /// What was read for each channel, before it became a weight; empty where weights were read themselves.
  package var scores: [Double] = []
  /// One for each channel.
  package var weights: [Double]
  /// `sum_k w_k A_k`, signed, `[h, w]`.
  package let map: [Double]
  /// h and w.
  package let extent: [Int]

  /// Adds channels up, in Double.
  /// - Parameters:
  ///   - activation: A, `[1, K, h, w]`.
  ///   - weights: One for each channel.
  ///   - scores: What the weights are made of.
  package init(_ activation: Tensor, weights: [Double], scores: [Double] = []) {
    extent = Array(activation.shape.dropFirst(2))
    let plane = extent.reduce(1, *)
    var map = [Double](repeating: 0, count: plane)
    activation.withUnsafeElements { elements in
      for (channel, weight) in weights.enumerated() where weight != 0 {
        for position in 0..<plane {
          map[position] += weight * Double(elements[channel * plane + position])
        }
      }
    }
    (self.map, self.weights, self.scores) = (map, weights, scores)
  }

  /// The map as one of pictures.
  /// - Parameters:
  ///   - rectified: Whether negative values become 0.
  ///   - upsampling: How it gets the image's extent.
  ///   - image: H and W.
  /// - Returns: `[1, 1, H, W]`.
  func picture(rectified: Bool, _ upsampling: Upsampling, to image: [Int]) -> Tensor {
    let values = Tensor(
      shape: [1, 1] + extent, map.map { Float(rectified ? max($0, 0) : $0) })
    return upsampling.enlarge(values, to: image)
  }
}
