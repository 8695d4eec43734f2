import XAITensor

/// A planted shortcut, written `star/stripes/0.95` or `star/hue=red/0.95`: so many of the training images of a class have
/// a pattern, or another factor, of the others as many as chance gives (Yang and Kim 2019 plant scenes behind objects).
///
/// Validation and test images are those without it. A network that fell for it looks at the factor.
public struct ShapesShortcut: Sendable, Equatable {
  /// The index of the class.
  public let kind: Int
  /// What its training images have.
  public let factor: ShapesFactor
  /// The share of the class's training images that have it.
  public let share: Double
  /// The factor as it was written.
  private let word: String

  /// Reads `KIND/PATTERN/SHARE` or `KIND/FACTOR=VALUE/SHARE`.
  /// - Parameter text: Such as `star/stripes/0.95`.
  /// - Throws: `DatasetFailure`, which says what there is.
  public init(_ text: String) throws(DatasetFailure) {
    let words = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard words.count == 3,
      case .kind(let kind) = try ShapesFactor("kind=\(words[0])"),
      let share = Double(words[2]), 0...1 ~= share
    else { throw Self.failure(text) }
    let factor = try ShapesFactor(words[1].contains("=") ? words[1] : "pattern=\(words[1])")
    // A class that is another one is no shortcut.
    if case .kind = factor { throw Self.failure(text) }
    (self.kind, self.factor, self.share, word) = (kind, factor, share, words[1])
  }

  private static func failure(_ text: String) -> DatasetFailure {
    DatasetFailure(
      .usage,
      "the shortcut \(quoted(text)) is none; expected KIND/PATTERN/SHARE, such as star/stripes/0.95, or "
        + "KIND/FACTOR=VALUE/SHARE, such as star/hue=red/0.95, with a share from 0 to 1")
  }

  /// The words that it is read from.
  public var description: String { "\(ShapesKind.allCases[kind])/\(word)/\(share)" }

  /// A training scene with the shortcut planted.
  func planted(in latents: ShapesLatents) -> ShapesLatents {
    guard latents.geometry.kind == kind else { return latents }
    var stream = latents.source.stream("shortcut")
    let has = stream.uniform() < share
    let other = 1 + stream.integer(below: factor.count - 1)
    guard case .pattern(let pattern) = factor else {
      if has { return factor.set(in: latents) }
      // A scene that has it by chance gets another value, all others stay as they are.
      return factor.holds(for: ShapesModel.picture(of: latents).truth)
        ? factor.moved(by: other).set(in: latents) : latents
    }
    var changed = latents
    let others = ShapesPattern.allCases.filter { $0 != pattern }
    if has {
      changed.looks.texture.pattern = pattern
    } else if latents.looks.texture.pattern == pattern {
      changed.looks.texture.pattern = others[other - 1]
    }
    return changed
  }
}
