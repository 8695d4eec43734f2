public import XAIAttribution
import XAIEvaluation

extension EvaluationExperiment {
  /// What is judged, and how.
  public struct Configuration: Sendable {
    /// Where images come from.
    public enum Images: Sendable {
      /// Pictures in the size that the network takes.
      case pictures(ImageChoice)
      /// Normalized tensors that were made elsewhere.
      case tensors(JudgedTensors)

      /// The rule as a sentence for reports.
      var sentence: String {
        switch self {
        case .pictures(let choice): choice.sentence
        case .tensors(let tensors): "The images are the tensors \(tensors.images.name)."
        }
      }
    }

    /// The images.
    public var images: Images
    /// Maps that were made elsewhere, judged beside those of the methods.
    public var given: [GivenMaps] = []
    /// The methods; controls are judged besides.
    public var methods: [MethodPreparation.Candidate]
    /// The most passes for each image of a method that nobody asked for; nil for no limit.
    public var limit: Double?
    /// What is measured.
    public var measures: [EvaluationColumns.Choice] = MeasureColumn.Family.allCases.map {
      .family($0)
    }
    /// What stands in the place of what is removed: one image each.
    public var baselines: [BaselineKind] = [.black, .blur]
    /// Rows and columns of the cells of coalition tables.
    public var cells = (rows: 3, columns: 3)
    /// How many points curves have.
    public var steps = 32
    /// Which class faithfulness and robustness are about.
    public var target = TargetChoice.predicted
    /// The same in words, for reports.
    public var targetWords = "predicted"
    /// The shares of an image that a box may take to count for localization; exact masks always count.
    public var boxArea = 0.0...0.25
    /// Whether only images that the network classifies correctly are judged.
    public var correctOnly = false
    /// How many neighbors each image has for robustness.
    public var neighbors = 10
    /// Whether the measures themselves are tried, by tiny noise and by a random network.
    public var triesMeasures = false
    /// What a user thinks that measures are worth, by their names; no total score without it.
    public var weights: [String: Double] = [:]
    /// What other experiments found about the methods, by their names.
    public var known: [String: EvaluatedMethod.Finding] = [:]

    /// Says what is judged.
    /// - Parameters:
    ///   - images: The images.
    ///   - methods: The methods.
    public init(images: ImageChoice, methods: [MethodPreparation.Candidate]) {
      (self.images, self.methods) = (.pictures(images), methods)
    }

    /// Says what is judged, on tensors that were made elsewhere.
    /// - Parameters:
    ///   - tensors: The images.
    ///   - given: Maps of them.
    ///   - methods: The methods besides; may be none.
    public init(
      tensors: JudgedTensors, given: [GivenMaps], methods: [MethodPreparation.Candidate] = []
    ) {
      (images, self.given, self.methods) = (.tensors(tensors), given, methods)
      targetWords = "given"
    }
  }
}

extension EvaluatedMethod {
  /// What other experiments found about a method.
  public struct Finding: Sendable {
    /// What was found, and about what.
    public struct Known<Value: Sendable>: Sendable {
      /// What was found.
      public var value: Value
      /// The method with its parameters and its baseline.
      public var method: TestedMethod

      /// Groups what was found.
      /// - Parameters:
      ///   - value: What was found.
      ///   - method: The method with its parameters and its baseline.
      public init(_ value: Value, about method: TestedMethod) {
        (self.value, self.method) = (value, method)
      }

      /// Whether it is about the same method with the same parameters and baseline.
      func isAbout(_ other: TestedMethod?) -> Bool {
        guard let other else { return false }
        return method.method == other.method && method.parameters == other.parameters
          && method.baseline == other.baseline
      }
    }

    /// What a randomization test said.
    public var verdict: Known<RandomizationFinding>?
    /// How similar its maps are on two networks.
    public var consistency: Known<Double>?

    /// Nothing is known.
    public init() {}
  }
}
