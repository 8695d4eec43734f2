import Testing
import XAIDatasets

@Suite struct ShapesMaskTests {
  let dataset = ShapesDataset(
    seed: 11, trainCount: 600, validationCount: 0, testCount: 0)

  @Test func `a box is the smallest around the pixels of its mask`() {
    for index in 0..<240 { expectTight(dataset.mask(at: index, of: .train)) }
    for index in 0..<60 { dataset.pair(at: index).masks.forEach(expectTight) }
  }

  private func expectTight(_ mask: ShapesMask) {
    let rows = (0..<64).filter { row in
      (0..<64).contains { mask.contains(row: row, column: $0) }
    }
    let columns = (0..<64).filter { column in
      (0..<64).contains { mask.contains(row: $0, column: column) }
    }
    #expect(rows.first == mask.box.yMin && rows.last == mask.box.yMax)
    #expect(columns.first == mask.box.xMin && columns.last == mask.box.xMax)
  }

  @Test func `every object is whole and large enough to see`() {
    for index in 0..<600 {
      let mask = dataset.mask(at: index, of: .train)
      let border = (0..<64).flatMap {
        [(0, $0), (63, $0), ($0, 0), ($0, 63)]
      }
      let isCut = border.filter { mask.contains(row: $0.0, column: $0.1) }.count > 2
      #expect(!isCut, "object \(index) is cut by the border")
      #expect((200..<2000).contains(mask.area), "object \(index) has \(mask.area) pixels")
    }
  }

  /// A moved mask would see as much difference on one side of its contour as on the other.
  @Test func `colours change at the contour of the mask and nowhere near it as much`() throws {
    var atContour = 0.0
    var displaced = 0.0
    for index in 0..<240 {
      let pixels = try render(dataset, index, .train)
      let mask = dataset.mask(at: index, of: .train)
      atContour += contrast(pixels, mask, shift: 0)
      displaced += contrast(pixels, mask, shift: 4)
    }
    #expect(atContour > 2 * displaced, "\(atContour) against \(displaced)")
  }

  /// The mean difference between pixels on the left and right of the mask's moved contour.
  private func contrast(_ pixels: [UInt8], _ mask: ShapesMask, shift: Int) -> Double {
    var (sum, count) = (0.0, 0.0)
    for row in 0..<64 {
      for column in 1..<62 - shift
      where mask.contains(row: row, column: column - 1)
        != mask.contains(row: row, column: column + 1)
      {
        let (left, right) = (
          (row * 64 + column - 1 + shift) * 3, (row * 64 + column + 1 + shift) * 3
        )
        for channel in 0..<3 {
          sum += abs(Double(pixels[left + channel]) - Double(pixels[right + channel]))
        }
        count += 3
      }
    }
    return count == 0 ? 0 : sum / count
  }

  @Test func `classes differ in form and not in size`() {
    var fill = [Double](repeating: 0, count: 12)
    var width = [Double](repeating: 0, count: 12)
    for index in 0..<600 {
      let mask = dataset.mask(at: index, of: .train)
      let (w, h) = (mask.box.xMax - mask.box.xMin + 1, mask.box.yMax - mask.box.yMin + 1)
      fill[mask.label] += Double(mask.area) / Double(w * h) / 50
      width[mask.label] += Double(w) / 50
    }
    // disk: pi / 4 of its box; ring: that less the hole.
    #expect(abs(fill[0] - 0.785) < 0.03)
    #expect(abs(fill[1] - 0.785 * (1 - 0.59 * 0.59)) < 0.05)
    #expect(Set(fill.map { Int($0 * 25) }).count >= 7, "\(fill)")
    for mean in width { #expect((30...50).contains(mean), "\(width)") }
  }

  @Test func `a pair shows two classes that share no pixel`() {
    var classes: Set<Int> = []
    for index in 0..<100 {
      let pair = dataset.pair(at: index)
      #expect(pair == dataset.pair(at: index))
      #expect(pair.masks.count == 2 && pair.pixels.count == 64 * 64 * 3)
      #expect(pair.masks[0].label != pair.masks[1].label)
      #expect(zip(pair.masks[0].coverage, pair.masks[1].coverage).allSatisfy { $0 == 0 || $1 == 0 })
      #expect(pair.masks.allSatisfy { $0.area >= 60 })
      classes.formUnion(pair.masks.map(\.label))
    }
    #expect(classes.count == 12)
  }
}
