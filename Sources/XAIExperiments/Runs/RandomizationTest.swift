import XAIAttribution
public import XAIClassifiers
import XAINetworks
import XAITensor

/// A randomization test: images and methods on one network, and on that network with random layers.
///
/// It is made of units, one map each, which are stored as they are finished; `RandomizationAssembly`
/// makes the results of them.
public struct RandomizationTest {
  /// An image with the class that is explained.
  public struct Subject: Sendable {
    /// The image.
    public var image: ExplainedImage
    /// What the original network says about it.
    public var prediction: Prediction
    /// The class that is explained.
    public var target: Int

    /// Groups an image with its target.
    /// - Parameters:
    ///   - image: The image.
    ///   - prediction: What the original network says about it.
    ///   - target: The class that is explained.
    public init(image: ExplainedImage, prediction: Prediction, target: Int) {
      (self.image, self.prediction, self.target) = (image, prediction, target)
    }
  }

  /// The networks.
  public let networks: RandomizedNetworks
  /// The images.
  public let subjects: [Subject]
  /// The methods, controls among them.
  public let methods: [MethodUnderTest]
  /// The steps of each mode.
  public let plans: [RandomizationPlan]
  /// How many draws.
  public let seeds: Int
  /// Which class is explained after randomization.
  public let target: RandomizationConfiguration.Target
  /// Makes requests of images.
  public let requests: RequestMaker
  /// Whether maps are kept with their channels.
  public let keepsChannels: Bool

  /// Plans a test.
  /// - Parameters:
  ///   - networks: The networks.
  ///   - subjects: The images.
  ///   - methods: The methods, controls among them.
  ///   - plans: The steps of each mode.
  ///   - seeds: How many draws.
  ///   - target: Which class is explained after randomization.
  ///   - requests: Makes requests of images.
  ///   - keepsChannels: Whether maps are kept with their channels.
  public init(
    networks: RandomizedNetworks, subjects: [Subject], methods: [MethodUnderTest],
    plans: [RandomizationPlan], seeds: Int, target: RandomizationConfiguration.Target,
    requests: RequestMaker, keepsChannels: Bool
  ) {
    (self.networks, self.subjects, self.methods) = (networks, subjects, methods)
    (self.plans, self.seeds, self.target) = (plans, seeds, target)
    (self.requests, self.keepsChannels) = (requests, keepsChannels)
  }

  var network: Network { networks.original.network }

  /// The different networks of a seed: equal steps of several modes count once.
  var variants: [RandomLayers] {
    var variants: [RandomLayers] = []
    for plan in plans {
      for step in plan.steps {
        let layers = RandomLayers(step, of: network)
        if !variants.contains(layers) { variants.append(layers) }
      }
    }
    return variants
  }

  func unitMethod(_ method: MethodUnderTest) throws -> UnitMethod {
    try UnitMethod(
      method.entry.identifier, method.method, baseline: method.baseline,
      keepsChannels: keepsChannels)
  }
}
