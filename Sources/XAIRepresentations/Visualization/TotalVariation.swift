/// The mean squared difference of neighboring colors, across plus down.
enum TotalVariation {
  /// The number and its gradient.
  /// - Parameters:
  ///   - colors: `[C, H, W]`.
  ///   - shape: C, H and W.
  /// - Returns: The sum of both means, and its gradient by each color.
  static func valueAndGradient(
    _ colors: [Double], shape: [Int]
  ) -> (value: Double, gradient: [Double]) {
    let (channels, height, width) = (shape[0], shape[1], shape[2])
    var (value, gradient) = (0.0, [Double](repeating: 0, count: colors.count))
    func add(_ first: Int, _ second: Int, _ weight: Double) {
      let difference = colors[second] - colors[first]
      value += weight * difference * difference
      gradient[second] += 2 * weight * difference
      gradient[first] -= 2 * weight * difference
    }
    let across = 1 / Double(max(channels * height * (width - 1), 1))
    let down = 1 / Double(max(channels * (height - 1) * width, 1))
    for row in 0..<channels * height {
      for column in 0..<width {
        let index = row * width + column
        if column + 1 < width { add(index, index + 1, across) }
        if row % height + 1 < height { add(index, index + width, down) }
      }
    }
    return (value, gradient)
  }
}
