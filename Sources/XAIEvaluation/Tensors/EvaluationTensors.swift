public import XAIAttribution
public import XAIFiles
public import XAITensor

/// Every measure as tensors, with every random choice given: what a program that judges this one compares.
///
/// Tensors have the names of the reference files: `curve.black.morf`, `table.scores`, `road.curve`. What is
/// wanted is what `parameters` name and `given` lacks.
public struct EvaluationTensors {
  /// What goes in.
  public struct Input {
    /// `[N, C, H, W]`, normalized.
    public var images: Tensor
    /// The class of each image.
    public var targets: [Int]
    /// Maps, masks, orders, noise, baselines (`inputs/baseline.black`), by name.
    public var given: [String: TensorData]
    /// For every tensor its parameters by name: steps, sides, thresholds, names of maps.
    public var parameters: [String: JSONValue]
    /// How values become pixels of 8 bits; `nil` where only the images can tell.
    public var code: PixelCode?
    /// Makes the choices that are not given.
    public var draws: EvaluationDraws

    /// Groups what goes in.
    /// - Parameters:
    ///   - images: `[N, C, H, W]`, normalized.
    ///   - targets: The class of each image.
    ///   - given: Tensors by name.
    ///   - parameters: Parameters of tensors by name.
    ///   - code: How values become pixels of 8 bits.
    ///   - draws: Makes the choices that are not given.
    public init(
      images: Tensor, targets: [Int], given: [String: TensorData],
      parameters: [String: JSONValue], code: PixelCode? = nil,
      draws: EvaluationDraws = EvaluationDraws()
    ) {
      (self.images, self.targets, self.given) = (images, targets, given)
      (self.parameters, self.code, self.draws) = (parameters, code, draws)
    }
  }

  /// What comes out.
  public struct Output {
    /// Tensors by name, in the order of their names; real ones in 64 bits, NaN where undefined.
    public var tensors: [(name: String, data: TensorData)] = []
    /// What was wanted and is left out, with the reason.
    public var omitted: [(name: String, reason: String)] = []
  }

  private let context: TensorContext
  private let wanted: [String]

  /// Checks what goes in.
  /// - Parameters:
  ///   - input: What goes in.
  ///   - network: The network.
  /// - Throws: `EvaluationFailure` where images, targets or maps are not those of the network, or hold NaN.
  public init(_ input: Input, on network: JudgedNetwork) throws(EvaluationFailure) {
    context = try TensorContext(input, network)
    wanted = input.parameters.keys.filter { input.given[$0] == nil }.sorted()
  }

  /// Computes what is wanted.
  /// - Returns: The tensors.
  /// - Throws: `EvaluationFailure` where something given is missing or malformed, what the network throws, or
  ///   `AttributionStopped`.
  public func compute() throws -> Output {
    var output = Output()
    for name in wanted {
      if let reason = context.obstacle(to: name) {
        output.omitted.append((name, reason))
      } else if let data = try Self.tensor(TensorName(name), context) {
        output.tensors.append((name, data))
      } else {
        output.omitted.append((name, "no measure has this name"))
      }
    }
    return output
  }

  /// The families in which a name is looked for.
  static var families: [any TensorFamily.Type] {
    [
      CurveTensors.self, PartTensors.self, CellTensors.self, SubsetTensors.self, TableTensors.self,
      ImputationTensors.self, InfidelityTensors.self, LogOddsTensors.self, RobustnessTensors.self,
      LocalizationTensors.self, SweepTensors.self, MapTensors.self, AggregateTensors.self,
    ]
  }

  private static func tensor(
    _ name: TensorName, _ context: TensorContext
  ) throws -> TensorData? {
    for family in families {
      if let data = try family.tensor(name, context) { return data }
    }
    return nil
  }
}

/// Tensors that belong together.
protocol TensorFamily {
  /// Computes a tensor.
  /// - Returns: `nil` where the name is none of this family.
  static func tensor(_ name: TensorName, _ context: TensorContext) throws -> TensorData?
}

/// A tensor's name, in its parts: `curve.black.morf`.
struct TensorName {
  let text: String
  let parts: [String]

  init(_ text: String) {
    self.text = text
    parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
  }

  /// A part, or an empty text.
  subscript(index: Int) -> String { index < parts.count ? parts[index] : "" }

  /// The direction that the last part names.
  var isLeastFirst: Bool? {
    switch parts.last {
    case "morf": false
    case "lerf": true
    default: nil
    }
  }
}
