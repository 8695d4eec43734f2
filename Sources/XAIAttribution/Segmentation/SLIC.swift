import XAITensor

/// Superpixels by local k-means in colour and position.
///
/// Source: Achanta et al. 2012, SLIC Superpixels Compared to State-of-the-Art Superpixel Methods,
/// algorithm 1 and equations 1 to 3. Ten rounds; distances
/// `sqrt(d_lab^2 + (d_xy / S)^2 m^2)` with the grid interval S and the compactness m. Nothing is drawn at
/// random, and ties go to the centre with the smaller index.
struct SLIC {
  /// About how many superpixels.
  let segments: Int
  /// m, in units of Lab.
  let compactness: Double
  private let rounds = 10

  init(segments: Int, compactness: Double) {
    (self.segments, self.compactness) = (segments, compactness)
  }

  /// Cuts an image.
  /// - Parameter pixels: `[1, C, H, W]` in [0, 1].
  /// - Returns: Its superpixels, each connected over edges of pixels.
  func segments(of pixels: Tensor) -> SegmentMap {
    let image = LabImage(pixels)
    let interval = max(1, (Double(image.height * image.width) / Double(segments)).squareRoot())
    var centres = initialCentres(of: image, interval: interval)
    var labels: [Int] = []
    for _ in 0..<rounds {
      labels = assign(image, to: centres, interval: interval)
      centres = means(of: image, labels: labels, or: centres)
    }
    return SegmentMap(
      connecting: labels, height: image.height, width: image.width,
      smallest: Int(interval * interval / 4))
  }

  private struct Centre {
    var row: Double
    var column: Double
    var color: SIMD4<Double>
  }

  /// Centres on a regular grid, each moved to the smallest gradient among its neighbours, so that none
  /// starts on an edge.
  private func initialCentres(of image: LabImage, interval: Double) -> [Centre] {
    let rows = max(1, min(image.height, Int((Double(image.height) / interval).rounded())))
    let columns = max(1, min(image.width, Int((Double(image.width) / interval).rounded())))
    var centres: [Centre] = []
    for gridRow in 0..<rows {
      for gridColumn in 0..<columns {
        let row = (2 * gridRow + 1) * image.height / (2 * rows)
        let column = (2 * gridColumn + 1) * image.width / (2 * columns)
        let (y, x) = interval < 3 ? (row, column) : image.flattest(around: row, column)
        centres.append(Centre(row: Double(y), column: Double(x), color: image[y, x]))
      }
    }
    return centres
  }

  /// The nearest centre of each pixel among those whose window of 2S x 2S holds it, and the nearest of
  /// all for a pixel that none reaches.
  private func assign(_ image: LabImage, to centres: [Centre], interval: Double) -> [Int] {
    let weight = compactness * compactness / (interval * interval)
    var distances = Array(repeating: Double.infinity, count: image.colors.count)
    var labels = Array(repeating: -1, count: image.colors.count)
    func visit(_ index: Int, _ row: Int, _ column: Int) {
      let (centre, pixel) = (centres[index], row * image.width + column)
      let color = image.colors[pixel] - centre.color
      let (y, x) = (Double(row) - centre.row, Double(column) - centre.column)
      let distance = (color * color).sum() + weight * (y * y + x * x)
      if distance < distances[pixel] { (distances[pixel], labels[pixel]) = (distance, index) }
    }
    for (index, centre) in centres.enumerated() {
      let rows = Self.window(centre.row, interval, below: image.height)
      let columns = Self.window(centre.column, interval, below: image.width)
      for row in rows { for column in columns { visit(index, row, column) } }
    }
    for pixel in labels.indices where labels[pixel] < 0 {
      for index in centres.indices { visit(index, pixel / image.width, pixel % image.width) }
    }
    return labels
  }

  private static func window(_ centre: Double, _ reach: Double, below bound: Int) -> Range<Int> {
    let first = max(0, Int((centre - reach).rounded(.up)))
    return first..<max(first, min(bound, Int((centre + reach).rounded(.down)) + 1))
  }

  /// The mean position and colour of each superpixel; one without pixels stays where it was.
  private func means(
    of image: LabImage, labels: [Int], or centres: [Centre]
  ) -> [Centre] {
    var sums = centres.map { _ in Centre(row: 0, column: 0, color: SIMD4()) }
    var counts = centres.map { _ in 0.0 }
    for (pixel, label) in labels.enumerated() {
      sums[label].row += Double(pixel / image.width)
      sums[label].column += Double(pixel % image.width)
      sums[label].color += image.colors[pixel]
      counts[label] += 1
    }
    return centres.indices.map { index in
      guard counts[index] > 0 else { return centres[index] }
      let (sum, count) = (sums[index], counts[index])
      return Centre(
        row: sum.row / count, column: sum.column / count, color: sum.color / count)
    }
  }
}
