import XAIKernels
public import XAINetworks
package import XAITensor
#if canImport(Glibc)
  import Glibc
#endif

/// Gradients along the way from a blurred image to the image, times how the image changes with the blur.
///
/// Source: Xu, Venugopalan and Sundararajan 2020, Attribution in Scale and Space, equation 10.
/// `R = - sum_i g(x_i) dx_i / dsigma (sigma_{i+1} - sigma_i)`, x_i the image under a Gaussian of sigma_i, mirrored at
/// the border. The derivative of the filter is exact, not a difference.
///
/// - Note: Deviation from the authors' program, which multiplies a batch by the width of its last step, and whose
///   blur has black borders.
public struct BlurIntegratedGradients: AttributionMethod {
  /// Points on the way.
  public var steps: Int
  /// Sigma of the largest blur in pixels; a quarter of the longer side where it is nil.
  public var largest: Double?

  /// Describes the method.
  /// - Parameters:
  ///   - steps: Points on the way.
  ///   - largest: Sigma of the largest blur in pixels; a quarter of the longer side where it is nil.
  public init(steps: Int = 100, largest: Double? = nil) {
    (self.steps, self.largest) = (steps, largest)
  }

  /// Numbers must be possible.
  public func prepared(for request: AttributionRequest, on network: Network) throws -> Self {
    try request.validate(for: network)
    guard 1...mostSamples ~= steps, largest.map({ $0 > 0 && $0 <= 1000 }) ?? true else {
      throw AttributionFailure(
        .usage,
        "blur integrated gradients cannot take \(steps) steps up to a blur of \(largest ?? 0) pixels; take 1 to "
          + "\(mostSamples) steps and a positive blur of at most 1000")
    }
    return self
  }

  /// A forward and a backward pass for each step, and the logits of both ends.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    AttributionCost(walks: Double(request.count) * (2 * Double(steps) + 2))
  }

  /// Computes maps `[N, C, H, W]`.
  public func attribute(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution {
    try request.validate(for: network)
    _ = try prepared(for: request, on: network.network)
    let form = network.merged()
    let (height, width) = request.extent
    let width1 = (largest ?? Double(max(height, width)) / 4) / Double(steps)
    var (maps, laws) = ([Tensor](), [LawCheck]())
    for image in 0..<request.count {
      let original = request.images.row(image)
      let target = request.targets[image]
      var sum = Array(repeating: 0.0, count: original.count)
      try context.forEachPart(
        of: steps, bytesEach: form.bytesPerImage(keeping: .winners), walksEach: 0
      ) { range in
        let points = range.map { ScaleDerivative(sigma: Double($0) * width1) }
        let found = try form.inputSignals(
          images: Tensor(stacking: points.map { $0.blurred(original) }),
          targets: Array(repeating: target, count: range.count), composite: Composite(),
          algorithm: context.algorithm, in: context)
        for (row, point) in points.enumerated() {
          let (change, gradient) = (point.derivative(original), found.signals.doubles(ofRow: row))
          for index in sum.indices { sum[index] -= gradient[index] * change[index] * width1 }
        }
      }
      let ends = Tensor(stacking: [
        ScaleDerivative(sigma: Double(steps) * width1).blurred(original), original,
      ])
      let recording = try form.record(
        try form.backend.upload(ends), keeping: .logits, algorithm: context.algorithm ?? .fastest)
      context.advance(2)
      let logits = form.backend.download(recording.output)
      let (start, end) = (Double(logits[0, target]), Double(logits[1, target]))
      let map = Tensor(shape: original.shape, sum.map { Float($0) })
      maps.append(map)
      laws.append(
        LawCheck(
          sampledSum: map, expected: end - start, magnitude: abs(end) + abs(start), tolerance: 0.05)
      )
    }
    return Attribution(maps: Tensor(stacking: maps), laws: laws)
  }
}

extension BlurIntegratedGradients: BackpropagatingMethod {
  /// The gradient, which is taken at many points.
  public func backpropagation(on network: ExplainedNetwork) -> Backpropagation? {
    .gradient(on: network)
  }
}

/// A Gaussian filter and its derivative by sigma, with a mirror at the border that does not repeat the last pixel.
package struct ScaleDerivative {
  private let weights: [Double]
  private let slopes: [Double]
  private let radius: Int

  /// Makes the filter.
  /// - Parameter sigma: At least 0; the filter of 0 changes nothing.
  package init(sigma: Double) {
    // A filter narrower than this has nothing beside its center in Double.
    guard sigma > 0.05 else {
      (weights, slopes, radius) = ([1], [0], 0)
      return
    }
    radius = Int((6 * sigma).rounded(.up))
    let squares = (-radius...radius).map { Double($0 * $0) }
    let heights = squares.map { exp(-$0 / (2 * sigma * sigma)) }
    let total = heights.reduce(0, +)
    let weights = heights.map { $0 / total }
    let cube = sigma * sigma * sigma
    let mean = zip(weights, squares).reduce(0.0) { $0 + $1.0 * $1.1 / cube }
    self.weights = weights
    slopes = zip(weights, squares).map { $0 * ($1 / cube - mean) }
  }

  /// Blurs an image `[1, C, H, W]`.
  package func blurred(_ image: Tensor) -> Tensor {
    guard radius > 0 else { return image }
    let values = filtered(image, rows: weights, columns: weights)
    return Tensor(shape: image.shape, values.map { Float($0) })
  }

  /// How the blurred image changes with sigma, `[C, H, W]`.
  package func derivative(_ image: Tensor) -> [Double] {
    guard radius > 0 else { return Array(repeating: 0, count: image.count) }
    let byColumns = filtered(image, rows: weights, columns: slopes)
    return zip(filtered(image, rows: slopes, columns: weights), byColumns).map { $0 + $1 }
  }

  private func filtered(_ image: Tensor, rows: [Double], columns: [Double]) -> [Double] {
    let (height, width) = (image.shape[2], image.shape[3])
    let (across, down) = (sources(width), sources(height))
    var result = Array(repeating: 0.0, count: image.count)
    var between = Array(repeating: 0.0, count: height * width)
    image.withUnsafeElements { source in
      for first in stride(from: 0, to: source.count, by: height * width) {
        for y in 0..<height {
          for x in 0..<width {
            var sum = 0.0
            for tap in rows.indices {
              sum += rows[tap] * Double(source[first + y * width + across[x][tap]])
            }
            between[y * width + x] = sum
          }
        }
        for y in 0..<height {
          for x in 0..<width {
            var sum = 0.0
            for tap in columns.indices { sum += columns[tap] * between[down[y][tap] * width + x] }
            result[first + y * width + x] = sum
          }
        }
      }
    }
    return result
  }

  private func sources(_ extent: Int) -> [[Int]] {
    let period = max(2 * (extent - 1), 1)
    return (0..<extent).map { center in
      (-radius...radius).map { offset in
        let wrapped = ((center + offset) % period + period) % period
        return min(wrapped, period - wrapped)
      }
    }
  }
}
