import Testing
import XAITensor

@Suite struct RandomStreamTests {
  private func draws(_ stream: RandomStream, _ count: Int = 8) -> [UInt64] {
    var stream = stream
    return (0..<count).map { _ in stream.next() }
  }

  @Test func `the finaliser gives SplitMix64's published sequence`() {
    let increment: UInt64 = 0x9E37_79B9_7F4A_7C15
    #expect(
      (1...5).map { RandomStream.mix(1_234_567 &+ UInt64($0) &* increment) } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  /// Checkpoints and published results depend on these numbers: they never change.
  @Test func `keys and draws are pinned`() {
    let unnamed = RandomStream(seed: 0, purpose: "")
    #expect(unnamed.key == 0xe220_a839_7b1d_cdaf)
    #expect(
      draws(unnamed, 3) == [0xa706_dd2f_4d19_7e6f, 0xb382_a305_f441_4f5e, 0x631a_9154_fbab_f717])
    let weights = RandomStream(seed: 0, purpose: "initialization/conv1.weight")
    #expect(weights.key == 0xb5e6_2f65_c259_3d25)
    #expect(
      draws(weights, 3) == [0xd630_a240_1a31_f38f, 0x72cd_faae_b690_e8b0, 0x9004_37e7_3085_c546])
    #expect(RandomStream(seed: 7, purpose: "order", 3).key == 0x61cb_f010_be8d_b3e7)
    let indexed = RandomStream(seed: 7, purpose: "order", 3, -1)
    #expect(indexed.key == 0xf705_d75a_ed34_b637)
    #expect(
      draws(indexed, 3) == [0x749f_faa9_2587_d8ee, 0x752c_ade7_f2d6_bdb7, 0xca5c_e69e_3260_7d93])
  }

  /// From a second implementation in Python.
  @Test func `uniform and normal numbers, integers and shuffles are pinned`() {
    let start = RandomStream(seed: 5, purpose: "pinned")
    var stream = start
    #expect([stream.uniform(), stream.uniform()] == [0.22169865546779777, 0.6442993180366293])
    stream = start
    // Bit for bit, at any instruction level.
    #expect(
      (0..<6).map { _ in stream.normal() } == [
        -0.4879394056360151, -1.5631619934820757, 1.2035489119679061, 1.4343060624864006,
        -0.3246317296308002, 1.0732730005916271,
      ])
    stream = start
    #expect((0..<5).map { _ in stream.integer(below: 1000) } == [221, 644, 774, 877, 226])
    stream = start
    var values = Array(0..<8)
    stream.shuffle(&values)
    #expect(values == [2, 7, 3, 0, 5, 6, 4, 1])
  }

  @Test func `a stream goes on exactly from a stored position`() {
    var stream = RandomStream(seed: 3, purpose: "test")
    _ = stream.normal(shape: [11])
    var resumed = RandomStream(seed: 3, purpose: "test")
    resumed.position = stream.position
    #expect(stream.position == 11 && draws(resumed) == draws(stream))
  }

  @Test func `seeds, purposes, indices and their order name different streams`() {
    var streams: [RandomStream] = []
    for seed in [UInt64(0), 1, .max] {
      for purpose in ["", "a", "b", "ab", "ba", "a/1", "dropout/conv1_dropout"] {
        streams.append(RandomStream(seed: seed, purpose: purpose))
        for index in [0, 1, -1, 256] {
          streams.append(RandomStream(seed: seed, purpose: purpose, index))
        }
        streams.append(RandomStream(seed: seed, purpose: purpose, 1, 2))
        streams.append(RandomStream(seed: seed, purpose: purpose, 2, 1))
      }
    }
    #expect(Set(streams.map(\.key)).count == streams.count)
    #expect(Set(streams.map { draws($0, 1) }).count == streams.count)
  }

  @Test func `uniform numbers fill their range evenly`() {
    var stream = RandomStream(seed: 1, purpose: "uniform")
    let numbers = (0..<100_000).map { _ in stream.uniform() }
    #expect(numbers.allSatisfy { 0..<1 ~= $0 })
    let mean = numbers.reduce(0, +) / 1e5
    let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1e5
    #expect(abs(mean - 0.5) < 0.005 && abs(variance - 1 / 12) < 0.002)
    for tenth in 0..<10 {
      let share = numbers.count { Int($0 * 10) == tenth }
      #expect(9_500...10_500 ~= share)
    }
    let shifted = (0..<1000).map { _ in stream.uniform(in: -3 ..< -2) }
    #expect(shifted.allSatisfy { -3 ..< -2 ~= $0 })
  }

  @Test func `integers below a bound are all drawn, equally often`() {
    var stream = RandomStream(seed: 1, purpose: "integers")
    for bound in [1, 2, 3, 7, 10] {
      var counts = [Int](repeating: 0, count: bound)
      for _ in 0..<10_000 { counts[stream.integer(below: bound)] += 1 }
      for count in counts { #expect(abs(count - 10_000 / bound) < 500) }
    }
    #expect((0..<100).allSatisfy { _ in 0..<Int.max ~= stream.integer(below: .max) })
  }
}
