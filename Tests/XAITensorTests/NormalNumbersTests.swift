import Glibc
import Testing
import XAITensor

@Suite struct NormalNumbersTests {
  private func stream(_ seed: UInt64 = 1, _ purpose: String = "normal") -> RandomStream {
    RandomStream(seed: seed, purpose: purpose)
  }

  private func numbers(_ count: Int, _ seed: UInt64 = 1, _ purpose: String = "normal") -> [Float] {
    var stream = stream(seed, purpose)
    return stream.normal(shape: [count]).elements
  }

  private func correlation(_ x: some Collection<Float>, _ y: some Collection<Float>) -> Double {
    zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) } / Double(min(x.count, y.count))
  }

  /// Box and Muller's formula as published, on the same bits, with the system's functions.
  @Test func `a number is within 1e-12 of the formula's`() {
    var stream = stream(3, "accuracy")
    let key = RandomStream.mix(stream.key ^ 0x6E6F_726D_616C)
    func uniform(_ index: UInt64) -> Double {
      Double(RandomStream.mix(key &+ (index + 1) &* 0x9E37_79B9_7F4A_7C15) >> 12) * 0x1p-52
    }
    var (worst, smallest) = (0.0, 1.0)
    for pair in 0..<UInt64(200_000) {
      let (u, angle) = (1 - uniform(2 * pair), 2 * Double.pi * (uniform(2 * pair + 1) - 0.5))
      let radius = (-2 * log(u)).squareRoot()
      smallest = min(smallest, radius)
      worst = max(worst, abs(stream.normal() - radius * cos(angle)))
      worst = max(worst, abs(stream.normal() - radius * sin(angle)))
    }
    #expect(worst < 1e-12)
    #expect(smallest < 0.01, "both ends of the logarithm are met")
  }

  @Test func `a tensor holds the numbers that are drawn one at a time, from any position`() {
    for start in UInt64(0)..<4 {
      for count in Array(0...20) + [63, 64, 65] {
        var (whole, single) = (stream(), stream())
        (whole.position, single.position) = (start, start)
        let tensor = whole.normal(shape: [count], mean: 5, standardDeviation: 0.25)
        #expect(tensor.elements == (0..<count).map { _ in Float(5 + 0.25 * single.normal()) })
        #expect(whole.position == start + UInt64(count) && single.position == whole.position)
      }
    }
  }

  @Test func `a number depends on key and position alone`() {
    let all = numbers(1000)
    var pieces = stream()
    let parts = [1, 3, 8, 13, 975].flatMap { pieces.normal(shape: [$0]).elements }
    #expect(parts == all)
    var last = stream()
    last.position = 999
    #expect(Float(last.normal()) == all[999])
    last.position = .max
    #expect(last.normal().isFinite && last.position == 0)
  }

  @Test func `moments are those of the normal distribution`() {
    let count = 4_000_000
    var sums = [Double](repeating: 0, count: 7)
    for number in numbers(count) {
      var power = 1.0
      for degree in sums.indices {
        sums[degree] += power
        power *= Double(number)
      }
    }
    // E x^k and its variance, E x^2k - (E x^k)^2.
    let expected: [(Double, Double)] = [
      (1, 0), (0, 1), (1, 2), (0, 15), (3, 96), (0, 945), (15, 10_170),
    ]
    for (degree, (moment, variance)) in expected.enumerated() {
      let error = sums[degree] / Double(count) - moment
      #expect(abs(error) <= 4 * (variance / Double(count)).squareRoot(), "moment \(degree)")
    }
  }

  @Test func `the distribution function is within what chance allows (Kolmogorov 1933)`() {
    for seed in [UInt64(1), 2, 3] {
      let sorted = numbers(300_000, seed).sorted()
      var distance = 0.0
      for (rank, number) in sorted.enumerated() {
        let exact = 0.5 * erfc(-Double(number) * 0.5.squareRoot())
        let (below, above) = (Double(rank) / 3e5, Double(rank + 1) / 3e5)
        distance = max(distance, exact - below, above - exact)
      }
      #expect(distance * 3e5.squareRoot() < 1.63)
    }
  }

  @Test func `the tails are as heavy as they should be beyond 5.5 deviations`() {
    let limits: [Float] = [3, 4, 4.5, 5, 5.5]
    var counts = [[Int]](repeating: [0, 0], count: limits.count)
    let (chunk, chunks) = (1 << 22, 32)
    var stream = stream(1, "tails")
    for _ in 0..<chunks {
      stream.normal(shape: [chunk]).withUnsafeElements { numbers in
        for number in numbers where number.magnitude > 3 {
          for (index, limit) in limits.enumerated() where number.magnitude > limit {
            counts[index][number > 0 ? 1 : 0] += 1
          }
        }
      }
    }
    for (limit, counts) in zip(limits, counts) {
      let expected = Double(chunk * chunks) * 0.5 * erfc(Double(limit) * 0.5.squareRoot())
      for count in counts {
        #expect(
          abs(Double(count) - expected) < 4 * expected.squareRoot(), "\(count) beyond \(limit)")
      }
      #expect(counts.reduce(0, +) > 0)
    }
  }

  @Test func `neighbours are independent, and so are their squares`() {
    let count = 1_000_000
    let x = numbers(count)
    let squares = x.map { $0 * $0 - 1 }
    for lag in [1, 2, 3, 4, 5, 7, 8, 16] {
      // Standard errors are 1 / sqrt(n), and 2 / sqrt(n) of squares, whose variance is 2.
      #expect(abs(correlation(x, x.dropFirst(lag))) < 4e-3, "lag \(lag)")
      #expect(abs(correlation(squares, squares.dropFirst(lag))) < 8e-3, "lag \(lag)")
      #expect(abs(correlation(x, squares.dropFirst(lag))) < 6e-3, "lag \(lag)")
    }
    // Within a pair too: its angle is uniform, in quadrants and octants alike.
    var octants = [Int](repeating: 0, count: 8)
    for pair in 0..<count / 2 {
      let (a, b) = (x[2 * pair], x[2 * pair + 1])
      octants[(a > 0 ? 4 : 0) + (b > 0 ? 2 : 0) + (abs(a) > abs(b) ? 1 : 0)] += 1
    }
    for octant in octants { #expect(abs(octant - count / 16) < 4 * 250) }
  }

  @Test func `streams of other seeds, purposes and kinds are independent`() {
    let x = numbers(500_000)
    let others = [
      numbers(500_000, 2), numbers(500_000, 1, "normaL"), numbers(500_000, .max),
    ]
    for other in others { #expect(abs(correlation(x, other)) < 4 / 5e5.squareRoot()) }
    // The uniform numbers at the same positions and at those that a pair would be made of.
    var stream = stream()
    let uniform = (0..<1_000_000).map { _ in Float(stream.uniform() - 0.5) }
    let squares = x.map { $0 * $0 - 1 }
    for shift in 0..<3 {
      #expect(abs(correlation(squares, uniform.dropFirst(shift))) < 2 / 5e5.squareRoot())
    }
    let pairs = stride(from: 0, to: 500_000, by: 2).map { squares[$0] + squares[$0 + 1] }
    #expect(
      abs(correlation(pairs, stride(from: 0, to: 500_000, by: 2).map { uniform[$0] })) < 0.005)
  }
}
