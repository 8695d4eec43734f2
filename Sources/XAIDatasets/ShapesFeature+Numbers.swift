extension ShapesFeature {
  /// What a feature can be; each value of a domain is as likely as every other one.
  public enum Domain: Sendable, Equatable {
    /// Numbers in a range.
    case numbers(Range<Double>)
    /// One of several.
    case words([String])
    /// Another scene's.
    case scenes
    /// It is measured.
    case measured
  }

  /// What the feature can be in a scene, where its parents are what they are: the center has the room that the size
  /// leaves, the period the range of the pattern.
  /// - Parameter latents: The scene.
  /// - Returns: The domain.
  public func domain(in latents: ShapesLatents) -> Domain {
    if let number = number(in: latents) { return .numbers(number.range) }
    return switch self {
    case .kind: .words(ShapesKind.allCases.map { "\($0)" })
    case .pattern: .words(ShapesPattern.allCases.map(\.rawValue))
    case .mirrored: .words(["no", "yes"])
    case .focus: .words(["0", "1", "2"])
    case .behind, .apparentColor: .measured
    default: .scenes
    }
  }

  /// The range and the value of a feature that is a number; nil of others.
  func number(in latents: ShapesLatents) -> (range: Range<Double>, value: Double)? {
    let (geometry, looks, lighting) = (latents.geometry, latents.looks, latents.lighting)
    let room = ShapesGeometry.room(geometry.scale, within: Double(ShapesScene.side))
    let periods = looks.texture.pattern.periods
    return switch self {
    case .variation: (ShapesGeometry.variations, geometry.variation)
    case .scale: (ShapesGeometry.scales, geometry.scale)
    case .x: (room, geometry.center.x)
    case .y: (room, geometry.center.y)
    case .turn: (ShapesGeometry.turns, geometry.turn)
    case .stretch: (ShapesGeometry.stretches, geometry.stretch)
    case .period: (periods, periods.at(looks.texture.period))
    case .shade: (ShapesLooks.shades, looks.shade)
    case .light: (ShapesLighting.slopes, lighting.slope)
    case .vignette: (ShapesLighting.vignettes, lighting.vignette)
    case .exposure: (ShapesLighting.exposures, lighting.exposure)
    case .tintRed: (ShapesLighting.tints, lighting.tint[0])
    case .tintGreen: (ShapesLighting.tints, lighting.tint[1])
    case .tintBlue: (ShapesLighting.tints, lighting.tint[2])
    case .grain: (ShapesLatents.grains, latents.grain)
    default: nil
    }
  }

  /// The position of a scene's value among those of a domain of words; nil of other features.
  func word(in latents: ShapesLatents) -> Int? {
    switch self {
    case .kind: latents.geometry.kind
    case .pattern: ShapesPattern.allCases.firstIndex(of: latents.looks.texture.pattern)
    case .mirrored: latents.geometry.isMirrored ? 1 : 0
    case .focus: latents.focus
    default: nil
    }
  }

  /// What sets the feature to a number.
  /// - Parameter number: In the range of its domain.
  /// - Returns: The action; nil where the feature is no number or cannot be set.
  public func action(_ number: Double) -> ShapesAction? {
    switch self {
    case .scale: .scale(number)
    case .x: .x(number)
    case .y: .y(number)
    case .turn: .turn(number)
    case .stretch: .stretch(number)
    case .period: .period(number)
    case .shade: .shade(number)
    case .light: .slope(number)
    case .vignette: .vignette(number)
    case .exposure: .exposure(number)
    case .tintRed: .tintOf(channel: 0, number)
    case .tintGreen: .tintOf(channel: 1, number)
    case .tintBlue: .tintOf(channel: 2, number)
    case .grain: .grain(number)
    default: nil
    }
  }

  /// What sets the feature to one of its words.
  /// - Parameter word: The position in its domain.
  /// - Returns: The action; nil where the feature has no such word or cannot be set.
  public func action(word: Int) -> ShapesAction? {
    switch self {
    case .pattern where ShapesPattern.allCases.indices.contains(word):
      .pattern(ShapesPattern.allCases[word])
    case .mirrored where 0...1 ~= word: .mirrored(word == 1)
    case .focus where 0...2 ~= word: .focus(word)
    default: nil
    }
  }
}

extension ShapesLatents {
  /// The value of a feature that is a number.
  /// - Parameter feature: The feature.
  /// - Returns: In its own unit, nil where it is no number.
  public func number(of feature: ShapesFeature) -> Double? { feature.number(in: self)?.value }

  /// The share of scenes whose value is smaller, where their parents are what they are: the distribution function.
  /// - Parameter feature: The feature.
  /// - Returns: From 0 to 1, nil where it is no number.
  public func share(of feature: ShapesFeature) -> Double? {
    feature.number(in: self).map { $0.range.share(of: $0.value) }
  }

  /// The position of a feature's value in a domain of words.
  /// - Parameter feature: The feature.
  /// - Returns: The position, nil where it is not one of several words.
  public func word(of feature: ShapesFeature) -> Int? { feature.word(in: self) }
}
