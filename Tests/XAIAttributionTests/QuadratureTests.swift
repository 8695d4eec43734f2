import FoundationEssentials
import Testing
import XAIAttribution
import XAITestSupport

@Suite("QuadratureRule")
struct QuadratureTests {
  @Test("Gauss-Legendre points and weights agree with two libraries", arguments: [5, 20, 50, 200])
  func agreesWithReference(count: Int) throws {
    let reference = try ReferenceFile("quadrature")
    let nodes = try QuadratureRule.gaussLegendre.nodes(count)
    try reference.expect(
      ReferenceArray([count], nodes.map(\.point)), agreesWith: "n\(count).points", in: .double)
    try reference.expect(
      ReferenceArray([count], nodes.map(\.weight)), agreesWith: "n\(count).weights",
      in: .double)
    let middle = try QuadratureRule.middle.nodes(count)
    withKnownIssue {
      try reference.expect(
        ReferenceArray([count], middle.map(\.point)), agreesWith: "n\(count).points",
        in: .double)
    }
  }

  @Test("Gauss-Legendre is exact up to degree 2n - 1, and not beyond", arguments: 1...12)
  func isExactForPolynomials(count: Int) throws {
    func error(_ degree: Int) throws -> Double {
      let sum = try QuadratureRule.gaussLegendre.nodes(count).reduce(0) { sum, node in
        sum + node.weight * (0..<degree).reduce(1) { power, _ in power * node.point }
      }
      return abs(sum - 1 / Double(degree + 1))
    }
    for degree in 0..<2 * count { #expect(try error(degree) < 1e-15 * Double(count)) }
    if count < 6 { #expect(try error(2 * count) > 1e-8) }
  }

  @Test("A thousand points are ascending and symmetric, and their weights sum to 1")
  func staysExactForManyPoints() throws {
    let nodes = try QuadratureRule.gaussLegendre.nodes(1000)
    #expect(zip(nodes, nodes.dropFirst()).allSatisfy { $0.point < $1.point })
    #expect(
      zip(nodes, nodes.reversed()).allSatisfy {
        abs($0.point + $1.point - 1) < 1e-15 && $0.weight == $1.weight
      })
    #expect(abs(nodes.reduce(0) { $0 + $1.weight } - 1) < 1e-13)
  }

  @Test("The sums of Riemann have the points and weights of Captum")
  func riemannByHand() throws {
    func check(_ rule: QuadratureRule, _ points: [Double], _ weights: [Double]) throws {
      let nodes = try rule.nodes(4)
      expectClose(nodes.map(\.point), points, relative: 1e-15, "\(rule)")
      #expect(nodes.map(\.weight) == weights, "\(rule)")
    }
    let quarter = [0.25, 0.25, 0.25, 0.25]
    try check(.left, [0, 0.25, 0.5, 0.75], quarter)
    try check(.right, [0.25, 0.5, 0.75, 1], quarter)
    try check(.middle, [0.125, 0.375, 0.625, 0.875], quarter)
    try check(.trapezoid, [0, 1 / 3, 2 / 3, 1], [0.125, 0.25, 0.25, 0.125])
  }

  @Test("Names are ours and Captum's, and written as ours")
  func readsNames() throws {
    let names = [
      "gauss-legendre": QuadratureRule.gaussLegendre, "gausslegendre": .gaussLegendre,
      "left": .left, "riemann_left": .left, "riemann_right": .right, "riemann_middle": .middle,
      "riemann_trapezoid": .trapezoid,
    ]
    for (name, rule) in names {
      let method = try JSONDecoder().decode(
        IntegratedGradients.self, from: Data(#"{"steps": 3, "rule": "\#(name)"}"#.utf8))
      #expect(method.rule == rule)
      let text = String(decoding: try JSONEncoder().encode(method), as: UTF8.self)
      #expect(text.contains("\"\(rule.rawValue)\""))
    }
    #expect(throws: AttributionFailure.self) {
      try JSONDecoder().decode(QuadratureRule.self, from: Data(#""simpson""#.utf8))
    }
  }

  @Test("Too few steps are refused", arguments: QuadratureRule.allCases)
  func refusesTooFewSteps(rule: QuadratureRule) throws {
    #expect(throws: AttributionFailure.self) { try rule.nodes(0) }
    #expect(throws: AttributionFailure.self) { try QuadratureRule.trapezoid.nodes(1) }
    #expect(try rule.nodes(2).count == 2)
  }
}
