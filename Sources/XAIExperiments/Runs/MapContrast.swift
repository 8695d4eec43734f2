public import XAIAttribution
public import XAIClassifiers
public import XAIMetrics
import XAITensor

/// Maps of the same images by the same methods, compared in pairs: of two classes on one network, or of
/// one class on two networks.
///
/// Noise, baselines and samples are the same for every map of an image, so that only the class or the
/// network makes a difference.
public struct MapContrast {
  /// What a map explains: a class, on one of the networks.
  public struct Side: Sendable, Hashable {
    /// The position of the network.
    public var network: Int
    /// The class.
    public var target: Int

    /// Names what a map explains.
    /// - Parameters:
    ///   - network: The position of the network.
    ///   - target: The class.
    public init(network: Int, target: Int) { (self.network, self.target) = (network, target) }
  }

  /// Two maps of an image that are compared.
  public struct Pair: Sendable, Equatable {
    /// The position of the image.
    public var image: Int
    /// The position of the contrast that it is an example of.
    public var contrast: Int
    /// Which of several examples on this image, from 0.
    public var draw: Int
    /// The first map.
    public var left: Side
    /// The second map.
    public var right: Side

    /// Describes a pair.
    /// - Parameters:
    ///   - image: The position of the image.
    ///   - contrast: The position of the contrast that it is an example of.
    ///   - draw: Which of several examples on this image, from 0.
    ///   - left: The first map.
    ///   - right: The second map.
    public init(image: Int, contrast: Int, draw: Int = 0, left: Side, right: Side) {
      (self.image, self.contrast, self.draw) = (image, contrast, draw)
      (self.left, self.right) = (left, right)
    }
  }

  /// A network with what explains it.
  public struct Explainer {
    /// The network.
    public let network: ExplainedNetwork
    /// Makes requests of images, normalised as this network takes them.
    public let requests: RequestMaker
    /// The methods with the parameters that they use on this network; the same ones on every network.
    public let methods: [MethodUnderTest]

    /// Groups a network with what explains it.
    /// - Parameters:
    ///   - network: The network.
    ///   - requests: Makes requests of images.
    ///   - methods: The methods with the parameters that they use on this network.
    public init(
      _ network: ExplainedNetwork, requests: RequestMaker, methods: [MethodUnderTest]
    ) {
      (self.network, self.requests, self.methods) = (network, requests, methods)
    }
  }

  /// The images.
  public let images: [ExplainedImage]
  /// The networks; of one input size, with the same classes.
  public let explainers: [Explainer]
  /// What is compared.
  public let pairs: [Pair]
  let names = UnitNames()

  /// Plans a comparison.
  /// - Parameters:
  ///   - images: The images.
  ///   - explainers: One network or several, each with the same methods.
  ///   - pairs: What is compared.
  public init(images: [ExplainedImage], explainers: [Explainer], pairs: [Pair]) {
    let methods = explainers.map { $0.methods.map(\.identifier) }
    precondition(!methods.isEmpty && methods.allSatisfy { $0 == methods[0] }, "methods differ")
    precondition(
      pairs.allSatisfy { pair in
        images.indices.contains(pair.image)
          && [pair.left, pair.right].allSatisfy { explainers.indices.contains($0.network) }
      }, "a pair is of no image or no network")
    (self.images, self.explainers, self.pairs) = (images, explainers, pairs)
  }

  /// The methods as they are used on the first network.
  public var methods: [MethodUnderTest] { explainers[0].methods }

  /// Everything of an image that is explained, each once, in the order of the pairs.
  func sides(of image: Int) -> [Side] {
    var sides: [Side] = []
    for pair in pairs where pair.image == image {
      for side in [pair.left, pair.right] where !sides.contains(side) { sides.append(side) }
    }
    return sides
  }
}

/// Maps of a comparison that were kept.
public struct ContrastMaps: Sendable {
  private struct Place: Hashable {
    let method: Int
    let image: Int
    let side: MapContrast.Side
  }

  private var maps: [Place: RelevanceMap] = [:]

  /// Nothing is kept yet.
  public init() {}

  /// A map, channels summed; nothing where it was not kept, or where it holds NaN or infinity.
  /// - Parameters:
  ///   - method: The position of the method.
  ///   - image: The position of the image.
  ///   - side: What it explains.
  public subscript(method: Int, image: Int, side: MapContrast.Side) -> RelevanceMap? {
    get { maps[Place(method: method, image: image, side: side)] }
    set { maps[Place(method: method, image: image, side: side)] = newValue }
  }
}
