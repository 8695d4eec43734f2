import Testing
import XAIAttribution
import XAINetworks
import XAITensor

/// Networks that have nothing to explain: every division of a method meets a zero.
@Suite struct DegenerateNetworkTests {
  enum Kind: CaseIterable {
    /// No rectifier ever opens.
    case dead
    /// Every parameter is zero, variances aside: all logits are equal.
    case zero
    /// Every weight is zero, but biases are not: the output does not depend on the image.
    case biased

    func value(of name: String, _ tensor: Tensor) -> Tensor {
      let isShift = name.hasSuffix(".bias")
      switch self {
      case _ where name.hasSuffix(".running_var"): return tensor
      case .dead: return isShift && !name.hasPrefix("fc") ? tensor.map { _ in -1e4 } : tensor
      case .zero: return Tensor(shape: tensor.shape)
      case .biased: return isShift ? tensor : Tensor(shape: tensor.shape)
      }
    }
  }

  static let architectures = [
    Architecture(input: [3, 8, 8], stacks: [[4], [5]], hidden: [6], classes: 3),
    Architecture(input: [3, 8, 8], stacks: [[4], [5]], hidden: [6], classes: 3, batchNorm: false),
    Architecture(
      input: [3, 8, 8], stacks: [[4, 5]], hidden: [], classes: 3, globalAveragePooling: true),
    Architecture(input: [3, 8, 8], stacks: [], hidden: [6, 5], classes: 3),
  ]

  @Test(arguments: Kind.allCases, architectures)
  func `every method gives finite maps and laws`(_ kind: Kind, _ architecture: Architecture) throws
  {
    let lively = try LivelyNetwork(architecture, images: 1)
    var parameters = Parameters()
    for name in lively.parameters.names {
      if let tensor = lively.parameters[name] { parameters[name] = kind.value(of: name, tensor) }
    }
    let network = LivelyNetwork(lively, parameters: parameters)
    let image = lively.request.images
    let images = Tensor(stacking: [
      image.row(0), Tensor(shape: [1] + architecture.input).row(0),
      Tensor(shape: [1] + architecture.input, repeating: 0.5).row(0),
    ])
    for entry in MethodCatalog.entries {
      let method = MethodMatrixTests.cheap(entry)
      guard method.obstacle(on: lively.network) == nil else { continue }
      var request = AttributionRequest(images: images, targets: [0, 1, 2])
      switch method.baselineNeed {
      case .none: break
      case .one: request.baselines = .one(Tensor(shape: images.shape, repeating: 0.5))
      case .several: request.baselines = .shared(Tensor(shape: images.shape, repeating: 0.5))
      }
      let result = try method.attribute(request, on: network.explained, in: AttributionContext())
      #expect(result.maps.isFinite, "\(entry.identifier)")
      for law in result.laws {
        #expect(
          law.expected.isFinite && law.found.isFinite && law.relativeError.isFinite,
          "\(entry.identifier)")
      }
    }
  }
}
