/// How far attributed changes are from those that happen: lower is better.
///
/// Source: Yeh et al. 2019, definition 2.1.
///
/// `E (I.R - (f(x) - f(x - I)))^2` over perturbations I. It depends on the unit of R, so that no two methods
/// compare; the **relative** infidelity does not.
/// - Note: Deviation: the authors and Captum scale by `beta = E[I.R d] / E[(I.R)^2]`, with which a negated map
///   scores as well as the map; ours is not negative, so that a negated map is as good as none. Quantus's
///   samples are copies of one another.
public struct Infidelity: Sendable, Equatable {
  /// `E (s - d)^2` with s = I.R and d the drop; at least 0.
  public let plain: Double
  /// The scale `max(0, E[s d] / E[s^2])`; 0 for a zero map.
  public let beta: Double
  /// `E (beta s - d)^2`.
  public let scaled: Double
  /// `E (beta s - d)^2 / E d^2`, in [0, 1]: 0 is exact, 1 as good as a zero map; `nil` where nothing changes.
  public let relative: Double?

  /// Compares changes.
  /// - Parameters:
  ///   - attributed: What the map attributes to each perturbation, `I.R`; at least one.
  ///   - drops: What each costs, `f(x) - f(x - I)`.
  public init(attributed: [Double], drops: [Double]) {
    precondition(
      attributed.count == drops.count && !drops.isEmpty,
      "\(attributed.count) attributed changes, \(drops.count) drops")
    let pairs = Array(zip(attributed, drops))
    let count = Double(pairs.count)
    func mean(_ term: (Double, Double) -> Double) -> Double {
      pairs.reduce(0) { $0 + term($1.0, $1.1) } / count
    }
    let squares = mean { sum, _ in sum * sum }
    let beta = squares > 0 ? max(0, mean(*) / squares) : 0
    let scaled = mean { sum, drop in (beta * sum - drop) * (beta * sum - drop) }
    let change = mean { _, drop in drop * drop }
    plain = mean { sum, drop in (sum - drop) * (sum - drop) }
    (self.beta, self.scaled) = (beta, scaled)
    relative = change > 0 ? min(scaled / change, 1) : nil
  }
}
