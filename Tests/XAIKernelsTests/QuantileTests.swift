import Testing
import XAIKernels
import XAITensor
import XAITestSupport

@Suite struct QuantileTests {
  let backend: CPUBackend

  init() throws { backend = try CPUBackend() }

  /// By sorting all scores of an image; `strict` false is a wrong rule.
  private func byDefinition(
    _ signal: Tensor, _ output: Tensor, rank: Int, strict: Bool = true
  ) -> [Float] {
    (0..<signal.rows).flatMap { image in
      let (signals, outputs) = (signal.row(image).elements, output.row(image).elements)
      let scores = zip(signals, outputs).map { $0 * $1 }
      let threshold = scores.sorted(by: >)[rank]
      return zip(signals, scores).map { signal, score in
        (strict ? score > threshold : score >= threshold) ? signal : 0
      }
    }
  }

  private func ours(_ signal: Tensor, _ output: Tensor, rank: Int) throws -> [Float] {
    backend.download(
      try backend.rectify(
        try backend.uploadActivation(signal), output: try backend.uploadActivation(output),
        aboveRank: rank)
    ).elements
  }

  @Test(arguments: activationShapes)
  func `what passes is what a full sort says, for any rank`(_ shape: [Int]) throws {
    let units = shape.dropFirst().reduce(1, *)
    let signal = ReferenceArray.random(shape, "signal").tensor
    let rough = signal.map { $0.rounded() }
    for (label, signal, mean) in [("drawn", signal, 0.0), ("ties", rough, 0), ("below", signal, 9)]
    {
      // With outputs around 9 and negated magnitudes every score is negative: fillers must not count.
      let output = ReferenceArray.random(shape, "output", mean: mean).tensor
      let signal = label == "below" ? signal.map { -abs($0) } : signal
      for rank in Set([0, 1, units / 50, units / 2, units - 1].filter { $0 < units }) {
        #expect(
          try ours(signal, output, rank: rank) == byDefinition(signal, output, rank: rank),
          "\(label), rank \(rank) of \(units)")
      }
    }
  }

  @Test func `scores that equal the threshold do not pass`() throws {
    let output = Tensor(shape: [1, 3, 1, 2], [1, 1, 1, 1, 1, 1])
    let signal = Tensor(shape: [1, 3, 1, 2], [3, 2, 2, -1, 5, 0])
    #expect(try ours(signal, output, rank: 0) == [0, 0, 0, 0, 0, 0])
    #expect(try ours(signal, output, rank: 2) == [3, 0, 0, 0, 5, 0])
    #expect(try ours(signal, output, rank: 3) == [3, 0, 0, 0, 5, 0])
    #expect(try ours(signal, output, rank: 5) == [3, 2, 2, 0, 5, 0])
    #expect(
      try ours(signal, output, rank: 2) != byDefinition(signal, output, rank: 2, strict: false))
  }

  @Test func `each image has its own threshold`() throws {
    let signal = Tensor(shape: [2, 2], [1, 2, 100, 200])
    let output = Tensor(shape: [2, 2], repeating: 1)
    #expect(try ours(signal, output, rank: 1) == [0, 2, 0, 200])
  }
}
