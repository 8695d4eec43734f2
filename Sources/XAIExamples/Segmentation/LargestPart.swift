/// The largest connected part of a mask, and its box.
public enum LargestPart {
  /// Finds it.
  /// - Parameters:
  ///   - mask: `[H, W]`.
  ///   - height: H.
  ///   - width: W.
  /// - Returns: The largest part of 4 neighbors, of equal ones the first in row-major order; `[H, W]`.
  public static func of(_ mask: [Bool], height: Int, width: Int) -> [Bool] {
    var (isSeen, largest) = (mask.map { !$0 }, [Int]())
    for start in mask.indices where !isSeen[start] {
      var part = [start]
      isSeen[start] = true
      var next = 0
      while next < part.count {
        let pixel = part[next]
        next += 1
        let (row, column) = (pixel / width, pixel % width)
        for (y, x) in [(row - 1, column), (row, column - 1), (row, column + 1), (row + 1, column)]
        where 0..<height ~= y && 0..<width ~= x && !isSeen[y * width + x] {
          isSeen[y * width + x] = true
          part.append(y * width + x)
        }
      }
      if part.count > largest.count { largest = part }
    }
    var result = Array(repeating: false, count: mask.count)
    for pixel in largest { result[pixel] = true }
    return result
  }

  /// The box around a mask.
  /// - Parameters:
  ///   - mask: `[H, W]`.
  ///   - width: W.
  /// - Returns: xMin, yMin, xMax, yMax, both corners in it; nil where it is empty.
  public static func box(of mask: [Bool], width: Int) -> [Int]? {
    let pixels = mask.indices.filter { mask[$0] }
    guard let first = pixels.first, let last = pixels.last else { return nil }
    let columns = pixels.map { $0 % width }
    return [columns.min() ?? 0, first / width, columns.max() ?? 0, last / width]
  }

  /// The share of the union of two boxes that both have.
  /// - Parameters:
  ///   - first: xMin, yMin, xMax, yMax, both corners in it.
  ///   - second: Another box.
  /// - Returns: From 0 to 1.
  public static func overlap(_ first: [Int], _ second: [Int]) -> Double {
    func area(_ box: [Int]) -> Double {
      Double(max(0, box[2] - box[0] + 1) * max(0, box[3] - box[1] + 1))
    }
    let common = [
      max(first[0], second[0]), max(first[1], second[1]), min(first[2], second[2]),
      min(first[3], second[3]),
    ]
    let both = area(common)
    return both / (area(first) + area(second) - both)
  }

  /// The share of the union of two masks that both have.
  /// - Parameters:
  ///   - first: `[H, W]`.
  ///   - second: Another mask.
  /// - Returns: From 0 to 1; nil where both are empty.
  public static func overlap(_ first: [Bool], _ second: [Bool]) -> Double? {
    let both = zip(first, second).count { $0 && $1 }
    let either = zip(first, second).count { $0 || $1 }
    return either > 0 ? Double(both) / Double(either) : nil
  }
}
