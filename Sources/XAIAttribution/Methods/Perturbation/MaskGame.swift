import XAIKernels
package import XAITensor

/// An image that a mask hides parts of.
package struct MaskGame {
  /// H and W.
  package let extent: [Int]
  private let image: Tensor
  private let absent: Tensor
  private let target: Int
  private let network: ExplainedNetwork
  private let context: AttributionContext
  private let gradients: InputGradients

  /// Sets up the game of one image.
  package init(
    image: Tensor, absent: Tensor, target: Int, _ network: ExplainedNetwork,
    _ context: AttributionContext
  ) {
    (self.image, self.absent, self.target) = (image, absent, target)
    (self.network, self.context) = (network, context)
    extent = Array(image.shape.dropFirst(2))
    gradients = InputGradients(network, algorithm: context.algorithm ?? .fastest)
  }

  var plane: Int { extent.reduce(1, *) }

  /// The probability of the class under masks `[H, W]`.
  func probabilities(of masks: [[Double]]) throws -> [Double] {
    try image.withUnsafeElements { shown in
      try absent.withUnsafeElements { hidden in
        try network.merged().scores(.probability, of: target, count: masks.count, in: context) {
          index, pixels in
          for element in pixels.indices {
            let share = masks[index][element % plane]
            pixels[element] = Float(
              Double(shown[element]) * share + Double(hidden[element]) * (1 - share))
          }
        }
      }
    }
  }

  /// The probability under a mask, and its derivative by each pixel of the mask.
  func probabilityAndGradient(_ mask: [Double]) throws -> (score: Double, gradient: [Double]) {
    if context.isStopped() { throw AttributionStopped() }
    let (shown, hidden) = (image.elements, absent.elements)
    let mixed = Tensor(
      shape: image.shape,
      shown.indices.map { index in
        let share = mask[index % plane]
        return Float(Double(shown[index]) * share + Double(hidden[index]) * (1 - share))
      })
    let found = try gradients.gradients(at: mixed) { _, logits in
      let shares = logits.softmax
      return shares.indices.map { shares[target] * (($0 == target ? 1 : 0) - shares[$0]) }
    }
    context.advance(2)
    var gradient = Array(repeating: 0.0, count: plane)
    found.gradients.withUnsafeElements { signal in
      for index in signal.indices {
        gradient[index % plane] +=
          Double(signal[index]) * (Double(shown[index]) - Double(hidden[index]))
      }
    }
    return (found.logits.doubles(ofRow: 0).softmax[target], gradient)
  }
}
