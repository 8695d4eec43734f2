import Testing
import XAIAttribution
import XAIEvaluation
import XAIFiles
import XAITensor

/// The raw form against reference numbers of PyTorch, Captum, Quantus (where it is right), scikit-learn and SciPy,
/// in Double.
@Suite struct EvaluationTensorsTests {
  private func entry(_ name: String) throws -> EvaluationFixture.Entry {
    try #require(EvaluationFixture.entries.first { $0.name == name })
  }

  private func expected(_ name: String) throws -> (shape: [Int], values: [Double], isWhole: Bool) {
    let reference = try EvaluationFixture().reference
    let entry = try #require(reference.entry(name))
    return (entry.shape, try reference.doubles(name), entry.type?.isInteger == true)
  }

  @Test(arguments: EvaluationFixture.results)
  func `every tensor agrees with its reference`(_ name: String) throws {
    let data = try #require(EvaluationFixture.output?[name])
    let (shape, values, isWhole) = try expected(name)
    #expect(data.shape == shape)
    #expect(data.type.isInteger == isWhole)
    #expect(EvaluationFixture.error(data.doubles, values, shape, try entry(name)) <= 1)
  }

  @Test func `there are as many tensors as the fixture describes`() {
    #expect(EvaluationFixture.results.count == 101)
    #expect(EvaluationFixture.output?.count == 101)
  }

  /// The comparison itself: a number that is a little off, or is NaN, is noticed in each tensor.
  @Test(arguments: EvaluationFixture.results)
  func `a number that is off is noticed`(_ name: String) throws {
    let (shape, values, _) = try expected(name)
    let index = try #require(
      values.indices.max(by: { abs(values[$0]).ordered < abs(values[$1]).ordered }))
    var wrong = values
    wrong[index] += 0.03 * max(1, abs(values[index]))
    #expect(EvaluationFixture.error(wrong, values, shape, try entry(name)) > 1)
    wrong[index] = .nan
    #expect(EvaluationFixture.error(wrong, values, shape, try entry(name)) > 1)
  }

  /// A way to spoil what goes in.
  struct Fault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The code, and what it is about.
    let code: EvaluationFailure.Code
    let subject: String
    let spoil: @Sendable (inout EvaluationTensors.Input) -> Void

    init(
      _ name: String, _ code: EvaluationFailure.Code, _ subject: String,
      _ spoil: @escaping @Sendable (inout EvaluationTensors.Input) -> Void
    ) {
      (testDescription, self.code, self.subject, self.spoil) = (name, code, subject, spoil)
    }
  }

  static let faults = [
    Fault(
      "maps of another size", .shape([8, 3, 16, 15], expected: "[any, 3, 16, 16]"), "tensor maps"
    ) { $0.given["maps"] = .float64(shape: [8, 3, 16, 15], Array(repeating: 0, count: 5_760)) },
    Fault(
      "maps of another number of images", .shape([8, 2, 16, 16], expected: "[any, 3, 16, 16]"),
      "tensor maps"
    ) { $0.given["maps"] = .float64(shape: [8, 2, 16, 16], Array(repeating: 0, count: 4_096)) },
    Fault("maps with NaN", .notFinite, "tensor maps") {
      $0.given["maps"] = .float64(shape: [1, 3, 16, 16], Array(repeating: .nan, count: 768))
    },
    Fault("ties that are no order", .noPermutation(of: 256), "ties") {
      $0.given["ties"] = .int64(shape: [3, 16, 16], Array(repeating: 0, count: 768))
    },
    Fault("a box outside", .box([3, 4, 16, 9], height: 16, width: 16), "tensor boxes") {
      $0.given["boxes"] = .int64(shape: [3, 4], [3, 4, 16, 9, 0, 0, 1, 1, 0, 0, 1, 1])
    },
    Fault("a box that is turned around", .box([5, 4, 3, 9], height: 16, width: 16), "tensor boxes")
    {
      $0.given["boxes"] = .int64(shape: [3, 4], [5, 4, 3, 9, 0, 0, 1, 1, 0, 0, 1, 1])
    },
    Fault("no neighbors", .missing, "tensor robustness.noise") {
      $0.given["robustness.noise"] = nil
      $0.parameters["robustness.noise"] = nil
    },
    Fault("too many cells", .tooManyCells(17, most: 16), "the coalition table") {
      $0.given["table.cells"] = .int64(shape: [16, 16], (0..<256).map { Int64(min($0, 16)) })
      $0.given["table.orders"] = nil
    },
    Fault("an unknown map", .unknown("no", among: ["a", "b"]), "road.curve") {
      $0.given["maps"] = .float64(shape: [2, 3, 16, 16], (0..<1_536).map { Double($0 % 7) })
      $0.parameters = [
        "maps": .object(["names": .array([.string("a"), .string("b")])]),
        "road.curve": .object(["maps": .array([.string("no")])]), "road.score": .object([:]),
      ]
    },
    Fault("a target that is none", .outside(10, of: 10), "targets") { $0.targets[1] = 10 },
    Fault("a target too few", .shape([2], expected: "[3], one for each image"), "targets") {
      $0.targets.removeLast()
    },
    Fault(
      "images of another network", .shape([3, 3, 8, 8], expected: "[N] + [3, 16, 16]"), "images"
    ) {
      $0.images = Tensor(shape: [3, 3, 8, 8])
    },
    Fault(
      "steps that are no number", .parameter("a text", expected: "a whole number"),
      "the parameter steps of tensor curve.sizes"
    ) { $0.parameters["curve.sizes"] = .object(["steps": .string("ten")]) },
    Fault(
      "steps that are no whole number", .parameter("a fraction", expected: "a whole number"),
      "the parameter steps of tensor curve.sizes"
    ) { $0.parameters["curve.sizes"] = .object(["steps": .number(2.5)]) },
    Fault(
      "shares of which one is a text", .parameter("a list", expected: "a list of numbers"),
      "the parameter shares of tensor road.curve"
    ) {
      $0.parameters["road.curve"] = .object(["shares": .array([.number(0.5), .string("half")])])
    },
    Fault(
      "no step", .parameter("0", expected: "a whole number of at least 1"),
      "the number of steps of a curve"
    ) {
      $0.parameters["curve.sizes"] = .object(["steps": .integer(0)])
    },
  ]

  @Test(arguments: faults)
  func `what cannot be judged is told`(_ fault: Fault) throws {
    let fixture = try EvaluationFixture()
    var input = try fixture.input()
    fault.spoil(&input)
    let failure = try #require(throws: EvaluationFailure.self) {
      _ = try EvaluationTensors(input, on: fixture.judged()).compute()
    }
    #expect(failure == EvaluationFailure(fault.code, of: fault.subject))
    #expect(failure.description.contains(fault.subject))
  }

  @Test func `maps with channels are summed, and one channel is as none`() throws {
    let fixture = try EvaluationFixture()
    let maps = try fixture.reference.doubles("maps")
    var input = try fixture.input()
    input.parameters = ["order": .object([:]), "complexity": .object([:])]
    func output(_ shape: [Int], _ values: [Double]) throws -> [[Double]] {
      input.given["maps"] = .float64(shape: shape, values)
      return try EvaluationTensors(input, on: fixture.judged()).compute().tensors.map(
        \.data.doubles)
    }
    let plain = try output([8, 3, 16, 16], maps)
    #expect(try output([8, 3, 1, 16, 16], maps).elementsEqual(plain) { $0.isSame(as: $1) })
    let halves = maps.chunks(of: 256).flatMap { plane in (plane + plane).map { $0 / 2 } }
    #expect(try output([8, 3, 2, 16, 16], halves).elementsEqual(plain) { $0.isSame(as: $1) })
  }

  @Test func `what nobody computes is left out with a reason`() throws {
    let fixture = try EvaluationFixture()
    var input = try fixture.input()
    input.parameters = ["order": .object([:]), "beauty": .object([:]), "pic.area": .object([:])]
    input.images = input.images.map { $0 * 1.0371 + 0.001 }
    let output = try EvaluationTensors(input, on: fixture.judged()).compute()
    #expect(output.tensors.map(\.name) == ["order"])
    #expect(output.omitted.map(\.name) == ["beauty", "pic.area"])
    #expect(output.omitted.first?.reason == "no measure has this name")
  }

  @Test func `choices that are not given are drawn, the same for every run`() throws {
    let fixture = try EvaluationFixture()
    var input = try fixture.input()
    let wanted = ["order", "table.percentile", "aggregate.first", "road.score", "pic.area"]
    for name in ["ties", "table.orders", "aggregate.resamples", "road.noise", "pic.mask"] {
      input.given[name] = nil
    }
    input.parameters = input.parameters.filter { wanted.contains($0.key) || $0.key == "maps" }
    let first = try EvaluationTensors(input, on: fixture.judged()).compute()
    let second = try EvaluationTensors(input, on: fixture.judged()).compute()
    #expect(Set(first.tensors.map(\.name)) == Set(wanted))
    for (left, right) in zip(first.tensors, second.tensors) {
      #expect(left.data.doubles.isSame(as: right.data.doubles))
    }
  }
}

extension Double {
  /// NaN is less than any number.
  fileprivate var ordered: Double { isNaN ? -.infinity : self }
}

extension Array where Element == Double {
  /// Whether all numbers are equal, NaN being equal to itself.
  func isSame(as other: [Double]) -> Bool {
    elementsEqual(other) { $0 == $1 || $0.isNaN && $1.isNaN }
  }

  func chunks(of size: Int) -> [[Double]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<$0 + size]) }
  }
}
