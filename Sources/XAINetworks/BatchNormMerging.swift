import XAIKernels
package import XAITensor

extension Network {
  /// The same function with batch norm merged into the linear nodes before it.
  ///
  /// In evaluation batch norm is affine, so `gamma (W x + b - mean) / deviation + beta` is linear in
  /// x: the merge is exact up to rounding.
  /// - Parameter kept: Linear nodes whose batch norm stays a node of its own.
  /// - Returns: The network without the batch-norm nodes that were merged.
  package func mergingBatchNorm(keeping kept: Set<String> = []) -> Network {
    let merged = Set(
      blocks.filter { !kept.contains($0.linear.name) }.compactMap { $0.batchNorm?.name })
    return Network(architecture, nodes: nodes.filter { !merged.contains($0.name) })
  }
}

extension Parameters {
  /// Weight and bias of a linear node with the batch norm that follows it merged, computed in Double.
  /// - Parameters:
  ///   - linear: The convolution or dense node.
  ///   - norm: The batch norm after it; nothing leaves the parameters as they are.
  /// - Returns: `[K, C, k, k]` or `[K, C]`, and `[K]`.
  package func merged(_ linear: Node, with norm: Node?) -> (weight: Tensor, bias: Tensor) {
    let weight = values("\(linear.name).weight")
    let bias = mergedBias(linear, with: norm)
    guard let norm else { return (weight, bias) }
    return (weight.scalingRows(by: evaluationAffine(of: norm).slopes), bias)
  }

  /// The bias alone of `merged(_:with:)`.
  package func mergedBias(_ linear: Node, with norm: Node?) -> Tensor {
    var bias = values("\(linear.name).bias")
    guard let norm else { return bias }
    let (slopes, shifts) = evaluationAffine(of: norm)
    for channel in 0..<slopes.count {
      bias[channel] = Float(Double(bias[channel]) * slopes[channel] + shifts[channel])
    }
    return bias
  }

  /// Batch norm in evaluation as `y = slope x + shift`.
  /// - Parameter norm: A batch-norm node.
  /// - Returns: Slopes `gamma / sqrt(variance + eps)` and shifts `beta - slope mean`, one for each
  ///   channel.
  package func evaluationAffine(of norm: Node) -> (slopes: [Double], shifts: [Double]) {
    let (scale, shift) = (values("\(norm.name).weight"), values("\(norm.name).bias"))
    let (mean, variance) = (
      values("\(norm.name).running_mean"), values("\(norm.name).running_var")
    )
    let slopes = (0..<scale.count).map {
      Double(scale[$0]) / (Double(variance[$0]) + batchNormEpsilon).squareRoot()
    }
    return (slopes, slopes.indices.map { Double(shift[$0]) - slopes[$0] * Double(mean[$0]) })
  }

  /// What batch norm subtracts and multiplies by in evaluation, before gamma and beta.
  /// - Parameter norm: A batch-norm node.
  /// - Returns: Running means and `1 / sqrt(variance + eps)`, one for each channel.
  package func evaluationMoments(of norm: Node) -> (means: [Double], scales: [Double]) {
    let variance = values("\(norm.name).running_var").elements
    return (
      values("\(norm.name).running_mean").elements.map(Double.init),
      variance.map { 1 / (Double($0) + batchNormEpsilon).squareRoot() }
    )
  }

  private func values(_ name: String) -> Tensor { self[name] ?? Tensor(shape: [0]) }
}
