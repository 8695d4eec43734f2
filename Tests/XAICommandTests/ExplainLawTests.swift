import Foundation
import Testing
import XAIAttribution
import XAIExperiments
import XAIFiles
import XAINetworks
import XAITensor
import XAITestSupport

/// What `attribute` says of maps that are zero, of laws that nobody can judge, and of scores that never
/// change.
@Suite struct ExplainLawTests {
  private func explain(
    _ fixture: CommandFixture, _ words: [String], quiet: Bool = true
  ) throws -> ProgramResult {
    try runProgram(
      "xai-explain",
      [
        "attribute", "--checkpoint", fixture.path("model.safetensors"), "--threads", "1", "--image",
        fixture.path("data/val/images/val_0.JPEG"), "--output", fixture.path("out"),
      ] + words + (quiet ? ["--quiet"] : []))
  }

  private func maps(_ fixture: CommandFixture) throws -> [ExplanationResults.MapRecord] {
    let results = try JSONText.decode(
      ExplanationResults.self, from: fixture.text("out/results.json"), name: "results.json")
    return results.images[0].targets.flatMap(\.maps)
  }

  /// The map of a method as it was saved.
  private func map(_ fixture: CommandFixture, _ method: String) throws -> Tensor {
    let results = try JSONText.decode(
      ExplanationResults.self, from: fixture.text("out/results.json"), name: "results.json")
    let target = results.images[0].targets[0]
    let file = try SafetensorsFile(
      path: fixture.path("out/\(target.folder)/\(target.tensors)"))
    return try file.tensor(method)
  }

  /// The target's logit is that of class 0 and a share of class 1, so that its difference to the baseline is
  /// any share of the mass.
  private func integrate(share: Double, steps: Int) throws -> (
    record: ExplanationResults.MapRecord, result: ProgramResult, mass: Double, text: String
  ) {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    func laws(_ targets: String) throws -> [Double] {
      let result = try explain(
        fixture,
        ["--method", "integrated-gradients", "--target", targets, "--baseline", "black"])
      #expect(result.status == 0, "\(result.standardError)")
      let expected = try maps(fixture).map { try #require($0.law).expected }
      try fixture.remove("out")
      return expected
    }
    let differences = try laws("0,1")
    try fixture.writeCheckpoint { checkpoint in
      for name in ["fc2.weight", "fc2.bias"] {
        guard let old = checkpoint.parameters[name] else { continue }
        let ratio = Float(differences[0] / differences[1] * (1 - share))
        let row = old.row(0).combined(with: old.row(1)) { $0 - ratio * $1 }
        checkpoint.parameters[name] = Tensor(stacking: [row, old.rows(1..<3)])
      }
    }
    let result = try explain(
      fixture,
      [
        "--method", "integrated-gradients", "--target", "0", "--baseline", "black", "--ig-steps",
        "\(steps)",
      ], quiet: false)
    #expect(result.status == 0, "\(result.standardError)")
    let mass = try map(fixture, "integrated-gradients").elements.reduce(0) { $0 + abs(Double($1)) }
    return (try maps(fixture)[0], result, mass, try fixture.text("out/results.json"))
  }

  @Test(arguments: [1.0, 0.1, 0.01, 0], [1, 2, 3, 200])
  func `a law has three answers that follow from the numbers beside them`(
    share: Double, steps: Int
  ) throws {
    let (record, result, mass, text) = try integrate(share: share, steps: steps)
    let law = try #require(record.law)
    let error = abs(law.found - law.expected)
    #expect(law.tolerance == 0.05)
    #expect((law.holds == true) == (law.relativeError <= law.tolerance), "\(law)")
    // Away from the limits, which rounding widens a little.
    if error > 1.01 * law.tolerance * max(abs(law.expected), mass / 10, 1e-3) {
      #expect(law.holds == false, "\(law), mass \(mass)")
      #expect(result.standardError.contains("completeness does not hold: expected"))
    } else if error > 1.01 * law.tolerance * max(abs(law.expected), 1e-3) {
      #expect(law.holds == nil, "\(law), mass \(mass)")
      #expect(text.contains("\"holds\" : null"))
      let note = try #require(record.notes.first { $0.contains("cannot be told") })
      #expect(note.contains("\(Float(error))") && result.standardError.contains(note))
      #expect(!result.standardError.contains("does not hold"))
    } else if error < 0.99 * law.tolerance * max(abs(law.expected), 1e-3) {
      #expect(law.holds == true, "\(law), mass \(mass)")
      #expect(!record.notes.contains { $0.contains("cannot be told") })
    }
    if share == 0, steps == 200 { #expect(law.holds != false, "\(law)") }
  }

  @Test func `every map that is zero is said to be, whatever the method`() throws {
    let fixture = try CommandFixture()
    // All rectifiers of the last convolution are off.
    try fixture.writeCheckpoint {
      $0.parameters["conv2_bn.weight"] = Tensor(shape: [8])
      $0.parameters["conv2_bn.bias"] = Tensor(shape: [8], repeating: -1)
    }
    let result = try explain(
      fixture,
      [
        "--method", "all", "--target", "0", "--parameters",
        #"{"steps": 4, "rise": {"cells": 3, "masks": 50}}"#,
      ])
    #expect(result.status == 0, "\(result.standardError)")
    var zero = 0
    for record in try maps(fixture) {
      let isZero = try map(fixture, record.method).elements.allSatisfy { $0 == 0 }
      zero += isZero ? 1 : 0
      #expect(
        record.notes.count { $0 == "the map is zero everywhere" } == (isZero ? 1 : 0),
        "\(record.method)")
    }
    #expect(zero > 15)
    try fixture.remove("out")
    let noisy = try explain(
      fixture,
      [
        "--method", "saliency,input", "--target", "0", "--noise", "var-grad", "--noise-samples",
        "2",
      ])
    #expect(noisy.status == 0)
    let notes = try maps(fixture).map(\.notes)
    #expect(notes[0] == ["the map is zero everywhere"])
    #expect(notes[1].isEmpty)
  }

  @Test func `the variance of one sample is refused`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    let words = ["--method", "saliency", "--noise", "var-grad", "--noise-samples"]
    fixture.expectFailure(
      try explain(fixture, words + ["1"]), .usage, ["saliency: var-grad of 1 sample"])
    #expect(!fixture.exists("out/results.json"))
    #expect(try explain(fixture, words + ["2"]).status == 0)
  }

  @Test func `a probability that never changes is no score`() throws {
    let fixture = try CommandFixture()
    try fixture.write(
      "{\"input\": [3, 16, 16], \"stacks\": [[8], [8]], \"hidden\": [16], \"classes\": 1}",
      "small.json")
    try fixture.writeCheckpoint { $0.classes = [.init(id: "n01", name: "one")] }
    for method in ["lime", "rise"] {
      fixture.expectFailure(
        try explain(fixture, ["--method", method, "--target", "0"]), .usage,
        ["\(method) cannot be applied", "probability of the class, which is always 1"])
    }
    let all = try explain(fixture, ["--method", "perturbation", "--target", "0", "--dry-run"])
    #expect(all.status == 0, "\(all.standardError)")
    for method in ["lime", "rise"] {
      #expect(all.standardError.contains("\(method) is left out: its score is the probability"))
    }
  }
}
