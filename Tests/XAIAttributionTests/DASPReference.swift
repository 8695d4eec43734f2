import Glibc
import XAINetworks
import XAITestSupport

/// Deep Approximate Shapley Propagation in Double, as the paper and its formulas have it.
///
/// Nothing is shared between players, sizes or nodes; batch norm is folded layer by layer.
struct DASPReference {
  /// Wrong rules, for showing that a comparison notices them.
  enum Fault: CaseIterable {
    /// Draws with replacement.
    case withReplacement
    /// Rectifiers take the mean alone.
    case rectifiesMean
    /// Pooling takes the variance of the larger mean.
    case poolsMean
    /// Variances go through W, not through its squares.
    case linearVariance
    /// Coalitions start at size 0 rather than at centres.
    case firstOfParts
  }

  typealias Moments = (mean: ReferenceArray, variance: ReferenceArray)

  let layers: [(name: String, operation: ReferenceNetwork.Operation)]
  let parameters: [String: ReferenceArray]
  var window = 4
  var steps = 3
  var fault: Fault?

  init(_ architecture: Architecture, _ parameters: Parameters) {
    var arrays: [String: ReferenceArray] = [:]
    for name in parameters.names { arrays[name] = parameters[name].map { ReferenceArray($0) } }
    let network = ReferenceNetwork(
      stacks: architecture.stacks.map(\.count), hidden: architecture.hidden.count,
      pooling: architecture.pooling, batchNorm: architecture.batchNorm, parameters: arrays)
    for (linear, norm) in zip(network.layers, network.layers.dropFirst())
    where norm.operation == .batchNorm {
      let weight = network["\(linear.name).weight"]
      let rows = weight.values.count / weight.shape[0]
      for k in 0..<weight.shape[0] {
        let slope =
          network["\(norm.name).weight"].values[k]
          / (network["\(norm.name).running_var"].values[k] + Reference.epsilon).squareRoot()
        for index in k * rows..<(k + 1) * rows {
          arrays["\(linear.name).weight"]?.values[index] *= slope
        }
        let bias = network["\(linear.name).bias"].values[k]
        arrays["\(linear.name).bias"]?.values[k] =
          slope * (bias - network["\(norm.name).running_mean"].values[k])
          + network["\(norm.name).bias"].values[k]
      }
    }
    layers = network.layers.filter { $0.operation != .batchNorm }
    self.parameters = arrays
  }

  /// The map `[1, 1, H, W]` of an image `[1, C, H, W]`.
  func map(_ image: ReferenceArray, baseline: ReferenceArray, target: Int) -> ReferenceArray {
    let (height, width) = (image.shape[2], image.shape[3])
    var map = ReferenceArray([1, 1, height, width])
    let players = players(height, width)
    for player in players.indices {
      let value = value(of: player, among: players, image, baseline, target)
      for (y, x) in players[player] { map[0, 0, y, x] = value / Double(players[player].count) }
    }
    return map
  }

  /// The pixels of each player.
  func players(_ height: Int, _ width: Int) -> [[(Int, Int)]] {
    stride(from: 0, to: height, by: window).flatMap { top in
      stride(from: 0, to: width, by: window).map { left in
        (top..<min(top + window, height)).flatMap { y in
          (left..<min(left + window, width)).map { x in (y, x) }
        }
      }
    }
  }

  /// The centre of each of `steps` parts of 0 ..< players, as NumPy's `array_split` makes them.
  func sizes(_ players: Int) -> [Int] {
    let parts = min(steps, players)
    var (first, sizes) = (0, [Int]())
    for part in 0..<parts {
      let length = players / parts + (part < players % parts ? 1 : 0)
      sizes.append(fault == .firstOfParts ? first : Array(first..<first + length)[length / 2])
      first += length
    }
    return sizes
  }

  func value(
    of player: Int, among players: [[(Int, Int)]], _ image: ReferenceArray,
    _ baseline: ReferenceArray, _ target: Int
  ) -> Double {
    let x = image.combined(with: baseline, -)
    var present = ReferenceArray(x.shape, repeating: 1)
    for (row, column) in players[player] {
      for channel in 0..<x.shape[1] { present[0, channel, row, column] = 0 }
    }
    let sizes = sizes(players.count)
    return sizes.reduce(0) { sum, size in
      let (without, with) = firstLayer(x, present, baseline, size: size, players: players.count)
      let start = (layers.firstIndex { $0.operation != .flatten } ?? 0) + 1
      let outputs = [without, with].map { propagate($0, from: start).mean[0, target] }
      return sum + (outputs[1] - outputs[0]) / Double(sizes.count)
    }
  }

  private func firstLayer(
    _ x: ReferenceArray, _ present: ReferenceArray, _ baseline: ReferenceArray, size: Int,
    players: Int
  ) -> (without: Moments, with: Moments) {
    let isDense = layers[0].operation == .flatten
    let name = layers[isDense ? 1 : 0].name
    let weight = self["\(name).weight"]
    func linear(
      _ input: ReferenceArray, _ weight: ReferenceArray, bias: ReferenceArray? = nil
    ) -> ReferenceArray {
      isDense
        ? Reference.dense(input.reshaped([1, input.values.count]), weight, bias: bias)
        : Reference.convolution(input, weight, bias: bias)
    }
    let others = x.combined(with: present, *)
    let count = linear(present, ReferenceArray(weight.shape, repeating: 1))
    let mean = linear(others, weight).combined(with: count) { $1 == 0 ? 0 : $0 / $1 }
    let second = linear(squared(others), squared(weight))
      .combined(with: count) { $1 == 0 ? 0 : $0 / $1 }
    let share = Double(size) / Double(isDense ? max(players - 1, 1) : players)
    let variance = second.combined(with: squared(mean), -).combined(with: count) {
      let drawn = $1 * share
      let correction = fault == .withReplacement ? 1 : 1 - (drawn - 1) / max($1 - 1, 1)
      return max(1e-5, $0 * drawn * correction)
    }
    let bias = linear(baseline, weight, bias: self["\(name).bias"])
    let without = mean.combined(with: count) { $0 * $1 * share }.combined(with: bias, +)
    let own = linear(x, weight).combined(with: linear(others, weight), -)
    return ((without, variance), (without.combined(with: own, +), variance))
  }

  func propagate(_ input: Moments, from start: Int) -> Moments {
    var moments = input
    for (name, operation) in layers[start...] {
      let (weight, bias) = (self["\(name).weight"], self["\(name).bias"])
      let squares = fault == .linearVariance ? weight : squared(weight)
      switch operation {
      case .convolution:
        moments = (
          Reference.convolution(moments.mean, weight, bias: bias),
          Reference.convolution(moments.variance, squares)
        )
      case .dense:
        moments = (
          Reference.dense(moments.mean, weight, bias: bias),
          Reference.dense(moments.variance, squares)
        )
      case .relu: moments = each(moments, rectified)
      case .maxPool: moments = pooled(moments)
      case .flatten:
        let shape = [moments.mean.shape[0], moments.mean.shape[1...].reduce(1, *)]
        moments = (moments.mean.reshaped(shape), moments.variance.reshaped(shape))
      case .averagePool:
        let positions = Double(moments.mean.shape[2...].reduce(1, *))
        var variance = Reference.averagePool(moments.variance)
        for index in variance.values.indices { variance.values[index] /= positions }
        moments = (Reference.averagePool(moments.mean), variance)
      case .adaptivePool(let extent):
        moments = (
          Reference.adaptivePool(moments.mean, to: extent),
          Reference.adaptivePool(moments.variance, to: extent, power: 2)
        )
      case .batchNorm: break
      }
    }
    return moments
  }

  private func rectified(_ m: Double, _ variance: Double) -> (Double, Double) {
    if fault == .rectifiesMean { return (max(m, 0), variance) }
    return Gaussian.rectified(m, variance)
  }

  private func pooled(_ input: Moments) -> Moments {
    let shape = input.mean.shape
    let small = [shape[0], shape[1], shape[2] / 2, shape[3] / 2]
    var (mean, variance) = (ReferenceArray(small), ReferenceArray(small))
    for image in 0..<small[0] {
      for channel in 0..<small[1] {
        for row in 0..<small[2] {
          for column in 0..<small[3] {
            let window = [(1, 1), (1, 0), (0, 1), (0, 0)].map { y, x in
              (
                input.mean[image, channel, 2 * row + y, 2 * column + x],
                input.variance[image, channel, 2 * row + y, 2 * column + x]
              )
            }
            let result = window.dropFirst().reduce(window[0]) {
              fault == .poolsMean ? ($0.0 > $1.0 ? $0 : $1) : Gaussian.maximum($0, $1)
            }
            mean[image, channel, row, column] = result.0
            variance[image, channel, row, column] = result.1
          }
        }
      }
    }
    return (mean, variance)
  }

  private func each(
    _ moments: Moments, _ function: (Double, Double) -> (Double, Double)
  ) -> Moments {
    let pairs = zip(moments.mean.values, moments.variance.values).map(function)
    let shape = moments.mean.shape
    return (ReferenceArray(shape, pairs.map(\.0)), ReferenceArray(shape, pairs.map(\.1)))
  }

  private func squared(_ array: ReferenceArray) -> ReferenceArray { array.combined(with: array, *) }

  private subscript(name: String) -> ReferenceArray { parameters[name] ?? ReferenceArray([0]) }
}

/// Formulas of Gaussians, literally, with the error function of the C library.
enum Gaussian {
  static func density(_ z: Double) -> Double { exp(-z * z / 2) / (2 * Double.pi).squareRoot() }
  static func distribution(_ z: Double) -> Double { erfc(-z / 2.0.squareRoot()) / 2 }

  /// Mean and variance of `max(x, 0)`.
  static func rectified(_ m: Double, _ variance: Double) -> (Double, Double) {
    let v = max(variance, 1e-4)
    let s = v.squareRoot()
    let mean = m * distribution(m / s) + s * density(m / s)
    return (mean, (m * m + v) * distribution(m / s) + m * s * density(m / s) - mean * mean)
  }

  /// Mean and variance of the larger of two (Clark 1961).
  static func maximum(
    _ a: (mean: Double, variance: Double), _ b: (mean: Double, variance: Double)
  ) -> (Double, Double) {
    let theta = max(a.variance + b.variance, 1e-5).squareRoot()
    let alpha = (a.mean - b.mean) / theta
    let (p, d) = (distribution(alpha), density(alpha))
    let mean = theta * d + (a.mean - b.mean) * p + b.mean
    let second =
      (a.mean + b.mean) * theta * d + (a.mean * a.mean + a.variance) * p
      + (b.mean * b.mean + b.variance) * (1 - p)
    return (mean, second - mean * mean)
  }
}
