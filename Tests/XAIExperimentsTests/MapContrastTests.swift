import Testing
import XAIAttribution
import XAIClassifiers
import XAIExperiments
import XAIExperimentsTestSupport
import XAIKernels
import XAIMetrics
import XAINetworks
import XAITensor

@Suite struct MapContrastTests {
  private typealias Side = MapContrast.Side
  private let panel = ContrastCase.panel

  private func pair(_ image: Int, _ left: Side, _ right: Side) -> MapContrast.Pair {
    .init(image: image, contrast: 0, left: left, right: right)
  }

  private func values(_ contrast: MapContrast) throws -> [[Double?]] {
    try contrast.compute(by: panel).scores.map(\.values)
  }

  @Test func `a class against itself has similarity 1 by every measure`() throws {
    let test = ContrastCase()
    let same = Side(network: 0, target: 3)
    let rows = try values(test.contrast((0..<3).map { pair($0, same, same) }))
    #expect(rows.count == 3 * 4)
    for row in rows {
      #expect(row.count == panel.measures.count)
      #expect(row.allSatisfy { $0.map { abs($0 - 1) < 1e-9 } == true }, "\(row)")
    }
  }

  @Test func `exchanging the classes changes no symmetric measure`() throws {
    let (one, other) = (Side(network: 0, target: 3), Side(network: 0, target: 7))
    let test = ContrastCase()
    let straight = try values(test.contrast([pair(1, one, other)]))
    let turned = try values(test.contrast([pair(1, other, one)]))
    for (left, right) in zip(straight, turned) {
      for (index, measure) in panel.measures.enumerated() {
        let tolerance = measure.identifier.hasPrefix("ssim.flip") ? 1e-3 : 1e-12
        let (first, second) = (left[index] ?? .nan, right[index] ?? .nan)
        #expect(abs(first - second) <= tolerance, "\(measure.identifier)")
      }
    }
  }

  @Test func `equal networks have equal maps, other ones have not`() throws {
    let trained = TrainedNetwork()
    let sides = (0..<2).map { Side(network: $0, target: 4) }
    var test = ContrastCase(networks: [trained.parameters, trained.parameters])
    let equal = try test.contrast((0..<3).map { pair($0, sides[0], sides[1]) })
    for row in try values(equal) {
      #expect(row.allSatisfy { $0.map { abs($0 - 1) < 1e-9 } == true }, "\(row)")
    }
    test.networks[1] = trained.randomized(trained.layers)
    let different = try test.contrast((0..<3).map { pair($0, sides[0], sides[1]) })
      .compute(by: panel).scores
    let headline = try #require(
      panel.measures.firstIndex { $0.identifier == SimilarityPanel.headline })
    for score in different {
      // The control draws the same noise on every network.
      #expect((score.values[headline] == 1) == (score.method == "random"), "\(score)")
    }
  }

  @Test func `a map is that of its class alone`() throws {
    let contrast = try ContrastCase().contrast()
    let maps = try contrast.compute(by: panel).maps
    let explainer = contrast.explainers[0]
    for (position, method) in contrast.methods.enumerated() {
      for pair in contrast.pairs {
        let request = try explainer.requests.request(
          [contrast.images[pair.image]], targets: [pair.right.target], for: method.method,
          baseline: method.baseline)
        let alone = try method.method.attribute(
          request, on: explainer.network, in: AttributionContext())
        let sum = try RelevanceMap(summingChannelsOf: alone.maps, source: "")
        // Maps are kept in single precision.
        let expected = RelevanceMap(
          height: sum.height, width: sum.width, values: sum.values.map { Double(Float($0)) })
        #expect(maps[position, pair.image, pair.right] == expected, "\(method.identifier)")
      }
    }
  }

  @Test func `order, threads and memory change nothing, and only what is wanted is kept`() throws {
    let base = try ContrastCase().contrast().compute(by: panel)
    let contrast = try ContrastCase(images: [2, 1, 0]).contrast()
    let other = try contrast.compute(
      by: panel, .init(keptImages: 1, threads: 3, memory: 1))
    func rows(_ scores: [ContrastScore], images: [Int]) -> Set<String> {
      Set(
        scores.map { score in
          let pair = contrast.pairs[score.pair]
          let place = "\(images[pair.image]) \(pair.contrast) \(pair.draw)"
          return "\(score.method) \(place) \(score.values)"
        })
    }
    #expect(rows(base.scores, images: [0, 1, 2]) == rows(other.scores, images: [2, 1, 0]))
    #expect(base.scores.map(\.pair) == (0..<4).flatMap { _ in 0..<contrast.pairs.count })
    #expect(other.maps[0, 0, contrast.pairs[0].left] != nil)
    #expect(other.maps[0, 1, contrast.pairs[4].left] == nil)
  }

  @Test func `the walks that are told are those that were estimated`() throws {
    let contrast = try ContrastCase().contrast()
    var walked = 0.0
    _ = try contrast.compute(
      by: panel, .init(events: .init(walked: { walks, _ in walked += walks })))
    #expect(try abs(walked - contrast.walks()) < 1e-6 && walked > 0)
    #expect(throws: AttributionStopped.self) {
      try contrast.compute(by: panel, .init(events: .init(isStopped: { true })))
    }
  }

  @Test func `controls know nothing of the class`() throws {
    let contrast = try ContrastCase(methods: "random,input,edge-detector,constant").contrast()
    let headline = try #require(
      panel.measures.firstIndex { $0.identifier == SimilarityPanel.headline })
    let scores = try contrast.compute(by: panel).scores
    #expect(scores.allSatisfy { $0.values[headline] == 1 } && scores.count == 4 * 3 * 4)
    let constant = scores.filter { $0.method == "constant" }
    #expect(constant.allSatisfy { !$0.degenerate.isEmpty })
  }

  @Test func `a map that overflows has no similarity`() throws {
    var parameters = Parameters()
    for name in TrainedNetwork().parameters.names {
      let factor: Float = name.hasSuffix("running_var") ? 1 : 1e20
      parameters[name] = TrainedNetwork().parameters[name]?.map { $0 * factor }
    }
    let test = ContrastCase(methods: "saliency,random", networks: [parameters])
    let (one, other) = (Side(network: 0, target: 3), Side(network: 0, target: 7))
    let scores = try test.contrast([pair(0, one, other)]).compute(by: panel).scores
    #expect(scores.map(\.method) == ["saliency", "random"])
    #expect(scores[0].values.allSatisfy { $0 == nil } && scores[1].values.allSatisfy { $0 != nil })
  }
}

@Suite struct ClassContrastsTests {
  private let images = (0..<40).map { ContrastCase().image($0, label: $0 % 2 == 0 ? 2 : nil) }
  private let prediction = Prediction(logits: [1, 5, 4, -3, 2, -3, 5])

  private func pairs(_ random: Int) throws -> [MapContrast.Pair] {
    try ClassContrasts.ranked(random: random)
      .pairs(of: images, images.map { _ in prediction }, seed: 7)
  }

  @Test func `the true class meets the most and the least likely of the others`() throws {
    let pairs = try pairs(0)
    #expect(pairs.count == 2 * images.count)
    for pair in pairs {
      // Of equal logits the first counts; without a label the predicted class is explained.
      let isLabelled = images[pair.image].label != nil
      #expect(pair.left.target == (isLabelled ? 2 : 1))
      #expect(pair.right.target == [isLabelled ? 1 : 6, 3][pair.contrast])
    }
  }

  @Test func `random classes are others, each once, and every one has its turn`() throws {
    let drawn = try pairs(3).filter { $0.contrast == 2 }
    #expect(drawn.count == 3 * images.count)
    for image in images.indices {
      let classes = drawn.filter { $0.image == image }.map(\.right.target)
      #expect(Set(classes).count == 3 && !classes.contains(image % 2 == 0 ? 2 : 1))
    }
    #expect(Set(drawn.map(\.right.target)).count == 7)
    #expect(try pairs(3) == pairs(3))
    // More of them do not change the first.
    let more = try pairs(5).filter { $0.contrast == 2 && $0.draw < 3 }
    #expect(more == drawn)
  }

  @Test func `what cannot be drawn or told apart is refused`() throws {
    let tooMany = #expect(throws: ExperimentFailure.self) { try pairs(7) }
    #expect(tooMany?.description.contains("has 6 other classes") == true)
    let single = #expect(throws: ExperimentFailure.self) {
      try ClassContrasts.ranked(random: 0)
        .pairs(of: [images[1]], [Prediction(logits: [1])], seed: 0)
    }
    #expect(single?.description.contains("one class alone") == true)
    let same = #expect(throws: ExperimentFailure.self) {
      try ClassContrasts.chosen([.predicted, .index(1)])
        .pairs(of: [images[0]], [prediction], seed: 0)
    }
    #expect(same?.code == .sameClass(index: 1, image: "image 0"))
    let unknown = #expect(throws: ExperimentFailure.self) {
      try ClassContrasts.chosen([.label, .index(1)]).pairs(of: [images[1]], [prediction], seed: 0)
    }
    #expect(unknown?.code == .labelUnknown(image: "image 1", source: "test", use: .contrast))
  }

  @Test func `of several classes every pair is compared`() throws {
    let contrasts = ClassContrasts.chosen([.index(0), .label, .index(4)])
    let names = (0..<7).map { Checkpoint.ClassName(id: "n\($0)", name: "name \($0), other") }
    #expect(
      contrasts.records(names).map(\.identifier)
        == ["name 0 / true", "name 0 / name 4", "true / name 4"])
    let pairs = try contrasts.pairs(of: [images[0]], [prediction], seed: 0)
    #expect(pairs.map { [$0.left.target, $0.right.target] } == [[0, 2], [0, 4], [2, 4]])
  }
}
