import Testing
import XAIAttribution
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct RelevanceFixtureTests {
  static let alphas = [1, 2, 3, 4, 5, 6, 9]

  @Test(arguments: ["A", "B"], alphas)
  func `alpha-beta maps agree with Nam et al., by both seeds`(
    _ network: String, _ alpha: Int
  ) throws {
    let fixture = try FixtureNetwork(network)
    let reference = try ReferenceFile("network\(network)/lrp")
    try reference.expect(
      fixture.maps(of: "lrp-a\(alpha)b\(alpha - 1)", fixture.request()),
      agreesWith: "alphaBeta.alpha\(alpha).seedOne")
    let method = LRPAlphaBeta(alpha: Double(alpha), seed: .logit)
    try reference.expect(
      fixture.attribution(of: method, fixture.request()).maps,
      agreesWith: "alphaBeta.alpha\(alpha).seedLogit")
  }

  static let variants: [(String, any AttributionMethod)] = [
    ("rap", RelativeAttributingPropagation()),
    ("epsilon", LRPEpsilon(seed: .logit)),
    ("zPlus", LRPAlphaBeta.zPlus),
    ("merged.alphaBeta.alpha1", LRPAlphaBeta(alpha: 1, batchNorm: .merged)),
    ("merged.alphaBeta.alpha2", LRPAlphaBeta(alpha: 2, batchNorm: .merged)),
    ("merged.alphaBeta.alpha5", LRPAlphaBeta(alpha: 5, batchNorm: .merged)),
    ("merged.zennit.alpha1beta0", LRPAlphaBeta.zennit(alpha: 1)),
    ("merged.zennit.alpha2beta1", LRPAlphaBeta.zennit(alpha: 2)),
    ("merged.zennit.epsilon", LRPEpsilon.zennit),
    ("merged.zennit.epsilonPlus", LRPAlphaBeta.zennit(alpha: 1, dense: .epsilon)),
  ]

  @Test(arguments: ["A", "B"], variants.indices)
  func `other rules agree with Nam et al., Captum and zennit`(
    _ network: String, _ variant: Int
  ) throws {
    let (name, method) = Self.variants[variant]
    let fixture = try FixtureNetwork(network)
    try ReferenceFile("network\(network)/lrp").expect(
      fixture.attribution(of: method, fixture.request()).maps, agreesWith: name)
  }

  @Test(arguments: ["A", "B"], ["rap", "epsilon"])
  func `sums of maps agree`(_ network: String, _ name: String) throws {
    let fixture = try FixtureNetwork(network)
    let reference = try ReferenceFile("network\(network)/lrp")
    let method = try #require(Self.variants.first { $0.0 == name }).1
    let sums = try fixture.attribution(of: method, fixture.request()).maps.rowSums
    let logits = try reference.array("\(name).completeness")
    var rows: [Double] = []
    for (image, sum) in sums.enumerated() {
      let logit = logits[image, 0]
      rows += [logit, 0, sum, sum - logit]
    }
    try reference.expect(ReferenceArray([3, 4], rows), agreesWith: "\(name).completeness")
  }

  @Test(arguments: ["A", "B"], [1, 2])
  func `relevance agrees at every node`(_ network: String, _ alpha: Int) throws {
    let fixture = try FixtureNetwork(network)
    let reference = try ReferenceFile("network\(network)/lrp")
    let prefix = "alphaBeta.alpha\(alpha)"
    let arriving = try fixture.relevance(by: LRPAlphaBeta(alpha: Double(alpha)).composite)
    let names = fixture.network.nodes.map(\.name) + ["input"]
    let rows = names.compactMap { arriving[$0] }
    #expect(rows.count == names.count)
    let sums: [Double] = rows.flatMap { row in row.rowSums }
    let absoluteSums: [Double] = rows.flatMap { row in row.map { abs($0) }.rowSums }
    try reference.expect(
      ReferenceArray([names.count, 3], sums), agreesWith: "\(prefix).nodes.sum")
    try reference.expect(
      ReferenceArray([names.count, 3], absoluteSums), agreesWith: "\(prefix).nodes.absoluteSum")
    let nodes = reference.names.filter { $0.hasPrefix("\(prefix).node.") }
    #expect(nodes.count == 3)
    for name in nodes {
      let node = String(name.dropFirst("\(prefix).node.".count))
      try reference.expect(try #require(arriving[node]), agreesWith: name)
    }
  }

  @Test(arguments: ["A", "B"])
  func `an image of zeros gets a map of exact zeros`(_ network: String) throws {
    let fixture = try FixtureNetwork(network)
    let reference = try ReferenceFile("network\(network)/lrp")
    let request = AttributionRequest(
      images: Tensor(shape: [1] + fixture.network.architecture.input), targets: [0])
    for (identifier, name) in [("lrp-a1b0", "alphaBeta.alpha1"), ("rap", "rap")] {
      let maps = try fixture.maps(of: identifier, request)
      try reference.expect(maps, agreesWith: "zeroImage.\(name)")
      #expect(maps.elements.allSatisfy { $0 == 0 })
    }
    for entry in MethodCatalog.entries where entry.group == .relevance {
      let maps = try fixture.attribution(of: entry.method, request).maps
      #expect(
        maps.elements.allSatisfy { $0 == 0 } != entry.asksForWeightsAlone, "\(entry.identifier)")
    }
  }
}

extension MethodEntry {
  /// Whether the first layer hands relevance to pixels of zero as to all others.
  var asksForWeightsAlone: Bool {
    identifier.hasSuffix("-flat") || identifier == "lrp-w-square"
  }
}

extension FixtureNetwork {
  /// What arrives at the output of each node, by name, and at `input`.
  func relevance(by composite: Composite, seed: Float = 1) throws -> [String: Tensor] {
    let form = explained.trained
    let recording = try form.record(
      try form.backend.upload(images), keeping: composite.extent(in: form.network),
      algorithm: .direct)
    var arriving: [String: Tensor] = [:]
    var walk = BackwardWalk(composite, algorithm: .direct)
    walk.observe = { index, signal throws(KernelFailure) in
      arriving[index < 0 ? "input" : form.nodes[index].name] = form.backend.download(signal)
    }
    _ = try walk.signal(
      from: try form.seed(at: targets, values: targets.map { _ in seed }), of: recording)
    return arriving
  }
}
