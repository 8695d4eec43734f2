import XAINetworks
import XAITensor
import XAITestSupport

/// DeepLIFT in Double, layer by layer and as literally as the paper, batch norm as a layer of its own.
struct DeepLIFTReference {
  /// Wrong rules, for showing that a comparison notices them.
  enum Fault: CaseIterable {
    /// Max pooling has its plain gradient, as in Captum 0.6 to 0.9.
    case poolGradient
    /// Rectifiers have their plain gradient.
    case rectifierGradient
    /// Negative slopes of batch norm do not exchange the positive and the negative part.
    case unexchanged
    /// The negative part of a rectifier has the slope of the positive part.
    case onePart
  }

  let network: ReferenceNetwork
  var fault: Fault?

  init(_ architecture: Architecture, _ parameters: Parameters, fault: Fault? = nil) {
    let arrays = parameters.names.compactMap { name in
      parameters[name].map { (name, ReferenceArray($0)) }
    }
    network = ReferenceNetwork(
      stacks: architecture.stacks.map(\.count), hidden: architecture.hidden.count,
      pooling: architecture.pooling, batchNorm: architecture.batchNorm,
      parameters: Dictionary(uniqueKeysWithValues: arrays))
    self.fault = fault
  }

  /// A multiplier of 1 at each target.
  private func seed(_ logits: ReferenceArray, _ targets: [Int]) -> ReferenceArray {
    var seed = ReferenceArray(logits.shape)
    for (image, target) in targets.enumerated() { seed[image, target] = 1 }
    return seed
  }

  /// `gamma / sqrt(variance + eps)` of a batch norm.
  private func slopes(_ name: String) -> [Double] {
    zip(network["\(name).weight"].values, network["\(name).running_var"].values)
      .map { $0 / ($1 + Reference.epsilon).squareRoot() }
  }

  private func scaled(_ array: ReferenceArray, _ factors: [Double]) -> ReferenceArray {
    let plane = array.shape.dropFirst(2).reduce(1, *)
    return ReferenceArray(
      array.shape,
      array.values.enumerated().map { $1 * factors[$0 / plane % factors.count] })
  }

  // MARK: Rescale

  func rescale(
    _ images: ReferenceArray, _ baselines: ReferenceArray, _ targets: [Int]
  ) -> ReferenceArray {
    let (x, x0) = ([images] + network.evaluate(images), [baselines] + network.evaluate(baselines))
    var m = seed(x[x.count - 1], targets)
    for index in network.layers.indices.reversed() {
      let (name, operation) = network.layers[index]
      let weight = network["\(name).weight"]
      switch operation {
      case .dense: m = Reference.denseInputGradient(m, weight)
      case .convolution: m = Reference.convolutionInputGradient(m, weight)
      case .flatten: m = m.reshaped(x[index].shape)
      case .averagePool: m = Reference.averagePoolGradient(m, input: x[index])
      case .adaptivePool: m = Reference.adaptivePoolGradient(m, input: x[index])
      case .batchNorm: m = scaled(m, slopes(name))
      case .relu:
        for element in m.values.indices {
          let (a, a0) = (x[index].values[element], x0[index].values[element])
          let isGradient = abs(a - a0) < 1e-10 || fault == .rectifierGradient
          m.values[element] *=
            isGradient ? (a > 0 ? 1 : 0) : (max(a, 0) - max(a0, 0)) / (a - a0)
        }
      case .maxPool:
        m =
          fault == .poolGradient
          ? Reference.maxPoolGradient(m, input: x[index])
          : Self.rescaledPool(m, x[index], x0[index])
      }
    }
    return m.combined(with: images.combined(with: baselines, -), *)
  }

  /// Semantics of Captum 0.2 to 0.5: `u / d`, where u is unpooled from both maxima.
  static func rescaledPool(
    _ m: ReferenceArray, _ x: ReferenceArray, _ x0: ReferenceArray
  ) -> ReferenceArray {
    let (y, y0) = (Reference.maxPool(x), Reference.maxPool(x0))
    let larger = y.combined(with: y0) { max($0, $1) }
    let toX = Reference.maxPoolGradient(m.combined(with: larger.combined(with: y0, -), *), input: x)
    let toX0 = Reference.maxPoolGradient(
      m.combined(with: y.combined(with: larger, -), *), input: x0)
    let u = toX.combined(with: toX0, +)
    let gradient = Reference.maxPoolGradient(m, input: x)
    let d = x.combined(with: x0, -)
    return ReferenceArray(
      x.shape,
      d.values.indices.map {
        abs(d.values[$0]) >= 1e-10 ? u.values[$0] / d.values[$0] : gradient.values[$0]
      })
  }

  // MARK: RevealCancel

  private typealias Pair = (positive: ReferenceArray, negative: ReferenceArray)

  private func linear(
    _ operation: ReferenceNetwork.Operation, _ input: ReferenceArray, _ weight: ReferenceArray
  ) -> ReferenceArray {
    if case .dense = operation { return Reference.dense(input, weight) }
    return Reference.convolution(input, weight)
  }

  private func transposed(
    _ operation: ReferenceNetwork.Operation, _ m: ReferenceArray, _ weight: ReferenceArray
  ) -> ReferenceArray {
    if case .dense = operation { return Reference.denseInputGradient(m, weight) }
    return Reference.convolutionInputGradient(m, weight)
  }

  private func parts(_ array: ReferenceArray) -> Pair {
    (
      ReferenceArray(array.shape, array.values.map { max($0, 0) }),
      ReferenceArray(array.shape, array.values.map { min($0, 0) })
    )
  }

  /// `y+ / p` and `y- / n` of every rectifier, by the index of its layer.
  private func rectifierSlopes(_ x: [ReferenceArray], _ x0: [ReferenceArray]) -> [Int: Pair] {
    var result: [Int: Pair] = [:]
    var pair: Pair = (x[0], x[0])
    for (index, (name, operation)) in network.layers.enumerated() {
      switch operation {
      case .convolution, .dense:
        let d = parts(x[index].combined(with: x0[index], -))
        let w = parts(network["\(name).weight"])
        func sum(_ first: ReferenceArray, _ second: ReferenceArray) -> ReferenceArray {
          linear(operation, d.positive, first)
            .combined(with: linear(operation, d.negative, second), +)
        }
        pair = (sum(w.positive, w.negative), sum(w.negative, w.positive))
      case .batchNorm:
        let (up, down) = (slopes(name).map { max($0, 0) }, slopes(name).map { min($0, 0) })
        func mix(_ kept: ReferenceArray, _ exchanged: ReferenceArray) -> ReferenceArray {
          scaled(kept, up).combined(with: scaled(exchanged, down), +)
        }
        pair =
          fault == .unexchanged
          ? (scaled(pair.positive, slopes(name)), scaled(pair.negative, slopes(name)))
          : (mix(pair.positive, pair.negative), mix(pair.negative, pair.positive))
      case .relu:
        var slope: Pair = pair
        for element in pair.positive.values.indices {
          let (p, n) = (
            Self.pseudo(pair.positive.values[element]), Self.pseudo(pair.negative.values[element])
          )
          let start = x0[index].values[element]
          func f(_ value: Double) -> Double { max(value, 0) }
          let gain = 0.5 * (f(start + p) - f(start)) + 0.5 * (f(start + n + p) - f(start + n))
          let loss = 0.5 * (f(start + n) - f(start)) + 0.5 * (f(start + p + n) - f(start + p))
          slope.positive.values[element] = gain / p
          slope.negative.values[element] = fault == .onePart ? gain / p : loss / n
        }
        result[index] = slope
      case .maxPool, .flatten, .averagePool, .adaptivePool: continue
      }
    }
    return result
  }

  /// Contributions near 0 count as 1e-7 more.
  private static func pseudo(_ value: Double) -> Double {
    abs(value) < 5e-8 ? value + (value < 0 ? -1e-7 : 1e-7) : value
  }

  func revealCancel(
    _ images: ReferenceArray, _ baselines: ReferenceArray, _ targets: [Int],
    poolByRescale: Bool = false
  ) -> ReferenceArray {
    let (x, x0) = ([images] + network.evaluate(images), [baselines] + network.evaluate(baselines))
    let rectifiers = rectifierSlopes(x, x0)
    var m: Pair = (seed(x[x.count - 1], targets), seed(x[x.count - 1], targets))
    for index in network.layers.indices.reversed() {
      let (name, operation) = network.layers[index]
      func both(_ body: (ReferenceArray) -> ReferenceArray) -> Pair {
        (body(m.positive), body(m.negative))
      }
      switch operation {
      case .flatten: m = both { $0.reshaped(x[index].shape) }
      case .averagePool: m = both { Reference.averagePoolGradient($0, input: x[index]) }
      case .adaptivePool: m = both { Reference.adaptivePoolGradient($0, input: x[index]) }
      case .maxPool:
        m = both {
          poolByRescale
            ? Self.rescaledPool($0, x[index], x0[index])
            : Reference.maxPoolGradient($0, input: x[index])
        }
      case .relu:
        guard let slope = rectifiers[index] else { continue }
        m = (
          m.positive.combined(with: slope.positive, *), m.negative.combined(with: slope.negative, *)
        )
      case .batchNorm:
        let (up, down) = (slopes(name).map { max($0, 0) }, slopes(name).map { min($0, 0) })
        m = (
          scaled(m.positive, up).combined(with: scaled(m.negative, down), +),
          scaled(m.positive, down).combined(with: scaled(m.negative, up), +)
        )
      case .convolution, .dense:
        let w = parts(network["\(name).weight"])
        let d = x[index].combined(with: x0[index], -)
        func sum(_ first: ReferenceArray, _ second: ReferenceArray) -> ReferenceArray {
          transposed(operation, m.positive, first)
            .combined(with: transposed(operation, m.negative, second), +)
        }
        let (up, down) = (sum(w.positive, w.negative), sum(w.negative, w.positive))
        let merged = ReferenceArray(
          d.shape,
          d.values.indices.map { element in
            switch d.values[element] {
            case let value where value > 0: up.values[element]
            case let value where value < 0: down.values[element]
            default: (up.values[element] + down.values[element]) / 2
            }
          })
        m = (merged, merged)
      }
    }
    let d = parts(images.combined(with: baselines, -))
    return m.positive.combined(with: d.positive, *)
      .combined(with: m.negative.combined(with: d.negative, *), +)
  }
}
