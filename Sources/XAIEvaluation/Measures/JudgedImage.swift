public import XAIMetrics
public import XAITensor

/// An image with all that measures of its maps have in common: computed once, for all methods.
///
/// One thread at a time.
public final class JudgedImage {
  /// The filling of imputed pixels with noise, as ROAD has it.
  public static let imputed = "imputed"

  /// What is known of an image besides its pixels.
  public struct Knowledge {
    /// Baselines by name, `[C, H, W]` each: black, blur.
    public var baselines: [String: Tensor] = [:]
    /// Other images of the data, `[C, H, W]` each.
    public var others: [Tensor] = []
    /// Where the object of the true class is.
    public var object: ObjectMask?
    /// Superpixels of the image.
    public var segments: ImageParts?
    /// Disturbances that make its neighbors, `[C, H, W]` each.
    public var disturbances: [Tensor] = []
    /// How values become pixels of 8 bits.
    public var code: PixelCode?

    /// Nothing is known.
    public init() {}
  }

  /// The network.
  public let network: JudgedNetwork
  /// `[C, H, W]`, normalized.
  public let image: Tensor
  /// The class.
  public let target: Int
  /// Names the random streams of the image.
  public let key: Int
  /// Makes random choices.
  public let draws: EvaluationDraws
  /// What is known besides.
  public let knowledge: Knowledge
  /// Tie ranks that all methods share.
  public let ties: [Int]
  private var removals: [String: RemovalEvaluator] = [:]
  private var known: [String: Any] = [:]

  /// Prepares an image.
  /// - Parameters:
  ///   - image: `[C, H, W]`, normalized.
  ///   - target: The class.
  ///   - network: The network.
  ///   - key: Names the random streams of the image.
  ///   - draws: Makes random choices.
  ///   - knowledge: What is known besides.
  /// - Throws: `EvaluationFailure` where the image or a baseline is not the network's.
  public init(
    _ image: Tensor, target: Int, on network: JudgedNetwork, key: Int = 0,
    draws: EvaluationDraws = EvaluationDraws(), knowledge: Knowledge = Knowledge()
  ) throws(EvaluationFailure) {
    (self.image, self.target, self.network) = (image, target, network)
    (self.key, self.draws, self.knowledge) = (key, draws, knowledge)
    let fill = ImputationFill(noise: draws.imputationNoise(shape: network.input, image: key))
    removals[Self.imputed] = try RemovalEvaluator(
      network, image: image, fill: fill, target: target)
    for (name, baseline) in knowledge.baselines {
      removals[name] = try RemovalEvaluator(
        network, image: image, baseline: baseline, target: target)
    }
    ties = draws.ties(pixels: network.input[1] * network.input[2], image: key)
  }

  /// Rows.
  public var height: Int { network.input[1] }
  /// Columns.
  public var width: Int { network.input[2] }
  /// The number of pixels.
  public var pixels: Int { height * width }

  /// Keeps what the network says of removals beyond the process.
  /// - Parameter archive: Where, for the name of a filling.
  public func keepAnswers(in archive: (_ filling: String) -> any RemovalArchive) {
    for (filling, removal) in removals { removal.archive = archive(filling) }
  }

  /// Forward passes of removals so far.
  public var passes: Int { removals.values.reduce(0) { $0 + $1.passes } }

  /// The removals of this image with one filling.
  /// - Parameter filling: The name of a baseline, or `imputed`.
  /// - Returns: What evaluates them.
  /// - Throws: `EvaluationFailure` where there is no such baseline.
  public func removal(_ filling: String) throws(EvaluationFailure) -> RemovalEvaluator {
    guard let removal = removals[filling] else {
      throw EvaluationFailure(
        .unknown(filling, among: removals.keys.sorted()), of: "a measure")
    }
    return removal
  }

  /// A map of this image, prepared.
  /// - Parameters:
  ///   - map: The map.
  ///   - neighbors: The maps of its neighbors, in the order of the disturbances.
  /// - Returns: The map with its order.
  public func judged(_ map: RelevanceMap, neighbors: [RelevanceMap] = []) -> JudgedMap {
    var judged = JudgedMap(map, ties: ties)
    judged.neighbors = neighbors
    return judged
  }

  /// Something that the maps of all methods have in common, made at the first call.
  /// - Parameters:
  ///   - key: Its name, which says all parameters.
  ///   - make: Makes it.
  /// - Returns: It.
  /// - Throws: What making it throws.
  public func shared<Value>(_ key: String, _ make: () throws -> Value) throws -> Value {
    if let value = known[key] as? Value { return value }
    let value = try make()
    known[key] = value
    return value
  }

  /// Forgets everything that was computed, where memory matters more than time.
  public func forget() {
    known = [:]
    for removal in removals.values { removal.forget() }
  }
}
