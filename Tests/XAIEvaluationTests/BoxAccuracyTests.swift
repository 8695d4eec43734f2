import Testing
import XAIEvaluation
import XAIMetrics
import XAITensor

/// Boxes and their accuracy against plain loops.
@Suite struct BoxAccuracyTests {
  /// The tight box around the largest 8-connected component, by spreading labels until nothing changes.
  private func literalBox(_ kept: [Bool], _ height: Int, _ width: Int) -> PixelBox? {
    var labels = kept.indices.map { kept[$0] ? $0 : -1 }
    var isChanging = true
    while isChanging {
      isChanging = false
      for row in 0..<height {
        for column in 0..<width where labels[row * width + column] >= 0 {
          for y in row - 1...row + 1 {
            for x in column - 1...column + 1 where 0..<height ~= y && 0..<width ~= x {
              let (own, other) = (labels[row * width + column], labels[y * width + x])
              if other >= 0, other < own {
                labels[row * width + column] = other
                isChanging = true
              }
            }
          }
        }
      }
    }
    // A component is called by its first pixel, so that the least of equal ones is the first.
    let groups = Dictionary(grouping: labels.indices.filter { labels[$0] >= 0 }) { labels[$0] }
    guard let size = groups.values.map(\.count).max(),
      let name = groups.filter({ $0.value.count == size }).keys.min(), let pixels = groups[name]
    else { return nil }
    let (rows, columns) = (pixels.map { $0 / width }, pixels.map { $0 % width })
    return try? PixelBox(
      x0: columns.min() ?? 0, y0: rows.min() ?? 0, x1: columns.max() ?? 0, y1: rows.max() ?? 0,
      height: height, width: width, subject: "component")
  }

  private func maps() -> [RelevanceMap] {
    let world = TestWorld()
    let values = [world.noise(0), world.noise(1), world.tied, world.noise(2).map { max($0, 0) }]
    return values.map { RelevanceMap(height: 6, width: 7, values: $0) }
  }

  @Test func `boxes are those of a plain loop`() throws {
    for map in maps() {
      let boxes = try BoxSweep(map, thresholds: 17).boxes
      let (least, greatest) = map.extremes
      for (index, box) in boxes.enumerated() {
        let threshold = Double(index) / 17 * (greatest - least)
        let literal = literalBox(map.values.map { $0 - least >= threshold }, 6, 7)
        #expect(box == literal)
      }
    }
  }

  @Test func `a constant map selects everything, then nothing`() throws {
    let map = RelevanceMap(height: 2, width: 3, values: Array(repeating: -4, count: 6))
    let boxes = try BoxSweep(map, thresholds: 3).boxes
    let whole = try PixelBox(x0: 0, y0: 0, x1: 2, y1: 1, height: 2, width: 3, subject: "box")
    #expect(boxes == [whole, nil, nil])
  }

  @Test func `a diagonal line beats a square of fewer pixels`() throws {
    var values = Array(repeating: 0.0, count: 64)
    for step in 0..<7 { values[step * 9] = 1 }
    for pixel in [6, 7, 14, 15] { values[pixel] = 1 }
    let box = try BoxSweep(RelevanceMap(height: 8, width: 8, values: values), thresholds: 2).boxes[
      1]
    #expect(box.map { [$0.x0, $0.y0, $0.x1, $0.y1] } == [0, 0, 6, 6])
  }

  @Test func `a perfect square has intersection over union 1`() throws {
    func box(_ ends: [Int]) throws -> PixelBox {
      try PixelBox(
        x0: ends[0], y0: ends[1], x1: ends[2], y1: ends[3], height: 9, width: 9, subject: "box")
    }
    #expect(try box([2, 3, 4, 5]).intersectionOverUnion(try box([2, 3, 4, 5])) == 1)
    #expect(try box([2, 3, 4, 5]).intersectionOverUnion(try box([4, 5, 6, 7])) == 1.0 / 17)
    #expect(try box([0, 0, 1, 1]).intersectionOverUnion(try box([2, 2, 3, 3])) == 0)
  }

  @Test func `accuracies are those of a plain loop`() throws {
    var stream = RandomStream(seed: 9, purpose: "test/boxes")
    for images in 1...7 {
      let intersections = (0..<images).map { _ in
        (0..<6).map { _ in (stream.uniform() * 10).rounded() / 10 }
      }
      for delta in BoxAccuracy.defaultDeltas {
        let accuracy = BoxAccuracy(intersections, delta: delta)
        let shares = (0..<6).map { threshold in
          Double(intersections.count { $0[threshold] >= delta }) / Double(images)
        }
        #expect(accuracy.accuracies == shares)
        #expect(accuracy.maximum == shares.max())
        #expect(accuracy.crossFitted == literalCrossFit(intersections, delta))
      }
    }
  }

  private func literalCrossFit(_ intersections: [[Double]], _ delta: Double) -> Double? {
    guard intersections.count > 1 else { return nil }
    var found = 0
    for image in intersections.indices {
      var (best, most) = (0, -1)
      for threshold in 0..<6 {
        var hits = 0
        for other in intersections.indices where (other - image) % 2 != 0 {
          if intersections[other][threshold] >= delta { hits += 1 }
        }
        if hits > most { (best, most) = (threshold, hits) }
      }
      if intersections[image][best] >= delta { found += 1 }
    }
    return Double(found) / Double(intersections.count)
  }

  @Test func `choosing the threshold on the same images is noticed`() {
    // Each half has its own best threshold.
    let intersections = [[1.0, 0], [0, 1], [1, 0], [0, 1]]
    let accuracy = BoxAccuracy(intersections, delta: 0.5)
    #expect(accuracy.maximum == 0.5)
    #expect(accuracy.crossFitted == 0)
  }
}
