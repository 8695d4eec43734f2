public import ArgumentParser
public import XAIAttribution
import XAIConsole
import XAIFiles
import XAITraining

extension NoiseSummary: ExpressibleByArgument {}

/// Which methods, with which parameters.
struct MethodOptions: ParsableArguments {
  enum QuadratureRule: String, ExpressibleByArgument, CaseIterable {
    case gaussLegendre = "gauss-legendre"
    case left, right, middle, trapezoid
  }

  enum RelevanceSeed: String, ExpressibleByArgument, CaseIterable {
    case unit, logit
  }

  /// What is computed where nobody chose.
  static let standardGroups = "group1,group2,group3,group4"
  /// The most walks through the network for each image of a method that nobody named.
  static let standardLimit = 500.0

  @Option(
    help: """
      Identifiers and groups, separated by commas: ID, group1 to group4, perturbation, control, all. \
      Default is group1 to group4 without methods of more than 500 walks for each image.
      """)
  var method: String?
  @Option(
    help: """
      A JSON file of parameters: those of one method under its identifier, others for every chosen \
      method that has them.
      """)
  var parameters: String?
  @Option(help: "Integrated gradients: points on the path.", transform: Parse.positiveInteger)
  var igSteps: Int?
  @Option(help: "Integrated gradients: the quadrature.")
  var igRule: QuadratureRule?
  @Option(help: "Occlusion: the side of the window.", transform: Parse.positiveInteger)
  var occlusionWindow: Int?
  @Option(help: "Occlusion: the step of the window.", transform: Parse.positiveInteger)
  var occlusionStride: Int?
  @Option(help: "Class activation maps: the node whose output is weighted.")
  var layer: String?
  @Option(help: "Relevance: what enters at the output, 1 or the logit.")
  var relevanceSeed: RelevanceSeed?
  @OptionGroup var noise: NoiseOptions

  /// The methods with their parameters.
  func selection() throws -> MethodSelection {
    var selection = try MethodSelection(method ?? Self.standardGroups)
    noise.wrap(&selection)
    if let parameters { try selection.apply(try Self.read(parameters)) }
    func set(_ flag: String, _ parameter: String, _ value: JSONValue?, with other: String? = nil)
      throws
    {
      guard let value else { return }
      try selection.set(parameter, value, calledBy: flag) {
        $0.has(parameter) && (other.map($0.has) ?? true)
      }
    }
    try set("--ig-steps", "steps", igSteps.map { .integer(Int64($0)) }, with: "rule")
    try set("--ig-rule", "rule", igRule.map { .string($0.rawValue) }, with: "steps")
    try set("--occlusion-window", "window", occlusionWindow.map { .integer(Int64($0)) })
    try set("--occlusion-stride", "stride", occlusionStride.map { .integer(Int64($0)) })
    try set("--layer", "layer", layer.map { .string($0) })
    try set("--relevance-seed", "seed", relevanceSeed.map { .string($0.rawValue) })
    return selection
  }

  private static func read(_ path: String) throws -> [String: JSONValue] {
    try JSONText.decode(
      [String: JSONValue].self, from: try WholeFile.readText(path), name: "'\(path)'")
  }
}

/// Any method behind a noise tunnel.
struct NoiseOptions: ParsableArguments {
  @Option(help: "Explain noisy copies and summarise their maps.")
  var noise: NoiseSummary?
  @Option(help: "The number of noisy copies; default is 50.", transform: Parse.positiveInteger)
  var noiseSamples: Int?
  @Option(
    help: """
      The standard deviation of the noise, in units of the normalised image; default is 0.7.
      """, transform: Parse.positiveNumber)
  var noiseStd: Double?

  func validate() throws {
    if noise == nil, noiseSamples != nil || noiseStd != nil {
      throw ValidationError("--noise-samples and --noise-std need --noise")
    }
  }

  /// Puts every method behind a tunnel, if one was asked for.
  func wrap(_ selection: inout MethodSelection) {
    guard let noise else { return }
    for index in selection.choices.indices {
      selection.choices[index].method = noised(
        selection.choices[index].method, kind: noise, samples: noiseSamples ?? 50,
        standardDeviation: noiseStd ?? 0.7)
    }
  }
}
