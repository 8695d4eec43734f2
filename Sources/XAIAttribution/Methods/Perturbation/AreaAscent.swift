import XAIKernels
import XAITensor

/// Gradient ascent of a mask with a given area.
package struct AreaAscent: Sendable {
  /// The size of a step.
  package var rate = 0.01
  /// What is kept of the velocity.
  package var momentum = 0.9
  /// What is left out of a new gradient; the first counts whole.
  package var dampening = 0.9
  /// What an area beside the asked one costs.
  package var weight = 300.0
  /// What that is multiplied by after every step.
  package var growth = 1.0035

  /// The numbers of the semantics.
  package init() {}

  /// Ascends.
  /// - Parameters:
  ///   - values: Grid values, changed in place.
  ///   - area: The share of the image.
  ///   - steps: How many.
  ///   - smooth: The mask of the values.
  ///   - blend: What a mask shows.
  ///   - target: The class.
  ///   - network: The network.
  ///   - context: Progress and interruption.
  /// - Returns: Before every step the logit, and the mean squared deviation of the area.
  /// - Throws: `KernelFailure` or `AttributionStopped`.
  @discardableResult
  package func run(
    _ values: inout [Double], area: Double, steps: Int, _ smooth: SmoothMask, _ blend: MaskBlend,
    target: Int, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> [(logit: Double, deviation: Double)] {
    let gradients = InputGradients(network, algorithm: context.algorithm ?? .fastest)
    var (energies, velocity, weight) = ([(logit: Double, deviation: Double)](), [Double](), weight)
    for _ in 0..<steps {
      if context.isStopped() { throw AttributionStopped() }
      let mask = smooth.mask(values)
      let found = try gradients.gradients(at: blend.image(under: mask)) { _, logits in
        logits.indices.map { $0 == target ? 1 : 0 }
      }
      context.advance(2)
      var byPixel = blend.gradient(found.gradients, under: mask)
      let deviation = addArea(of: mask, area, weight, to: &byPixel)
      energies.append((Double(found.logits[0, target]), deviation))
      let gradient = smooth.gradient(values, by: byPixel, at: mask)
      velocity =
        velocity.isEmpty
        ? gradient : zip(velocity, gradient).map { momentum * $0 + (1 - dampening) * $1 }
      for index in values.indices {
        values[index] = min(max(values[index] + rate * velocity[index], 0), 1)
      }
      weight *= growth
    }
    return energies
  }

  /// The mean squared deviation from the area; what it costs is subtracted from derivatives.
  private func addArea(
    of mask: [Double], _ area: Double, _ weight: Double, to byPixel: inout [Double]
  ) -> Double {
    let count = Double(mask.count)
    let ones = Int((area * count).rounded(.toNearestOrEven))
    let order = mask.indices.sorted { (mask[$0], $0) < (mask[$1], $1) }
    var sum = 0.0
    for (place, pixel) in order.enumerated() {
      let difference = mask[pixel] - (place >= mask.count - ones ? 1 : 0)
      sum += difference * difference
      byPixel[pixel] -= 2 * weight * difference / count
    }
    return sum / count
  }
}
