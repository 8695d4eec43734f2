import Testing
import XAIAttribution
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

/// Walks that keep of a pooling its winners alone.
@Suite struct PooledWalkTests {
  /// Poolings behind one and behind several convolutions, of even and of odd extents.
  private struct Walked {
    let form: NetworkForm
    let images: DeviceTensor

    init(trained: Bool) throws {
      let network = Network(
        Architecture(
          input: [3, 22, 18], stacks: [[5, 7], [6], [9]], hidden: [8], classes: 4))
      let explained = ExplainedNetwork(
        network, parameters: Parameters.initial(for: network, seed: 5),
        backend: try CPUBackend())
      form = trained ? explained.trained : explained.merged()
      images = try form.backend.upload(ReferenceArray.random([5, 3, 22, 18], "images").tensor)
    }

    func record(
      _ extent: Recording.Extent, and names: Set<String> = [],
      _ algorithm: ConvolutionAlgorithm = .fastest
    ) throws -> Recording {
      try form.record(images, keeping: extent, and: names, algorithm: algorithm)
    }
  }

  @Test func `a pooling knows the winners, and nothing before it is kept`() throws {
    let walked = try Walked(trained: false)
    let (winners, gates) = (try walked.record(.winners), try walked.record(.gates))
    let pools = walked.form.nodes.indices.filter {
      walked.form.nodes[$0].operation == .maxPool
    }
    #expect(pools.count == 3 && winners.last == gates.last)
    for pool in pools {
      let (one, other) = (
        try #require(winners.output(of: pool)), try #require(gates.output(of: pool))
      )
      #expect(one.hasWinners && !other.hasWinners)
      #expect(walked.form.backend.download(one) == walked.form.backend.download(other))
      #expect(winners.output(of: pool - 1) == nil && winners.output(of: pool - 2) == nil)
      #expect(gates.output(of: pool - 1) != nil)
    }
    for extent in [Recording.Extent.winners, .logits] {
      #expect(
        walked.form.backend.download(try walked.record(extent).output)
          == walked.form.backend.download(gates.output))
    }
  }

  @Test func `the bytes count what is kept`() throws {
    let form = try FixtureNetwork("A").explained.merged()
    func bytes(_ extent: Recording.Extent) -> Int { form.bytesPerImage(keeping: extent) }
    let largest = 8 * 16 * 16
    // The rectifiers of conv2 and conv4 are gone; pool1 and pool2 have a byte for each value.
    let gone = 4 * (8 * 16 * 16 + 16 * 8 * 8)
    let winners = 8 * 8 * 8 + 16 * 4 * 4
    #expect(bytes(.winners) == bytes(.gates) - gone + winners - 4 * largest)
  }

  @Test func `what is asked for by name is kept, and directly nothing runs as one`() throws {
    let walked = try Walked(trained: false)
    let named = try walked.record(.winners, and: ["conv2_relu"])
    let (rectifier, pool) = (
      try #require(walked.form.index(of: "conv2_relu")),
      try #require(walked.form.index(of: "pool1"))
    )
    #expect(named.output(of: rectifier) != nil)
    #expect(try #require(named.output(of: pool)).hasWinners == false)
    let direct = try walked.record(.winners, .direct)
    #expect(direct.output(of: rectifier) != nil)
    #expect(try #require(direct.output(of: pool)).hasWinners == false)
  }

  @Test(arguments: [false, true])
  func `every gate gives the same bytes with winners as with everything that gates read`(
    _ trained: Bool
  ) throws {
    let walked = try Walked(trained: trained)
    let seed = try walked.form.seed(at: [0, 1, 2, 3, 0])
    let (winners, gates) = (try walked.record(.winners), try walked.record(.gates))
    let pool = try #require(walked.form.index(of: "pool2"))
    var seen: [Tensor] = []
    for gate in RectifierGate.allCases {
      let composite = Composite().with(GatedRectifier(gate), for: .activation)
      #expect(composite.extent(in: walked.form.network) == .winners)
      let walk = BackwardWalk(composite, algorithm: .fastest)
      for stop in [-1, pool] {
        func signal(_ recording: Recording) throws -> Tensor {
          walked.form.backend.download(try walk.signal(from: seed, of: recording, at: stop))
        }
        let found = try signal(winners)
        #expect(try found == signal(gates), "\(gate), stop \(stop)")
        if stop == -1 { seen.append(found) }
      }
    }
    // Each gate lets something else pass.
    #expect(seen[0] != seen[1] && seen[1] != seen[2] && seen[0] != seen[2])
    #expect(seen.allSatisfy { $0.elements.contains { $0 != 0 } })
  }

  @Test func `winners suffice where every node but rectifiers has the gradient`() throws {
    let network = try Walked(trained: false).form.network
    #expect(Composite().extent(in: network) == .winners)
    let elsewhere = Composite().with(GatedRectifier(.guided), for: .maxPooling)
    #expect(elsewhere.extent(in: network) == .gates)
  }

  @Test func `a walk that needs what was not recorded is a programmer's error`() async {
    await #expect(processExitsWith: .failure) {
      let walked = try Walked(trained: false)
      var walk = BackwardWalk(Composite(), algorithm: .fastest)
      walk.observe = { _, _ in }
      _ = try walk.signal(
        from: try walked.form.seed(at: [0, 1, 2, 3, 0]), of: try walked.record(.winners))
    }
  }
}
