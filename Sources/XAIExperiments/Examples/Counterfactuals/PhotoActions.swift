import XAIExamples
import XAIImages
import XAITensor
#if canImport(Glibc)
  import Glibc
#endif

/// What may be done to a photo: actions that are functions of the picture, in place of the causes that nobody knows.
///
/// Prices are shares of the range of each action. Nothing follows from them.
struct PhotoActions: ActionSpace {
  /// An action.
  enum Action: String, CaseIterable {
    case exposure, contrast, hue, blur, crop
    case shiftAcross = "shift across"
    case shiftDown = "shift down"
    case turn, mirror, quality

    /// Both ends of what it may be, and what leaves the picture as it is; nil of `mirror`.
    var range: (low: Double, high: Double, neutral: Double)? {
      switch self {
      case .exposure: (0.5, 2, 1)
      case .contrast: (0.5, 2, 1)
      case .hue: (-60, 60, 0)
      case .blur: (0, 2, 0)
      case .crop: (0.6, 1, 1)
      case .shiftAcross, .shiftDown: (-0.125, 0.125, 0)
      case .turn: (-20, 20, 0)
      case .quality: (5, 100, 100)
      case .mirror: nil
      }
    }

    /// Whether equal steps are equal factors.
    private var isFactor: Bool { self == .exposure || self == .contrast }

    func share(of value: Double) -> Double {
      guard let range else { return 0 }
      guard isFactor else { return (value - range.low) / (range.high - range.low) }
      return log(value / range.low) / log(range.high / range.low)
    }

    func value(at share: Double) -> Double {
      guard let range else { return 0 }
      guard isFactor else { return range.low + (range.high - range.low) * share }
      return range.low * exp(log(range.high / range.low) * share)
    }
  }

  private let picture: RGBImage
  private let cost: RecourseWishes.Cost
  private let bounds: [Action: ClosedRange<Double>]
  let features: [RecourseSearch.Feature]
  let impossible: [String]

  /// Observations that shares of a range stand for, where the logarithm prices them.
  private static let count = 1000

  var names: [String] { Action.allCases.map(\.rawValue) }

  /// Prepares for a picture.
  /// - Parameters:
  ///   - picture: The picture.
  ///   - wishes: What may be done.
  /// - Throws: `ExampleFailure` where an action is unknown or a range is none.
  init(_ picture: RGBImage, _ wishes: RecourseWishes) throws(ExampleFailure) {
    (self.picture, cost) = (picture, wishes.cost)
    let actionable = try wishes.actionable.map(Self.list) ?? Action.allCases
    let immutable = try wishes.immutable.map(Self.list) ?? []
    if let hold = wishes.hold {
      throw ExampleFailure(
        .value(
          of: "what is held", found: hold,
          expected: "nothing: of photographic actions nothing follows"))
    }
    var bounds: [Action: ClosedRange<Double>] = [:]
    for (name, low, high) in try wishes.ranges() {
      for action in try Self.list(name) {
        guard let range = action.range, low >= range.low, high <= range.high else {
          throw ExampleFailure(
            .value(
              of: "the range of \(name)", found: "\(low):\(high)",
              expected: action.range.map { "within \($0.low):\($0.high)" }
                ?? "none: it is no number"))
        }
        bounds[action] = action.share(of: low)...action.share(of: high)
      }
    }
    self.bounds = bounds
    let free = Action.allCases.filter { actionable.contains($0) && !immutable.contains($0) }
    features = Action.allCases.map { action in
      guard free.contains(action) else { return .init(share: nil, settings: []) }
      guard let range = action.range else { return .init(share: nil, settings: [.choice(1)]) }
      return .init(number: action.share(of: range.neutral), within: bounds[action] ?? 0...1)
    }
    impossible = Action.allCases.filter { !free.contains($0) }.map(\.rawValue)
  }

  private static func list(_ text: String) throws(ExampleFailure) -> [Action] {
    var all: [Action] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      let name = word.trimmingSpaces
      guard let action = Action(rawValue: name) else {
        throw ExampleFailure(
          .value(
            of: "the photographic action", found: name,
            expected: Action.allCases.map(\.rawValue).joined(separator: ", ")))
      }
      all.append(action)
    }
    return all
  }

  func price(_ step: RecourseSearch.Step) -> Double {
    guard case .share(let new) = step.setting, let old = features[step.feature].share else {
      return RecourseWishes.Cost.category
    }
    return cost.price(from: old, to: new, count: Self.count)
  }

  func allows(_ step: RecourseSearch.Step) -> Bool {
    guard let range = bounds[Action.allCases[step.feature]], case .share(let share) = step.setting
    else { return true }
    return range.contains(share)
  }

  func acted(_ steps: [RecourseSearch.Step], isHeld: Bool) throws -> ActedImage {
    ActedImage(picture: try edit(steps).applied(to: picture))
  }

  func copies(_ steps: [RecourseSearch.Step], count: Int) -> [RGBImage]? { nil }

  private func edit(_ steps: [RecourseSearch.Step]) -> PhotoEdit {
    var edit = PhotoEdit()
    for step in steps {
      let action = Action.allCases[step.feature]
      guard case .share(let share) = step.setting else {
        edit.isMirrored = true
        continue
      }
      let value = action.value(at: share)
      switch action {
      case .exposure: edit.exposure = value
      case .contrast: edit.contrast = value
      case .hue: edit.hue = value
      case .blur: edit.blur = value
      case .crop: edit.crop = value
      case .shiftAcross: edit.shift.x = value
      case .shiftDown: edit.shift.y = value
      case .turn: edit.turn = value
      case .quality: edit.quality = Int(value + 0.5)
      case .mirror: edit.isMirrored = true
      }
    }
    return edit
  }

  func changes(_ steps: [RecourseSearch.Step]) -> [RecourseChange] {
    steps.sorted { $0.feature < $1.feature }.map { step in
      let action = Action.allCases[step.feature]
      guard case .share(let share) = step.setting, let range = action.range else {
        return RecourseChange(feature: action.rawValue, from: "no", to: "yes", cost: price(step))
      }
      let value = action.value(at: share)
      let digits = action == .quality ? 0 : action == .turn || action == .hue ? 1 : 3
      let from = action == .quality ? "none" : fixedPoint(range.neutral, digits: digits)
      return RecourseChange(
        feature: action.rawValue, from: from, to: fixedPoint(value, digits: digits),
        cost: price(step))
    }
  }
}
