import XAITensor

/// What a scene is made of, by name, and what follows from what.
public enum ShapesFeature: String, Sendable, Codable, CaseIterable {
  /// The form.
  case kind
  /// Its proportions.
  case variation
  /// The radius.
  case scale
  /// Where the center is, across and down.
  case x, y
  /// How it is turned, stretched and mirrored.
  case turn, stretch, mirrored
  /// What lies behind it.
  case ground, clutter, focus
  /// The mean of the background under it.
  case behind
  /// Its two colors.
  case color
  /// Its pattern and how coarse it is.
  case pattern, period
  /// The shade across it.
  case shade
  /// How the scene is lit.
  case light, vignette, exposure
  /// What each channel is multiplied by.
  case tintRed = "tint red"
  case tintGreen = "tint green"
  case tintBlue = "tint blue"
  /// The sensor's noise.
  case grain
  /// The mean color of the object in the picture.
  case apparentColor = "apparent color"

  /// What may be done with a feature.
  public enum Role: String, Sendable, Codable {
    /// It is the truth.
    case immutable
    /// It may be set.
    case actionable
    /// It follows from its parents.
    case consequence
  }

  /// What may be done with it.
  public var role: Role {
    switch self {
    case .kind, .variation: .immutable
    case .behind, .apparentColor: .consequence
    default: .actionable
    }
  }

  /// What it depends on.
  public var parents: [ShapesFeature] {
    switch self {
    case .x, .y: [.scale]
    case .behind: [.ground, .clutter, .focus, .scale, .x, .y, .kind, .variation]
    case .color: [.behind]
    case .period: [.pattern]
    case .apparentColor:
      [
        .color, .pattern, .shade, .light, .vignette, .exposure, .tintRed, .tintGreen, .tintBlue,
        .grain,
      ]
    default: []
    }
  }

  /// Refuses to set what cannot be set.
  /// - Throws: `DatasetFailure`, which names what may be set instead.
  public func requireActionable() throws(DatasetFailure) {
    switch role {
    case .actionable: return
    case .immutable:
      throw DatasetFailure(
        .usage, "\(rawValue) cannot be set: it is what the picture is of; draw another scene")
    case .consequence:
      throw DatasetFailure(
        .usage,
        "\(rawValue) cannot be set: it is a consequence of "
          + "\(parents.map(\.rawValue).joined(separator: ", ")); set one of these")
    }
  }

  /// Reads names.
  /// - Parameter text: Such as `exposure,turn`; `tint` is all three channels of it.
  /// - Returns: The features, each once.
  /// - Throws: `DatasetFailure` where a name is none, which lists what there is.
  public static func list(_ text: String) throws(DatasetFailure) -> [ShapesFeature] {
    var found: [ShapesFeature] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      let name = word.trimmingSpaces
      let features =
        name == "tint"
        ? [tintRed, tintGreen, tintBlue] : [ShapesFeature(rawValue: name)].compactMap(\.self)
      guard !features.isEmpty else {
        throw DatasetFailure(
          .usage,
          "there is no feature \(quoted(name)) of scenes; expected "
            + allCases.map(\.rawValue).joined(separator: ", "))
      }
      found += features.filter { !found.contains($0) }
    }
    return found
  }
}
