import Testing
import XAIAttribution
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct LinearClassActivationMapTests {
  static let architectures = [true, false].map { pooling in
    Architecture(
      input: [3, 8, 12], stacks: [[5], [7, 18]], hidden: [], classes: 4, pooling: pooling,
      globalAveragePooling: true)
  }

  @Test(arguments: architectures)
  func `Grad-CAM of what is averaged is CAM divided by the positions`(
    architecture: Architecture
  ) throws {
    let lively = try LivelyNetwork(architecture)
    let averaged = try #require(lively.network.nodes.last { $0.outputShape.count == 3 })
    let positions = Float(averaged.outputShape[1] * averaged.outputShape[2])
    for upsampling in Upsampling.allCases {
      let cam = try lively.attribution(of: LinearClassActivationMap(upsampling: upsampling)).maps
      let gradCAM = try lively.attribution(
        of: ClassActivationMap(.gradCAM, layer: averaged.name, upsampling: upsampling)
      ).maps
      #expect(largestDeviation(gradCAM, cam).relative > 0.5)
      expectClose(gradCAM.map { $0 * positions }, cam, relative: 1e-5, "\(upsampling)")
    }
  }

  @Test(arguments: architectures)
  func `the map's mean and the bias are the logit`(architecture: Architecture) throws {
    let lively = try LivelyNetwork(architecture)
    let maps = try lively.attribution(of: LinearClassActivationMap(upsampling: .none)).maps
    let logits = try #require(lively.literal.outputs.last)
    let bias = try #require(lively.parameters["fc1.bias"])
    for (image, target) in lively.request.targets.enumerated() {
      let found = maps.rowSums[image] / Double(maps.rowCount) + Double(bias[target])
      #expect(abs(found - logits[image, target]) < 1e-5 * max(1, abs(logits[image, target])))
    }
  }

  @Test(arguments: architectures)
  func `the gradient through the average agrees with finite differences`(
    architecture: Architecture
  ) throws {
    let lively = try LivelyNetwork(architecture, images: 1)
    let gradient = try lively.attribution(of: InputGradient()).maps
    let nudge = 1e-6
    for index in stride(from: 0, to: gradient.count, by: 37) {
      func logit(_ change: Double) throws -> Double {
        var images = ReferenceArray(lively.request.images)
        images.values[index] += change
        return try #require(lively.literal.network.evaluate(images).last)[0, 0]
      }
      let slope = (try logit(nudge) - logit(-nudge)) / (2 * nudge)
      #expect(abs(slope - Double(gradient.elements[index])) < 1e-4, "pixel \(index)")
    }
  }

  @Test func `other networks are told what to use instead`() throws {
    let sentence =
      "CAM needs a network that ends in global average pooling and one dense layer; use grad-cam, "
      + "which generalises it."
    let method = LinearClassActivationMap()
    #expect(method.obstacle(on: Network(.vgg16Tiny)) == sentence)
    var hidden = Self.architectures[0]
    hidden.hidden = [6]
    #expect(method.obstacle(on: Network(hidden)) == sentence)
    #expect(method.obstacle(on: Network(Self.architectures[0])) == nil)
    let failure = try #require(throws: AttributionFailure.self) {
      try LivelyNetwork(hidden).attribution(of: method)
    }
    #expect(failure.kind == .usage && failure.description == sentence)
  }
}
