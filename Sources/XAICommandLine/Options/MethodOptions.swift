public import ArgumentParser
public import XAIAttribution
package import XAIExperiments
import XAIFiles
import XAITensor

extension NoiseSummary: ExpressibleByArgument {
  /// Reads a name: our own, or that of Captum.
  /// - Parameter argument: Such as `smooth-grad` or `smoothgrad`.
  public init?(argument: String) {
    let name = argument.lowercased().replacing("_", with: "-")
    let known: [String: NoiseSummary] = [
      "smoothgrad": .smoothGrad, "smoothgrad-sq": .smoothGradSquared,
      "smoothgrad-squared": .smoothGradSquared, "vargrad": .varGrad,
    ]
    guard let summary = known[name] ?? NoiseSummary(rawValue: name) else { return nil }
    self = summary
  }
}

extension QuadratureRule: ExpressibleByArgument {
  /// Reads a name: our own, or that of Captum.
  /// - Parameter argument: Such as `left` or `riemann_left`.
  public init?(argument: String) { self.init(named: argument.lowercased()) }
}

extension PixelExtent {
  /// Reads `N`, or `HxW`.
  fileprivate static func read(_ text: String) throws -> PixelExtent {
    let sides = text.split(omittingEmptySubsequences: false) { $0 == "x" || $0 == "," }
      .map { Int($0) }
    guard sides.count <= 2, let height = sides[0], let width = sides[sides.count - 1],
      height > 0, width > 0
    else { throw ValidationError("expected a number of pixels above 0 such as 8, or 5x3") }
    return PixelExtent(height, width)
  }
}

/// Which methods, with which parameters.
package struct MethodOptions: ParsableArguments {
  package enum RelevanceSeed: String, ExpressibleByArgument, CaseIterable {
    case unit, logit
  }

  /// What is computed where nobody chose.
  static let standardGroups = "group1,group2,group3,group4"

  @Option(
    help: """
      Identifiers and groups, separated by commas: ID, gradients, references, paths, relevance, \
      perturbation, control, all; group1 to group4 are the first four as the thesis has them. \
      Default is group1 to group4 without methods of more than 500 walks for each image.
      """)
  package var method: String?
  @Option(
    help: """
      Parameters as JSON, or a file of them: those of one method under its identifier, others for \
      every chosen method that has them.
      """)
  package var parameters: String?
  @Option(
    parsing: .unconditional, help: "Integrated gradients: points on the path.",
    transform: Parse.positiveInteger)
  package var igSteps: Int?
  @Option(help: "Integrated gradients: the quadrature.")
  package var igRule: QuadratureRule?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Occlusion: the side of the window, or HxW.", valueName: "n"),
    transform: PixelExtent.read)
  package var occlusionWindow: PixelExtent?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Occlusion: the step of the window, or HxW.", valueName: "n"),
    transform: PixelExtent.read)
  package var occlusionStride: PixelExtent?
  @Option(help: "Class activation maps: the node whose output is weighted.")
  package var layer: String?
  @Option(help: "Relevance: what enters at the output, 1 or the logit.")
  package var relevanceSeed: RelevanceSeed?
  @OptionGroup package var noise: NoiseOptions

  package init() {}

  /// The most walks through the network for each image of a method, unless methods or groups were named.
  package var limit: Double? { method == nil ? MethodPreparation.standardLimit : nil }

  /// The methods with their parameters.
  package func selection() throws -> MethodSelection {
    var selection = try MethodSelection(method ?? Self.standardGroups)
    try apply(to: &selection)
    return selection
  }

  /// The methods with their parameters and what they compare with.
  /// - Parameter words: The baseline that the user chose; none for each method's own.
  /// - Returns: A candidate for each.
  /// - Throws: Where the words mean nothing.
  package func candidates(
    comparedWith words: [String]
  ) throws -> [MethodPreparation.Candidate] {
    let choices = try selection().choices
    let chosen = try words.isEmpty ? nil : BaselineKind(words)
    return choices.map { choice in
      var method = MethodUnderTest(
        choice, baseline: RequestMaker.baseline(of: choice.method, chosen: chosen))
      method.label = noise.noise.map { "\(choice.identifier) + \($0.rawValue)" }
      return .init(method, isRequired: choice.isNamed)
    }
  }

  /// Gives chosen methods the parameters that were asked for.
  package func apply(to selection: inout MethodSelection) throws {
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
    try set("--occlusion-window", "window", occlusionWindow?.json)
    try set("--occlusion-stride", "stride", occlusionStride?.json)
    try set("--layer", "layer", layer.map { .string($0) })
    try set("--relevance-seed", "seed", relevanceSeed.map { .string($0.rawValue) })
  }

  /// Bytes; a thousand times what all parameters of all methods take.
  private static let longestParameters = 1 << 24

  private static func read(_ path: String) throws -> [String: JSONValue] {
    let isText = path.trimmingSpaces.hasPrefix("{")
    return try JSONText.decode(
      [String: JSONValue].self,
      from: isText ? path : try WholeFile.readText(path, limit: longestParameters),
      name: isText ? "--parameters" : "'\(path)'")
  }
}

extension PixelExtent {
  fileprivate var json: JSONValue { .array([.integer(Int64(height)), .integer(Int64(width))]) }
}

/// Any method behind a noise tunnel.
package struct NoiseOptions: ParsableArguments {
  @Option(help: "Explain noisy copies and summarise their maps.")
  package var noise: NoiseSummary?
  @Option(
    parsing: .unconditional, help: "The number of noisy copies; default is 50.",
    transform: Parse.positiveInteger)
  package var noiseSamples: Int?
  @Option(
    parsing: .unconditional,
    help: """
      The standard deviation of the noise, in units of the normalised image; default is 0.7.
      """, transform: Parse.positiveNumber)
  package var noiseStd: Double?

  package init() {}

  package func validate() throws {
    if noise == nil, noiseSamples != nil || noiseStd != nil {
      throw ValidationError("--noise-samples and --noise-std need --noise")
    }
  }

  /// Puts every method behind a tunnel, if one was asked for.
  package func wrap(_ selection: inout MethodSelection) {
    guard let noise else { return }
    for index in selection.choices.indices {
      selection.choices[index].method = noised(
        selection.choices[index].method, kind: noise, samples: noiseSamples ?? 50,
        standardDeviation: noiseStd ?? 0.7)
    }
  }
}
