public import XAITensor

/// What images are compared with: one baseline for each, or a distribution that all share.
public struct Baselines: Sendable {
  /// How baselines belong to images.
  public enum Kind: Sendable, Equatable {
    /// `[N, B, C, H, W]`: each image has B of its own.
    case perImage
    /// `[B, C, H, W]`: all images share them.
    case shared
  }

  /// How baselines belong to images.
  public let kind: Kind
  /// The values, in the shape that the kind says.
  public let values: Tensor

  /// One baseline for each image.
  /// - Parameter values: `[N, C, H, W]`.
  /// - Returns: The baselines.
  public static func one(_ values: Tensor) -> Baselines {
    Baselines(
      kind: .perImage,
      values: values.reshaped(to: [values.rows, 1] + values.shape.dropFirst()))
  }

  /// Several baselines for each image.
  /// - Parameter values: `[N, B, C, H, W]`.
  /// - Returns: The baselines.
  public static func perImage(_ values: Tensor) -> Baselines {
    Baselines(kind: .perImage, values: values)
  }

  /// A distribution that all images share.
  /// - Parameter values: `[B, C, H, W]`.
  /// - Returns: The baselines.
  public static func shared(_ values: Tensor) -> Baselines {
    Baselines(kind: .shared, values: values)
  }

  /// Baselines for each image.
  public var count: Int { values.shape.dropFirst(kind == .shared ? 0 : 1).first ?? 0 }

  /// The baselines of one image.
  /// - Parameter image: Its position.
  /// - Returns: `[B, C, H, W]`.
  public func of(_ image: Int) -> Tensor {
    guard kind == .perImage else { return values }
    let row = values.row(image)
    return row.reshaped(to: Array(row.shape.dropFirst()))
  }

  /// The baselines of some of the images.
  /// - Parameter range: Which images.
  /// - Returns: The smaller set.
  public func part(_ range: Range<Int>) -> Baselines {
    kind == .shared ? self : Baselines(kind: kind, values: values.rows(range))
  }

  private init(kind: Kind, values: Tensor) {
    (self.kind, self.values) = (kind, values)
  }
}
