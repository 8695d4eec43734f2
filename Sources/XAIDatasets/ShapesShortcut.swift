import XAITensor

/// A planted shortcut, written `star/stripes/0.95`: so many of the training images of a class have a pattern, of the
/// others as many as chance gives (Yang and Kim 2019 plant scenes behind objects).
///
/// Validation and test images are those without it. A network that fell for it looks at the pattern.
public struct ShapesShortcut: Sendable, Equatable {
  /// The index of the class.
  public let kind: Int
  /// The pattern.
  public let pattern: ShapesPattern
  /// The share of the class's training images that have it.
  public let share: Double

  /// Reads `KIND/PATTERN/SHARE`.
  /// - Parameter text: Such as `star/stripes/0.95`.
  /// - Throws: `DatasetFailure`, which says what there is.
  public init(_ text: String) throws(DatasetFailure) {
    let words = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard words.count == 3,
      case .kind(let kind) = try ShapesFactor("kind=\(words[0])"),
      case .pattern(let pattern) = try ShapesFactor("pattern=\(words[1])"),
      let share = Double(words[2]), 0...1 ~= share
    else {
      throw DatasetFailure(
        .usage,
        "the shortcut \(quoted(text)) is none; expected KIND/PATTERN/SHARE, such as star/stripes/0.95, with a "
          + "share from 0 to 1")
    }
    (self.kind, self.pattern, self.share) = (kind, pattern, share)
  }

  /// The words that it is read from.
  public var description: String { "\(ShapesKind.allCases[kind])/\(pattern.rawValue)/\(share)" }

  /// A training scene with the shortcut planted.
  func planted(in latents: ShapesLatents) -> ShapesLatents {
    guard latents.geometry.kind == kind else { return latents }
    var stream = latents.source.stream("shortcut")
    let has = stream.uniform() < share
    let others = ShapesPattern.allCases.filter { $0 != pattern }
    let other = others[stream.integer(below: others.count)]
    var changed = latents
    if has {
      changed.looks.texture.pattern = pattern
    } else if latents.looks.texture.pattern == pattern {
      changed.looks.texture.pattern = other
    }
    return changed
  }
}
