public import XAIAttribution
import XAIKernels
public import XAIRepresentations
public import XAITensor
#if canImport(Glibc)
  import Glibc
#endif

/// The nearest picture with another answer (Wachter, Mittelstadt and Russell 2017), rounded to bytes and asked again.
///
///     argmin over x' max over lambda   lambda l(x') + sum |x' - x| / MAD
///
/// A nearest pixel counterfactual is an adversarial example, as its authors say: only plausibility, stability and
/// the agreement of another network tell whether it explains the object.
///
/// - Note: Deviation: each lambda starts at the image; whatever was valid counts, the nearest of all; entries that are
///   not needed are restored; what is reported is the picture of bytes.
public struct PixelCounterfactual {
  /// Steps for each lambda.
  public var steps = 200
  /// The share of entries that the first lambda moves.
  public var firstShare = 0.15
  /// What lambda is multiplied by until something is valid.
  public var growth = 4.0
  /// How often, at most.
  public var mostGrowths = 8
  /// Halvings of ln lambda behind that.
  public var halvings = 8
  /// By how much the goal is to lead in logits, at first.
  public var kappa = 0.5
  /// How often kappa is doubled where rounding loses the goal.
  public var retries = 3
  /// The most passes; the answer so far where they are used up.
  public var budget = 20_000

  private let descent: ProximalDescent
  private let normalization: PixelNormalization
  private let reader: ClassReader

  /// Prepares to search.
  /// - Parameters:
  ///   - descent: Prices and bounds of entries, and the size of a step.
  ///   - normalization: How images are made of bytes.
  ///   - network: The network.
  public init(
    _ descent: ProximalDescent, _ normalization: PixelNormalization, on network: ExplainedNetwork
  ) {
    (self.descent, self.normalization) = (descent, normalization)
    reader = ClassReader(network, algorithm: .direct)
  }

  /// What was found.
  public struct Result: Sendable {
    /// The picture.
    public let picture: PixelImages
    /// The same, as the network reads it: `[1, C, H, W]`.
    public let image: Tensor
    /// The predicted class of the image.
    public let predicted: Int
    /// The predicted class of the picture.
    public let changed: Int
    /// Whether the picture has the goal.
    public let valid: Bool
    /// By how much the goal leads in logits; negative where it does not.
    public let margin: Double
    /// `sum |x' - x| / MAD` of the picture.
    public let distance: Double
    /// Forward and backward passes.
    public let passes: Int
    /// Whether the search ended by itself, not at its budget.
    public let complete: Bool
  }

  /// Searches.
  /// - Parameters:
  ///   - image: `[1, C, H, W]`, normalized.
  ///   - goal: The class that is wanted; any other than the predicted one where it is nil.
  /// - Returns: The nearest valid picture; where none is, the one that came nearest to the goal.
  /// - Throws: `ExampleFailure` where there is no such class, or where a kernel fails.
  public func search(_ image: Tensor, goal: Int? = nil) throws -> Result {
    try reader.requireImages(image, "the image")
    if let goal { try reader.requireClass(goal) }
    let logits = try reader.logits(of: image).logits(0)
    let predicted = logits.indexOfLargest
    var search = LambdaSearch(self, descent, image, goal: goal ?? predicted, leaves: goal == nil)
    if let goal, goal == predicted {
      let picture = try PixelImages(rounding: image, by: normalization)
      return Result(
        picture: picture, image: image, predicted: predicted, changed: predicted, valid: true,
        margin: logits.margin(of: goal), distance: 0, passes: 1, complete: true)
    }
    var best: Result?
    for attempt in 0...max(retries, 0) {
      search.kappa = kappa * pow(2, Double(attempt))
      let values = try search.run(reader)
      let result = try rounded(values, of: image, predicted, search)
      if result.valid { return result }
      if best.map({ result.margin > $0.margin }) ?? true { best = result }
      // Nothing was valid even before rounding: a larger margin is harder still.
      if !search.foundValid || search.isSpent { break }
    }
    guard let best else { throw ExampleFailure(.missing("attempt at a counterfactual")) }
    return best
  }

  private func rounded(
    _ values: [Double], of image: Tensor, _ predicted: Int, _ search: LambdaSearch
  ) throws -> Result {
    let picture = try PixelImages(rounding: descent.tensor(values), by: normalization)
    let asRead = picture.normalized(by: normalization)
    let logits = try reader.logits(of: asRead).logits(0)
    let sign: Double = search.leaves ? -1 : 1
    return Result(
      picture: picture, image: asRead, predicted: predicted, changed: logits.indexOfLargest,
      valid: search.loss.isReached(logits, goal: search.goal),
      margin: sign * logits.margin(of: search.goal),
      distance: descent.distance(
        asRead.elements.map(Double.init), from: image.elements.map(Double.init)),
      passes: search.passes, complete: !search.isSpent)
  }
}

/// The search of lambda for one image and one margin.
private struct LambdaSearch {
  let goal: Int
  let leaves: Bool
  var kappa = 0.5
  private(set) var passes = 1
  private(set) var foundValid = false
  private let rules: PixelCounterfactual
  private var descent: ProximalDescent
  private let image: Tensor
  private var best: (values: [Double], distance: Double)?
  private var closest: (values: [Double], loss: Double)?

  init(
    _ rules: PixelCounterfactual, _ descent: ProximalDescent, _ image: Tensor, goal: Int,
    leaves: Bool
  ) {
    (self.rules, self.descent, self.image) = (rules, descent, image)
    (self.goal, self.leaves) = (goal, leaves)
  }

  var isSpent: Bool { passes >= rules.budget }
  var loss: GoalLoss { leaves ? .leaving(kappa: kappa) : .margin(kappa: kappa) }

  mutating func run(_ reader: ClassReader) throws -> [Double] {
    descent.loss = loss
    (best, closest, foundValid) = (nil, nil, false)
    var weight = try firstWeight()
    var (low, high): (Double?, Double?) = (nil, nil)
    for _ in 0...rules.mostGrowths where high == nil && !isSpent {
      if try descends(weight) {
        high = weight
      } else {
        (low, weight) = (weight, weight * rules.growth)
      }
    }
    if var upper = high {
      var lower = low ?? upper / rules.growth
      for _ in 0..<rules.halvings where !isSpent {
        let middle = (lower * upper).squareRoot()
        if try descends(middle) { upper = middle } else { lower = middle }
      }
    }
    guard let best else { return closest?.values ?? image.elements.map(Double.init) }
    foundValid = true
    return try sparsified(best.values, reader)
  }

  /// The weight at which some share of the entries moves at the first step.
  private mutating func firstWeight() throws -> Double {
    passes += 2
    let slopes = try descent.gradient(at: image, goal: goal)
    let worth = zip(slopes, descent.deviation).map { abs($0) * $1 }.sorted()
    let place = Int((1 - rules.firstShare) * Double(worth.count - 1))
    return worth[place] > 0 ? 1 / worth[place] : 1
  }

  /// Descends with one weight; whether any iterate was valid.
  private mutating func descends(_ weight: Double) throws -> Bool {
    var (isValid, count) = (false, 0)
    let start = image.elements.map(Double.init)
    var (best, closest) = (best, closest)
    try descent.run(from: image, goal: goal, weight: weight, steps: rules.steps) { _, point in
      count += 2
      let value = descent.loss.value(point.logits, goal: goal)
      if descent.loss.isReached(point.logits, goal: goal), point.values != start {
        isValid = true
        if point.distance < best?.distance ?? .infinity { best = (point.values, point.distance) }
      } else if value < closest?.loss ?? .infinity {
        closest = (point.values, value)
      }
    }
    passes += count
    (self.best, self.closest) = (best, closest)
    return isValid
  }

  /// Restores entries that are not needed, those that moved least first: half of what is left, a quarter, ...
  private mutating func sparsified(_ values: [Double], _ reader: ClassReader) throws -> [Double] {
    let start = image.elements.map(Double.init)
    var current = values
    func worth(_ index: Int) -> Double {
      abs(values[index] - start[index]) / descent.deviation[index]
    }
    var changed = values.indices.filter { values[$0] != start[$0] }
      .sorted { (worth($0), $0) < (worth($1), $1) }
    var share = 0.5
    while Double(changed.count) * share >= 1, !isSpent {
      let part = changed.prefix(Int(Double(changed.count) * share))
      var attempt = current
      for index in part { attempt[index] = start[index] }
      passes += 1
      let logits = try reader.logits(of: descent.tensor(attempt)).logits(0)
      if descent.loss.isReached(logits, goal: goal) {
        current = attempt
        changed.removeFirst(part.count)
      } else {
        share /= 2
      }
    }
    return current
  }
}
