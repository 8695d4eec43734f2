import FoundationEssentials
import Testing
import XAIAttribution
import XAIFiles
import XAIKernels
import XAITensor
import XAITestSupport

@Suite struct RequestTests {
  private let images = ReferenceArray.random([4, 2, 3, 5], "images").tensor

  @Test func `baselines of some images are theirs, and shared ones stay whole`() {
    let values = ReferenceArray.random([4, 3, 2, 3, 5], "baselines").tensor
    let own = Baselines.perImage(values)
    #expect(own.count == 3)
    #expect(own.part(1..<3).values == values.rows(1..<3))
    #expect(own.part(1..<3).of(1) == own.of(2))
    #expect(own.of(2).shape == [3, 2, 3, 5])
    let one = Baselines.one(images)
    #expect(one.kind == .perImage && one.count == 1)
    #expect(one.part(2..<3).of(0) == images.row(2))
    let shared = Baselines.shared(values.row(0).reshaped(to: [3, 2, 3, 5]))
    #expect(shared.count == 3)
    #expect(shared.part(3..<4).values == shared.values)
    #expect(shared.of(0) == shared.values && shared.of(3) == shared.values)
  }

  @Test func `a part of a request takes everything along`() throws {
    let noise = ReferenceArray.random([3, 4, 2, 3, 5], "noise").tensor
    var request = AttributionRequest(
      images: images, targets: [3, 1, 2, 0], baselines: .one(images.map { $0 + 1 }), noise: noise,
      seed: 9, keys: [40, 30, 20, 10])
    request.pixels = images.map { $0 * 2 }
    let part = request.part(1..<3)
    #expect(part.count == 2 && part.seed == 9)
    #expect(part.images == images.rows(1..<3))
    #expect(part.targets == [1, 2] && part.keys == [30, 20])
    #expect(part.baselines?.of(1) == request.baselines?.of(2))
    #expect(part.pixels == request.pixels?.rows(1..<3))
    let cut = try #require(part.noise)
    #expect(cut.shape == [3, 2, 2, 3, 5])
    for sample in 0..<3 {
      #expect(
        cut.row(sample).reshaped(to: [2, 2, 3, 5])
          == noise.row(sample).reshaped(to: [4, 2, 3, 5]).rows(1..<3))
    }
    #expect(AttributionRequest(images: images, targets: [0, 0, 0, 0]).keys == [0, 1, 2, 3])
  }

  @Test func `a law is judged by its relative error`() {
    let law = LawCheck(.completeness, expected: -2, found: -1.9, tolerance: 0.06)
    #expect(abs(law.error - 0.1) < 1e-12 && abs(law.relativeError - 0.05) < 1e-12)
    #expect(law.holds == true)
    #expect(
      LawCheck(.completeness, expected: -2, found: -1.9, tolerance: 0.04).holds == false)
    // What should be 0 is compared with a thousandth.
    let small = LawCheck(.conservation, expected: 0, found: 1e-5, tolerance: 0.02)
    #expect(abs(small.relativeError - 0.01) < 1e-12 && small.holds == true)
    #expect(LawCheck(.conservation, expected: 0, found: 1e-4, tolerance: 0.02).holds == false)
    for found in [Double.nan, .infinity] {
      #expect(
        LawCheck(.conservation, expected: 1, found: found, tolerance: 0.5, approximation: .infinity)
          .holds == false)
    }
  }

  @Test(
    arguments: [
      // Within 5 % of the difference; above that, but within what the mass allows; above both.
      (0.5, 0.52, true), (0.5, 0.55, nil), (0.5, 0.45, nil), (0.5, 0.7, false), (0.5, 0.3, false),
      // A difference of nothing but rounding, and a sum that misses it by as little.
      (3e-6, -4e-6, true), (0, 4e-5, true), (0, 1e-3, nil), (0, 0.2, false),
    ] as [(Double, Double, Bool?)])
  func `a law has three answers`(expected: Double, found: Double, holds: Bool?) {
    let law = LawCheck(
      .completeness, expected: expected, found: found, tolerance: 0.05, rounding: 1e-5,
      approximation: 0.1)
    #expect(law.holds == holds)
  }

  @Test(
    arguments: [
      (0.01, 0.0104, true), (0.01, 0.02, nil), (0.01, -0.004, nil), (0.01, 0.03, false),
      // Two logits that are equal on paper.
      (0, 0.01, nil), (0, 0.02, false), (1, 1.04, true),
    ] as [(Double, Double, Bool?)])
  func `rounding excuses an error and never makes a law hold`(
    expected: Double, found: Double, holds: Bool?
  ) {
    let law = LawCheck(
      .completeness, expected: expected, found: found, tolerance: 0.05, rounding: 0.015)
    #expect(law.holds == holds)
    // What stands in results.json tells the same.
    #expect((law.holds == true) == (law.relativeError <= law.tolerance))
    let maps = Tensor(shape: [1, 1, 1, 1], [1])
    let notes = Attribution(maps: maps, laws: [law]).inspected.notes.map(\.text)
    #expect(notes.count == (holds == nil ? 1 : 0))
    for note in notes {
      #expect(note.contains("within 0.015, which the rounding of numbers of this size allows"))
    }
  }

  @Test func `what cannot be told and what is zero is noted of each map, whatever the method`() {
    let maps = Tensor(shape: [4, 1, 1, 2], [1, -1, 0, 0, 2, 0, -0.0, 0])
    func law(_ found: Double) -> LawCheck {
      LawCheck(.completeness, expected: 0.5, found: found, tolerance: 0.05, approximation: 0.1)
    }
    let attribution = Attribution(
      maps: maps, laws: [law(0.55), law(0.5), law(0.7), law(0.5)], notes: [.init("known")])
    let inspected = attribution.inspected
    #expect(inspected.maps == maps && inspected.laws == attribution.laws)
    #expect(inspected.notes.map(\.image) == [nil, 0, 1, 3])
    #expect(
      inspected.notes[1].text
        == "whether completeness holds cannot be told: the map sums to 0.55, expected 0.5; the error "
        + "of 0.05 is above 0.025, which what was expected allows, and within 0.1, which contributions "
        + "of both signs allow")
    #expect(inspected.notes[2].text == "the map is zero everywhere")
    #expect(inspected.notes[3].text == "the map is zero everywhere")
  }

  @Test(arguments: [
    (10, 100, 30, [0..<2, 2..<5, 5..<7, 7..<10]), (3, 10, 100, [0..<1, 1..<2, 2..<3]),
    (130, 1 << 20, 1, [0..<43, 43..<86, 86..<130]), (0, 100, 10, []), (5, 100, 0, [0..<5]),
  ])
  func `parts fit into the memory, cover everything once and are of equal size`(
    _ count: Int, _ memory: Int, _ bytes: Int, _ expected: [Range<Int>]
  ) throws {
    var (parts, walks) = ([Range<Int>](), [Double]())
    let context = AttributionContext(memory: memory, advance: { walks.append($0) })
    try context.forEachPart(of: count, bytesEach: bytes, walksEach: 2) { parts.append($0) }
    #expect(parts == expected)
    #expect(walks == expected.map { 2 * Double($0.count) })
  }

  @Test func `parts stop between two parts and pass errors on`() {
    var done = 0
    let context = AttributionContext(memory: 1, isStopped: { done == 2 })
    #expect(throws: AttributionStopped.self) {
      try context.forEachPart(of: 5, bytesEach: 1, walksEach: 1) { _ in done += 1 }
    }
    #expect(done == 2)
    #expect(throws: KernelFailure.self) {
      try AttributionContext().forEachPart(of: 1, bytesEach: 1, walksEach: 1) { _ in
        throw KernelFailure(kind: .software, "broken")
      }
    }
  }

  @Test(arguments: [
    ("a.safetensors:x", "a.safetensors", "x"),
    ("dir/a:b.safetensors:c", "dir/a:b.safetensors", "c"),
    ("a:noise.0", "a", "noise.0"), (" a : b ", " a ", " b "),
  ])
  func `a reference is a file and a name`(_ text: String, _ path: String, _ name: String) throws {
    let reference = try TensorReference(text)
    #expect(reference.path == path && reference.name == name)
    let json = try JSONEncoder().encode([reference])
    #expect(try JSONDecoder().decode([TensorReference].self, from: json) == [reference])
  }

  @Test(arguments: ["", "a.safetensors", ":x", "a:", ":"])
  func `what is no reference is refused with the form to write`(_ text: String) {
    #expect {
      try TensorReference(text)
    } throws: { error in
      (error as? AttributionFailure)?.description
        == "'\(text)' names no tensor; write FILE.safetensors:NAME"
    }
    #expect(throws: (any Error).self) {
      try JSONDecoder().decode(
        [TensorReference].self, from: try JSONEncoder().encode([text]))
    }
  }

  @Test func `a reference reads floats and integers, and says what is missing`() throws {
    let path = Fixture.path("networkA/inputs.safetensors")
    #expect(try TensorReference("\(path):images").tensor().shape == [3, 3, 16, 16])
    let integers = try TensorReference("\(path):targets").integers()
    #expect(integers.shape == [3] && integers.values.count == 3)
    #expect(throws: FileFailure.self) { try TensorReference("\(path):nothing").tensor() }
    #expect(throws: FileFailure.self) { try TensorReference("\(path).no:images").tensor() }
  }
}
