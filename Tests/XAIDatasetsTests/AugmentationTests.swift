import Testing
import XAIDatasets
import XAITensor

@Suite struct AugmentationTests {
  static let image = (1...(2 * 4 * 6)).map(Float.init)

  private func apply(_ change: ImageChange, to image: [Float] = image) -> [Float] {
    var output = [Float](repeating: -1, count: image.count)
    image.withUnsafeBufferPointer { image in
      output.withUnsafeMutableBufferPointer {
        change.apply(to: image, height: 4, width: 6, into: $0)
      }
    }
    return output
  }

  @Test func `a small image moves by an eighth at most`() {
    for index in 0..<200 {
      let change = Augmentation.flipCrop.change(
        seed: 1, epoch: 0, index: index, height: 16, width: 7)
      #expect(-2...2 ~= change.rows && change.columns == 0)
    }
  }

  @Test func `nothing changes without a change, and two reflections are none`() {
    #expect(apply(ImageChange()) == Self.image)
    let mirror = ImageChange(isMirrored: true)
    #expect(apply(mirror) != Self.image)
    #expect(apply(mirror, to: apply(mirror)) == Self.image)
  }

  @Test func `a change is what its definition says at every pixel`() {
    for isMirrored in [false, true] {
      for rows in -5...5 {
        for columns in -7...7 {
          let found = apply(ImageChange(isMirrored: isMirrored, rows: rows, columns: columns))
          for (index, value) in found.enumerated() {
            let (channel, row, column) = (index / 24, index / 6 % 4 - rows, index % 6)
            let source = (isMirrored ? 5 - column : column) - columns
            let isInside = 0..<4 ~= row && 0..<6 ~= source
            #expect(value == (isInside ? Self.image[channel * 24 + row * 6 + source] : 0))
          }
        }
      }
    }
  }

  @Test func `draws cover all moves evenly and depend on seed, epoch and image`() {
    let draws = (0..<17_000).map { Augmentation.flipCrop.change(seed: 3, epoch: 1, index: $0) }
    #expect(abs(draws.count(where: \.isMirrored) - 8500) < 400)
    for move in -8...8 {
      #expect(abs(draws.count { $0.rows == move } - 1000) < 150)
      #expect(abs(draws.count { $0.columns == move } - 1000) < 150)
    }
    #expect(draws.allSatisfy { abs($0.rows) <= 8 && abs($0.columns) <= 8 })
    let again = (0..<100).map { Augmentation.flipCrop.change(seed: 3, epoch: 1, index: $0) }
    #expect(again == Array(draws.prefix(100)))
    for (seed, epoch) in [(4, 1), (3, 2)] as [(UInt64, Int)] {
      let other = (0..<100).map {
        Augmentation.flipCrop.change(seed: seed, epoch: epoch, index: $0)
      }
      #expect(other != again)
    }
  }

  @Test func `a flip never moves and none never changes`() {
    for index in 0..<200 {
      #expect(Augmentation.none.change(seed: 1, epoch: 0, index: index) == ImageChange())
      let flip = Augmentation.flip.change(seed: 1, epoch: 0, index: index)
      #expect((flip.rows, flip.columns) == (0, 0))
    }
    #expect(Augmentation(rawValue: "flip-crop") == .flipCrop)
  }
}
