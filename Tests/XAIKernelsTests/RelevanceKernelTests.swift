import Testing
import XAIKernels
import XAITensor
import XAITestSupport

@Suite struct RelevanceKernelTests {
  let backend: CPUBackend

  init() throws { backend = try CPUBackend() }

  private func upload(_ array: ReferenceArray) throws -> DeviceTensor {
    try backend.activation(array)
  }

  /// Numbers of which each third is exactly 0.
  private func sparse(_ shape: [Int], _ purpose: String) -> ReferenceArray {
    var array = ReferenceArray.random(shape, purpose)
    for index in stride(from: 0, to: array.values.count, by: 3) { array.values[index] = 0 }
    return array
  }

  @Test(arguments: activationShapes + [[5, 17], [2, 40]])
  func `elementwise operations are exact and keep filling channels finite`(_ shape: [Int]) throws {
    let (first, second) = (sparse(shape, "first"), ReferenceArray.random(shape, "second"))
    let (a, b) = (try upload(first), try upload(second))
    func expect(
      _ actual: DeviceTensor, _ body: (Double, Double) -> Double,
      sourceLocation: SourceLocation = #_sourceLocation
    ) {
      expectClose(
        backend.array(actual).values, first.combined(with: second, body).values, relative: 1e-6,
        sourceLocation: sourceLocation)
    }
    expect(try backend.part(a, .positive)) { x, _ in max(x, 0) }
    expect(try backend.part(a, .negative)) { x, _ in min(x, 0) }
    expect(try backend.part(a, .opposite)) { x, _ in max(-x, 0) }
    expect(try backend.quotient(a, by: b, .orZero, times: 3)) { 3 * $0 / $1 }
    expect(try backend.quotient(a, by: b, .stabilised(0.5), times: 1)) {
      $0 / ($1 + ($1 < 0 ? -0.5 : 0.5))
    }
    expect(try backend.product(a, b, adding: nil), *)
    expect(try backend.product(a, b, adding: b)) { $0 * $1 + $1 }
    expect(try backend.sum(a, b, times: -2)) { $0 - 2 * $1 }
    expect(try backend.kept(b, whereNonzero: a)) { $0 == 0 ? 0 : $1 }
    #expect(
      backend.array(try backend.quotient(b, by: a, .orZero, times: 1))
        == first.combined(with: second) { $0 == 0 ? 0 : Double(Float($1) / Float($0)) })
    expect(try backend.quotient(b, by: a, .stabilised(0.25), times: 1)) {
      $1 / ($0 + ($0 < 0 ? -0.25 : 0.25))
    }
    #expect(backend.array(try backend.blocked(try backend.upload(first.tensor))) == first)
  }

  @Test(arguments: activationShapes + [[5, 17], [2, 40]])
  func `each image is shifted, shared out and compared with its own extrema`(
    _ shape: [Int]
  ) throws {
    let (values, totals) = (
      sparse(shape, "values"), ReferenceArray.random([shape[0], 3], "totals")
    )
    let size = values.values.count / shape[0]
    let (input, total) = (try upload(values), try upload(totals))
    let low = backend.array(try backend.difference(of: input, from: .minimum))
    let high = backend.array(try backend.difference(of: input, from: .maximum))
    let shares = backend.array(try backend.absoluteShares(of: input, totalling: total))
    let shifted = backend.array(try backend.shiftingNonzero(input, toSumOf: total))
    for image in 0..<shape[0] {
      let range = image * size..<(image + 1) * size
      let row = values.values[range]
      let wanted = totals.values[image * 3..<image * 3 + 3].reduce(0, +)
      let magnitude = row.reduce(0) { $0 + abs($1) }
      let count = row.count { $0 != 0 }
      let shift = count == 0 ? 0 : (row.reduce(0, +) - wanted) / Double(count)
      expectClose(low.values[range], row.map { $0 - (row.min() ?? 0) }, relative: 1e-6)
      expectClose(high.values[range], row.map { $0 - (row.max() ?? 0) }, relative: 1e-6)
      expectClose(
        shares.values[range], row.map { magnitude == 0 ? 0 : abs($0) / magnitude * wanted },
        relative: 1e-5)
      expectClose(
        shifted.values[range], row.map { $0 == 0 ? 0 : $0 - shift }, relative: 1e-5)
    }
  }
}
