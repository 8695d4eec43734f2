import Testing
import XAIAttribution
import XAIFiles
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

@Suite("IntegratedGradients", .serialized)
struct IntegratedGradientsTests {
  @Test(
    "Whole maps agree with Captum for every rule and baseline, and the law tells their error",
    arguments: ["A", "B"], ["black", "zero", "blurred"])
  func agreesWithReference(network: String, baseline: String) throws {
    let fixture = try FixtureNetwork(network)
    let reference = try ReferenceFile("network\(network)/integrated")
    let names = reference.names.filter {
      $0.hasPrefix("integratedGradients.\(baseline).") && !$0.hasSuffix(".completeness")
    }
    #expect(names.count == 7)
    for name in names {
      let parts = name.split(separator: ".")
      let method = IntegratedGradients(
        steps: try #require(Int(parts[3].dropFirst())),
        rule: try #require(QuadratureRule(named: String(parts[2]))))
      // At one of the twenty points between black and image 1 of network A a rectifier of conv3 sees
      // 2.6e-7, which is 9e-8 of the layer's largest value (in Double): transformed tiles may round it
      // to the other side of 0, and with other instructions they do.
      let result = try fixture.attribution(
        of: method, fixture.request(baseline: baseline), in: AttributionContext(algorithm: .direct))
      try reference.expect(result.maps, agreesWith: name)
      let fastest = try fixture.attribution(of: method, fixture.request(baseline: baseline)).maps
      expectClose(fastest, result.maps, relative: 0.02, "\(name), transformed tiles")
      let law = try reference.array("\(name).completeness")
      expectClose(
        result.laws.map(\.expected), (0..<3).map { law[$0, 0] - law[$0, 1] }, relative: 1e-5,
        name)
      expectClose(
        result.laws.map(\.found), (0..<3).map { law[$0, 2] }, relative: 1e-2, "\(name) sum")
    }
  }

  @Test("The comparison rejects a wrong rule, a wrong baseline and weights that sum to 1")
  func comparisonNoticesFaults() throws {
    let fixture = try FixtureNetwork("A")
    let reference = try ReferenceFile("networkA/integrated")
    func maps(_ rule: QuadratureRule, _ baseline: String) throws -> Tensor {
      try fixture.attribution(
        of: IntegratedGradients(steps: 20, rule: rule), fixture.request(baseline: baseline)
      ).maps
    }
    let trapezoid = "integratedGradients.zero.riemann_trapezoid.n20"
    let unbiased = try maps(.trapezoid, "zero").map { $0 * 20 / 19 }
    withKnownIssue { try reference.expect(unbiased, agreesWith: trapezoid) }
    let middle = try maps(.middle, "zero")
    withKnownIssue { try reference.expect(middle, agreesWith: trapezoid) }
    let black = try maps(.trapezoid, "black")
    withKnownIssue { try reference.expect(black, agreesWith: trapezoid) }
  }

  @Test("The catalog takes 200 steps of Gauss-Legendre")
  func defaultsAreOfTheThesis() throws {
    let fixture = try FixtureNetwork("B")
    try ReferenceFile("networkB/integrated").expect(
      fixture.maps(of: "integrated-gradients", fixture.request(baseline: "blurred")),
      agreesWith: "integratedGradients.blurred.gausslegendre.n200")
  }

  @Test("Whole maps agree with the formula in Double", arguments: ["B", "N", "F"])
  func agreesWithTheFormula(network: String) throws {
    let fixture = try FixtureNetwork(network)
    let literal = LiteralPath(fixture)
    var request = try fixture.request()
    request.baselines = .one(Tensor(shape: fixture.images.shape, repeating: 0.25))
    let result = try fixture.attribution(
      of: IntegratedGradients(steps: 6, rule: .right), request)
    for image in 0..<fixture.images.rows {
      let end = ReferenceArray(fixture.images.row(image))
      let start = ReferenceArray(end.shape, repeating: 0.25)
      let nodes = (1...6).map { (point: Double($0) / 6, weight: 1.0 / 6) }
      let expected = literal.sum(from: start, to: end, fixture.targets[image], nodes)
      expectClose(
        ReferenceArray(result.maps.row(image)).values, expected.values, relative: 1e-4,
        "\(network), image \(image)")
      let target = fixture.targets[image]
      let difference = literal.logit(end, target) - literal.logit(start, target)
      #expect(abs(result.laws[image].expected - difference) < 1e-4)
    }
  }

  @Test("Maps are linear in the network")
  func isLinear() throws {
    let fixture = try FixtureNetwork("F")
    var request = try fixture.request()
    request.baselines = .one(Tensor(shape: fixture.images.shape))
    let method = IntegratedGradients(steps: 9)
    func maps(_ target: Int, of network: ExplainedNetwork) throws -> Tensor {
      request.targets = Array(repeating: target, count: request.count)
      return try method.attribute(request, on: network, in: AttributionContext()).maps
    }
    // Class 0 becomes twice class 1 minus class 2.
    var parameters = fixture.parameters
    for name in ["fc3.weight", "fc3.bias"] {
      let old = try #require(parameters[name])
      let row = old.row(1).combined(with: old.row(2)) { 2 * $0 - $1 }
      parameters[name] = Tensor(stacking: [row, old.rows(1..<old.rows)])
    }
    let mixed = ExplainedNetwork(
      fixture.network, parameters: parameters, backend: fixture.explained.backend)
    let (first, second) = try (
      maps(1, of: fixture.explained), maps(2, of: fixture.explained)
    )
    let expected = first.combined(with: second) { 2 * $0 - $1 }
    try expectClose(maps(0, of: mixed), expected, relative: 1e-4)
    #expect(try largestDeviation(maps(3, of: mixed), expected).relative > 0.1)
  }

  @Test("Where logits do not differ the law warns of a bad sum, and not of a good one")
  func lawKnowsTheMass() throws {
    let fixture = try FixtureNetwork("A")
    var request = try fixture.request(baseline: "black").part(0..<1)
    func law(_ method: IntegratedGradients, of network: ExplainedNetwork) throws -> LawCheck {
      try #require(
        method.attribute(request, on: network, in: AttributionContext()).laws.first)
    }
    let good = IntegratedGradients(steps: 100)
    request.targets = [1]
    let first = try law(good, of: fixture.explained).expected
    request.targets = [2]
    let second = try law(good, of: fixture.explained).expected
    // Class 0 becomes the mixture of two classes whose logits differ by 0.
    var parameters = fixture.parameters
    for name in ["fc3.weight", "fc3.bias"] {
      let old = try #require(parameters[name])
      let row = old.row(1).combined(with: old.row(2)) { Float(second) * $0 - Float(first) * $1 }
      parameters[name] = Tensor(stacking: [row, old.rows(1..<old.rows)])
    }
    request.targets = [0]
    let mixed = ExplainedNetwork(
      fixture.network, parameters: parameters, backend: fixture.explained.backend)
    let map = try good.attribute(request, on: mixed, in: AttributionContext()).maps
    let mass = map.map { abs($0) }.rowSums[0]
    let kept = try law(good, of: mixed)
    #expect(abs(kept.expected) < 1e-4 * mass && kept.holds == nil, "\(kept), mass \(mass)")
    // The difference alone would have allowed less than what is left over.
    #expect(abs(kept.error) > 0.05 * max(abs(kept.expected), 1e-3), "\(kept)")
    let broken = try law(IntegratedGradients(steps: 1, rule: .left), of: mixed)
    #expect(broken.holds == false && abs(broken.error) > 0.005 * mass, "\(broken), mass \(mass)")
  }

  @Test("Where they do differ a map of half the sum is noticed")
  func lawNoticesHalfASum() throws {
    let fixture = try FixtureNetwork("A")
    let request = try fixture.request(baseline: "blurred")
    let whole = try fixture.attribution(of: IntegratedGradients(), request)
    #expect(whole.laws.allSatisfy { $0.holds == true })
    for (image, law) in whole.laws.enumerated() {
      let mass = whole.maps.row(image).map { abs($0) }.rowSums[0]
      #expect(law.tolerance == 0.05)
      #expect(abs(law.approximation - 0.005 * mass) < 1e-6 * mass, "\(law)")
      let half = LawCheck(
        law.law, expected: law.expected, found: law.found / 2, tolerance: law.tolerance,
        rounding: law.rounding, approximation: law.approximation)
      #expect(half.holds == false, "\(law), mass \(mass)")
    }
  }

  @Test("A pixel that equals its baseline gets exactly 0, others do not")
  func isSensitive() throws {
    let fixture = try FixtureNetwork("A")
    var request = try fixture.request()
    let baseline = fixture.images.combined(with: try fixture.inputs.tensor("baseline.black")) {
      $0 > 0 ? $0 : $1
    }
    request.baselines = .one(baseline)
    let maps = try fixture.attribution(of: IntegratedGradients(steps: 10), request).maps
    var (still, moved) = (0, 0)
    for (index, value) in maps.elements.enumerated() {
      if fixture.images.elements[index] == baseline.elements[index] {
        #expect(value.bitPattern == 0)
        still += 1
      } else if value != 0 {
        moved += 1
      }
    }
    #expect(still > 100 && moved > 100)
  }

  @Test("An image that is its own baseline has an empty map, and a note says why")
  func equalBaselineGivesNothing() throws {
    let fixture = try FixtureNetwork("A")
    var request = try fixture.request()
    request.baselines = .one(fixture.images)
    let result = try fixture.attribution(of: IntegratedGradients(steps: 5), request)
    #expect(result.maps.elements.allSatisfy { $0 == 0 })
    #expect(result.notes.map(\.image) == [0, 1, 2])
    #expect(result.notes(of: 0)[0].hasSuffix("so that the map is zero everywhere"))
    // The note says both, and nothing is said twice.
    #expect(result.inspected.notes == result.notes)
    request.baselines = .one(Tensor(stacking: [1, 1, 2].map { fixture.images.row($0) }))
    let some = try fixture.attribution(of: IntegratedGradients(steps: 5), request)
    #expect(some.notes.map(\.image) == [1, 2])
    #expect(some.notes(of: 0).isEmpty && some.notes(of: 1).count == 1)
    // Copies without noise equal it too.
    let tunnel = NoiseTunnel(IntegratedGradients(steps: 2), samples: 2, standardDeviation: 0)
    let copies = try fixture.attribution(of: tunnel, request)
    #expect(copies.notes.map(\.image) == [1, 2])
    #expect(copies.notes(of: 2).first?.hasPrefix("in noisy copies: ") == true)
    #expect(result.laws.allSatisfy { abs($0.expected) < 1e-12 && $0.holds == true })
  }

  @Test("Bytes depend on neither memory, threads nor company")
  func isReproducible() throws {
    let fixture = try FixtureNetwork("A")
    let one = fixture.explained.merged().bytesPerImage(keeping: .gates)
    let method = IntegratedGradients(steps: 11)
    let request = try fixture.request(baseline: "blurred")
    func maps(memory: Int) throws -> Tensor {
      try fixture.attribution(of: method, request, in: AttributionContext(memory: memory)).maps
    }
    let expected = try maps(memory: 256 << 20)
    for memory in [1, 4 * one] { #expect(try maps(memory: memory) == expected) }
    let threads = ThreadTeam.count
    defer { ThreadTeam.setCount(threads) }
    for count in [1, 2] {
      ThreadTeam.setCount(count)
      #expect(try maps(memory: 4 * one) == expected)
    }
    let alone = try fixture.attribution(of: method, request.part(2..<3)).maps
    #expect(alone == expected.row(2))
  }

  @Test("Progress adds up to the cost, and a stop ends the work")
  func reportsProgress() throws {
    let fixture = try FixtureNetwork("A")
    let request = try fixture.request(baseline: "zero")
    let method = IntegratedGradients(steps: 7)
    var walks = 0.0
    var context = AttributionContext(memory: 1, advance: { walks += $0 })
    _ = try fixture.attribution(of: method, request, in: context)
    #expect(walks == method.cost(of: request, on: fixture.network).walks)
    walks = 0
    context.isStopped = { walks > 4 }
    #expect(throws: AttributionStopped.self) {
      try fixture.attribution(of: method, request, in: context)
    }
  }

  @Test("Missing, several and misshapen baselines are refused")
  func refusesOtherBaselines() throws {
    let fixture = try FixtureNetwork("A")
    let distribution = try fixture.inputs.tensor("baseline.distribution")
    let choices: [Baselines?] = [
      nil, .shared(distribution), .one(fixture.images.rows(0..<2)),
      .one(Tensor(shape: [3, 3, 8, 8])),
    ]
    for choice in choices {
      var request = try fixture.request()
      request.baselines = choice
      #expect(throws: AttributionFailure.self) {
        try fixture.attribution(of: IntegratedGradients(), request)
      }
    }
  }
}
