import Testing
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport
import XAITraining

@Suite struct GradientDescentTests {
  private let backend: CPUBackend
  private let network = Network(
    Architecture(input: [1, 4, 4], stacks: [[3]], hidden: [5], classes: 2))

  init() throws { backend = try CPUBackend() }

  /// Trained parameters that are all 2 and gradients that are all 1.
  private func step(
    rate: Double, steps: Int = 1, _ change: (inout GradientDescent.Settings) -> Void
  ) throws -> Parameters {
    var settings = GradientDescent.Settings()
    change(&settings)
    let parameters = try filled(2)
    let gradients = try DeviceParameters(zerosFor: network, backend: backend)
    for name in gradients.names {
      backend.write(
        Tensor(shape: gradients[name].shape, repeating: 1), into: gradients[name])
    }
    let descent = try GradientDescent(network, settings: settings, backend: backend)
    for _ in 0..<steps { descent.step(parameters, gradients: gradients, rate: rate) }
    return parameters.download(from: backend)
  }

  private func filled(_ value: Float) throws -> DeviceParameters {
    var parameters = Parameters()
    for (name, shape) in network.parameterShapes {
      parameters[name] = Tensor(shape: shape, repeating: value)
    }
    return try DeviceParameters(parameters, backend: backend)
  }

  private func expectAll(
    _ parameters: Parameters, _ expected: Double, where condition: (String) -> Bool = { _ in true }
  ) {
    for name in parameters.names
    where condition(name) && !Parameters.isRunningStatistic(name) {
      let elements = parameters[name]?.elements ?? []
      #expect(
        !elements.isEmpty && elements.allSatisfy { abs(Double($0) - expected) < 1e-6 },
        "\(name): \(elements.first ?? .nan), expected \(expected)")
    }
  }

  @Test func `the thesis's constants are the default`() {
    let settings = GradientDescent.Settings()
    #expect(settings.momentum == 0.9 && settings.weightDecay == 0.005 && !settings.nesterov)
    #expect(settings.decaysBatchNorm && settings.gradientClip == 0)
  }

  @Test func `momentum and L2 follow the formula over two steps`() throws {
    // g = 1 + 0.5 * 2 = 2; v = 2; w = 2 - 0.25 * 2 = 1.5.
    // g = 1 + 0.5 * 1.5 = 1.75; v = 0.5 * 2 + 1.75 = 2.75; w = 1.5 - 0.25 * 2.75.
    expectAll(
      try step(rate: 0.25, steps: 2) {
        $0.momentum = 0.5
        $0.weightDecay = 0.5
      }, 0.8125)
    // With look-ahead: w = 2 - 0.25 (2 + 0.5 * 2) = 1.25; g = 1.625; v = 2.625;
    // w = 1.25 - 0.25 (1.625 + 0.5 * 2.625).
    expectAll(
      try step(rate: 0.25, steps: 2) {
        $0.momentum = 0.5
        $0.weightDecay = 0.5
        $0.nesterov = true
      }, 0.515625)
  }

  @Test func `running statistics stay as they are`() throws {
    let parameters = try step(rate: 0.25) { _ in }
    for name in parameters.names where Parameters.isRunningStatistic(name) {
      let tensor = try #require(parameters[name])
      #expect(tensor == Tensor(shape: tensor.shape, repeating: 2))
    }
  }

  @Test func `L2 may spare batch norm and biases`() throws {
    let parameters = try step(rate: 0.25) {
      $0.weightDecay = 0.5
      $0.decaysBatchNorm = false
    }
    func isMatrix(_ name: String) -> Bool { (parameters[name]?.shape.count ?? 0) > 1 }
    expectAll(parameters, 1.5, where: isMatrix)
    expectAll(parameters, 1.75) { !isMatrix($0) }
  }

  @Test func `gradients beyond the limit are scaled down together`() throws {
    let norm = Double(network.parameterCount).squareRoot()
    func clip(_ limit: Double) throws -> Parameters {
      try step(rate: 1) {
        $0.weightDecay = 0
        $0.gradientClip = limit
      }
    }
    expectAll(try clip(norm / 4), 1.75)
    expectAll(try clip(norm * 2), 1)
    expectAll(try clip(0), 1)
  }

  @Test func `velocities are kept and can be restored`() throws {
    let gradients = try DeviceParameters(zerosFor: network, backend: backend)
    for (index, name) in gradients.names.enumerated() {
      backend.write(
        ReferenceArray.random(gradients[name].shape, "gradient \(index)").tensor,
        into: gradients[name])
    }
    let whole = try filled(1)
    let settings = GradientDescent.Settings()
    let descent = try GradientDescent(network, settings: settings, backend: backend)
    descent.step(whole, gradients: gradients, rate: 0.1)
    let (middle, velocities) = (
      whole.download(from: backend), descent.velocities.download(from: backend)
    )
    descent.step(whole, gradients: gradients, rate: 0.1)
    let halves = try DeviceParameters(middle, backend: backend)
    let resumed = try GradientDescent(network, settings: settings, backend: backend)
    resumed.velocities.write(velocities, backend: backend)
    resumed.step(halves, gradients: gradients, rate: 0.1)
    #expect(halves.download(from: backend) == whole.download(from: backend))
  }
}
