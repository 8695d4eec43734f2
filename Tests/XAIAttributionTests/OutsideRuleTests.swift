import Testing
import XAIAttribution
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

/// A rule, a composite and methods as a user of the library writes them: nothing here is known inside.
@Suite struct OutsideRuleTests {
  /// The gamma rule for inputs that are not negative, written from its formula alone.
  struct OwnGamma: BackwardRule {
    var gamma: Float

    var extent: Recording.Extent { .everything }

    func propagate(
      _ signal: DeviceTensor, through step: BackwardStep
    ) throws(KernelFailure) -> DeviceTensor {
      let backend = step.backend
      let opposite = try backend.part(try step.output, .opposite)
      var relevance: DeviceTensor?
      for (output, isPositive) in [(try step.output, true), (opposite, false)] {
        let arriving = try backend.rectify(signal, output: output, gate: .gradient)
        for input in try step.inputParts() {
          let total = try self.total(step, isPositive)
          let quotients = try backend.quotient(arriving, by: total, .stabilised(1e-6), times: 1)
          let part = part(isPositive != input.isNegative)
          relevance = try backend.product(
            input.values, try step.handingBack(quotients, through: part), adding: relevance)
        }
      }
      return relevance ?? signal
    }

    /// What all inputs contribute, in one sum.
    private func total(
      _ step: BackwardStep, _ isPositive: Bool
    ) throws(KernelFailure) -> DeviceTensor {
      var total: DeviceTensor?
      for input in try step.inputParts() {
        let part = part(isPositive != input.isNegative)
        let contribution = try step.contribution(
          of: input.values, through: part, bias: input.isNegative ? nil : part)
        if let known = total {
          total = try step.backend.sum(known, contribution, times: 1)
        } else {
          total = contribution
        }
      }
      guard let total else { return try step.output }
      return total
    }

    private func part(_ isPositive: Bool) -> WeightPart {
      let gamma = gamma
      return WeightPart("gamma \(gamma), \(isPositive)") {
        $0.map { ($0 > 0) == isPositive ? (1 + gamma) * $0 : $0 }
      }
    }
  }

  /// Relevance by a composite of one's own.
  struct OwnRelevance: RelevanceMethod {
    var seed = RelevanceSeed.unit
    var gamma: Float = 0.25

    var composite: Composite {
      let everyLayer = NodeRole { node, _ in !node.parameterShapes.isEmpty }
      return Composite([
        .init(PassingRelevance(), for: .activation), .init(OwnGamma(gamma: gamma), for: everyLayer),
      ])
    }
  }

  /// A method that walks by itself.
  struct OwnMethod: AttributionMethod {
    func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
      AttributionCost(walks: 2 * Double(request.count))
    }

    func attribute(
      _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
    ) throws -> Attribution {
      try request.validate(for: network.network)
      let signals = try network.merged().inputSignals(
        images: request.images, targets: request.targets, composite: .guidedBackprop,
        algorithm: context.algorithm, in: context
      ).signals
      return Attribution(maps: signals)
    }
  }

  @Test(arguments: ["A", "B", "F"])
  func `a rule and a composite from outside give the numbers of the built-in ones`(
    _ name: String
  ) throws {
    let fixture = try FixtureNetwork(name)
    for gamma: Float in [0.25, 1] {
      let own = try fixture.attribution(of: OwnRelevance(gamma: gamma), fixture.request())
      let known = try fixture.attribution(
        of: LRPGamma(gamma: Double(gamma)), fixture.request())
      expectClose(own.maps, known.maps, relative: 1e-5, "gamma = \(gamma)")
    }
    // The device keeps parts by their keys: the first gamma is not taken for the second.
    let maps = try [Float(0.25), 1].map {
      try fixture.attribution(of: OwnRelevance(gamma: $0), fixture.request()).maps
    }
    #expect(largestDeviation(maps[0], maps[1]).relative > 0.01)
  }

  @Test func `a method from outside is a method`() throws {
    let fixture = try FixtureNetwork("A")
    let request = try fixture.request()
    let entries = [
      MethodEntry(
        "own", .gradient, summary: "One's own", source: "none", method: OwnMethod(),
        isInThesisSet: false),
      MethodEntry(
        "own-relevance", .relevance, summary: "One's own", source: "none", method: OwnRelevance()),
    ]
    let selection = try MethodSelection(["own", "relevance"], from: entries)
    #expect(selection.choices.map(\.identifier) == ["own", "own-relevance"])
    #expect(try MethodSelection(["group4"], from: entries).choices.count == 1)
    #expect(throws: AttributionFailure.self) { try MethodSelection(["group1"], from: entries) }
    let maps = try fixture.attribution(of: OwnMethod(), request).maps
    #expect(try maps == fixture.attribution(of: GuidedBackprop(), request).maps)
    let noisy = noised(OwnRelevance(), samples: 2, standardDeviation: 0.1)
    #expect(try fixture.attribution(of: noisy, request).maps.isFinite)
    let changed = try MethodParameters.applying(
      ["gamma": .number(0.5)], to: OwnRelevance(), named: "own-relevance")
    #expect((changed as? OwnRelevance)?.gamma == 0.5)
    #expect(OwnRelevance(seed: .logit).takesLogit && !OwnRelevance().takesLogit)
    #expect(OwnMethod().defaultBaseline == nil)
    var wrong = request
    wrong.targets = [0, 1, 999]
    #expect(throws: AttributionFailure.self) {
      try fixture.attribution(of: OwnRelevance(), wrong)
    }
  }

  @Test func `a part from outside is never taken for a built-in one`() throws {
    let fixture = try FixtureNetwork("F")
    let form = fixture.explained.merged()
    let node = try #require(form.nodes.first { $0.isLinear })
    let own = WeightPart("positive") { $0.map { _ in 7 } }
    #expect(own != .positive && own == WeightPart("positive") { $0 })
    let known = form.backend.download(try form.weights(of: node, .positive))
    #expect(form.backend.download(try form.weights(of: node, own)).elements.allSatisfy { $0 == 7 })
    #expect(form.backend.download(try form.weights(of: node, .positive)) == known)
    #expect(WeightPart.favoringPositive(by: 1) != .favoringPositive(by: 2))
  }

  @Test func `roles are those of the nodes`() throws {
    let fixture = try FixtureNetwork("A")
    let network = fixture.network
    func names(_ role: NodeRole) -> [String] {
      network.nodes.filter { role.isPlayed(by: $0, in: network) }.map(\.name)
    }
    #expect(names(.convolution) == ["conv1", "conv2", "conv3", "conv4"])
    #expect(names(.dense) == ["fc1", "fc2", "fc3"])
    #expect(names(.linear) == names(.convolution) + names(.dense))
    #expect(names(.firstLinear) == ["conv1"] && names(.firstConvolution) == ["conv1"])
    #expect(names(.last) == ["fc3"])
    #expect(names(.maxPooling) == ["pool1", "pool2"] && names(.averagePooling).isEmpty)
    #expect(names(.activation).count == 6 && names(.batchNorm).count == 6)
  }
}
