public import XAIAttribution
public import XAIExperiments
public import XAIReports

extension RandomizationExperiment {
  /// Prepares a test of methods and of the controls, the cascade from the logits down with five draws.
  /// - Parameters:
  ///   - methods: The methods; each name once.
  ///   - count: Test images of the session's data: the first that the network classifies correctly, each of another
  ///     class.
  ///   - session: The network and its data.
  ///   - folder: Where finished maps are kept, so that a test that was stopped goes on.
  /// - Throws: What opening the data and the folder throws; `ExperimentFailure` where a method cannot explain the
  ///   network.
  public convenience init(
    of methods: [NamedMethod], images count: Int, in session: Session, keeping folder: String
  ) throws {
    if session.dataset == nil { try session.openData() }
    let candidates = methods.map { method in
      MethodPreparation.Candidate(
        MethodUnderTest(
          method.entry,
          baseline: RequestMaker.baseline(of: method.entry.method, chosen: nil)),
        isRequired: true)
    }
    try self.init(
      Configuration(images: .samples(.recognised(count)), methods: candidates.withControls()),
      in: session)
    try open(folder)
  }
}

extension RandomizationExperiment.Outcome {
  /// The report of the outcome: a page, plots, strips and tables.
  /// - Parameter options: What is shown.
  /// - Returns: The report.
  public func report(
    _ options: RandomizationReport.Options = RandomizationReport.Options()
  ) -> RandomizationReport {
    RandomizationReport(results, maps: maps, pictures: pictures, options: options)
  }
}

/// A method under the name that results give it.
public struct NamedMethod: Sendable {
  /// The name, the method with its parameters, and what is said about it.
  public let entry: MethodEntry

  /// Names a method of one's own.
  /// - Parameters:
  ///   - identifier: Its name in results, unique in a test.
  ///   - method: The method.
  ///   - summary: What it does, in one line.
  ///   - source: Where it comes from.
  public init(
    _ identifier: String, _ method: any AttributionMethod, summary: String = "", source: String = ""
  ) {
    entry = MethodEntry(
      identifier, .perturbation, summary: summary, source: source, method: method)
  }

  private init(catalog identifier: String) {
    guard let entry = MethodCatalog.entry(identifier) else {
      preconditionFailure("the catalog has no method \(identifier)")
    }
    self.entry = entry
  }

  /// A method of the catalog.
  /// - Parameter identifier: Its identifier, such as `lrp-a1b0`.
  /// - Returns: The method; nil where the catalog has none of that name.
  public static func catalog(_ identifier: String) -> NamedMethod? {
    MethodCatalog.entry(identifier).map { _ in NamedMethod(catalog: identifier) }
  }

  /// `saliency`.
  public static var saliency: NamedMethod { NamedMethod(catalog: "saliency") }
  /// `input-x-gradient`.
  public static var inputXGradient: NamedMethod { NamedMethod(catalog: "input-x-gradient") }
  /// `guided-backprop`.
  public static var guidedBackprop: NamedMethod { NamedMethod(catalog: "guided-backprop") }
  /// `grad-cam`.
  public static var gradCAM: NamedMethod { NamedMethod(catalog: "grad-cam") }
  /// `integrated-gradients`.
  public static var integratedGradients: NamedMethod {
    NamedMethod(catalog: "integrated-gradients")
  }
  /// `deep-lift`.
  public static var deepLIFT: NamedMethod { NamedMethod(catalog: "deep-lift") }
  /// `lrp-epsilon`.
  public static var lrpEpsilon: NamedMethod { NamedMethod(catalog: "lrp-epsilon") }
}
