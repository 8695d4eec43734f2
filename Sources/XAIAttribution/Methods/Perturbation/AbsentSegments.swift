import XAITensor

/// What is shown where a part of the image is absent.
public enum AbsentFill: String, Sendable, Codable {
  /// The mean colour of the segment.
  case mean
  /// Zero in the normalised space of the network.
  case zero
  /// The request's baseline.
  case baseline
  /// The request's baseline where it has exactly one for each image, else zero.
  case baselineOrZero = "baseline-or-zero"

  /// What cannot be done without.
  var baselineNeed: BaselineNeed { self == .baseline ? .one : .none }
  /// What makes a difference.
  var usefulBaseline: BaselineNeed {
    self == .baseline || self == .baselineOrZero ? .one : .none
  }

  /// The image of which absent parts are shown.
  /// - Parameters:
  ///   - image: The position of the explained image.
  ///   - request: Images and baselines.
  ///   - segments: Where means are taken; windows have none.
  /// - Returns: `[1, C, H, W]`.
  /// - Throws: Where the request has not exactly one baseline for the image, or there is no mean.
  func picture(
    for image: Int, of request: AttributionRequest, segments: SegmentMap? = nil
  ) throws(AttributionFailure) -> Tensor {
    let original = request.images.row(image)
    switch self {
    case .zero: return Tensor(shape: original.shape)
    case .baselineOrZero:
      guard let baselines = request.baselines, baselines.count == 1 else {
        return Tensor(shape: original.shape)
      }
      return baselines.of(image)
    case .baseline:
      guard let baselines = request.baselines, baselines.count == 1 else {
        throw AttributionFailure(
          .usage,
          "the fill 'baseline' needs one baseline for each image, found "
            + "\(request.baselines?.count ?? 0); choose a single baseline or the fill 'zero'")
      }
      return baselines.of(image)
    case .mean:
      guard let segments else {
        throw AttributionFailure(
          .usage, "the fill 'mean' needs segments; choose 'zero' or 'baseline'")
      }
      return segments.means(of: original)
    }
  }
}

/// An image of which segments can be absent: a game for coalitions of segments.
package struct SegmentGame {
  package let segments: SegmentMap
  let target: Int
  let score: TargetScore
  private let image: Tensor
  private let absent: Tensor

  /// Sets up the game of one image.
  package init(
    image: Int, of request: AttributionRequest, segmentation: Segmentation, fill: AbsentFill,
    score: TargetScore
  ) throws {
    segments = try segmentation.segments(of: image, in: request)
    self.image = request.images.row(image)
    absent = try fill.picture(for: image, of: request, segments: segments)
    (target, self.score) = (request.targets[image], score)
  }

  /// Scores of coalitions.
  /// - Parameters:
  ///   - coalitions: Who is present.
  ///   - form: The network.
  ///   - context: Memory, progress, interruption.
  /// - Returns: One score for each coalition.
  /// - Throws: `KernelFailure` or `AttributionStopped`.
  package func values(
    of coalitions: [Coalition], on form: NetworkForm, in context: AttributionContext
  ) throws -> [Double] {
    let plane = segments.labels.count
    return try form.scores(score, of: target, count: coalitions.count, in: context) { row, pixels in
      let isPresent = coalitions[row].members
      image.withUnsafeElements { shown in
        absent.withUnsafeElements { hidden in
          for first in stride(from: 0, to: shown.count, by: plane) {
            for pixel in 0..<plane {
              let index = first + pixel
              pixels[index] = isPresent[segments.labels[pixel]] ? shown[index] : hidden[index]
            }
          }
        }
      }
    }
  }
}
