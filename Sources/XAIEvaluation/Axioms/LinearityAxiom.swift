import XAIAttribution
import XAINetworks
import XAITensor

extension MethodAxioms {
  /// Linearity: the map of `a f_i + b f_j` must be `a M_i + b M_j`, i the target and j another class.
  ///
  /// The last layer gets a row that is this combination.
  ///
  /// Source: Sundararajan et al. 2017.
  /// - Parameters:
  ///   - others: The other class of each image.
  ///   - weights: a and b.
  /// - Returns: The relative distance for each image; `nil` where the combined map is zero.
  /// - Throws: What the method throws; `EvaluationFailure` where there are no such classes.
  public func linearity(
    against others: [Int], weights: (Float, Float) = (0.7, -0.4)
  ) throws -> [Double?] {
    let classes = network.network.architecture.classes
    guard others.count == request.count else {
      throw EvaluationFailure(
        .shape([others.count], expected: "[\(request.count)]"), of: "the other classes")
    }
    for other in others where !(0..<classes ~= other) {
      throw EvaluationFailure(.outside(other, of: classes), of: "the other classes")
    }
    let first = try maps(of: request, on: network)
    var second = request
    second.targets = others
    let combined = first.combined(with: try maps(of: second, on: network)) {
      weights.0 * $0 + weights.1 * $1
    }
    // Each pair of classes is a network of its own.
    let own = try (0..<request.count).map { image in
      try maps(
        of: request.part(image..<image + 1),
        on: combination(request.targets[image], others[image], weights))
    }
    return Self.relativeDistances(Tensor(stacking: own), combined)
  }

  /// The network whose logit of the first class is the combination.
  private func combination(
    _ target: Int, _ other: Int, _ weights: (Float, Float)
  ) -> ExplainedNetwork {
    edited { parameters in
      guard let last else { return }
      for part in ["weight", "bias"] {
        guard var tensor = parameters["\(last.name).\(part)"] else { continue }
        let row = tensor.rowCount
        tensor.withUnsafeMutableElements { elements in
          for index in 0..<row {
            elements[target * row + index] =
              weights.0 * elements[target * row + index] + weights.1
              * elements[other * row + index]
          }
        }
        parameters["\(last.name).\(part)"] = tensor
      }
    }
  }
}
