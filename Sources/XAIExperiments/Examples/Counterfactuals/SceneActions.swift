import XAIDatasets
import XAIExamples
import XAIImages
import XAITensor

/// What may be done to a scene of shapes: features are set, what follows from them follows, and the scene is painted.
struct SceneActions: ActionSpace {
  private let latents: ShapesLatents
  private let before: ShapesPicture
  private let all = ShapesFeature.allCases
  private let held: [ShapesFeature]
  private let bounds: [ShapesFeature: ClosedRange<Double>]
  private let hues: [(name: String, colors: [[Float]])]
  private let others: [ShapesSource]
  private let cost: RecourseWishes.Cost
  /// How many scenes the distribution functions of features are known from.
  private let count: Int
  let features: [RecourseSearch.Feature]
  let impossible: [String]

  /// Other scenes whose ground or clutter may be taken.
  private static let swaps = 4

  var names: [String] { all.map(\.rawValue) }

  /// Prepares for a scene.
  /// - Parameters:
  ///   - latents: What it drew.
  ///   - wishes: What may be set.
  ///   - count: How many scenes the distribution functions of features are known from.
  ///   - seed: Where other scenes come from.
  /// - Throws: `DatasetFailure` where a feature is unknown or cannot be set; `ExampleFailure` where a range is none.
  init(_ latents: ShapesLatents, _ wishes: RecourseWishes, count: Int, seed: UInt64) throws {
    (self.latents, self.count, cost) = (latents, count, wishes.cost)
    before = ShapesModel.picture(of: latents)
    let choice = try SceneChoice(wishes)
    held = choice.held
    others = (0..<Self.swaps).map { ShapesSource(seed: seed, list: "recourse", index: $0) }
    hues = ColorName.allCases.filter { ![.black, .white, .gray].contains($0) }.map { hue in
      let colors = ShapesFactor.hue(hue).set(in: latents).looks.colors ?? []
      return (hue.rawValue, colors.map { [$0.x, $0.y, $0.z] })
    }
    var bounds: [ShapesFeature: ClosedRange<Double>] = [:]
    for (feature, range) in choice.bounds {
      bounds[feature] = try Self.checked(range, feature, latents)
    }
    self.bounds = bounds
    let (colors, swaps) = (hues.count, Self.swaps)
    features = ShapesFeature.allCases.map { feature in
      guard choice.isActionable(feature) else { return .init(share: nil, settings: []) }
      switch feature.domain(in: latents) {
      case .numbers(let range):
        let limits = bounds[feature].map { shares(of: $0, in: range) } ?? 0...1
        return .init(number: latents.share(of: feature) ?? 0, within: limits)
      case .words(let words):
        let own = latents.word(of: feature)
        return .init(
          share: nil, settings: words.indices.filter { $0 != own }.map { .choice($0) })
      case .scenes where feature == .color:
        return .init(share: nil, settings: (0..<colors).map { .choice($0) })
      case .scenes where feature == .clutter:
        return .init(share: nil, settings: (0..<latents.pieces + swaps).map { .choice($0) })
      case .scenes: return .init(share: nil, settings: (0..<swaps).map { .choice($0) })
      case .measured: return .init(share: nil, settings: [])
      }
    }
    impossible = ShapesFeature.allCases.filter {
      $0.role != .consequence && !choice.isActionable($0)
    }.map(\.rawValue)
  }

  /// A range in the feature's own unit, which scenes must draw.
  private static func checked(
    _ range: ClosedRange<Double>, _ feature: ShapesFeature, _ latents: ShapesLatents
  ) throws -> ClosedRange<Double> {
    guard case .numbers(let drawn) = feature.domain(in: latents) else {
      throw ExampleFailure(
        .value(
          of: "the range of \(feature.rawValue)", found: "given", expected: "none: it is no number")
      )
    }
    let isDependent = !feature.parents.isEmpty
    guard range.upperBound >= drawn.lowerBound, range.lowerBound <= drawn.upperBound,
      isDependent || (range.lowerBound >= drawn.lowerBound && range.upperBound <= drawn.upperBound)
    else {
      throw ExampleFailure(
        .value(
          of: "the range of \(feature.rawValue)", found: "\(range.lowerBound):\(range.upperBound)",
          expected:
            "within \(fixedPoint(drawn.lowerBound, digits: 4)):\(fixedPoint(drawn.upperBound, digits: 4)), which scenes draw"
        ))
    }
    return range
  }

  // MARK: Prices

  func price(_ step: RecourseSearch.Step) -> Double {
    guard case .share(let new) = step.setting, let old = features[step.feature].share else {
      return RecourseWishes.Cost.category
    }
    return cost.price(from: old, to: new, count: count)
  }

  func allows(_ step: RecourseSearch.Step) -> Bool {
    let feature = all[step.feature]
    guard let range = bounds[feature], case .share(let share) = step.setting,
      case .numbers(let drawn) = feature.domain(in: latents)
    else { return true }
    return shares(of: range, in: drawn).contains(share)
  }

  // MARK: Action and prediction

  func acted(_ steps: [RecourseSearch.Step], isHeld: Bool) throws -> ActedImage {
    let changed = try changed(steps, isHeld: isHeld)
    let picture = ShapesModel.picture(of: changed)
    var consequences = consequences(steps, changed, picture)
    if cost != .all { for index in consequences.indices { consequences[index].cost = nil } }
    return ActedImage(
      picture: RGBImage(
        height: ShapesModel.side, width: ShapesModel.side, pixels: picture.pixels),
      consequences: consequences, extra: consequences.reduce(0) { $0 + ($1.cost ?? 0) })
  }

  func copies(_ steps: [RecourseSearch.Step], count: Int) -> [RGBImage]? {
    guard let changed = try? changed(steps, isHeld: false) else { return nil }
    return (1...count).map {
      RGBImage(
        height: ShapesModel.side, width: ShapesModel.side,
        pixels: ShapesModel.picture(of: changed, sensor: $0).pixels)
    }
  }

  private func changed(
    _ steps: [RecourseSearch.Step], isHeld: Bool
  ) throws -> ShapesLatents {
    let isColorHeld =
      isHeld && held.contains(.color) && !steps.contains { all[$0.feature] == .color }
    var changed = isColorHeld ? latents.holdingColors : latents
    // Parents before what depends on them: numbers are shares of what parents leave.
    let order = steps.sorted {
      (all[$0.feature].parents.count, $0.feature) < (all[$1.feature].parents.count, $1.feature)
    }
    for step in order where all[step.feature].parents.isEmpty || all[step.feature] == .color {
      changed = try changed.applying([action(step, changed)].compactMap(\.self))
    }
    if isHeld {
      for feature in held where !steps.contains(where: { all[$0.feature] == feature }) {
        guard let number = latents.number(of: feature),
          case .numbers(let range) = feature.domain(in: changed)
        else { continue }
        let kept = min(max(number, range.lowerBound), range.upperBound)
        changed = try changed.applying([feature.action(kept)].compactMap(\.self))
      }
    }
    for step in order where !all[step.feature].parents.isEmpty && all[step.feature] != .color {
      changed = try changed.applying([action(step, changed)].compactMap(\.self))
    }
    return changed
  }

  private func action(_ step: RecourseSearch.Step, _ scene: ShapesLatents) -> ShapesAction? {
    let feature = all[step.feature]
    switch step.setting {
    case .share(let share):
      guard case .numbers(let range) = feature.domain(in: scene) else { return nil }
      var number = range.lowerBound + (range.upperBound - range.lowerBound) * share
      if let limits = bounds[feature] {
        number = min(max(number, limits.lowerBound), limits.upperBound)
      }
      return feature.action(min(max(number, range.lowerBound), range.upperBound))
    case .choice(let choice):
      switch feature {
      case .ground: return .ground(others[choice])
      case .clutter:
        return choice < latents.pieces
          ? .pieces(choice) : .clutter(others[choice - latents.pieces])
      case .color: return .colors(hues[choice].colors)
      default: return feature.action(word: choice)
      }
    }
  }

  // MARK: Words

  func changes(_ steps: [RecourseSearch.Step]) -> [RecourseChange] {
    let after = (try? changed(steps, isHeld: false)) ?? latents
    return steps.sorted { $0.feature < $1.feature }.map { step in
      let feature = all[step.feature]
      let (from, to) = words(feature, step, after)
      return RecourseChange(
        feature: feature.rawValue, from: from, to: to, cost: price(step))
    }
  }

  private func words(
    _ feature: ShapesFeature, _ step: RecourseSearch.Step, _ after: ShapesLatents
  ) -> (from: String, to: String) {
    if let old = latents.number(of: feature), let new = after.number(of: feature) {
      return (text(old), text(new))
    }
    if case .words(let words) = feature.domain(in: latents),
      let old = latents.word(of: feature), let new = after.word(of: feature)
    {
      return (words[old], words[new])
    }
    guard case .choice(let choice) = step.setting else { return ("", "") }
    switch feature {
    case .color: return (colorWords(before.truth.colors), hues[choice].name)
    case .clutter:
      let pieces = grouped(latents.pieces, "piece")
      return choice < latents.pieces
        ? (pieces, "\(choice)")
        : (pieces, "those of another scene (\(choice - latents.pieces + 1))")
    default: return ("its own", "that of another scene (\(choice + 1))")
    }
  }

  private func text(_ number: Double) -> String {
    fixedPoint(number, digits: abs(number) < 2 ? 3 : 1)
  }

  private func colorWords(_ colors: [[Float]]) -> String {
    let first = colors[0].map { UInt8(min(max($0 * 255 + 0.5, 0), 255)) }
    return ColorName(red: first[0], green: first[1], blue: first[2]).rawValue
  }

  /// What followed: features that moved although nobody set them.
  private func consequences(
    _ steps: [RecourseSearch.Step], _ after: ShapesLatents, _ picture: ShapesPicture
  ) -> [RecourseChange] {
    let set = Set(steps.map { all[$0.feature] })
    var moved: [RecourseChange] = []
    for feature in [ShapesFeature.x, .y, .period] where !set.contains(feature) {
      guard let old = latents.number(of: feature), let new = after.number(of: feature),
        abs(old - new) > 1e-9
      else { continue }
      moved.append(
        RecourseChange(
          feature: feature.rawValue, from: text(old), to: text(new),
          cost: abs(new - old) / Self.widest(feature)))
    }
    let (old, new) = (before.truth, picture.truth)
    if old.behind != new.behind {
      moved.append(
        RecourseChange(
          feature: ShapesFeature.behind.rawValue, from: bytes(old.behind.map(Double.init)),
          to: bytes(new.behind.map(Double.init)), cost: nil))
    }
    if !set.contains(.color), old.colors != new.colors {
      let words = [old, new].map { bytes($0.colors[0].map(Double.init)) }
      moved.append(
        RecourseChange(
          feature: ShapesFeature.color.rawValue, from: words[0], to: words[1],
          cost: RecourseWishes.Cost.category))
    }
    if bytes(old.apparentColor) != bytes(new.apparentColor) {
      moved.append(
        RecourseChange(
          feature: ShapesFeature.apparentColor.rawValue, from: bytes(old.apparentColor),
          to: bytes(new.apparentColor), cost: nil))
    }
    return moved
  }

  /// How far a consequence can move at all, in pixels.
  private static func widest(_ feature: ShapesFeature) -> Double {
    let periods = ShapesModel.periods
    return feature == .period
      ? periods.upperBound - periods.lowerBound : ShapesModel.widestRoom
  }

  private func bytes(_ color: [Double]) -> String {
    color.map { "\(Int(min(max($0 * 255, 0), 255) + 0.5))" }.joined(separator: " ")
  }
}

/// The shares of a range that lie within limits.
private func shares(
  of limits: ClosedRange<Double>, in range: Range<Double>
) -> ClosedRange<Double> {
  func share(_ value: Double) -> Double {
    min(max((value - range.lowerBound) / (range.upperBound - range.lowerBound), 0), 1)
  }
  return share(limits.lowerBound)...share(limits.upperBound)
}

/// What a user lets be set, held and bounded.
struct SceneChoice {
  let held: [ShapesFeature]
  let bounds: [(feature: ShapesFeature, range: ClosedRange<Double>)]
  private let actionable: [ShapesFeature]?
  private let immutable: [ShapesFeature]

  /// Reads wishes.
  /// - Parameter wishes: What a user wrote.
  /// - Throws: `DatasetFailure` where a feature is unknown or cannot be set; `ExampleFailure` where a range is none.
  init(_ wishes: RecourseWishes) throws {
    actionable = try wishes.actionable.map(ShapesFeature.list)
    immutable = try wishes.immutable.map(ShapesFeature.list) ?? []
    for feature in actionable ?? [] { try feature.requireActionable() }
    bounds = try wishes.ranges().flatMap { name, low, high in
      try ShapesFeature.list(name).map { feature in
        try feature.requireActionable()
        return (feature, low...high)
      }
    }
    held = try wishes.hold.map(ShapesFeature.list) ?? []
    let consequences: [ShapesFeature] = [.color, .x, .y, .period]
    if let wrong = held.first(where: { !consequences.contains($0) }) {
      throw ExampleFailure(
        .value(
          of: "what is held", found: wrong.rawValue,
          expected: "what follows from other features and can be set: "
            + consequences.map(\.rawValue).joined(separator: ", ")))
    }
  }

  func isActionable(_ feature: ShapesFeature) -> Bool {
    feature.role == .actionable && !immutable.contains(feature)
      && actionable?.contains(feature) ?? true
  }
}
