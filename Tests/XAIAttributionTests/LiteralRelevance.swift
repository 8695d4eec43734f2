import XAITestSupport

/// Relevance propagation in Double, as literal as the definitions.
///
/// The alpha-beta rule and RAP follow the released code of Nam et al. 2020 statement by statement: the
/// forward pass is kept, every division is `safeDivide`, every gradient is computed as such. Batch norm
/// passes relevance on (their 1e-9 left out).
struct LiteralRelevance {
  enum Rule {
    case alphaBeta(Double)
    case zPlus
    case epsilon(Double)
    case rap
  }

  let network: ReferenceNetwork
  let rule: Rule

  // The seed is what enters at the targets; nothing stands for the logit.
  func maps(_ images: ReferenceArray, targets: [Int], seed: Double? = 1) -> ReferenceArray {
    let outputs = network.evaluate(images)
    let logits = outputs[outputs.count - 1]
    var relevance = ReferenceArray(logits.shape)
    for (image, target) in targets.enumerated() {
      relevance[image, target] = seed ?? logits[image, target]
    }
    for index in network.layers.indices.reversed() {
      let (name, operation) = network.layers[index]
      let input = index == 0 ? images : outputs[index - 1]
      let layer = Layer(
        name: name, operation: operation, input: input, output: outputs[index],
        weights: network["\(name).weight"], bias: network["\(name).bias"],
        isFirst: index == 0, isLast: index == network.layers.count - 1)
      relevance = propagate(relevance, layer)
    }
    return relevance
  }

  private func propagate(_ relevance: ReferenceArray, _ layer: Layer) -> ReferenceArray {
    switch (layer.operation, rule) {
    case (.relu, _): return relevance
    case (.flatten, _): return relevance.reshaped(layer.input.shape)
    case (.batchNorm, .epsilon(let epsilon)):
      return layer.epsilonThroughBatchNorm(
        relevance, epsilon, variance: network["\(layer.name).running_var"])
    case (.batchNorm, _): return relevance
    case (.maxPool, .epsilon(let epsilon)):
      let shares = relevance.combined(with: layer.output) { $0 / stabilised($1, epsilon) }
      return layer.input.combined(
        with: Reference.maxPoolGradient(shares, input: layer.input), *)
    case (.maxPool, _):
      let shares = safeDivide(relevance, layer.output)
      return layer.input.combined(
        with: Reference.maxPoolGradient(shares, input: layer.input), *)
    case (.convolution, .alphaBeta) where layer.isFirst,
      (.convolution, .rap) where layer.isFirst:
      return layer.bounded(relevance)
    case (_, .alphaBeta(let alpha)): return layer.alphaBeta(relevance, alpha)
    case (_, .zPlus): return layer.zPlus(relevance)
    case (_, .epsilon(let epsilon)): return layer.epsilon(relevance, epsilon)
    case (_, .rap): return layer.isLast ? layer.lastRAP(relevance) : layer.rap(relevance)
    }
  }
}

/// One layer with what its forward pass saw.
private struct Layer {
  let name: String
  let operation: ReferenceNetwork.Operation
  let input: ReferenceArray
  let output: ReferenceArray
  let weights: ReferenceArray
  let bias: ReferenceArray
  let isFirst: Bool
  let isLast: Bool

  func apply(_ input: ReferenceArray, _ weights: ReferenceArray) -> ReferenceArray {
    operation == .convolution
      ? Reference.convolution(input, weights) : Reference.dense(input, weights)
  }

  func gradient(_ signal: ReferenceArray, _ weights: ReferenceArray) -> ReferenceArray {
    operation == .convolution
      ? Reference.convolutionInputGradient(signal, weights)
      : Reference.denseInputGradient(signal, weights)
  }

  /// `F(w1, w2)` of the released code: positive and negative inputs each by their own sum.
  func alphaBeta(_ relevance: ReferenceArray, _ alpha: Double) -> ReferenceArray {
    func f(_ w1: ReferenceArray, _ w2: ReferenceArray) -> ReferenceArray {
      let (x1, x2) = (positive(input), negative(input))
      let c1 = x1 * gradient(safeDivide(relevance, apply(x1, w1)), w1)
      let c2 = x2 * gradient(safeDivide(relevance, apply(x2, w2)), w2)
      return c1 + c2
    }
    let (pw, nw) = (positive(weights), negative(weights))
    return alpha * f(pw, nw) + (1 - alpha) * f(nw, pw)
  }

  func zPlus(_ relevance: ReferenceArray) -> ReferenceArray {
    let (x1, x2) = (positive(input), negative(input))
    let (pw, nw) = (positive(weights), negative(weights))
    let shares = safeDivide(relevance, apply(x1, pw) + apply(x2, nw))
    return x1 * gradient(shares, pw) + x2 * gradient(shares, nw)
  }

  func epsilon(_ relevance: ReferenceArray, _ epsilon: Double) -> ReferenceArray {
    input
      * gradient(
        relevance.combined(with: output) { $0 / stabilised($1, epsilon) }, weights)
  }

  func epsilonThroughBatchNorm(
    _ relevance: ReferenceArray, _ epsilon: Double, variance: ReferenceArray
  ) -> ReferenceArray {
    var result = ReferenceArray(relevance.shape)
    let channels = relevance.shape[1]
    let plane = relevance.shape.dropFirst(2).reduce(1, *)
    for index in result.values.indices {
      let channel = index / plane % channels
      let slope = weights.values[channel] / (variance.values[channel] + 1e-5).squareRoot()
      result.values[index] =
        input.values[index] * slope * relevance.values[index]
        / stabilised(output.values[index], epsilon)
    }
    return result
  }

  /// z^B with the smallest and largest value of each image.
  func bounded(_ relevance: ReferenceArray) -> ReferenceArray {
    var (low, high) = (input, input)
    let size = input.values.count / input.shape[0]
    for image in 0..<input.shape[0] {
      let range = image * size..<(image + 1) * size
      let values = input.values[range]
      for index in range {
        low.values[index] = values.min() ?? 0
        high.values[index] = values.max() ?? 0
      }
    }
    let (pw, nw) = (positive(weights), negative(weights))
    let z = apply(input, weights) + -1 * apply(low, pw) + -1 * apply(high, nw)
    let shares = safeDivide(relevance, z)
    return input * gradient(shares, weights) + -1 * (low * gradient(shares, pw))
      + -1 * (high * gradient(shares, nw))
  }

  /// The step of RAP at the logits.
  func lastRAP(_ seed: ReferenceArray) -> ReferenceArray {
    var result = ReferenceArray(input.shape)
    let count = input.shape[1]
    for image in 0..<input.shape[0] {
      for unit in 0..<seed.shape[1] where seed[image, unit] != 0 {
        var (pp, nn, np, pn) = (0.0, 0.0, 0.0, 0.0)
        for j in 0..<count {
          let (a, w) = (input[image, j], weights[unit, j])
          pp += max(a, 0) * max(w, 0)
          nn += min(a, 0) * min(w, 0)
          np += max(a, 0) * min(w, 0)
          pn += min(a, 0) * max(w, 0)
        }
        let (support, opposition) = (pp + nn, np + pn)
        let bias = safeDivide(bias.values[unit], support + opposition)
        var contributions: [Double] = []
        for j in 0..<count {
          let (a, w) = (input[image, j], weights[unit, j])
          contributions.append(
            a * w + max(a, 0) * max(w, 0) * safeDivide(bias * support, pp)
              + max(a, 0) * min(w, 0) * safeDivide(bias * opposition, np))
        }
        let magnitude = contributions.reduce(0) { $0 + abs($1) }
        for j in 0..<count {
          result[image, j] +=
            seed[image, unit] * output[image, unit] * safeDivide(abs(contributions[j]), magnitude)
        }
      }
    }
    return result
  }

  /// The step of RAP in hidden layers; `pos_prop` of the released code, once for each sign of inputs.
  func rap(_ relevance: ReferenceArray) -> ReferenceArray {
    let mask = ReferenceArray(relevance.shape, relevance.values.map { $0 == 0 ? 0 : 1 })
    let (pw, nw) = (positive(weights), negative(weights))
    func propagate(_ x: ReferenceArray, _ sign: Double) -> ReferenceArray {
      let z1 = sign * (apply(x, pw) * mask)
      let z2 = -sign * (apply(x, nw) * mask)
      func c1(_ r: ReferenceArray) -> ReferenceArray {
        x * (sign * gradient(safeDivide(r * safeDivide(z1 + z2, z1 + z2), z1) * mask, pw))
      }
      func c2(_ r: ReferenceArray, _ share: ReferenceArray) -> ReferenceArray {
        x * (-sign * gradient(safeDivide(r * share, z2) * mask, nw))
      }
      let (supported, opposed) = (positive(relevance), negative(relevance))
      let share = safeDivide(z2, z1 + z2)
      let whole = safeDivide(z1 + z2, z1 + z2)
      let negatives = operation == .dense ? c1(opposed) : c2(opposed, whole)
      let c = c1(supported) + c2(supported, share) + negatives + c2(opposed, share)
      return shifted(c, to: relevance)
    }
    return propagate(positive(input), 1) + propagate(negative(input), -1)
  }

  private func shifted(_ c: ReferenceArray, to relevance: ReferenceArray) -> ReferenceArray {
    var result = c
    let images = c.shape[0]
    let (size, total) = (c.values.count / images, relevance.values.count / images)
    for image in 0..<images {
      let range = image * size..<(image + 1) * size
      let wanted = relevance.values[image * total..<(image + 1) * total].reduce(0, +)
      let nonzero = c.values[range].count { $0 != 0 }
      let shift = safeDivide(c.values[range].reduce(0, +) - wanted, Double(nonzero))
      for index in range where c.values[index] != 0 { result.values[index] -= shift }
    }
    return result
  }
}

private func safeDivide(_ a: Double, _ b: Double) -> Double { b == 0 ? 0 : a / b }

private func safeDivide(_ a: ReferenceArray, _ b: ReferenceArray) -> ReferenceArray {
  a.combined(with: b, safeDivide)
}

private func stabilised(_ z: Double, _ epsilon: Double) -> Double {
  z + (z < 0 ? -epsilon : epsilon)
}

private func positive(_ x: ReferenceArray) -> ReferenceArray {
  ReferenceArray(x.shape, x.values.map { max($0, 0) })
}

private func negative(_ x: ReferenceArray) -> ReferenceArray {
  ReferenceArray(x.shape, x.values.map { min($0, 0) })
}

extension ReferenceArray {
  fileprivate static func + (left: ReferenceArray, right: ReferenceArray) -> ReferenceArray {
    left.combined(with: right, +)
  }

  fileprivate static func * (left: ReferenceArray, right: ReferenceArray) -> ReferenceArray {
    left.combined(with: right, *)
  }

  fileprivate static func * (factor: Double, right: ReferenceArray) -> ReferenceArray {
    ReferenceArray(right.shape, right.values.map { factor * $0 })
  }
}
