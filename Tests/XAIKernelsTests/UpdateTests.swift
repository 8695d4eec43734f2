import Testing
import XAIKernels
import XAITensor
import XAITestSupport

@Suite struct UpdateTests {
  let backend: CPUBackend

  init() throws { backend = try CPUBackend() }

  /// One element, odd counts, and more than one chunk.
  static let counts = [1, 17, 40_001]

  @Test(arguments: counts, [false, true])
  func `descent follows PyTorch's formula over several steps`(
    _ count: Int, _ nesterov: Bool
  ) throws {
    let update = DescentUpdate(
      rate: 0.125, momentum: 0.875, decay: 0.0625, nesterov: nesterov, gradientScale: 0.5)
    var weights = ReferenceArray.random([count], "weights")
    var velocity = ReferenceArray([count])
    let device = (try backend.parameter(weights), try backend.parameter(velocity))
    for step in 0..<3 {
      let gradient = ReferenceArray.random([count], "gradient \(step)")
      let slope = gradient.combined(with: weights) { 0.5 * $0 + 0.0625 * $1 }
      velocity = velocity.combined(with: slope) { 0.875 * $0 + $1 }
      let move = nesterov ? slope.combined(with: velocity) { $0 + 0.875 * $1 } : velocity
      weights = weights.combined(with: move) { $0 - 0.125 * $1 }
      backend.descend(
        device.0, velocity: device.1, gradient: try backend.parameter(gradient), update: update)
    }
    expectClose(backend.array(device.0), weights, relative: 1e-6, "weights")
    expectClose(backend.array(device.1), velocity, relative: 1e-6, "velocity")
  }

  @Test func `a step without momentum and decay is the rate times the gradient`() throws {
    let weights = try backend.upload(Tensor(shape: [3], [1, 2, 3]))
    backend.descend(
      weights, velocity: try backend.zeros([3]),
      gradient: try backend.upload(Tensor(shape: [3], [4, 0, -8])),
      update: DescentUpdate(rate: 0.5, momentum: 0, decay: 0, nesterov: false))
    #expect(backend.download(weights).elements == [-1, 2, 7])
  }

  @Test(arguments: counts)
  func `accumulate mixes target and source`(_ count: Int) throws {
    let (target, source) = (
      ReferenceArray.random([count], "target"), ReferenceArray.random([count], "source")
    )
    let device = try backend.parameter(target)
    backend.accumulate(
      into: device, keeping: 0.75, adding: try backend.parameter(source), times: -2)
    expectClose(
      backend.array(device), target.combined(with: source) { 0.75 * $0 - 2 * $1 },
      relative: 1e-6, "mixture")
  }

  @Test(arguments: counts)
  func `squares are summed in Double`(_ count: Int) throws {
    let values = ReferenceArray.random([count], "values", mean: 100)
    let expected = values.values.reduce(0) { $0 + $1 * $1 }
    let sum = backend.sumOfSquares(try backend.parameter(values))
    #expect(abs(sum - expected) <= 1e-12 * expected)
  }

  @Test(arguments: counts)
  func `the sum of squares is the same with any number of threads`(_ count: Int) throws {
    let values = try backend.parameter(.random([count], "values"))
    let before = ThreadTeam.count
    defer { ThreadTeam.setCount(before) }
    let sums = [1, 2, 3, 5].map { threads in
      ThreadTeam.setCount(threads)
      return backend.sumOfSquares(values)
    }
    #expect(sums.allSatisfy { $0 == sums[0] })
  }
}
