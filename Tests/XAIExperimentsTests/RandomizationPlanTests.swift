import Testing
import XAIAttribution
import XAIExperiments
import XAINetworks
import XAITensor

@Suite struct RandomizationPlanTests {
  private let upward = (1...10).map { "conv\($0)" } + ["fc1", "fc2", "fc3"]

  private func plan(_ mode: RandomizationMode) -> RandomizationPlan {
    RandomizationPlan(Network(.vgg16Tiny), mode: mode)
  }

  @Test func `the modified VGG-16 has 13 steps from fc3 to conv1`() {
    let steps = plan(.cascading).steps
    #expect(steps.map(\.name) == upward.reversed())
    #expect(steps.map(\.index) == Array(0..<13))
    for (index, step) in steps.enumerated() {
      #expect(step.layers == Array(upward.reversed().prefix(index + 1)))
    }
  }

  @Test func `independent steps randomize one layer each`() {
    let steps = plan(.independent).steps
    #expect(steps.map(\.name) == upward.reversed())
    #expect(steps.allSatisfy { $0.layers == [$0.name] })
  }

  @Test func `bottom-up runs the other way`() {
    let steps = plan(.bottomUp).steps
    #expect(steps.map(\.name) == upward)
    #expect(steps[2].layers == ["conv1", "conv2", "conv3"])
  }

  @Test func `the first steps of cascade and of single layers are the same`() {
    #expect(plan(.cascading).steps[0].layers == plan(.independent).steps[0].layers)
  }

  @Test func `the last step randomizes everything in both directions`() {
    for mode in [RandomizationMode.cascading, .bottomUp] {
      #expect(Set(plan(mode).steps.last?.layers ?? []) == Set(upward))
    }
  }

  @Test func `a part of the steps stays what it was`() throws {
    let part = try plan(.cascading).steps(from: "conv9", through: "fc1")
    #expect(part.steps.map(\.name) == ["fc1", "conv10", "conv9"])
    #expect(part.steps[0].layers == ["fc3", "fc2", "fc1"] && part.steps[0].index == 2)
    let turned = try plan(.cascading).steps(from: "fc1", through: "conv9")
    #expect(turned == part)
  }

  @Test(arguments: [
    ("conv11", "did you mean 'conv10' or 'conv1'"), ("pool1", "expected one of fc3, fc2"),
    ("conv1_bn", "no layer with weights"),
  ])
  func `an unknown layer is refused with a hint`(name: String, fragment: String) {
    let failure = #expect(throws: ExperimentFailure.self) {
      try plan(.cascading).steps(from: "fc3", through: name)
    }
    #expect(failure?.kind == .usage)
    #expect(failure?.description.contains(fragment) == true, "\(failure?.description ?? "")")
  }

  @Test func `a network without convolutions, hidden layers or batch norm has steps, too`() {
    let small = Network(
      Architecture(input: [3, 6, 6], stacks: [], hidden: [], classes: 5, batchNorm: false))
    #expect(RandomizationPlan(small, mode: .cascading).steps.map(\.layers) == [["fc1"]])
  }
}
