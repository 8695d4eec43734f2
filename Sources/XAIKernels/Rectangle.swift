/// A part of a map: some rows and some columns.
public struct Rectangle: Sendable, Hashable {
  /// Its rows.
  public var rows: Range<Int>
  /// Its columns.
  public var columns: Range<Int>

  /// Groups rows and columns.
  /// - Parameters:
  ///   - rows: Its rows.
  ///   - columns: Its columns.
  public init(rows: Range<Int>, columns: Range<Int>) {
    (self.rows, self.columns) = (rows, columns)
  }
}
