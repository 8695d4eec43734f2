public import XAIAttribution
import XAIKernels
import XAINetworks
public import XAITensor

/// What a picture is to excite.
public enum FeatureObjective: Sendable, Equatable {
  /// The logit of a class.
  case logit(Int)
  /// The mean of a channel over its positions, `conv10_relu:37`; of a dense layer the unit.
  case channel(layer: String, unit: Int)
  /// A channel at the middle of its map.
  case center(layer: String, unit: Int)
  /// The product of a layer's flattened output with a vector, such as a concept's.
  case direction(layer: String, [Double])
}

/// Evaluates an objective and its gradient by images.
public struct FeatureEvaluator {
  private let form: NetworkForm
  private let nodes: Range<Int>
  private let weights: Tensor

  /// Prepares an objective.
  /// - Parameters:
  ///   - objective: What is to be excited.
  ///   - network: The network.
  /// - Throws: `RepresentationFailure` where layer, unit or class do not exist.
  public init(
    _ objective: FeatureObjective, of network: ExplainedNetwork
  ) throws(RepresentationFailure) {
    let layer =
      switch objective {
      case .logit: network.network.logitLayer
      case .channel(let layer, _), .center(let layer, _), .direction(let layer, _): layer
      }
    form = network.form(showing: [layer])
    let index = try form.place(of: layer)
    nodes = 0..<index + 1
    let node = form.nodes[index]
    weights = try objective.weights(of: node.outputShape, layer: node.name)
  }

  /// The objective of images and its gradient.
  /// - Parameter images: `[n, C, H, W]`, normalized.
  /// - Returns: The sum over images, and `[n, C, H, W]`.
  /// - Throws: `RepresentationFailure` where numbers overflow, or what a kernel throws.
  public func valueAndGradient(at images: Tensor) throws -> (value: Double, gradient: Tensor) {
    let (values, gradient) = try valuesAndGradients(at: images)
    return (values.reduce(0, +), gradient)
  }

  /// The objective of each image and its gradient.
  /// - Parameter images: `[n, C, H, W]`, normalized.
  /// - Returns: One value for each image, and `[n, C, H, W]`.
  /// - Throws: `RepresentationFailure` where numbers overflow, or what a kernel throws.
  public func valuesAndGradients(
    at images: Tensor
  ) throws -> (values: [Double], gradients: Tensor) {
    let recording = try record(images)
    let values = try values(of: recording)
    let seed = weights.rows(at: Array(repeating: 0, count: images.rows))
    let signal = try BackwardWalk(Composite(), algorithm: .direct).signal(
      from: try form.backend.uploadActivation(seed), of: recording)
    let gradients = form.backend.download(signal)
    guard gradients.isFinite else { throw RepresentationFailure(.notFinite("the gradient")) }
    return (values, gradients)
  }

  /// The objective of each image.
  /// - Parameter images: `[n, C, H, W]`, normalized.
  /// - Returns: One value for each.
  /// - Throws: `RepresentationFailure` where numbers overflow, or what a kernel throws.
  public func values(at images: Tensor) throws -> [Double] {
    try values(of: try record(images))
  }

  private func record(_ images: Tensor) throws -> Recording {
    try form.record(
      try form.backend.upload(images), keeping: .gates, nodes: nodes, algorithm: .direct)
  }

  private func values(of recording: Recording) throws(RepresentationFailure) -> [Double] {
    let outputs = form.backend.download(recording.output)
    let values = outputs.withUnsafeElements { outputs in
      weights.withUnsafeElements { weights in
        (0..<recording.batch).map { image in
          weights.indices.reduce(0.0) {
            $0 + Double(weights[$1]) * Double(outputs[image * weights.count + $1])
          }
        }
      }
    }
    guard values.allSatisfy(\.isFinite) else {
      throw RepresentationFailure(.notFinite("the objective"))
    }
    return values
  }
}

extension FeatureObjective {
  /// What each element of the layer's output counts, `[1, ...]`.
  func weights(of shape: [Int], layer: String) throws(RepresentationFailure) -> Tensor {
    var weights = Tensor(shape: [1] + shape)
    let area = shape.dropFirst().reduce(1, *)
    func require(_ unit: Int) throws(RepresentationFailure) {
      guard 0..<shape[0] ~= unit else {
        throw RepresentationFailure(.unknownUnit(unit, layer: layer, count: shape[0]))
      }
    }
    switch self {
    case .logit(let target):
      guard 0..<shape[0] ~= target else {
        throw RepresentationFailure(.unknownClass(target, count: shape[0]))
      }
      weights[0, target] = 1
    case .channel(_, let unit):
      try require(unit)
      weights.withUnsafeMutableElements { elements in
        for position in unit * area..<(unit + 1) * area { elements[position] = 1 / Float(area) }
      }
    case .center(_, let unit):
      try require(unit)
      let middle = shape.count == 3 ? shape[1] / 2 * shape[2] + shape[2] / 2 : 0
      weights.withUnsafeMutableElements { $0[unit * area + middle] = 1 }
    case .direction(_, let vector):
      guard vector.count == weights.count else {
        throw RepresentationFailure(
          .shape(of: "the direction", found: [vector.count], expected: "\(weights.count) numbers"))
      }
      weights = Tensor(shape: [1] + shape, vector.map { Float($0) })
    }
    return weights
  }
}
