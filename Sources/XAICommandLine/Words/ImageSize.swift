import ArgumentParser

/// Rows and columns of images, as an option takes them: `224` or `224x160`.
public struct ImageSize: Sendable, Equatable {
  /// The number of rows.
  public let height: Int
  /// The number of columns.
  public let width: Int

  /// Keeps a size.
  /// - Parameters:
  ///   - height: The number of rows, positive.
  ///   - width: The number of columns, positive.
  public init(height: Int, width: Int) { (self.height, self.width) = (height, width) }

  /// Reads a size.
  /// - Parameter text: One number for both, or rows, `x` and columns; each from 1 to 65536.
  /// - Throws: `ValidationError` that says what is expected.
  @Sendable public init(_ text: String) throws {
    let sides = text.lowercased().split(separator: "x", omittingEmptySubsequences: false).map {
      Int($0)
    }
    guard 1...2 ~= sides.count, sides.allSatisfy({ 1...(1 << 16) ~= $0 ?? 0 }) else {
      throw ValidationError("expected a number of pixels such as 224, or HEIGHTxWIDTH")
    }
    (height, width) = (sides[0] ?? 0, sides[sides.count - 1] ?? 0)
  }
}
