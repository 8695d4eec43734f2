import Testing
import XAIAttribution
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct DASPTests {
  /// Small windows, some of which do not fit the image.
  static let windows = [("A", 9), ("B", 11), ("N", 5), ("F", 4)]

  @Test(arguments: windows)
  func `whole maps agree with the formulas in Double`(network: String, window: Int) throws {
    let fixture = try FixtureNetwork(network)
    var reference = try #require(
      FixtureNetwork.architectures[network].map { DASPReference($0, fixture.parameters) })
    (reference.window, reference.steps) = (window, 2)
    let request = try fixture.request().part(0..<2)
    let found = try fixture.attribution(of: DASP(window: window, steps: 2), request).maps
    for image in 0..<2 {
      let pixels = ReferenceArray(request.images.row(image))
      let expected = reference.map(
        pixels, baseline: ReferenceArray(pixels.shape), target: request.targets[image])
      expectClose(found.row(image), expected.tensor, relative: 1e-4, "\(network), image \(image)")
    }
  }

  @Test func `a baseline is where absent players are`() throws {
    let fixture = try FixtureNetwork("A")
    var reference = try #require(
      FixtureNetwork.architectures["A"].map { DASPReference($0, fixture.parameters) })
    (reference.window, reference.steps) = (8, 2)
    var request = try fixture.request().part(0..<1)
    let baseline = fixture.images.row(1)
    request.baselines = .shared(baseline)
    let found = try fixture.attribution(of: DASP(window: 8, steps: 2), request)
    let expected = reference.map(
      ReferenceArray(request.images), baseline: ReferenceArray(baseline),
      target: request.targets[0])
    expectClose(found.maps, expected.tensor, relative: 1e-4, "shared")
    request.baselines = .one(baseline)
    let own = try fixture.attribution(of: DASP(window: 8, steps: 2), request)
    #expect(own.maps == found.maps && own.laws == found.laws)
  }

  @Test(arguments: DASPReference.Fault.allCases)
  func `a wrong rule is noticed`(fault: DASPReference.Fault) throws {
    let fixture = try FixtureNetwork("A")
    var reference = try #require(
      FixtureNetwork.architectures["A"].map { DASPReference($0, fixture.parameters) })
    (reference.window, reference.steps, reference.fault) = (8, 1, fault)
    let request = try fixture.request().part(0..<1)
    let found = try fixture.attribution(of: DASP(window: 8, steps: 1), request).maps
    let pixels = ReferenceArray(request.images)
    let wrong = reference.map(
      pixels, baseline: ReferenceArray(pixels.shape), target: request.targets[0])
    #expect(largestDeviation(found, wrong.tensor).relative > 1e-3)
  }

  /// Measured correlations: 0.93, 0.11 and 0.97; errors of the law: 0.30, 1.44 and 0.48.
  @Test func `values resemble the exact Shapley values, or the law says that they do not`() throws {
    let fixture = try FixtureNetwork("A")
    let request = try fixture.request()
    let attribution = try fixture.attribution(of: DASP(window: 6, steps: 9), request)
    for image in 0..<request.count {
      let exact = try shapleyValues(fixture, image: image, window: 6)
      let found = exact.pixels.map { pixels in
        pixels.reduce(0.0) { $0 + Double(attribution.maps[image, 0, $1.0, $1.1]) }
      }
      let law = attribution.laws[image]
      #expect(law.holds == (image != 1))
      #expect(law.holds == false || correlation(found, exact.values) > 0.9)
      #expect(abs(exact.values.reduce(0, +) - attribution.laws[image].expected) < 1e-4)
    }
  }

  @Test func `a linear network has its exact Shapley values`() throws {
    let network = Network(Architecture(input: [2, 6, 5], stacks: [], hidden: [], classes: 4))
    let parameters = Parameters.initial(for: network, seed: 3)
    let explained = ExplainedNetwork(network, parameters: parameters, backend: try CPUBackend())
    let images = ReferenceArray.random([3, 2, 6, 5], "images").tensor
    let attribution = try DASP(window: 2, steps: 4).attribute(
      AttributionRequest(images: images, targets: [0, 3, 1]), on: explained,
      in: AttributionContext())
    let weights = try #require(parameters["fc1.weight"])
    for (image, target) in [0, 3, 1].enumerated() {
      for row in stride(from: 0, to: 6, by: 2) {
        for column in stride(from: 0, to: 5, by: 2) {
          let pixels = (row..<row + 2).flatMap { y in
            (column..<min(column + 2, 5)).map { x in (y, x) }
          }
          let value = pixels.reduce(0.0) { sum, pixel in
            (0..<2).reduce(sum) {
              let index = ($1 * 6 + pixel.0) * 5 + pixel.1
              return $0 + Double(weights[target, index] * images[image, $1, pixel.0, pixel.1])
            }
          }
          for (y, x) in pixels {
            let found = Double(attribution.maps[image, 0, y, x])
            #expect(abs(found - value / Double(pixels.count)) < 1e-5)
          }
        }
      }
      #expect(attribution.laws[image].relativeError < 1e-4)
    }
  }

  @Test func `memory and threads change no more than rounding`() throws {
    let fixture = try FixtureNetwork("B")
    let request = try fixture.request()
    let threads = ThreadTeam.count
    defer { ThreadTeam.setCount(threads) }
    let method = DASP(window: 7, steps: 3)
    let maps = try [(1, 1), (100_000, 2), (1 << 30, 1), (1 << 30, 2)].map { memory, threads in
      ThreadTeam.setCount(threads)
      return try fixture.attribution(
        of: method, request, in: AttributionContext(memory: memory)
      ).maps
    }
    for map in maps.dropFirst() {
      expectClose(map, maps[0], relative: 2e-5, "maps")
    }
  }

  @Test func `each image is explained by itself, and costs what was announced`() throws {
    let fixture = try FixtureNetwork("A")
    let request = try fixture.request()
    let method = DASP(window: 8, steps: 3)
    var walks = 0.0
    let all = try fixture.attribution(
      of: method, request, in: AttributionContext(advance: { walks += $0 }))
    #expect(walks == method.cost(of: request, on: fixture.network).walks)
    #expect(all.maps.shape == [3, 1, 16, 16] && all.laws.count == 3)
    for image in 0..<3 {
      let alone = try fixture.attribution(of: method, request.part(image..<image + 1))
      #expect(alone.maps == all.maps.row(image))
    }
  }

  @Test func `what cannot be served is refused in a sentence`() throws {
    let fixture = try FixtureNetwork("A")
    var request = try fixture.request()
    func message(_ method: DASP) -> String {
      do {
        _ = try fixture.attribution(of: method, request)
        return "served"
      } catch { return "\(error)" }
    }
    #expect(message(DASP(window: 0)).contains("window of 0"))
    #expect(message(DASP(steps: 0)).contains("0 steps"))
    request.baselines = .shared(fixture.images)
    #expect(message(DASP()).contains("one baseline, but there are 3"))
  }

  @Test func `it stops when asked to`() throws {
    let fixture = try FixtureNetwork("A")
    #expect(throws: AttributionStopped.self) {
      try fixture.attribution(
        of: DASP(), fixture.request(), in: AttributionContext(isStopped: { true }))
    }
  }

  /// Shapley 1953, by all coalitions of windows.
  private func shapleyValues(
    _ fixture: FixtureNetwork, image: Int, window: Int
  ) throws -> (values: [Double], pixels: [[(Int, Int)]]) {
    let shape = Array(fixture.images.shape.dropFirst())
    let reference = DASPReference(fixture.network.architecture, fixture.parameters)
    var grid = reference
    grid.window = window
    let players = grid.players(shape[1], shape[2])
    var images = fixture.images.rows(at: (0..<1 << players.count).map { _ in image })
    for coalition in 0..<1 << players.count {
      for (player, pixels) in players.enumerated() where coalition & 1 << player == 0 {
        for (y, x) in pixels {
          for channel in 0..<shape[0] { images[coalition, channel, y, x] = 0 }
        }
      }
    }
    let form = fixture.explained.merged()
    let logits = form.backend.download(
      try form.record(
        try form.backend.upload(images), keeping: .logits, algorithm: .direct
      ).output)
    let values = players.indices.map { player in
      (0..<1 << players.count).reduce(0.0) { sum, coalition in
        guard coalition & 1 << player == 0 else { return sum }
        let target = fixture.targets[image]
        let added =
          Double(logits[coalition | 1 << player, target]) - Double(logits[coalition, target])
        return sum + added / weight(coalition.nonzeroBitCount, players.count)
      }
    }
    return (values, players)
  }

  /// `n! / (s! (n - s - 1)!)`.
  private func weight(_ size: Int, _ players: Int) -> Double {
    (0..<size).reduce(Double(players)) { $0 * Double(players - 1 - $1) / Double($1 + 1) }
  }

  private func correlation(_ left: [Double], _ right: [Double]) -> Double {
    let means = [left, right].map { $0.reduce(0, +) / Double($0.count) }
    func product(_ a: [Double], _ x: Double, _ b: [Double], _ y: Double) -> Double {
      zip(a, b).reduce(0) { $0 + ($1.0 - x) * ($1.1 - y) }
    }
    return product(left, means[0], right, means[1])
      / (product(left, means[0], left, means[0]) * product(right, means[1], right, means[1]))
      .squareRoot()
  }
}
