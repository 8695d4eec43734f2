import Testing
import XAIFiles
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport
import XAITraining

/// Whole steps against PyTorch, with both ways to sum a convolution.
@Suite struct TrainingStepTests {
  static let names = ["A", "B"]

  @Test(arguments: names, ConvolutionAlgorithm.allCases)
  func `logits, loss and every gradient agree with PyTorch`(
    _ name: String, _ algorithm: ConvolutionAlgorithm
  ) throws {
    let fixture = try TrainingFixture(name)
    let backend = try CPUBackend()
    let pass = TrainingPass(fixture.network, backend: backend, algorithm: algorithm)
    let parameters = try DeviceParameters(fixture.parameters, backend: backend)
    let gradients = try DeviceParameters(zerosFor: fixture.network, backend: backend)
    let logits = backend.download(
      try pass.forward(
        try backend.upload(fixture.images), parameters: parameters, dropout: nil))
    try fixture.expected.expect(logits, agreesWith: "logits")
    let result = CrossEntropy()(logits, labels: fixture.labels)
    let first = try fixture.expected.file.doubles("losses")[0]
    #expect(abs(result.loss - first) <= 1e-5 * first)
    try fixture.expected.expect(result.gradient, agreesWith: "logitGradient")
    try pass.backward(
      try backend.uploadActivation(result.gradient), parameters: parameters, into: gradients)
    var compared = 0
    for name in gradients.names {
      try fixture.expected.expect(
        backend.download(gradients[name]), agreesWith: "gradient.\(name)")
      compared += 1
    }
    #expect(compared == fixture.expected.names.count { $0.hasPrefix("gradient.") })
  }

  @Test(arguments: names, [false, true])
  func `parameters after one and three steps agree with PyTorch`(
    _ name: String, _ nesterov: Bool
  ) throws {
    let fixture = try TrainingFixture(name)
    let prefix = nesterov ? "nesterov." : ""
    for algorithm in ConvolutionAlgorithm.allCases {
      let backend = try CPUBackend()
      let pass = TrainingPass(fixture.network, backend: backend, algorithm: algorithm)
      let parameters = try DeviceParameters(fixture.parameters, backend: backend)
      let gradients = try DeviceParameters(zerosFor: fixture.network, backend: backend)
      let descent = try GradientDescent(
        fixture.network, settings: TrainingFixture.settings(nesterov: nesterov), backend: backend)
      let images = try backend.upload(fixture.images)
      var losses: [Double] = []
      for step in 1...3 {
        let logits = try pass.forward(images, parameters: parameters, dropout: nil)
        let result = CrossEntropy()(backend.download(logits), labels: fixture.labels)
        losses.append(result.loss)
        try pass.backward(
          try backend.uploadActivation(result.gradient), parameters: parameters, into: gradients)
        descent.step(parameters, gradients: gradients, rate: 0.01)
        if step == 2 { continue }
        var compared = 0
        for name in parameters.names {
          let reference = "\(prefix)after\(step).\(name)"
          guard fixture.expected.file.entry(reference) != nil else { continue }
          try fixture.expected.expect(backend.download(parameters[name]), agreesWith: reference)
          compared += 1
        }
        #expect(
          compared == fixture.expected.names.count { $0.hasPrefix("\(prefix)after\(step).") })
      }
      if !nesterov {
        try fixture.expected.expect(ReferenceArray([3], losses), agreesWith: "losses")
      }
    }
  }

  @Test(arguments: names, ConvolutionAlgorithm.allCases)
  func `the moments in front of every batch norm agree with PyTorch`(
    _ name: String, _ algorithm: ConvolutionAlgorithm
  ) throws {
    let fixture = try TrainingFixture(name)
    let backend = try CPUBackend()
    let parameters = try DeviceParameters(fixture.parameters, backend: backend)
    var signal = try backend.upload(fixture.images)
    var compared = 0
    for node in fixture.network.nodes {
      switch node.operation {
      case .convolution:
        signal = try backend.convolution(
          signal, weights: parameters["\(node.name).weight"],
          bias: parameters["\(node.name).bias"], mode: .training, algorithm: algorithm)
      case .dense:
        signal = try backend.dense(
          signal, weights: parameters["\(node.name).weight"],
          bias: parameters["\(node.name).bias"])
      case .batchNorm:
        let moments = try backend.channelMoments(signal)
        try fixture.expected.expect(
          backend.download(moments.mean), agreesWith: "batch.\(node.name).mean")
        try fixture.expected.expect(
          backend.download(moments.variance), agreesWith: "batch.\(node.name).variance")
        compared += 2
        signal = try backend.batchNorm(
          signal, moments: moments,
          affine: ChannelAffine(
            scale: parameters["\(node.name).weight"], shift: parameters["\(node.name).bias"]),
          activation: Activation(relu: false))
      case .relu: signal = try backend.activate(signal, Activation(relu: true))
      case .maxPool: signal = try backend.maxPool(signal)
      case .flatten: signal = try backend.flatten(signal)
      case .adaptiveAveragePool:
        signal = try backend.adaptiveAveragePool(
          signal, to: Array(node.outputShape.dropFirst()), of: .values)
      case .globalAveragePool: signal = try backend.averagePool(signal)
      case .dropout: break
      }
    }
    #expect(compared == fixture.expected.names.count { $0.hasPrefix("batch.") })
    try fixture.expected.expect(backend.download(signal), agreesWith: "logits")
  }

  @Test(arguments: names)
  func `the reference itself agrees with PyTorch to six digits in Double`(_ name: String) throws {
    let fixture = try TrainingFixture(name)
    let expected = fixture.expected
    let step = fixture.reference.train(ReferenceArray(fixture.images), labels: fixture.labels)
    try expected.expect(step.logits, agreesWith: "logits", in: .double)
    #expect(abs(step.loss - (try expected.file.doubles("losses")[0])) < 1e-9)
    for (name, gradient) in step.gradients {
      try expected.expect(gradient, agreesWith: "gradient.\(name)", in: .double)
    }
    for (name, moments) in step.moments {
      try expected.expect(moments.mean, agreesWith: "batch.\(name).mean", in: .double)
      try expected.expect(moments.variance, agreesWith: "batch.\(name).variance", in: .double)
    }
    for (name, running) in step.running {
      try expected.expect(running, agreesWith: "after1.\(name)", in: .double)
    }
    // The fixture tells the unbiased variance from the biased one.
    let biased = fixture.reference["fc1_bn.running_var"]
      .combined(with: try #require(step.moments["fc1_bn"]).variance) { 0.9 * $0 + 0.1 * $1 }
    let running = try expected.array("after1.fc1_bn.running_var")
    #expect(largestDeviation(biased.values, running.values).relative > 1e-3)
    let smoothed = Reference.crossEntropy(step.logits, labels: fixture.labels, smoothing: 0.1)
    try expected.expect(
      ReferenceArray([1], [smoothed.loss]), agreesWith: "smoothedLoss", in: .double)
    try expected.expect(smoothed.gradient, agreesWith: "smoothedLogitGradient", in: .double)
  }
}
