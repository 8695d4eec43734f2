public import XAINetworks
import XAITensor

/// Maps that explain nothing, to hold tests against: what depends on no network cannot notice one.
public struct Control: AttributionMethod {
  /// What the map shows.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Standard-normal noise, `[N, C, H, W]`, drawn for each image from seed and key.
    case random
    /// Ones, `[N, C, H, W]`.
    case constant
    /// The magnitude of the Sobel gradient, summed over channels, `[N, 1, H, W]`.
    case edgeDetector = "edge-detector"
    /// The normalised image, `[N, C, H, W]`.
    case input
  }

  /// What the map shows.
  public var kind: Kind

  /// Describes a control.
  /// - Parameter kind: What the map shows.
  public init(_ kind: Kind) { self.kind = kind }

  /// It explains nothing.
  public var meaning: MapMeaning { .none }

  /// Only noise is drawn.
  public var isStochastic: Bool { kind == .random }

  /// The network is not asked.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    AttributionCost(walks: 0)
  }

  /// Computes maps.
  public func attribute(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution {
    try request.validate(for: network)
    let shape = request.images.shape
    switch kind {
    case .random:
      let maps = request.keys.map { key in
        var stream = RandomStream(seed: request.seed, purpose: "random/map", key)
        return stream.normal(shape: [1] + shape.dropFirst())
      }
      return Attribution(maps: Tensor(stacking: maps))
    case .constant: return Attribution(maps: Tensor(shape: shape, repeating: 1))
    case .edgeDetector: return Attribution(maps: request.images.sobelMagnitude())
    case .input: return Attribution(maps: request.images)
    }
  }
}

extension Tensor {
  /// The magnitude of the Sobel gradient (Sobel and Feldman 1968), summed over channels.
  ///
  /// Beyond the border lies the nearest pixel, so that an even image has no edges.
  /// - Returns: `[N, 1, H, W]` of a tensor `[N, C, H, W]`.
  func sobelMagnitude() -> Tensor {
    let (channels, height, width) = (shape[1], shape[2], shape[3])
    var magnitude = Tensor(shape: [rows, 1, height, width])
    magnitude.withUnsafeMutableElements { target in
      withUnsafeElements { source in
        for plane in 0..<rows * channels {
          let start = plane * height * width
          func pixel(_ row: Int, _ column: Int) -> Float {
            let (row, column) = (
              min(max(row, 0), height - 1), min(max(column, 0), width - 1)
            )
            return source[start + row * width + column]
          }
          for row in 0..<height {
            for column in 0..<width {
              var (across, down): (Float, Float) = (0, 0)
              for (offset, weight) in [(-1, Float(1)), (0, 2), (1, 1)] {
                across +=
                  weight * (pixel(row + offset, column + 1) - pixel(row + offset, column - 1))
                down +=
                  weight * (pixel(row + 1, column + offset) - pixel(row - 1, column + offset))
              }
              target[(plane / channels * height + row) * width + column] +=
                (across * across + down * down).squareRoot()
            }
          }
        }
      }
    }
    return magnitude
  }
}
