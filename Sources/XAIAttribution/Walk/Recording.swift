public import XAIKernels
import XAINetworks
import XAITensor

/// What a forward pass left behind for rules to read.
public struct Recording {
  /// How much of a forward pass is kept.
  public enum Extent: Sendable, Comparable {
    /// The last output alone.
    case logits
    /// As `gates`, but of a convolution, its rectifier and the pooling behind it the pooling's output
    /// alone, which knows the winners: all that the gradient asks for, and rectifiers that gate it.
    case winners
    /// Outputs of rectifiers and poolings, and of the last node. A linear
    /// node or batch norm runs as one with the rectifier after it; before anything else its output is
    /// not kept.
    case gates
    /// Every node's output.
    case everything
  }

  /// Where it was recorded.
  public let form: NetworkForm
  /// `[N, C, H, W]`, plain; or what entered the first node of a partial pass.
  public let input: DeviceTensor
  /// The first node that ran.
  public let start: Int
  private var outputs: [DeviceTensor?]

  /// The number of images.
  public var batch: Int { input.shape[0] }

  /// The output of the last node that ran: the logits `[N, classes]` of a whole pass; the input where
  /// none ran.
  public var output: DeviceTensor { outputs.last.flatMap(\.self) ?? input }

  /// The last node that ran.
  public var last: Int { outputs.count - 1 }

  /// The output of a node, or nothing where it was not kept.
  /// - Parameter node: The index of a node.
  /// - Returns: The output.
  public func output(of node: Int) -> DeviceTensor? { node < outputs.count ? outputs[node] : nil }

  /// The input of a node, or nothing where it was not kept.
  /// - Parameter node: The index of a node.
  /// - Returns: The input.
  public func input(of node: Int) -> DeviceTensor? {
    node == start ? input : output(of: node - 1)
  }

  fileprivate init(form: NetworkForm, input: DeviceTensor, start: Int) {
    (self.form, self.input, self.start) = (form, input, start)
    outputs = Array(repeating: nil, count: start)
  }

  /// The nodes before one, as another form recorded them that agrees with this one up to there.
  fileprivate init(form: NetworkForm, sharing other: Recording, before node: Int) {
    (self.form, input, start) = (form, other.input, other.start)
    outputs = Array(other.outputs[..<node])
  }

  fileprivate mutating func append(_ output: DeviceTensor?) { outputs.append(output) }

  /// This pass, and some rows of one that went on from there.
  fileprivate func continued(
    by other: Recording, rows: Range<Int>
  ) throws(KernelFailure) -> Recording {
    var whole = self
    for node in other.outputs.indices.dropFirst(other.start) {
      guard let output = other.outputs[node] else {
        whole.append(nil)
        continue
      }
      let part = form.backend.download(output).rows(rows)
      whole.append(try form.backend.uploadActivation(part))
    }
    return whole
  }

  fileprivate mutating func forgetAllButLast(and names: Set<String>) {
    for index in outputs.indices.dropLast() where !names.contains(form.nodes[index].name) {
      outputs[index] = nil
    }
  }
}

extension NetworkForm {
  /// Runs nodes forward.
  /// - Parameters:
  ///   - input: `[N, C, H, W]`, plain; or the input of the first node that runs.
  ///   - extent: What is kept.
  ///   - names: Nodes whose output is kept besides.
  ///   - range: The nodes that run; all where it is not given.
  ///   - algorithm: How convolutions sum.
  /// - Returns: What was kept.
  /// - Throws: Where a kernel fails.
  public func record(
    _ input: DeviceTensor, keeping extent: Recording.Extent, and names: Set<String> = [],
    nodes range: Range<Int>? = nil, algorithm: ConvolutionAlgorithm
  ) throws(KernelFailure) -> Recording {
    let range = range ?? nodes.indices
    if let first = nodes[range].first, Array(input.shape.dropFirst()) != first.inputShape {
      throw KernelFailure(
        kind: .usage,
        "The input of a forward pass has the shape \(input.shape), but \(first.name) takes [N] followed by "
          + "\(first.inputShape)")
    }
    var recording = Recording(form: self, input: input, start: range.lowerBound)
    try extend(&recording, with: range, keeping: extent, and: names, algorithm)
    return recording
  }

  /// Runs the nodes forward in which this form differs from another one.
  /// - Parameters:
  ///   - other: What a form of the same nodes recorded, from the first to the last node.
  ///   - extent: What is kept; not `.logits`, and no more than the other recording kept.
  ///   - algorithm: How convolutions sum.
  /// - Returns: What `record` returns for the same input.
  /// - Throws: Where a kernel fails.
  public func record(
    sharing other: Recording, keeping extent: Recording.Extent, algorithm: ConvolutionAlgorithm
  ) throws(KernelFailure) -> Recording {
    let first = firstDifference(from: other.form)
    // The input of a layer is the output of the node before it.
    guard network == other.form.network, first == other.start || other.output(of: first - 1) != nil
    else {
      throw KernelFailure(
        kind: .usage,
        "A forward pass cannot go on from one of other nodes, or one that kept nothing but logits; record "
          + "the same form and keep gates at least")
    }
    var recording = Recording(form: self, sharing: other, before: first)
    try extend(&recording, with: first..<nodes.count, keeping: extent, and: [], algorithm)
    return recording
  }

  private func extend(
    _ recording: inout Recording, with range: Range<Int>, keeping extent: Recording.Extent,
    and names: Set<String>, _ algorithm: ConvolutionAlgorithm
  ) throws(KernelFailure) {
    guard var signal = recording.input(of: range.lowerBound) else { return }
    var index = range.lowerBound
    while index < range.upperBound {
      let node = nodes[index]
      let next = index + 1
      if extent <= .winners,
        let pooled = try pooledConvolution(
          at: index, on: signal, before: range.upperBound, keeping: extent, and: names, algorithm)
      {
        for _ in index..<pooled.node { recording.append(nil) }
        signal = pooled.output
        recording.append(signal)
        if extent == .logits { recording.forgetAllButLast(and: names) }
        index = pooled.node + 1
        continue
      }
      // The rectifier runs with the node before it unless somebody wants what lies between.
      let fuses =
        next < range.upperBound && nodes[next].operation == .relu && node.isFusedWithRectifier
        && extent < .everything && !names.contains(node.name)
      signal = try run(node, on: signal, rectified: fuses, algorithm)
      if fuses { recording.append(nil) }
      let after = index + (fuses ? 2 : 1)
      let isGate = fuses || !node.isFusedWithRectifier
      let isKept =
        extent == .everything || isGate || after == range.upperBound || names.contains(node.name)
      recording.append(isKept ? signal : nil)
      if extent == .logits { recording.forgetAllButLast(and: names) }
      index = after
    }
  }

  /// Runs two batches forward and keeps everything; dense layers run once for both.
  ///
  /// For few images a dense layer takes as long as its weights take to be read.
  /// - Parameters:
  ///   - first: `[N, C, H, W]`.
  ///   - second: `[M, C, H, W]`.
  ///   - algorithm: How convolutions sum.
  /// - Returns: What `record` returns for each of them.
  /// - Throws: Where a kernel fails.
  func recordTogether(
    _ first: Tensor, _ second: Tensor, algorithm: ConvolutionAlgorithm
  ) throws(KernelFailure) -> (first: Recording, second: Recording) {
    let dense = (nodes.firstIndex { $0.outputShape.count == 1 } ?? nodes.count - 1) + 1
    func below(_ images: Tensor) throws(KernelFailure) -> Recording {
      try record(
        try backend.upload(images), keeping: .everything, nodes: 0..<dense, algorithm: algorithm)
    }
    let (left, right) = (try below(first), try below(second))
    let features = Tensor(
      stacking: [backend.download(left.output), backend.download(right.output)])
    let above = try record(
      try backend.uploadActivation(features), keeping: .everything, nodes: dense..<nodes.count,
      algorithm: algorithm)
    return (
      try left.continued(by: above, rows: 0..<first.rows),
      try right.continued(by: above, rows: first.rows..<first.rows + second.rows)
    )
  }

  private func run(
    _ node: Node, on input: DeviceTensor, rectified: Bool, _ algorithm: ConvolutionAlgorithm
  ) throws(KernelFailure) -> DeviceTensor {
    switch node.operation {
    case .convolution:
      return try backend.convolution(
        input, weights: try weights(of: node), bias: try bias(of: node),
        mode: rectified ? .inferenceWithReLU : .inference, algorithm: algorithm)
    case .dense:
      let output = try backend.dense(
        input, weights: try weights(of: node), bias: try bias(of: node))
      return rectified ? try backend.activate(output, Activation(relu: true)) : output
    case .batchNorm:
      let affine = try affine(of: node)
      let output = try backend.scaleChannels(input, by: affine.scale, adding: affine.shift)
      return rectified ? try backend.activate(output, Activation(relu: true)) : output
    case .relu: return try backend.activate(input, Activation(relu: true))
    case .dropout: return input
    case .maxPool: return try backend.maxPool(input)
    case .flatten: return try backend.flatten(input)
    case .globalAveragePool: return try backend.averagePool(input)
    case .adaptiveAveragePool:
      return try backend.adaptiveAveragePool(
        input, to: Array(node.outputShape.dropFirst()), of: .values)
    }
  }
}

extension Node {
  fileprivate var isFusedWithRectifier: Bool {
    switch operation {
    case .convolution, .dense, .batchNorm: true
    case .relu, .dropout, .maxPool, .flatten, .globalAveragePool, .adaptiveAveragePool: false
    }
  }
}
