import Testing
import XAIAttribution
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

@Suite("Gradient methods")
struct GradientTests {
  static let names = [
    ("saliency", "saliency"), ("gradient", "gradient"), ("input-x-gradient", "inputXGradient"),
    ("deconvnet", "deconvnet"), ("guided-backprop", "guidedBackprop"),
  ]

  @Test("Whole maps agree with Captum, ties included", arguments: ["A", "B"], names)
  func agreesWithReference(network: String, name: (identifier: String, reference: String)) throws {
    let fixture = try FixtureNetwork(network)
    let reference = try ReferenceFile("network\(network)/gradients")
    try reference.expect(
      fixture.maps(of: name.identifier, fixture.request()), agreesWith: name.reference)
    let ties = "ties.\(name.reference)"
    guard reference.names.contains(ties) else { return }
    try reference.expect(
      fixture.maps(of: name.identifier, fixture.tiesRequest()), agreesWith: ties)
  }

  @Test("Merging batch norm changes nothing", arguments: ["A", "B", "N", "F"])
  func mergingIsInvariant(network: String) throws {
    let fixture = try FixtureNetwork(network)
    let context = AttributionContext()
    for gate in RectifierGate.allCases {
      let composite = Composite().with(GatedRectifier(gate), for: .activation)
      let maps = try [fixture.explained.trained, fixture.explained.merged()].map {
        try $0.inputSignals(
          images: fixture.images, targets: fixture.targets, composite: composite,
          algorithm: .direct, in: context
        ).signals
      }
      expectClose(maps[1], maps[0], relative: 2e-5, "\(gate)")
    }
  }
}
