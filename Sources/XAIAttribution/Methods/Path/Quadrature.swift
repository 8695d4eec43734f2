#if canImport(Glibc)
  import Glibc
#endif
import XAITensor

/// How an integral over [0, 1] is approximated by a weighted sum.
///
/// Decoding and `init(named:)` also take Captum's names: `gausslegendre`, `riemann_left`, ...
public enum QuadratureRule: String, Sendable, CaseIterable {
  /// Exact for polynomials of degree 2n - 1; never evaluates the ends.
  case gaussLegendre = "gauss-legendre"
  /// Points k / n.
  case left
  /// Points (k + 1) / n: the sum that Sundararajan et al. 2017 write in equation 3.
  case right
  /// Points (2k + 1) / 2n.
  case middle
  /// Points k / (n - 1), those at the ends with half weight.
  ///
  /// - Note: The weights are 1 / n as in Captum, where the rule asks for 1 / (n - 1). They sum to
  ///   1 - 1/n, so that maps are too small by that factor: by 5 % with 20 steps.
  case trapezoid

  /// A rule by its own name or by Captum's.
  /// - Parameter name: Such as `gauss-legendre` or `riemann_left`.
  public init?(named name: String) {
    let own = name.replacing("riemann_", with: "")
    self.init(rawValue: own == "gausslegendre" ? Self.gaussLegendre.rawValue : own)
  }

  /// Beyond this rounding outweighs what more points could add.
  private static let mostNodes = 10_000

  /// Points in ascending order, and their weights.
  /// - Parameter count: The number of points.
  /// - Returns: As many nodes.
  /// - Throws: Where there is no such rule of so many points.
  public func nodes(_ count: Int) throws(AttributionFailure) -> [QuadratureNode] {
    let least = self == .trapezoid ? 2 : 1
    guard least...Self.mostNodes ~= count else {
      throw AttributionFailure(
        .usage,
        "the \(rawValue) rule cannot take \(count) steps; give it at least \(least) and at most "
          + "\(Self.mostNodes)")
    }
    let weight = 1 / Double(count)
    switch self {
    case .gaussLegendre: return Self.gaussLegendreNodes(count)
    case .left: return (0..<count).map { QuadratureNode(Double($0) * weight, weight) }
    case .right: return (0..<count).map { QuadratureNode(Double($0 + 1) * weight, weight) }
    case .middle:
      return (0..<count).map { QuadratureNode((Double($0) + 0.5) * weight, weight) }
    case .trapezoid:
      return (0..<count).map { step in
        let isEnd = step == 0 || step == count - 1
        return QuadratureNode(
          Double(step) / Double(count - 1), isEnd ? weight / 2 : weight)
      }
    }
  }

  /// Roots of the Legendre polynomial by Newton's method.
  ///
  /// The first guess and the weights are those of Press and others 2007, Numerical Recipes, section 4.6.
  private static func gaussLegendreNodes(_ count: Int) -> [QuadratureNode] {
    var nodes = Array(repeating: QuadratureNode(0, 0), count: count)
    for index in 0..<(count + 1) / 2 {
      var root = cos(Double.pi * (Double(index) + 0.75) / (Double(count) + 0.5))
      var slope = 0.0
      // Newton's method doubles the exact digits with each step; six steps reach 1e-16 from there.
      for _ in 0..<6 {
        let (value, derivative) = legendre(count, at: root)
        slope = derivative
        root -= value / derivative
      }
      let weight = 1 / ((1 - root) * (1 + root) * slope * slope)
      nodes[index] = QuadratureNode((1 - root) / 2, weight)
      nodes[count - 1 - index] = QuadratureNode((1 + root) / 2, weight)
    }
    return nodes
  }

  /// The Legendre polynomial and its derivative, by their recurrence.
  private static func legendre(
    _ degree: Int, at x: Double
  ) -> (value: Double, derivative: Double) {
    var (value, previous) = (x, 1.0)
    for k in stride(from: 2, through: degree, by: 1) {
      let next = (Double(2 * k - 1) * x * value - Double(k - 1) * previous) / Double(k)
      (value, previous) = (next, value)
    }
    return (value, Double(degree) * (x * value - previous) / (x * x - 1))
  }
}

/// A point of a rule and its weight.
public struct QuadratureNode: Sendable, Equatable {
  /// In [0, 1].
  public var point: Double
  /// What the integrand there counts.
  public var weight: Double

  init(_ point: Double, _ weight: Double) { (self.point, self.weight) = (point, weight) }
}

extension QuadratureRule: Codable {
  /// Decodes a name.
  /// - Parameter decoder: Holds a string.
  /// - Throws: Where no rule has this name.
  public init(from decoder: any Decoder) throws {
    let name = try decoder.singleValueContainer().decode(String.self)
    guard let rule = Self(named: name) else {
      let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
      throw AttributionFailure(
        .usage, "'\(name)' is no rule of integration; write one of \(known)")
    }
    self = rule
  }

  /// Encodes our name.
  /// - Parameter encoder: Takes a string.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}
