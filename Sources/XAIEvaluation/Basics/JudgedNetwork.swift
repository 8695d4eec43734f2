public import XAIAttribution
import XAIKernels
import XAINetworks
public import XAITensor

/// A classifier as measures see it: images in, logits out.
///
/// A measure asks nothing else of a network, so any function of images can stand for one.
public struct JudgedNetwork {
  /// Channels, height and width of an image.
  public let input: [Int]
  /// The number of logits.
  public let classes: Int
  /// Memory, progress, interruption.
  public var context: AttributionContext
  private let bytesPerImage: Int
  private let batch: (Tensor) throws -> Tensor

  /// Lets a function stand for a network.
  /// - Parameters:
  ///   - input: Channels, height and width of an image.
  ///   - classes: The number of logits.
  ///   - context: Memory, progress, interruption.
  ///   - bytesPerImage: Bytes that one image of a batch takes; none by default.
  ///   - batch: Logits `[N, classes]` of images `[N, C, H, W]`, N at most 64.
  public init(
    input: [Int], classes: Int, in context: AttributionContext = AttributionContext(),
    bytesPerImage: Int = 0, batch: @escaping (Tensor) throws -> Tensor
  ) {
    (self.input, self.classes, self.context) = (input, classes, context)
    (self.bytesPerImage, self.batch) = (bytesPerImage, batch)
  }

  /// Judges with a network, batch norm merged.
  /// - Parameters:
  ///   - network: The network.
  ///   - context: Memory, progress, interruption; its algorithm sums convolutions, by default the fastest,
  ///     whose errors of some 1e-6 are far below what a removal changes.
  public init(_ network: ExplainedNetwork, in context: AttributionContext = AttributionContext()) {
    let form = network.merged()
    let algorithm = context.algorithm ?? .fastest
    self.init(
      input: network.network.architecture.input, classes: network.network.architecture.classes,
      in: context, bytesPerImage: form.bytesPerImage(keeping: .logits)
    ) { images in
      let recording = try form.record(
        try form.backend.upload(images), keeping: .logits, algorithm: algorithm)
      return form.backend.download(recording.output)
    }
  }

  /// The logits of images that are made in full batches, as memory allows.
  /// - Parameters:
  ///   - count: How many images.
  ///   - write: Writes the image of an index, `[C, H, W]`; several threads call it.
  /// - Returns: The logits of each.
  /// - Throws: What the network throws, or `AttributionStopped`.
  public func logits(
    count: Int, image write: (_ index: Int, _ pixels: UnsafeMutableBufferPointer<Float>) -> Void
  ) throws -> [[Float]] {
    let size = input.reduce(1, *)
    var logits: [[Float]] = []
    logits.reserveCapacity(count)
    try context.forEachPart(of: count, bytesEach: bytesPerImage, walksEach: 1) { range in
      let images = Tensor(shape: [range.count] + input) { pixels in
        ThreadTeam.forEach(range.count) { position in
          let part = pixels[position * size..<(position + 1) * size]
          write(range.lowerBound + position, UnsafeMutableBufferPointer(rebasing: part))
        }
      }
      let output = try batch(images)
      output.withUnsafeElements { elements in
        for row in 0..<range.count {
          logits.append(Array(elements[row * classes..<(row + 1) * classes]))
        }
      }
    }
    return logits
  }

  /// The logits of images.
  /// - Parameter images: `[C, H, W]` each.
  /// - Returns: The logits of each.
  /// - Throws: What the network throws, or `AttributionStopped`.
  public func logits(of images: [Tensor]) throws -> [[Float]] {
    try logits(count: images.count) { index, pixels in
      images[index].withUnsafeElements { _ = pixels.initialize(from: $0) }
    }
  }

  /// The class with the greatest logit, the first among equals.
  /// - Parameter logits: One for each class.
  /// - Returns: Its index.
  public static func prediction(_ logits: [Float]) -> Int {
    logits.indices.max { logits[$0] != logits[$1] ? logits[$0] < logits[$1] : $0 > $1 } ?? 0
  }
}
