import XAITensor

/// Rows and columns; decoded from `[rows, columns]` or from one number for both.
public struct PixelExtent: Sendable, Equatable, Codable {
  /// Rows.
  public var height: Int
  /// Columns.
  public var width: Int

  /// Groups rows and columns.
  /// - Parameters:
  ///   - height: Rows.
  ///   - width: Columns.
  public init(_ height: Int, _ width: Int) { (self.height, self.width) = (height, width) }

  /// Decodes `[rows, columns]` or one number.
  /// - Parameter decoder: Holds the array or the number.
  /// - Throws: Where it is neither.
  public init(from decoder: any Decoder) throws {
    if let side = try? decoder.singleValueContainer().decode(Int.self) {
      self.init(side, side)
      return
    }
    let numbers = try decoder.singleValueContainer().decode([Int].self)
    guard numbers.count == 2 else {
      throw AttributionFailure(
        .usage, "\(numbers) is no extent; write [rows, columns] or one number")
    }
    self.init(numbers[0], numbers[1])
  }

  /// Encodes `[rows, columns]`.
  /// - Parameter encoder: Takes an array.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode([height, width])
  }
}

extension PixelExtent: CustomStringConvertible {
  /// Such as `8 x 8`.
  public var description: String { "\(height) x \(width)" }
}
