import Testing
import XAIDatasets
import XAITensor

@Suite struct BatchLoaderTests {
  let data = NoiseDataset()
  let preprocessing: Preprocessing

  init() throws { preprocessing = try Preprocessing(measuring: data) }

  private func batches(
    _ augmentation: Augmentation = .none, size: Int = 5, _ order: BatchOrder = .sequential,
    from first: Int = 0
  ) throws -> [Batch] {
    let loader = BatchLoader(
      dataset: data, split: .train, preprocessing: preprocessing, augmentation: augmentation,
      batchSize: size, order: order, firstBatch: first)
    #expect(loader.batchCount == (23 + size - 1) / size)
    var batches: [Batch] = []
    while let batch = try loader.next() { batches.append(batch) }
    #expect(try loader.next() == nil)
    return batches
  }

  @Test func `an epoch holds every image once, the last batch what is left`() throws {
    let plain = try batches()
    #expect(plain.map(\.indices.count) == [5, 5, 5, 5, 3])
    #expect(plain.flatMap(\.indices) == Array(0..<23))
    #expect(plain[4].images.shape == [3, 3, 5, 7])
    let shuffled = try batches(.none, .shuffled(seed: 1, epoch: 0))
    #expect(shuffled.flatMap(\.indices) != Array(0..<23))
    #expect(shuffled.flatMap(\.indices).sorted() == Array(0..<23))
  }

  @Test func `a stride takes every so many images of the order`() throws {
    let loader = BatchLoader(
      dataset: data, split: .train, preprocessing: preprocessing, batchSize: 5, stride: 4)
    var indices: [Int] = []
    while let batch = try loader.next() { indices += batch.indices }
    #expect(indices == [0, 4, 8, 12, 16, 20] && loader.batchCount == 2)
  }

  @Test func `an extent makes images smaller after they were changed`() throws {
    let order = BatchOrder.shuffled(seed: 2, epoch: 1)
    let loader = BatchLoader(
      dataset: data, split: .train, preprocessing: preprocessing, augmentation: .flipCrop,
      batchSize: 23, order: order, extent: (1, 1))
    let small = try #require(try loader.next())
    let full = try batches(.flipCrop, size: 23, order)[0]
    #expect(small.images.shape == [23, 3, 1, 1] && small.labels == full.labels)
    for plane in 0..<69 {
      let mean = full.images.elements[(plane * 35)..<((plane + 1) * 35)].reduce(0, +) / 35
      #expect(abs(small.images.elements[plane] - mean) < 1e-5)
    }
  }

  @Test func `labels and images belong to the indices`() throws {
    let plain = try batches(size: 23)[0].images.elements
    for batch in try batches(.none, .shuffled(seed: 1, epoch: 0)) {
      #expect(batch.labels == batch.indices.map { $0 % 4 })
      for (position, index) in batch.indices.enumerated() {
        let found = batch.images.elements[(position * 105)..<((position + 1) * 105)]
        #expect(found == plain[(index * 105)..<((index + 1) * 105)])
      }
    }
  }

  @Test func `the order depends on seed and epoch alone`() throws {
    let first = try batches(.flipCrop, .shuffled(seed: 1, epoch: 0))
    #expect(try batches(.flipCrop, .shuffled(seed: 1, epoch: 0)) == first)
    #expect(try batches(.flipCrop, .shuffled(seed: 1, epoch: 1)) != first)
    #expect(try batches(.flipCrop, .shuffled(seed: 2, epoch: 0)) != first)
  }

  @Test func `an epoch that starts in the middle has the same batches`() throws {
    let whole = try batches(.flipCrop, .shuffled(seed: 7, epoch: 3))
    for first in 0...6 {
      let rest = try batches(.flipCrop, .shuffled(seed: 7, epoch: 3), from: first)
      #expect(rest == Array(whole.dropFirst(first)))
    }
  }

  @Test func `an image is changed in the same way in batches of any size`() throws {
    let small = try batches(.flipCrop, size: 1, .shuffled(seed: 7, epoch: 3))
    let large = try batches(.flipCrop, size: 23, .shuffled(seed: 7, epoch: 3))
    #expect(small.flatMap(\.images.elements) == large[0].images.elements)
    #expect(try batches(.none, size: 23, .shuffled(seed: 7, epoch: 3))[0].images != large[0].images)
  }

  @Test func `a failure comes after the batches before it and stays`() throws {
    var data = data
    data.broken = 7
    let loader = BatchLoader(
      dataset: data, split: .train, preprocessing: preprocessing, batchSize: 5)
    #expect(try loader.next()?.indices == [0, 1, 2, 3, 4])
    for _ in 0..<2 {
      #expect(throws: DatasetFailure(.badData, "image 7 is broken")) { try loader.next() }
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a loader that is released early stops its thread`() throws {
    for taken in 0..<4 {
      let loader = BatchLoader(
        dataset: NoiseDataset(counts: [.train: 100_000]), split: .train,
        preprocessing: preprocessing, batchSize: 50_000 >> (taken * 3))
      if taken > 1 { for _ in 0..<taken { _ = try loader.next() } }
    }
  }

  @Test func `an empty split has no batch`() throws {
    let loader = BatchLoader(
      dataset: NoiseDataset(counts: [:]), split: .test, preprocessing: preprocessing, batchSize: 4)
    #expect(try loader.next() == nil)
  }
}
