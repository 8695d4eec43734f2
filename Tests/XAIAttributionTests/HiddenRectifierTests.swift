import Testing
import XAIAttribution
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

/// Figures 7.2 and 7.3 of the thesis: where a framework does not see a rectifier, guided backprop silently
/// becomes the gradient.
@Suite struct HiddenRectifierTests {
  static let networks = ["A", "B", "random"]

  private func network(_ name: String) throws -> (ExplainedNetwork, AttributionRequest) {
    guard name == "random" else {
      let fixture = try FixtureNetwork(name)
      return (fixture.explained, try fixture.request())
    }
    let lively = try LivelyNetwork(
      Architecture(input: [3, 12, 10], stacks: [[6, 9], [11]], hidden: [13], classes: 5))
    return (lively.explained, lively.request)
  }

  @Test(arguments: networks)
  func `every rectifier of every form is a node of its own`(name: String) throws {
    let (explained, _) = try network(name)
    let architecture = explained.network.architecture
    let hidden = architecture.stacks.reduce(0) { $0 + $1.count } + architecture.hidden.count
    for form in [explained.trained, explained.merged(), explained.merged(keeping: "conv2")] {
      #expect(form.nodes.count { $0.operation == .relu } == hidden)
    }
  }

  @Test(arguments: networks)
  func `guided backprop and DeconvNet differ from the gradient in every image`(
    name: String
  ) throws {
    let (explained, request) = try network(name)
    let maps = try ["gradient", "guided-backprop", "deconvnet"].map { identifier in
      try #require(MethodCatalog.entry(identifier)).method
        .attribute(request, on: explained, in: AttributionContext()).maps
    }
    for image in 0..<request.count {
      for (first, second) in [(0, 1), (0, 2), (1, 2)] {
        let (left, right) = (maps[first].row(image), maps[second].row(image))
        #expect(
          min(
            largestDeviation(left, right).relative, largestDeviation(right, left).relative) > 0.1,
          "image \(image)")
      }
    }
  }

  @Test(arguments: networks)
  func `with its rectifiers hidden, guided backprop would be the gradient`(name: String) throws {
    let (explained, request) = try network(name)
    func signals(_ composite: Composite) throws -> Tensor {
      try explained.merged().inputSignals(
        images: request.images, targets: request.targets, composite: composite,
        algorithm: .direct, in: AttributionContext()
      ).signals
    }
    let gradient = try signals(Composite())
    // What Captum does where a network calls functions instead of modules: no rectifier is found.
    let hidden = Composite().with(GatedRectifier(.guided)) { _, _ in false }
    #expect(try signals(hidden) == gradient)
    let seen = Composite().with(GatedRectifier(.guided), for: .activation)
    #expect(largestDeviation(try signals(seen), gradient).relative > 0.1)
  }
}
