import Testing
import XAIAttribution
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct ClassActivationMapTests {
  @Test(arguments: ["A", "B"], [("conv", "conv4"), ("relu", "conv4_relu")])
  func `whole maps agree with Captum and the papers' formulas`(
    network: String, layer: (suffix: String, name: String)
  ) throws {
    let fixture = try FixtureNetwork(network)
    let reference = try ReferenceFile("network\(network)/gradients")
    func expect(
      _ name: String, _ weighting: ActivationWeighting, rectified: Bool? = nil,
      _ upsampling: Upsampling = .none, guided: Bool = false
    ) throws {
      let method = ClassActivationMap(
        weighting, layer: layer.name, rectified: rectified, upsampling: upsampling, guided: guided)
      let maps = try fixture.attribution(of: method, fixture.request()).maps
      try reference.expect(maps, agreesWith: name)
    }
    let suffix = layer.suffix
    try expect("gradcam.\(suffix).raw", .gradCAM)
    try expect("gradcam.\(suffix).rectified", .gradCAM, rectified: true)
    try expect("gradcam.\(suffix).nearest", .gradCAM, .nearest)
    try expect("gradcam.\(suffix).bilinear", .gradCAM, .bilinear)
    try expect("guidedGradcam.\(suffix)", .gradCAM, .nearest, guided: true)
    try expect("gradcamPlusPlus.\(suffix)", .gradCAMPlusPlus)
    try expect("guidedGradcamPlusPlus.\(suffix)", .gradCAMPlusPlus, .nearest, guided: true)
    try expect("layercam.\(suffix)", .layerCAM)
    try expect("hirescam.\(suffix)", .hiResCAM)
    try expect("xgradcam.\(suffix)", .xGradCAM)
    try expect("eigencam.\(suffix)", .eigenCAM)
  }

  @Test(arguments: ["A", "B"])
  func
    `the catalog's defaults are raw outputs for Grad-CAM, rectified ones for its relatives, and nearest neighbours`(
      network: String
    ) throws
  {
    let fixture = try FixtureNetwork(network)
    let reference = try ReferenceFile("network\(network)/gradients")
    try reference.expect(
      fixture.maps(of: "grad-cam", fixture.request()), agreesWith: "gradcam.conv.nearest")
    try reference.expect(
      fixture.maps(of: "guided-grad-cam", fixture.request()), agreesWith: "guidedGradcam.conv")
    try reference.expect(
      fixture.maps(of: "guided-grad-cam-plus-plus", fixture.request()),
      agreesWith: "guidedGradcamPlusPlus.relu")
    for name in ["grad-cam-plus-plus", "layer-cam", "hires-cam", "x-grad-cam", "eigen-cam"] {
      let maps = try fixture.maps(of: name, fixture.request())
      #expect(maps.shape == [3, 1] + fixture.images.shape.dropFirst(2), "\(name)")
    }
  }

  /// A network without pooling, one with odd extents, one that ends in global average pooling.
  static let architectures = [
    Architecture(input: [2, 9, 7], stacks: [[5, 17], [6]], hidden: [9], classes: 4),
    Architecture(input: [3, 6, 5], stacks: [[20]], hidden: [], classes: 3, pooling: false),
    Architecture(
      input: [3, 8, 8], stacks: [[5], [7, 18]], hidden: [], classes: 4, globalAveragePooling: true),
  ]

  @Test(arguments: architectures.indices, ActivationWeighting.allCases)
  func `every layer's map agrees with the formula in Double, and not with a wrong one`(
    variant: Int, weighting: ActivationWeighting
  ) throws {
    // No map whose sum, which decides on the sign of EigenCAM, is nearly 0.
    let lively = try LivelyNetwork(Self.architectures[variant], seed: 10)
    let literal = lively.literal
    for node in lively.network.nodes where node.outputShape.count == 3 {
      if case .dropout = node.operation { continue }
      // Sums of raw outputs may come near 0, where a quotient has no digits in Float32.
      if weighting == .xGradCAM || weighting == .gradCAMPlusPlus {
        guard node.operation == .relu || node.operation == .maxPool else { continue }
      }
      let method = ClassActivationMap(weighting, layer: node.name, upsampling: .none)
      let context = AttributionContext(algorithm: .direct)
      let maps = ReferenceArray(try lively.attribution(of: method, context).maps)
      #expect(maps.shape == [3, 1] + node.outputShape.dropFirst())
      let activation = literal.output(of: node.name)
      let gradient = literal.signal(lively.request.targets, at: node.name)
      let size = maps.values.count / 3
      for image in 0..<3 {
        let values = maps.values[image * size..<(image + 1) * size]
        func deviation(wrong: Bool) -> Double {
          let expected = LiteralActivationMaps.map(
            weighting, activation, gradient, image: image, wrong: wrong)
          return largestDeviation(values, expected).relative
        }
        #expect(deviation(wrong: false) < 2e-4, "\(node.name), image \(image)")
        if size > 1 { #expect(deviation(wrong: true) > 1e-3, "\(node.name), image \(image)") }
      }
    }
  }

  @Test(arguments: ["A", "B"])
  func `guided maps are guided backprop times the rectified map, on flat images too`(
    network: String
  ) throws {
    let fixture = try FixtureNetwork(network)
    let rectified = ClassActivationMap(.gradCAM, rectified: true)
    for request in try [fixture.request(), fixture.tiesRequest()] {
      let guided = try fixture.maps(of: "guided-grad-cam", request)
      let signal = try fixture.maps(of: "guided-backprop", request)
      let map = try fixture.attribution(of: rectified, request).maps
      let plane = map.rowCount
      let expected = Tensor(
        shape: signal.shape,
        signal.elements.enumerated().map { index, element in
          element * map.elements[index / signal.rowCount * plane + index % plane]
        })
      // Image by image: the map of one must not hide what another's lacks.
      for image in 0..<request.count where expected.row(image).elements.contains(where: { $0 != 0 })
      {
        expectClose(
          guided.row(image), expected.row(image), relative: 1e-5, "\(network), image \(image)")
      }
      #expect(expected.elements.contains { $0 != 0 })
    }
  }

  @Test func `convolutions are chosen for each image alone, in whatever company`() throws {
    let fixture = try FixtureNetwork("A")
    let (images, ties) = try (fixture.request(), fixture.tiesRequest())
    var patched = images.images.row(2)
    for channel in 0..<3 {
      for row in 6..<12 { for column in 3..<9 { patched[0, channel, row, column] = 0.25 } }
    }
    let request = AttributionRequest(
      images: Tensor(stacking: [
        images.images.row(0), ties.images.row(0), images.images.row(1), patched,
      ]),
      targets: [images.targets[0], ties.targets[0], images.targets[1], images.targets[2]])
    for method in [
      ClassActivationMap(.gradCAM, upsampling: .none), ClassActivationMap(.gradCAM, guided: true),
    ] {
      func maps(_ algorithm: ConvolutionAlgorithm?) throws -> Tensor {
        try fixture.attribution(of: method, request, in: AttributionContext(algorithm: algorithm))
          .maps
      }
      let (chosen, direct, fast) = try (maps(nil), maps(.direct), maps(.fastest))
      for (image, isFlat) in [false, true, false, true].enumerated() {
        let expected = (isFlat ? direct : fast).row(image)
        #expect(chosen.row(image) == expected, "image \(image)")
        if image != 1 { #expect(direct.row(image) != fast.row(image), "image \(image)") }
      }
    }
  }

  @Test func `nearest neighbours repeat, bilinear meets halfway between centres`() throws {
    let maps = Tensor(shape: [1, 1, 1, 2], [1, 3])
    #expect(Upsampling.nearest.enlarge(maps, to: [2, 4]).elements == [1, 1, 3, 3, 1, 1, 3, 3])
    #expect(Upsampling.bilinear.enlarge(maps, to: [1, 4]).elements == [1, 1.5, 2.5, 3])
    #expect(Upsampling.none.enlarge(maps, to: [2, 4]) == maps)
    // The middle one of three pixels begins in the first of two positions.
    #expect(Upsampling.nearest.enlarge(maps, to: [1, 3]).elements == [1, 1, 3])
    let square = Tensor(shape: [1, 1, 2, 2], [0, 4, 8, 12])
    #expect(
      Upsampling.bilinear.enlarge(square, to: [4, 4]).elements == [
        0, 1, 3, 4, 2, 3, 5, 6, 6, 7, 9, 10, 8, 9, 11, 12,
      ])
  }

  @Test func `a layer that is none is refused with the names of those that are`() throws {
    let lively = try LivelyNetwork(Self.architectures[2])
    for (layer, reason) in [
      ("conv9", "the network has no such node"), ("gap", "its output is no activation map"),
      ("fc1", "its output is no activation map"),
    ] {
      let failure = try #require(throws: AttributionFailure.self) {
        try lively.attribution(of: ClassActivationMap(.gradCAM, layer: layer))
      }
      #expect(failure.kind == .usage)
      #expect(
        failure.description.hasPrefix(
          "No class activation map of layer '\(layer)': \(reason); choose one of conv1, conv1_bn, "
            + "conv1_relu, conv1_dropout, pool1, conv2"), "\(failure.description)")
    }
    let failure = try #require(throws: AttributionFailure.self) {
      try lively.attribution(of: ClassActivationMap(.gradCAM, upsampling: .none, guided: true))
    }
    #expect(failure.kind == .usage && failure.description.contains("choose nearest or bilinear"))
  }

  @Test func `a network without convolutions has no map`() throws {
    let dense = try LivelyNetwork(
      Architecture(input: [1, 4, 4], stacks: [], hidden: [5], classes: 2))
    for entry in MethodCatalog.entries where entry.identifier.hasSuffix("cam") {
      let obstacle = try #require(entry.method.obstacle(on: dense.network))
      #expect(obstacle == "The network has no convolution, so no layer of it is an activation map.")
      #expect(throws: AttributionFailure.self) { try dense.attribution(of: entry.method) }
    }
  }

  @Test func `a map that rectification empties is noted`() throws {
    var lively = try LivelyNetwork(Self.architectures[1])
    var parameters = lively.parameters
    parameters["fc1.weight"] = parameters["fc1.weight"]?.map { -abs($0) }
    lively = LivelyNetwork(lively, parameters: parameters)
    let method = ClassActivationMap(.gradCAM, layer: "conv1_relu", rectified: true)
    let result = try lively.attribution(of: method)
    #expect(result.maps.elements.allSatisfy { $0 == 0 })
    #expect(
      result.inspected.notes
        == (0..<3).map { Attribution.Note("the map is zero everywhere", image: $0) })
    var raw = method
    raw.rectified = false
    #expect(try lively.attribution(of: raw).inspected.notes.isEmpty)
  }

  @Test func `parts of one image give the maps of the whole batch`() throws {
    let lively = try LivelyNetwork(Self.architectures[0])
    for guided in [false, true] {
      let method = ClassActivationMap(.gradCAM, guided: guided)
      let parts = try lively.attribution(of: method, AttributionContext(memory: 1)).maps
      expectClose(parts, try lively.attribution(of: method).maps, relative: 1e-5, "\(guided)")
    }
  }
}
