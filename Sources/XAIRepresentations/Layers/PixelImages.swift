public import XAITensor

/// Images of 8 bits as files have them, and what a network makes of them.
public struct PixelImages: Sendable, Equatable {
  /// The number of images.
  public let count: Int
  /// Rows.
  public let height: Int
  /// Columns.
  public let width: Int
  /// Channels.
  public let channels: Int
  /// `[N, H, W, C]` in row-major order.
  public let bytes: [UInt8]

  /// Takes images.
  /// - Parameters:
  ///   - shape: `[N, H, W, C]`.
  ///   - bytes: Their bytes.
  ///   - name: What they are, in the words of a failure.
  /// - Throws: `RepresentationFailure` where the shape has no four axes, or other bytes.
  public init(
    shape: [Int], _ bytes: [UInt8], name: String = "images"
  ) throws(RepresentationFailure) {
    guard shape.count == 4, shape.allSatisfy({ $0 > 0 }), shape.reduce(1, *) == bytes.count else {
      throw RepresentationFailure(.shape(of: name, found: shape, expected: "[N, H, W, C]"))
    }
    (count, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    self.bytes = bytes
  }

  /// Some of the images.
  /// - Parameter range: Their indices.
  /// - Returns: The part.
  public func part(_ range: Range<Int>) -> PixelImages {
    let size = height * width * channels
    return PixelImages(
      count: range.count, like: self,
      Array(bytes[range.lowerBound * size..<range.upperBound * size]))
  }

  /// These images and others of the same size.
  /// - Parameter other: More images.
  /// - Returns: All of them, in this order.
  public func followed(by other: PixelImages) -> PixelImages {
    precondition(
      (height, width, channels) == (other.height, other.width, other.channels), "other sizes")
    return PixelImages(count: count + other.count, like: self, bytes + other.bytes)
  }

  private init(count: Int, like other: PixelImages, _ bytes: [UInt8]) {
    (self.count, self.bytes) = (count, bytes)
    (height, width, channels) = (other.height, other.width, other.channels)
  }

  /// What a network reads: (pixel / 255 - mean) / standard deviation.
  /// - Parameter normalization: Mean and deviation.
  /// - Returns: `[N, C, H, W]`.
  public func normalized(by normalization: PixelNormalization) -> Tensor {
    let area = height * width
    return Tensor(shape: [count, channels, height, width]) { target in
      for image in 0..<count {
        for position in 0..<area {
          for channel in 0..<channels {
            let value = Double(bytes[(image * area + position) * channels + channel]) / 255
            target[(image * channels + channel) * area + position] = Float(
              (value - normalization.mean(channel, position, area))
                / normalization.deviation[channel])
          }
        }
      }
    }
  }
}

/// How pixels become what a network reads.
public struct PixelNormalization: Sendable, Equatable {
  /// What is subtracted from pixel / 255: one number for each channel, or for each of C H W.
  public let mean: [Double]
  /// What the difference is divided by, for each channel.
  public let deviation: [Double]
  /// Whether nothing said it, and Tiny ImageNet's was taken.
  public internal(set) var isAssumed = false

  /// Names a normalization.
  /// - Parameters:
  ///   - mean: One number for each channel, or for each of C H W.
  ///   - deviation: One positive number for each channel.
  public init(mean: [Double], deviation: [Double]) {
    precondition(deviation.allSatisfy { $0 > 0 }, "deviations \(deviation)")
    (self.mean, self.deviation) = (mean, deviation)
  }

  /// The mean at a position of a channel.
  func mean(_ channel: Int, _ position: Int, _ area: Int) -> Double {
    mean.count == deviation.count ? mean[channel] : mean[channel * area + position]
  }
}
