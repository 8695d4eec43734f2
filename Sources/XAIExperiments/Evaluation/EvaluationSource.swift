import XAIAttribution
import XAIClassifiers
import XAIImages
import XAINetworks
import XAITensor

/// Where the images of an evaluation come from: pictures, or tensors that were made elsewhere.
protocol EvaluationSource {
  /// Describes what a method is to explain.
  /// - Parameters:
  ///   - images: The positions of the images.
  ///   - targets: A class for each.
  ///   - method: The method.
  /// - Returns: The request.
  /// - Throws: Where a baseline cannot be made.
  func request(
    _ images: [Int], _ targets: [Int], for method: MethodUnderTest
  ) throws -> AttributionRequest

  /// Describes neighbors of an image: the same noise and samples, something added to each.
  func request(
    _ image: Int, disturbedBy disturbances: [Tensor], _ target: Int, for method: MethodUnderTest
  ) throws -> AttributionRequest
}

/// Pictures in the size that the network takes.
struct PictureSource: EvaluationSource {
  let images: [ExplainedImage]
  let requests: RequestMaker

  func request(
    _ images: [Int], _ targets: [Int], for method: MethodUnderTest
  ) throws -> AttributionRequest {
    try requests.request(
      images.map { self.images[$0] }, targets: targets, for: method.method,
      baseline: method.baseline)
  }

  func request(
    _ image: Int, disturbedBy disturbances: [Tensor], _ target: Int, for method: MethodUnderTest
  ) throws -> AttributionRequest {
    try requests.request(
      disturbances.map { _ in images[image] }, disturbedBy: disturbances,
      targets: disturbances.map { _ in target }, for: method.method, baseline: method.baseline)
  }
}

/// Normalized tensors.
struct TensorSource: EvaluationSource {
  /// `[N, C, H, W]`.
  let images: Tensor
  /// `[N, C, H, W]`; nil where none were given.
  let baselines: Tensor?
  let keys: [Int]
  let seed: UInt64
  let bounds: PixelBounds?

  func request(
    _ images: [Int], _ targets: [Int], for method: MethodUnderTest
  ) throws -> AttributionRequest {
    AttributionRequest(
      images: self.images.rows(at: images), targets: targets,
      baselines: method.method.usefulBaseline == .none
        ? nil : baselines.map { .one($0.rows(at: images)) },
      seed: seed, keys: images.map { keys[$0] }, bounds: bounds)
  }

  func request(
    _ image: Int, disturbedBy disturbances: [Tensor], _ target: Int, for method: MethodUnderTest
  ) throws -> AttributionRequest {
    var request = try request(
      disturbances.map { _ in image }, disturbances.map { _ in target }, for: method)
    let noise = Tensor(stacking: disturbances.map { $0.reshaped(to: [1] + $0.shape) })
    request.images = request.images.combined(with: noise, +)
    return request
  }
}

extension TensorSource {
  /// Names the random streams of an image by its numbers.
  static func key(_ image: Tensor) -> Int {
    Int(truncatingIfNeeded: image.fingerprint >> 1)
  }
}
