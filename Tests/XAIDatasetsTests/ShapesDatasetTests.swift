import Testing
import XAIDatasets

/// The bytes of one image.
func render(_ dataset: some ImageDataset, _ index: Int, _ split: Split) throws -> [UInt8] {
  var pixels = [UInt8](repeating: 0, count: dataset.bytesPerImage)
  try pixels.withUnsafeMutableBufferPointer {
    try dataset.readPixels(at: index, of: split, into: $0)
  }
  return pixels
}

@Suite struct ShapesDatasetTests {
  let dataset = ShapesDataset(
    seed: 7, trainCount: 480, validationCount: 120, testCount: 240)

  @Test func `an image is the same in any order and from any instance`() throws {
    let forwards = try (0..<20).map { try render(dataset, $0, .train) }
    let other = ShapesDataset(seed: 7, trainCount: 30)
    let backwards = try (0..<20).reversed().map { try render(other, $0, .train) }
    #expect(forwards == backwards.reversed())
  }

  @Test func `threads that render at once get the same images`() async throws {
    let alone = try (0..<40).map { try render(dataset, $0, .test) }
    let together = try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
      for index in 0..<40 {
        group.addTask { [dataset] in (index, try render(dataset, index, .test)) }
      }
      return try await group.reduce(into: [Int: [UInt8]]()) { $0[$1.0] = $1.1 }
    }
    for index in 0..<40 { #expect(together[index] == alone[index]) }
  }

  @Test func `no two images of any splits or seeds are equal`() throws {
    var images: Set<[UInt8]> = []
    for seed in [7, 8] as [UInt64] {
      let dataset = ShapesDataset(seed: seed)
      for split in Split.allCases {
        for index in 0..<50 { images.insert(try render(dataset, index, split)) }
      }
    }
    #expect(images.count == 2 * 3 * 50)
  }

  @Test func `names are unique over all splits`() {
    let names = Split.allCases.flatMap { split in
      (0..<dataset.count(of: split)).map { dataset.sample(at: $0, of: split).name }
    }
    #expect(Set(names).count == 480 + 120 + 240)
  }

  @Test func `twelve classes share every split equally`() {
    #expect(dataset.classes.count == 12)
    #expect(Set(dataset.classes.map(\.id)).count == 12)
    #expect(dataset.classes[0] == ClassLabel(id: "s01", name: "disk"))
    #expect(dataset.classes[11] == ClassLabel(id: "s12", name: "flower"))
    for split in Split.allCases {
      var counts = [Int](repeating: 0, count: 12)
      for index in 0..<dataset.count(of: split) { counts[dataset.label(at: index, of: split)] += 1 }
      #expect(counts == [Int](repeating: dataset.count(of: split) / 12, count: 12))
    }
  }

  @Test func `labels follow no pattern that repeats`() {
    let labels = (0..<480).map { dataset.label(at: $0, of: .train) }
    let rounds = stride(from: 0, to: 480, by: 12).map { Array(labels[$0..<$0 + 12]) }
    #expect(Set(rounds).count == 40)
  }

  @Test func `sample, label and mask tell of the same object`() {
    for index in 0..<120 {
      let sample = dataset.sample(at: index, of: .validation)
      let mask = dataset.mask(at: index, of: .validation)
      #expect(sample.label == dataset.label(at: index, of: .validation))
      #expect(sample.label == mask.label)
      #expect(sample.boxes == [LabelledBox(label: mask.label, box: mask.box)])
    }
  }

  @Test func `the mean colour of a class is that of every other class`() throws {
    let dataset = ShapesDataset(seed: 3, trainCount: 3000)
    var sums = [SIMD3<Double>](repeating: .zero, count: 12)
    for index in 0..<3000 {
      let pixels = try render(dataset, index, .train)
      var sum = SIMD3<Double>.zero
      for pixel in stride(from: 0, to: pixels.count, by: 3) {
        sum += SIMD3(Double(pixels[pixel]), Double(pixels[pixel + 1]), Double(pixels[pixel + 2]))
      }
      sums[dataset.label(at: index, of: .train)] += sum / 4096 / 250
    }
    // One image's mean deviates by about 35, so that a mean over 250 images deviates by 2.2.
    let overall = sums.reduce(.zero, +) / 12
    for mean in sums {
      for channel in 0..<3 { #expect(abs(mean[channel] - overall[channel]) < 9) }
    }
  }
}
