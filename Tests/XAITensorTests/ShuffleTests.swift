import Testing
import XAITensor

@Suite struct ShuffleTests {
  @Test func `a shuffle is a permutation, and every order is equally likely`() {
    var stream = RandomStream(seed: 1, purpose: "shuffle")
    var values = Array(0..<1000)
    stream.shuffle(&values)
    #expect(values != Array(0..<1000) && values.sorted() == Array(0..<1000))
    var orders: [[Int]: Int] = [:]
    for _ in 0..<6000 {
      var few = [0, 1, 2]
      stream.shuffle(&few)
      orders[few, default: 0] += 1
    }
    #expect(orders.count == 6 && orders.values.allSatisfy { 850...1150 ~= $0 })
    var (none, one) = ([Int](), [4])
    stream.shuffle(&none)
    stream.shuffle(&one)
    #expect(none.isEmpty && one == [4])
  }

  @Test func `every element comes to every place equally often`() {
    var stream = RandomStream(seed: 2, purpose: "shuffle")
    var counts = [[Int]](repeating: [Int](repeating: 0, count: 12), count: 12)
    for _ in 0..<24_000 {
      var tensor = Tensor(shape: [3, 4], (0..<12).map(Float.init))
      stream.shuffle(&tensor)
      for (place, value) in tensor.elements.enumerated() { counts[place][Int(value)] += 1 }
    }
    // Chi-square of 11 * 11 degrees of freedom: 121 +- 15.6.
    let distance = counts.joined().reduce(0.0) { $0 + Double(($1 - 2000) * ($1 - 2000)) / 2000 }
    #expect(121 - 4 * 15.6..<121 + 4 * 15.6 ~= distance)
  }

  @Test func `a tensor takes the order of an array, and its copy keeps the old one`() {
    var (stream, same) = (
      RandomStream(seed: 3, purpose: "shuffle"), RandomStream(seed: 3, purpose: "shuffle")
    )
    var array = (0..<100_003).map(Float.init)
    let copy = Tensor(shape: [array.count], array)
    var tensor = copy
    stream.shuffle(&tensor)
    same.shuffle(&array)
    #expect(tensor.elements == array && stream.position == same.position)
    #expect(tensor.shape == copy.shape && copy.elements == array.sorted())
  }

  /// Fisher and Yates as published, with the standard library's integers.
  @Test func `the order is that of the plain algorithm`() {
    var (stream, same) = (
      RandomStream(seed: 4, purpose: "shuffle"), RandomStream(seed: 4, purpose: "shuffle")
    )
    var (values, plain) = (Array(0..<5000), Array(0..<5000))
    stream.shuffle(&values)
    for last in stride(from: 4999, to: 0, by: -1) {
      plain.swapAt(last, Int(same.next(upperBound: UInt64(last + 1))))
    }
    #expect(values == plain && stream.position == same.position)
    // With such a bound a quarter of all numbers is rejected.
    let bound = 3 << 61
    for _ in 0..<1000 {
      #expect(stream.integer(below: bound) == Int(same.next(upperBound: UInt64(bound))))
    }
  }

  @Test func `a uniform tensor holds the numbers that are drawn one at a time`() {
    var (stream, same) = (
      RandomStream(seed: 5, purpose: "uniform"), RandomStream(seed: 5, purpose: "uniform")
    )
    let tensor = stream.uniform(shape: [7, 3], in: -0.25..<0.5)
    #expect(tensor.shape == [7, 3] && stream.position == 21)
    #expect(tensor.elements == (0..<21).map { _ in Float(same.uniform(in: -0.25..<0.5)) })
  }
}
