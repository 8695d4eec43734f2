public import XAIRepresentations

extension PruningExperiment {
  /// How filters go.
  public struct Configuration: Sendable {
    /// What decides which filters go; random orders are compared in any case.
    public var criteria: [FilterCriterion] = [.lrp, .taylor, .weight]
    /// The share of the original filters that goes in a step.
    public var rate = 0.05
    /// The share of the original filters that is gone at the end.
    public var until = 0.9
    /// The share of each layer's filters that stays; at least one filter.
    public var floor = PruningPlan.defaultFloor
    /// Training images of each class on which filters are judged.
    public var images = 10
    /// Random orders.
    public var randomOrders = 3
    /// Whether criteria also look at networks of random weights.
    public var includesRandomized = true
    /// Epochs of fine-tuning after each step.
    public var epochs = 0
    /// The learning rate of fine-tuning; nil for that at the end of the network's own training.
    public var learningRate: Double?
    /// Training batches of 64 on which batch norm is estimated again where nothing is fine-tuned; 0 leaves it.
    public var recalibration = 64
    /// At most so many validation images, evenly from all; nil for all.
    public var validationImages: Int?
    /// How much validation accuracy the chosen network may lose.
    public var tolerance = 0.01

    /// The usual choices.
    public init() {}

    /// What decides every part, by the names of the options.
    var settings: [String: String] {
      [
        "rate": "\(rate)", "floor": "\(floor)", "images": "\(images)", "epochs": "\(epochs)",
        "learning-rate": learningRate.map { "\($0)" } ?? "the network's",
        "recalibrate": "\(recalibration)",
        "validation-images": validationImages.map { "\($0)" } ?? "all",
      ]
    }
  }

  /// How many of the filters are gone after each step.
  /// - Parameters:
  ///   - filters: The filters of each layer.
  ///   - configuration: How filters go.
  /// - Returns: Rising numbers, one for each step.
  /// - Throws: `PruningFailure` where nothing or too much would go.
  static func targets(
    _ filters: [Int], _ configuration: Configuration
  ) throws(PruningFailure) -> [Int] {
    let total = filters.reduce(0, +)
    guard total > 0 else { throw PruningFailure(.noFilters) }
    func count(_ share: Double) -> Int { Int((share * Double(total) + 1e-9).rounded(.down)) }
    let staying = filters.reduce(0) { $0 + PruningPlan.floor(configuration.floor, of: $1) }
    let last = count(configuration.until)
    guard last <= total - staying else {
      throw PruningFailure(
        .tooMuch(share: configuration.until, filters: total, staying: staying))
    }
    guard count(configuration.rate) > 0, last > 0 else {
      throw PruningFailure(
        .nothingGoes(rate: min(configuration.rate, configuration.until), filters: total))
    }
    var targets: [Int] = []
    var step = 1
    while (targets.last ?? 0) < last {
      targets.append(min(count(Double(step) * configuration.rate), last))
      step += 1
    }
    return targets
  }
}
