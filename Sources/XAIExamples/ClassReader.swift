public import XAIAttribution
public import XAIKernels
import XAINetworks
public import XAITensor
#if canImport(Glibc)
  import Glibc
#endif

/// Asks a network for the logits of images that are made in parts.
public struct ClassReader {
  /// The network.
  public let network: ExplainedNetwork
  private let form: NetworkForm
  private let algorithm: ConvolutionAlgorithm
  private let batch: Int

  /// Prepares to ask.
  /// - Parameters:
  ///   - network: The network.
  ///   - algorithm: How convolutions sum; directly where equal images must have the same logits in any batch.
  ///   - batch: The most images at once.
  public init(
    _ network: ExplainedNetwork, algorithm: ConvolutionAlgorithm = .fastest, batch: Int = 64
  ) {
    (self.network, self.algorithm, self.batch) = (network, algorithm, max(1, batch))
    form = network.merged()
  }

  /// The shape of an image.
  public var shape: [Int] { network.network.architecture.input }
  /// The number of classes.
  public var classes: Int { network.network.architecture.classes }

  /// Logits of images that a closure writes.
  /// - Parameters:
  ///   - count: How many.
  ///   - write: Writes image `index` of `[C, H, W]`.
  /// - Returns: `[count, classes]`.
  /// - Throws: Where a kernel fails or a logit is not finite.
  public func logits(
    count: Int, _ write: (_ index: Int, _ pixels: UnsafeMutableBufferPointer<Float>) -> Void
  ) throws -> Tensor {
    guard count > 0 else { return Tensor(shape: [0, classes]) }
    let size = shape.reduce(1, *)
    let parts = try stride(from: 0, to: count, by: batch).map { first in
      let range = first..<min(first + batch, count)
      let images = Tensor(shape: [range.count] + shape) { pixels in
        for (place, index) in range.enumerated() {
          let part = pixels[place * size..<(place + 1) * size]
          write(index, UnsafeMutableBufferPointer(rebasing: part))
        }
      }
      let recording = try form.record(
        try form.backend.upload(images), keeping: .logits, algorithm: algorithm)
      return form.backend.download(recording.output)
    }
    let logits = Tensor(stacking: parts)
    guard logits.isFinite else { throw ExampleFailure(.notFinite("a logit")) }
    return logits
  }

  /// Logits of images.
  /// - Parameter images: `[N, C, H, W]`, normalized.
  /// - Returns: `[N, classes]`.
  /// - Throws: `ExampleFailure` where images have another shape, or where a kernel fails.
  public func logits(of images: Tensor) throws -> Tensor {
    try requireImages(images, "the images")
    return try images.withUnsafeElements { source in
      try logits(count: images.rows) { index, pixels in
        let part = source[index * pixels.count..<(index + 1) * pixels.count]
        _ = pixels.initialize(from: part)
      }
    }
  }

  /// Checks that a tensor holds images of the network.
  func requireImages(_ images: Tensor, _ name: String) throws(ExampleFailure) {
    guard images.shape.count == 4, Array(images.shape.dropFirst()) == shape else {
      throw ExampleFailure(
        .shape(of: name, found: images.shape, expected: "[N] followed by \(shape)"))
    }
  }

  /// Checks that there is a class.
  func requireClass(_ index: Int) throws(ExampleFailure) {
    guard 0..<classes ~= index else {
      throw ExampleFailure(.unknownClass(index, count: classes))
    }
  }
}

extension Tensor {
  /// A row of logits in Double.
  func logits(_ row: Int) -> [Double] {
    withUnsafeElements { elements in
      elements[row * rowCount..<(row + 1) * rowCount].map(Double.init)
    }
  }
}

extension [Double] {
  /// The index of the largest element, the first of equal ones; 0 of none.
  var indexOfLargest: Int {
    indices.dropFirst().reduce(0) { self[$1] > self[$0] ? $1 : $0 }
  }

  /// Shares proportional to the exponentials.
  var softmax: [Double] {
    let largest = self.max() ?? 0
    let exponentials = map { exp($0 - largest) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }

  /// -ln of the softmax at a class.
  func crossEntropy(_ label: Int) -> Double {
    let largest = self.max() ?? 0
    return largest - self[label] + log(reduce(0) { $0 + exp($1 - largest) })
  }

  /// An element less the largest of the others.
  func margin(of goal: Int) -> Double {
    let others = indices.filter { $0 != goal }.map { self[$0] }.max() ?? -.infinity
    return self[goal] - others
  }
}
