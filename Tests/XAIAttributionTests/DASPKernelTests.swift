import Testing
import XAIKernels
import XAITensor
import XAITestSupport

/// The kernels of `MomentKernels` against integrals and enumerations in Double.
@Suite struct DASPKernelTests {
  let backend: CPUBackend

  init() throws { backend = try CPUBackend() }

  /// Means up to 12 deviations from 0 and deviations from 0.01 to 10, in a shape that fills no block.
  static let grid: (means: ReferenceArray, variances: ReferenceArray) = {
    var (means, variances) = ([Double](), [Double]())
    for deviation in [0.0101, 0.3, 1, 10] {
      for step in 0..<51 {
        let distance = Double(step - 25) * 0.48
        means.append(Double(Float(distance * deviation)))
        variances.append(Double(Float(deviation * deviation)))
      }
    }
    return (ReferenceArray([2, 17, 2, 3], means), ReferenceArray([2, 17, 2, 3], variances))
  }()

  func upload(_ means: ReferenceArray, _ variances: ReferenceArray) throws -> GaussianMoments {
    GaussianMoments(
      mean: try backend.uploadActivation(means.tensor),
      variance: try backend.uploadActivation(variances.tensor))
  }

  func arrays(_ moments: GaussianMoments) -> (means: [Double], variances: [Double]) {
    (
      backend.download(moments.mean).elements.map(Double.init),
      backend.download(moments.variance).elements.map(Double.init)
    )
  }

  @Test func `a rectified Gaussian has the moments that integration finds`() throws {
    let (means, variances) = Self.grid
    let found = arrays(try backend.rectifiedMoments(upload(means, variances)))
    for index in means.values.indices {
      let (m, v) = (means.values[index], variances.values[index])
      let s = v.squareRoot()
      func moment(_ power: Int) -> Double {
        let lower = max(0, m - 14 * s)
        return integral(from: lower, to: max(m + 14 * s, lower + s)) { x in
          (power == 1 ? x : x * x) * Gaussian.density((x - m) / s) / s
        }
      }
      let mean = moment(1)
      let variance =
        integral(from: max(0, m - 14 * s), to: max(m + 14 * s, s)) { x in
          (x - mean) * (x - mean) * Gaussian.density((x - m) / s) / s
        } + mean * mean * Gaussian.distribution(-m / s)
      #expect(abs(found.means[index] - mean) < 3e-7 * (s + abs(m)), "m \(m), v \(v)")
      #expect(abs(found.variances[index] - variance) < 2e-6 * v, "m \(m), v \(v)")
    }
  }

  @Test func `tails keep their relative accuracy`() throws {
    let shape = [1, 1, 1, 61]
    let means = ReferenceArray(shape, (0...60).map { -Double($0) / 10 })
    let found = arrays(try backend.rectifiedMoments(upload(means, .init(shape, repeating: 1))))
    for (index, m) in means.values.map({ Double(Float($0)) }).enumerated() {
      let expected = Gaussian.rectified(m, 1)
      #expect(abs(found.means[index] / expected.0 - 1) < 5e-5, "m \(m)")
      #expect(abs(found.variances[index] / expected.1 - 1) < 1e-3, "m \(m)")
    }
  }

  @Test func `a small variance counts as 1e-4`() throws {
    let shape = [1, 3, 1, 1]
    let input = try upload(.init(shape, [0, 0, 1]), .init(shape, [0, -1, 1e-9]))
    let output = try backend.rectifiedMoments(input)
    let expected = [(0.0, 0.0), (0, 0), (1, 0)].map { Gaussian.rectified($0.0, $0.1) }
    expectClose(arrays(output).means, expected.map(\.0), relative: 1e-6, "means")
    expectClose(arrays(output).variances, expected.map(\.1), relative: 1e-6, "variances")
  }

  @Test func `max pooling folds a window from its last element`() throws {
    var means = ReferenceArray.random([2, 17, 5, 6], "means")
    var variances = ReferenceArray.random([2, 17, 5, 6], "variances")
    for index in variances.values.indices {
      variances.values[index] *= variances.values[index]
      // Certain values and ties among them.
      if index % 7 < 2 { (means.values[index], variances.values[index]) = (0.5, 0) }
    }
    let found = arrays(try backend.maxPooledMoments(upload(means, variances)))
    var (expectedMeans, expectedVariances) = ([Double](), [Double]())
    for plane in 0..<34 {
      for row in 0..<2 {
        for column in 0..<3 {
          let window = [(1, 1), (1, 0), (0, 1), (0, 0)].map { y, x in
            let index = (plane * 5 + 2 * row + y) * 6 + 2 * column + x
            return (
              Double(Float(means.values[index])), Double(Float(variances.values[index]))
            )
          }
          let result = window.dropFirst().reduce(window[0]) { Gaussian.maximum($0, $1) }
          expectedMeans.append(result.0)
          expectedVariances.append(result.1)
        }
      }
    }
    expectClose(found.means, expectedMeans, relative: 1e-6, "means")
    expectClose(found.variances, expectedVariances, relative: 5e-6, "variances")
  }

  @Test func `the larger of two Gaussians has the moments that integration finds`() throws {
    // The lower row is so far below that it does not count.
    let pairs = [(0.0, 1.0, 0.0, 1.0), (1, 2, -1, 0.5), (-3, 0.1, 2, 4), (5, 1, 5.5, 0.01)]
    for (a, va, b, vb) in pairs {
      let shape = [1, 1, 2, 2]
      let found = arrays(
        try backend.maxPooledMoments(
          upload(.init(shape, [a, b, -1e4, -1e4]), .init(shape, [va, vb, 0, 0]))))
      let (sa, sb) = (va.squareRoot(), vb.squareRoot())
      func density(_ x: Double) -> Double {
        let (u, w) = ((x - a) / sa, (x - b) / sb)
        return Gaussian.density(u) / sa * Gaussian.distribution(w)
          + Gaussian.density(w) / sb * Gaussian.distribution(u)
      }
      let mean = integral(from: -40, to: 40) { $0 * density($0) }
      let variance = integral(from: -40, to: 40) { ($0 - mean) * ($0 - mean) * density($0) }
      #expect(abs(found.means[0] - mean) < 2e-6 * (1 + abs(mean)))
      #expect(abs(found.variances[0] - variance) < 1e-5 * variance)
    }
  }

  /// For players of one input the formula is exact: all coalitions of a size are enumerated.
  @Test(arguments: 0...5)
  func `a dense layer's coalitions have the moments of all coalitions of a size`(size: Int) throws {
    let (inputs, units) = (6, 19)
    let x = ReferenceArray.random([1, inputs], "x")
    let weights = ReferenceArray.random([units, inputs], "weights")
    let offset = ReferenceArray.random([1, units], "offset")
    var (others, squares) = (ReferenceArray([inputs, units]), ReferenceArray([inputs, units]))
    for player in 0..<inputs {
      for unit in 0..<units {
        let terms = (0..<inputs).filter { $0 != player }.map { x[0, $0] * weights[unit, $0] }
        others[player, unit] = terms.reduce(0, +)
        squares[player, unit] = terms.reduce(0) { $0 + $1 * $1 }
      }
    }
    let sums = CoalitionSums(
      others: try backend.uploadActivation(others.tensor),
      squares: try backend.uploadActivation(squares.tensor),
      counts: try backend.upload(Tensor(shape: [inputs, 1], repeating: Float(inputs - 1))),
      whole: try backend.uploadActivation(Reference.dense(x, weights).tensor),
      offset: try backend.uploadActivation(offset.tensor))
    let share = Float(size) / Float(inputs - 1)
    let found = arrays(
      try backend.coalitionMoments(
        sums, (0..<inputs).map { Coalition(player: $0, share: share) }))
    for player in 0..<inputs {
      let coalitions = (0..<1 << inputs).filter {
        $0.nonzeroBitCount == size && $0 & 1 << player == 0
      }
      for unit in 0..<units {
        let values = coalitions.map { coalition in
          (0..<inputs).reduce(offset[0, unit]) {
            $0 + (coalition & 1 << $1 == 0 ? 0 : x[0, $1] * weights[unit, $1])
          }
        }
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        let (without, with) = (player * units + unit, (inputs + player) * units + unit)
        let own = x[0, player] * weights[unit, player]
        #expect(abs(found.means[without] - mean) < 1e-5)
        #expect(abs(found.means[with] - mean - own) < 1e-5)
        #expect(abs(found.variances[without] - max(1e-5, variance)) < 1e-5)
        #expect(found.variances[with] == found.variances[without])
      }
    }
  }

  /// Simpson's rule.
  private func integral(
    from lower: Double, to upper: Double, _ function: (Double) -> Double
  ) -> Double {
    let parts = 5000
    let step = (upper - lower) / Double(parts)
    var sum = function(lower) + function(upper)
    for index in 1..<parts {
      sum += function(lower + Double(index) * step) * (index % 2 == 1 ? 4 : 2)
    }
    return sum * step / 3
  }
}
