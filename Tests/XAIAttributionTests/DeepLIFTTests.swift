import Testing
import XAIAttribution
import XAIFiles
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct DeepLIFTTests {
  /// The columns f(x), f(baseline), and the sum of the map; both logits are in the law's expectation.
  private func expectCompleteness(
    _ attribution: Attribution, agreesWith name: String, _ reference: ReferenceFile
  ) throws {
    let expected = try reference.array(name)
    try #require(attribution.laws.count == expected.shape[0])
    for (image, law) in attribution.laws.enumerated() {
      let (logit, baseline) = (expected[image, 0], expected[image, 1])
      let tolerance = 1e-4 * max(abs(logit), abs(baseline), abs(expected[image, 2]))
      #expect(abs(law.expected - (logit - baseline)) <= tolerance, "\(name), image \(image)")
      #expect(abs(law.found - expected[image, 2]) <= tolerance, "\(name), image \(image)")
    }
  }

  @Test(arguments: ["A", "B", "N", "F"], ["blurred", "black", "zero"])
  func `Rescale agrees with the reference, whole maps and sums`(
    _ network: String, _ baseline: String
  ) throws {
    let fixture = try FixtureNetwork(network)
    let reference = try ReferenceFile("network\(network)/deeplift")
    let attribution = try fixture.attribution(
      of: DeepLIFT(), fixture.request(baseline: baseline))
    try reference.expect(attribution.maps, agreesWith: "rescale.\(baseline)")
    try expectCompleteness(
      attribution, agreesWith: "rescale.\(baseline).completeness", reference)
    #expect(attribution.laws.allSatisfy { $0.holds == true })
  }

  @Test(arguments: ["A", "B"])
  func `Rescale agrees with the reference where exact ties decide`(_ network: String) throws {
    let fixture = try FixtureNetwork(network)
    try ReferenceFile("network\(network)/deeplift").expect(
      fixture.maps(of: "deep-lift", fixture.tiesRequest(baseline: "blurred")),
      agreesWith: "ties.rescale.blurred")
  }

  @Test(arguments: ["A", "B", "N", "F"], ["blurred", "zero"])
  func `RevealCancel agrees with the reference, whole maps and sums`(
    _ network: String, _ baseline: String
  ) throws {
    let fixture = try FixtureNetwork(network)
    let reference = try ReferenceFile("network\(network)/deeplift")
    let request = try fixture.request(baseline: baseline)
    let attribution = try fixture.attribution(of: DeepLIFTRevealCancel(), request)
    try reference.expect(attribution.maps, agreesWith: "revealCancel.\(baseline)")
    let name = "revealCancel.\(baseline).completeness"
    let columns = try reference.array(name)
    for (image, sum) in attribution.maps.rowSums.enumerated() {
      let scale = max(abs(columns[image, 0]), abs(columns[image, 1]), abs(columns[image, 2]))
      #expect(abs(sum - columns[image, 2]) <= 1e-4 * scale, "image \(image)")
    }
    guard fixture.network.nodes.contains(where: { $0.operation == .maxPool }) else {
      try expectCompleteness(attribution, agreesWith: name, reference)
      #expect(attribution.laws.allSatisfy { $0.holds == true } && attribution.notes.isEmpty)
      return
    }
    // The gradient through max pooling is not complete: no law, but a note of how far it is off.
    #expect(attribution.laws.isEmpty && attribution.notes.map(\.image) == [0, 1, 2])
    let complete = try fixture.attribution(of: DeepLIFTRevealCancel(maxPool: .rescale), request)
    #expect(complete.laws.count == 3 && complete.laws.allSatisfy { $0.holds == true })
    #expect(complete.notes.isEmpty)
    let sums = zip(complete.laws, attribution.maps.rowSums)
    for (note, (law, sum)) in zip(attribution.notes, sums) {
      let (found, expected) = (fixedPoint(sum, digits: 3), fixedPoint(law.expected, digits: 3))
      #expect(note.text.contains("sums to \(found), and f(x) - f(baseline) is \(expected);"))
    }
  }

  @Test(arguments: ["A", "B", "N", "F"])
  func `DeepSHAP agrees with the reference, whole maps and sums`(_ network: String) throws {
    let fixture = try FixtureNetwork(network)
    let reference = try ReferenceFile("network\(network)/deeplift")
    var request = try fixture.request()
    request.baselines = .shared(try fixture.inputs.tensor("baseline.distribution"))
    let attribution = try fixture.attribution(of: DeepSHAP(), request)
    try reference.expect(attribution.maps, agreesWith: "deepLiftShap")
    #expect(attribution.laws.allSatisfy { $0.holds == true })
    let columns = try reference.array("deepLiftShap.completeness")
    for (image, law) in attribution.laws.enumerated() {
      let scale = 1e-4 * max(abs(columns[image, 0]), abs(columns[image, 2]))
      #expect(abs(law.found - columns[image, 2]) <= scale)
    }
  }

  @Test(arguments: DeepLIFTNetwork.architectures)
  func `maps equal the literal definitions in Double`(_ architecture: Architecture) throws {
    let network = try DeepLIFTNetwork(architecture)
    let reference = DeepLIFTReference(architecture, network.parameters)
    let (images, baselines) = (ReferenceArray(network.images), ReferenceArray(network.baselines))
    let rescale = reference.rescale(images, baselines, network.targets)
    expectClose(
      try network.attribution(of: DeepLIFT()).maps, rescale.tensor, relative: 1e-4, "Rescale")
    for rule in MaxPoolRule.allCases {
      let expected = reference.revealCancel(
        images, baselines, network.targets, poolByRescale: rule == .rescale)
      expectClose(
        try network.attribution(of: DeepLIFTRevealCancel(maxPool: rule)).maps, expected.tensor,
        relative: 1e-4, "RevealCancel, \(rule)")
    }
  }

  @Test(arguments: DeepLIFTReference.Fault.allCases)
  func `the comparison notices a wrong rule`(_ fault: DeepLIFTReference.Fault) throws {
    let architecture = DeepLIFTNetwork.architectures[0]
    let network = try DeepLIFTNetwork(architecture)
    let reference = DeepLIFTReference(architecture, network.parameters, fault: fault)
    let (images, baselines) = (ReferenceArray(network.images), ReferenceArray(network.baselines))
    let isRescale = fault == .poolGradient || fault == .rectifierGradient
    let method: any AttributionMethod = isRescale ? DeepLIFT() : DeepLIFTRevealCancel()
    let wrong =
      isRescale
      ? reference.rescale(images, baselines, network.targets)
      : reference.revealCancel(images, baselines, network.targets)
    let maps = try network.attribution(of: method).maps
    #expect(largestDeviation(maps, wrong.tensor).relative > 1e-2)
  }

  @Test(arguments: [
    Architecture(input: [3, 13, 11], stacks: [[6, 5], [9]], hidden: [8], classes: 5),
    Architecture(input: [3, 10, 10], stacks: [[17], [6], [5]], hidden: [8, 6], classes: 5),
  ])
  func `complete methods are complete on random networks`(_ architecture: Architecture) throws {
    for seed in 1...5 {
      let network = try DeepLIFTNetwork(architecture, seed: UInt64(seed), images: 4)
      var several = network.request
      several.baselines = .shared(network.baselines)
      for (method, request) in [
        (DeepLIFT(), network.request), (DeepLIFTRevealCancel(maxPool: .rescale), network.request),
        (DeepSHAP(), several),
      ] as [(any AttributionMethod, AttributionRequest)] {
        let attribution = try network.attribution(of: method, request)
        let magnitudes = attribution.maps.map { abs($0) }.rowSums
        for (law, magnitude) in zip(attribution.laws, magnitudes) {
          // Of a difference of logits that is next to 0 nothing but the rounding of the sum is left.
          let isRounding = law.holds == nil && abs(law.error) <= law.rounding
          #expect(law.holds == true || isRounding, "\(method), seed \(seed): \(law)")
          #expect(abs(law.error) <= 1e-5 * magnitude, "\(method), seed \(seed): \(law)")
        }
      }
      let incomplete = try network.attribution(of: DeepLIFTRevealCancel())
      #expect(incomplete.laws.isEmpty && incomplete.notes.count == 4)
    }
  }

  @Test(arguments: DeepLIFTNetwork.architectures, [1, 3])
  func `image and baseline run through dense layers together with the bytes of each alone`(
    _ architecture: Architecture, _ count: Int
  ) throws {
    let network = try DeepLIFTNetwork(architecture, images: count)
    let apart = try network.rescale(in: network.explained.merged())
    let together = try network.attribution(of: DeepLIFT()).maps
    #expect(together == apart)
    var shared = network.request
    shared.baselines = .shared(network.baselines.row(0))
    let maps = try network.attribution(of: DeepLIFT(), shared).maps
    #expect(maps.row(0) == together.row(0))
  }

  @Test(arguments: DeepLIFTNetwork.architectures)
  func `merging batch norm changes nothing`(_ architecture: Architecture) throws {
    let network = try DeepLIFTNetwork(architecture)
    let trained = try network.rescale(in: network.explained.trained)
    expectClose(try network.rescale(in: network.explained.merged()), trained, relative: 5e-5)
    expectClose(try network.attribution(of: DeepLIFT()).maps, trained, relative: 5e-5)
  }
}
