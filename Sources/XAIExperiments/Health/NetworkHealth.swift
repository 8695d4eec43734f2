public import XAIAttribution
import XAIKernels
import XAINetworks
public import XAITensor

/// Whether a network still computes something: a line for each step of a randomization test.
///
/// The explanation of a network whose signal has died or overflowed says nothing about the method that
/// made it, so such a step is reported.
public struct NetworkHealth: Sendable, Equatable, Codable {
  /// The share of rectifiers of one layer that never let anything pass.
  public struct DeadRectifiers: Sendable, Equatable, Codable {
    /// The layer, such as `conv1` or `fc1`.
    public var layer: String
    /// Channels that are 0 at every position of every image, or units that are 0 for every image,
    /// divided by all of the layer.
    public var share: Double
  }

  /// How many images were looked at.
  public var images: Int
  /// The largest logit of an image minus the smallest, mean over images.
  public var logitSpread: Double
  /// How much the logits depend on the image: the standard deviation of each logit over images, mean
  /// over logits.
  public var logitVariation: Double
  /// The entropy of the softmax in nats, mean over images; at most the logarithm of the number of classes.
  public var predictionEntropy: Double
  /// For each layer with a rectifier, from the input up.
  public var deadRectifiers: [DeadRectifiers]
  /// The share of images whose largest logit is the one of their label; nothing without labels.
  public var accuracy: Double?
  /// The Euclidean length of the gradient of the explained logit by the image, mean over the explained
  /// images; nothing where none were given.
  public var gradientNorm: Double?
  /// Whether a logit or gradient is NaN or infinite; the numbers above leave such images out.
  public var overflows: Bool

  /// What is wrong, as clauses for a report; none for a healthy network.
  ///
  /// A network has collapsed where it overflows, where all rectifiers of a layer are dead, where its
  /// logits are the same for all images (their variation is below 1e-6 of their spread, or there is no spread)
  /// or where no gradient arrives at the image.
  public var problems: [String] {
    var problems: [String] = []
    if overflows { problems.append("logits or gradients are NaN or infinite") }
    for layer in deadRectifiers where layer.share == 1 {
      problems.append("every rectifier of \(layer.layer) is dead")
    }
    if !overflows, logitSpread == 0 { problems.append("all logits are equal") }
    if !overflows, images > 1, logitSpread > 0, logitVariation <= 1e-6 * logitSpread {
      problems.append("the logits are the same for all images")
    }
    if gradientNorm == 0 { problems.append("no gradient arrives at the image") }
    return problems
  }
}

extension NetworkHealth {
  /// Looks at a network.
  /// - Parameters:
  ///   - network: The network.
  ///   - images: `[N, C, H, W]`, normalised; a few hundred for a useful accuracy.
  ///   - labels: Their classes, or nothing.
  ///   - explained: The images whose gradient is measured, with the logits it is of; or nothing.
  ///   - context: Memory, interruption.
  /// - Returns: Its health, the same at any memory and number of threads up to rounding.
  /// - Throws: `KernelFailure` or `AttributionStopped`.
  public static func measure(
    _ network: ExplainedNetwork, on images: Tensor, labels: [Int]? = nil,
    gradientsOf explained: AttributionRequest? = nil,
    in context: AttributionContext = AttributionContext()
  ) throws -> NetworkHealth {
    let family = NetworkFamily(
      base: network, members: [.init(network, targets: explained?.targets ?? [])])
    return try measure(family, on: images, labels: labels, gradientsOf: explained, in: context)[0]
  }

  /// Looks at networks that have layers in common.
  /// - Parameters:
  ///   - family: The networks, with the logits that gradients are of.
  ///   - images: `[N, C, H, W]`, normalised.
  ///   - labels: Their classes, or nothing.
  ///   - explained: The images whose gradient is measured, or nothing; its targets are not used.
  ///   - context: Memory, interruption.
  /// - Returns: The health of each member.
  /// - Throws: `KernelFailure` or `AttributionStopped`.
  public static func measure(
    _ family: NetworkFamily, on images: Tensor, labels: [Int]? = nil,
    gradientsOf explained: AttributionRequest? = nil,
    in context: AttributionContext = AttributionContext()
  ) throws -> [NetworkHealth] {
    precondition(labels == nil || labels?.count == images.rows, "one label for each image")
    let (base, backend) = (family.base.merged(), family.base.backend)
    let forms = family.members.map { $0.network.merged() }
    var logits = forms.map { _ in [Tensor]() }
    var active = forms.map { ActiveChannels(of: $0) }
    try context.forEachPart(
      of: images.rows, bytesEach: 2 * base.bytesPerImage(keeping: .gates), walksEach: 1
    ) { range in
      let common = try base.record(
        try backend.upload(images.rows(range)), keeping: .gates, algorithm: .fastest)
      let known = try ActiveChannels.Known(common)
      for (index, form) in forms.enumerated() {
        if context.isStopped() { throw AttributionStopped() }
        let recording = try form.record(sharing: common, keeping: .gates, algorithm: .fastest)
        logits[index].append(backend.download(recording.output))
        try active[index].add(recording, known)
      }
    }
    var healths = zip(logits, active).map { logits, active in
      NetworkHealth(
        images.rows, LogitStatistics(Tensor(stacking: logits), labels: labels), active)
    }
    guard let explained else { return healths }
    let gradients = try InputGradient().attribute(explained, on: family, in: context)
    for (index, gradient) in gradients.enumerated() {
      let norms = gradient.maps.rowNorms
      let finite = norms.filter(\.isFinite)
      healths[index].overflows = healths[index].overflows || finite.count < norms.count
      healths[index].gradientNorm =
        finite.isEmpty ? nil : finite.reduce(0, +) / Double(finite.count)
    }
    return healths
  }

  private init(_ images: Int, _ logits: LogitStatistics, _ active: ActiveChannels) {
    self.init(
      images: images, logitSpread: logits.spread, logitVariation: logits.variation,
      predictionEntropy: logits.entropy, deadRectifiers: active.dead, accuracy: logits.accuracy,
      gradientNorm: nil, overflows: logits.overflows)
  }
}

/// Which channels of each rectifier were positive anywhere.
private struct ActiveChannels {
  private var layers: [(node: Int, layer: String, isActive: [Bool])] = []

  init(of form: NetworkForm) {
    for (index, node) in form.nodes.enumerated() where node.operation == .relu {
      let layer = form.nodes[..<index].last {
        $0.operation == .convolution || $0.operation == .dense
      }
      layers.append(
        (index, layer?.name ?? node.name, Array(repeating: false, count: node.outputShape[0])))
    }
  }

  mutating func add(_ recording: Recording, _ known: Known) throws(KernelFailure) {
    for position in layers.indices {
      let node = layers[position].node
      guard let output = recording.output(of: node) else { continue }
      let flags = try known.flags(of: output, at: node, on: recording.form.backend)
      for channel in flags.indices where flags[channel] {
        layers[position].isActive[channel] = true
      }
    }
  }

  /// What other networks need not look at again where they share outputs with one.
  struct Known {
    private var nodes: [Int: (output: DeviceTensor, flags: [Bool])] = [:]

    init(_ recording: Recording) throws(KernelFailure) {
      for (index, node) in recording.form.nodes.enumerated() where node.operation == .relu {
        guard let output = recording.output(of: index) else { continue }
        nodes[index] = (output, try Self.flags(of: output, on: recording.form.backend))
      }
    }

    func flags(
      of output: DeviceTensor, at node: Int, on backend: any Backend
    ) throws(KernelFailure) -> [Bool] {
      if let known = nodes[node], known.output === output { return known.flags }
      return try Self.flags(of: output, on: backend)
    }

    /// A rectifier's output is never negative, so its mean is 0 only where all of it is.
    private static func flags(
      of output: DeviceTensor, on backend: any Backend
    ) throws(KernelFailure) -> [Bool] {
      backend.download(try backend.channelMoments(output).mean).elements.map { $0 != 0 }
    }
  }

  var dead: [NetworkHealth.DeadRectifiers] {
    layers.map { layer in
      let dead = layer.isActive.count { !$0 }
      return NetworkHealth.DeadRectifiers(
        layer: layer.layer, share: Double(dead) / Double(max(layer.isActive.count, 1)))
    }
  }
}

extension Tensor {
  /// The Euclidean length of each row, in Double; NaN or infinite where an element is.
  fileprivate var rowNorms: [Double] {
    withUnsafeElements { elements in
      (0..<rows).map { row in
        elements[row * rowCount..<(row + 1) * rowCount]
          .reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      }
    }
  }
}
