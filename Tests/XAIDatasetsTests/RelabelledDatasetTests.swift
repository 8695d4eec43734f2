import Testing
import XAIDatasets

@Suite struct RelabelledDatasetTests {
  let base = NoiseDataset(counts: [.train: 400, .validation: 100, .test: 50])

  private func labels(_ data: some ImageDataset, _ split: Split) -> [Int] {
    (0..<data.count(of: split)).map { data.label(at: $0, of: split) }
  }

  @Test(arguments: [Split.train, .validation])
  func `labels of training and validation are permuted`(_ split: Split) {
    let data = RelabelledDataset(base, seed: 5)
    let permuted = labels(data, split)
    #expect(permuted.sorted() == labels(base, split).sorted())
    let kept = zip(permuted, labels(base, split)).count { $0 == $1 }
    // By chance a quarter keeps its label.
    #expect(abs(Double(kept) / Double(permuted.count) - 0.25) < 0.12)
    #expect(labels(RelabelledDataset(base, seed: 5), split) == permuted)
    #expect(labels(RelabelledDataset(base, seed: 6), split) != permuted)
  }

  @Test func `test labels, pixels, names and boxes stay`() throws {
    let data = RelabelledDataset(base, seed: 5)
    #expect(labels(data, .test) == labels(base, .test))
    for index in 0..<20 {
      var sample = data.sample(at: index, of: .train)
      #expect(sample.label == data.label(at: index, of: .train))
      sample.label = index % 4
      #expect(sample == base.sample(at: index, of: .train))
      #expect(try data.pixels(at: index, of: .train) == base.pixels(at: index, of: .train))
    }
    #expect(data.classes == base.classes)
    #expect((data.name, data.height, data.width) == ("noise", 5, 7))
  }
}
