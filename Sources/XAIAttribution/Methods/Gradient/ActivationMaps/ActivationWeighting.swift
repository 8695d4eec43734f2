/// How a class activation map weighs the channels of a layer.
///
/// A is the layer's output, g the gradient of the target's logit by it; k counts channels, a and b
/// positions. All arithmetic is in Double.
public enum ActivationWeighting: String, Sendable, Codable, CaseIterable {
  /// `w_k = mean_ab g`; the map is `sum_k w_k A_k` (Grad-CAM; Selvaraju et al. 2017, eq. 1).
  case gradCAM = "grad-cam"
  /// `w_k = sum_ab alpha max(g, 0)` with `alpha = g^2 / (2 g^2 + g^3 sum_ab A + 1e-6)`, 0 where g is 0
  /// (Grad-CAM++; Chattopadhay et al. 2018, eq. 19).
  ///
  /// - Note: Deviation: derivatives of the logit itself, not of its exponential, whose factors overflow;
  ///   the summand 1e-6, and alphas that are not normalised, as in the package `pytorch-grad-cam`.
  ///   Where A is not rectified the denominator may come near 0, and the map is ill-conditioned.
  case gradCAMPlusPlus = "grad-cam-plus-plus"
  /// `sum_k max(g, 0) A` (LayerCAM; Jiang et al. 2021).
  case layerCAM = "layer-cam"
  /// `sum_k g A` (HiResCAM; Draelos and Carin 2020).
  case hiResCAM = "hires-cam"
  /// `w_k = sum_ab g A / (sum_ab A + 1e-7)` (XGrad-CAM; Fu et al. 2020).
  ///
  /// - Note: Where A is not rectified the denominator may come near 0, and the map is ill-conditioned.
  case xGradCAM = "x-grad-cam"
  /// The features of each position, centred, projected on their first principal component (Eigen-CAM;
  /// Muhammad and Yeasin 2020). It depends on no class.
  ///
  /// - Note: Deviation: the component has no sign of its own; here the map's entry of the largest
  ///   magnitude is positive.
  case eigenCAM = "eigen-cam"

  /// Whether it reads the gradient.
  var usesGradient: Bool { self != .eigenCAM }

  /// The map of one image.
  /// - Parameters:
  ///   - activation: A, `[K, plane]` in row-major order.
  ///   - gradient: g in the same order; empty where it is not used.
  ///   - plane: The number of positions.
  /// - Returns: One value for each position.
  func map(activation: [Double], gradient: [Double], plane: Int) -> [Double] {
    if self == .eigenCAM { return PrincipalComponent.projection(of: activation, plane: plane) }
    var map = [Double](repeating: 0, count: plane)
    for start in stride(from: 0, to: activation.count, by: plane) {
      let range = start..<start + plane
      switch self {
      case .layerCAM:
        for index in range { map[index - start] += max(gradient[index], 0) * activation[index] }
      case .hiResCAM:
        for index in range { map[index - start] += gradient[index] * activation[index] }
      default:
        let weight = weight(of: activation[range], gradient[range])
        for index in range { map[index - start] += weight * activation[index] }
      }
    }
    return map
  }

  /// The weight of one channel.
  private func weight(of activation: ArraySlice<Double>, _ gradient: ArraySlice<Double>) -> Double {
    switch self {
    case .gradCAM: return gradient.reduce(0, +) / Double(gradient.count)
    case .gradCAMPlusPlus:
      let sum = activation.reduce(0, +)
      return gradient.reduce(0) { total, g in
        // Only a positive gradient has a weight, and 0 divided by 1e-6 is 0.
        guard g > 0 else { return total }
        return total + g * g / (2 * g * g + g * g * g * sum + 1e-6) * g
      }
    case .xGradCAM:
      let product = zip(gradient, activation).reduce(0) { $0 + $1.0 * $1.1 }
      return product / (activation.reduce(0, +) + 1e-7)
    case .layerCAM, .hiResCAM, .eigenCAM: return 0
    }
  }
}
