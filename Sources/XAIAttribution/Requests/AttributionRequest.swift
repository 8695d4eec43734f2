public import XAITensor

/// Images, what is to be explained about them, and against what.
///
/// N images of C channels and H x W pixels, normalised as the network takes them.
public struct AttributionRequest: Sendable {
  /// `[N, C, H, W]`.
  public var images: Tensor
  /// The same images as people see them, `[N, C, H, W]` in [0, 1]: superpixels are cut from these.
  public var pixels: Tensor?
  /// The class whose logit is explained, one for each image.
  public var targets: [Int]
  /// Baselines for methods that compare; nothing where none was chosen.
  public var baselines: Baselines?
  /// Standard-normal noise `[S, N, C, H, W]` to use instead of drawn one.
  public var noise: Tensor?
  /// Where random draws come from.
  public var seed: UInt64
  /// Names the random streams of each image, so that they depend on neither order nor batch.
  public var keys: [Int]
  /// What pixels can be, normalized; `nil` where that is not known.
  public var bounds: PixelBounds?

  /// Describes a request; whether a network can be asked it, `validate(for:)` tells.
  /// - Parameters:
  ///   - images: `[N, C, H, W]`, normalised.
  ///   - pixels: The same images as people see them, in [0, 1], where there are pictures.
  ///   - targets: One class for each image.
  ///   - baselines: Baselines for methods that compare.
  ///   - noise: Noise to use instead of drawn one.
  ///   - seed: Where random draws come from.
  ///   - keys: Names of the random streams of each image; default is their positions.
  ///   - bounds: What pixels can be, normalized.
  public init(
    images: Tensor, pixels: Tensor? = nil, targets: [Int], baselines: Baselines? = nil,
    noise: Tensor? = nil, seed: UInt64 = 0, keys: [Int]? = nil, bounds: PixelBounds? = nil
  ) {
    self.images = images
    self.pixels = pixels
    self.targets = targets
    self.baselines = baselines
    self.noise = noise
    self.seed = seed
    self.keys = keys ?? Array(0..<images.rows)
    self.bounds = bounds
  }

  /// The number of images.
  public var count: Int { images.rows }

  /// Height and width of images; 0 where the request is not valid.
  var extent: (height: Int, width: Int) {
    images.shape.count == 4 ? (images.shape[2], images.shape[3]) : (0, 0)
  }

  /// The request for some of the images, noise and baselines with them.
  /// - Parameter range: Which images.
  /// - Returns: The smaller request.
  public func part(_ range: Range<Int>) -> AttributionRequest {
    AttributionRequest(
      images: images.rows(range), pixels: pixels?.rows(range), targets: Array(targets[range]),
      baselines: baselines?.part(range), noise: noise.map { $0.columns(range) }, seed: seed,
      keys: Array(keys[range]), bounds: bounds)
  }
}

extension Tensor {
  /// Some indices of the second axis.
  fileprivate func columns(_ range: Range<Int>) -> Tensor {
    let count = shape[1]
    let flat = reshaped(to: [shape[0] * count] + shape.dropFirst(2))
    let indices = (0..<shape[0]).flatMap { outer in range.map { outer * count + $0 } }
    return flat.rows(at: indices).reshaped(to: [shape[0], range.count] + shape.dropFirst(2))
  }
}
