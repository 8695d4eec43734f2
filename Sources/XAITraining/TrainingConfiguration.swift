public import XAIDatasets
public import XAINetworks

/// Everything that decides the result of a training, bit for bit, besides the data's content and the
/// number of threads.
public struct TrainingConfiguration: Codable, Sendable, Equatable {
  /// The recipe that the other values started from.
  public var recipe: Recipe
  /// The data set's name.
  public var data: String
  /// The network.
  public var architecture: Architecture
  /// The most epochs.
  public var epochs: Int
  /// Images in a step.
  public var batchSize: Int
  /// The learning rate before the schedule changes it.
  public var learningRate: Double
  /// How the learning rate changes.
  public var schedule: Schedule
  /// Momentum, L2, clipping.
  public var descent: GradientDescent.Settings
  /// The share of the target spread over all classes.
  public var labelSmoothing: Double
  /// How training images are changed at random.
  public var augmentation: Augmentation
  /// What is subtracted from images.
  public var preprocessing: Preprocessing.Kind
  /// How pictures reach the network where that is given and not measured on the data: settings in JSON.
  public var preprocessingSettings: String?
  /// Epochs without improvement of the validation loss before training stops.
  public var patience: Int
  /// By more than how much a validation loss must be smaller to start patience anew; the best epoch
  /// is that of the lowest loss in any case.
  public var minimumImprovement: Double
  /// The part of the training images held back for validation.
  public var validationFraction: Double
  /// The seed of the permutation of labels, in the data randomization test.
  public var randomLabels: UInt64?
  /// The decay of the moving average of the parameters that is validated and kept; 0 is off.
  public var averaging: Double
  /// The seed of initialization, order, dropout and augmentation.
  public var seed: UInt64
  /// The sizes of the training images in the course of the epochs; nil where they have the network's own size
  /// throughout.
  public var sizes: [ImageSizePhase]?
  /// How epochs before the last ones are validated; nil where every epoch is validated on all images.
  public var partialValidation: PartialValidation?
  /// The checkpoint that training starts from; nothing where it starts from random parameters.
  public var from: Origin?
  /// The names of the nodes that are not trained, in the order of the network; nothing for none.
  public var frozen: [String]?

  /// A checkpoint that a training starts from.
  public struct Origin: Codable, Sendable, Equatable {
    /// Where it was.
    public var path: String
    /// Its SHA-256: 64 hexadecimal digits.
    public var digest: String
    /// Whether images are normalized as the checkpoint says, rather than as measured on the data.
    public var keepsPreprocessing: Bool

    /// Names a checkpoint.
    /// - Parameters:
    ///   - path: Where it is.
    ///   - digest: Its SHA-256.
    ///   - keepsPreprocessing: Whether images are normalized as the checkpoint says.
    public init(path: String, digest: String, keepsPreprocessing: Bool) {
      (self.path, self.digest) = (path, digest)
      self.keepsPreprocessing = keepsPreprocessing
    }

    enum CodingKeys: String, CodingKey {
      case path, digest
      case keepsPreprocessing = "keeps_preprocessing"
    }
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case recipe, data, architecture, epochs
    case batchSize = "batch_size"
    case learningRate = "learning_rate"
    case schedule, descent
    case labelSmoothing = "label_smoothing"
    case augmentation, preprocessing
    case preprocessingSettings = "preprocessing_settings"
    case patience
    case minimumImprovement = "minimum_improvement"
    case validationFraction = "validation_fraction"
    case randomLabels = "random_labels"
    case averaging, seed, sizes
    case partialValidation = "partial_validation"
    case from, frozen
  }

  /// The fields in which another configuration differs.
  /// - Parameter other: What is compared.
  /// - Returns: A phrase for each: the field, this value and the other's.
  public func differences(to other: TrainingConfiguration) -> [String] {
    zip(fields, other.fields).compactMap { mine, its in
      mine.value == its.value ? nil : "\(mine.name) \(mine.value) instead of \(its.value)"
    }
  }

  /// What is not as the recipe has it: a phrase for each field, without data, network and random seed.
  public var changesOfRecipe: [String] {
    var own = recipe.configuration(data: data, architecture: architecture)
    (own.architecture, own.seed) = (architecture, seed)
    return differences(to: own)
  }

  private var fields: [(name: String, value: String)] {
    [
      ("recipe", recipe.rawValue), ("data", data), ("architecture", architecture.json),
      ("epochs", "\(epochs)"), ("batch size", "\(batchSize)"),
      ("learning rate", "\(learningRate)"), ("schedule", "\(schedule)"),
      ("momentum", "\(descent.momentum)"), ("nesterov", "\(descent.nesterov)"),
      ("weight decay", "\(descent.weightDecay)"),
      ("decay of batch norm", "\(descent.decaysBatchNorm)"),
      ("gradient clip", "\(descent.gradientClip)"), ("label smoothing", "\(labelSmoothing)"),
      ("augmentation", augmentation.rawValue),
      (
        "preprocessing",
        from?.keepsPreprocessing == true
          ? "the checkpoint's" : preprocessingSettings ?? preprocessing.rawValue
      ),
      ("patience", "\(patience)"), ("minimum improvement", "\(minimumImprovement)"),
      ("validation fraction", "\(validationFraction)"),
      ("random labels", randomLabels.map { "\($0)" } ?? "off"), ("averaging", "\(averaging)"),
      ("seed", "\(seed)"), ("sizes", sizes?.text ?? "the network's"),
      ("validation", partialValidation.map { "\($0)" } ?? "of all images in every epoch"),
      (
        "start", from.map { "from the checkpoint of SHA-256 \($0.digest)" } ?? "from random weights"
      ),
      ("frozen nodes", frozen?.joined(separator: ",") ?? "none"),
    ]
  }
}
