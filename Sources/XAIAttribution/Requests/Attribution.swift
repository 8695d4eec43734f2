public import XAITensor

/// Maps, and how far each keeps the law of its theory.
public struct Attribution: Sendable {
  /// What a user should know about maps besides.
  public struct Note: Sendable, Equatable {
    /// One sentence or clause.
    public var text: String
    /// The position of the image that it is about; nothing where it is about every map.
    public var image: Int?

    /// How a note ends on a map that shows nothing; before it may stand why.
    static let onZeroMaps = "the map is zero everywhere"

    /// Writes a note.
    /// - Parameters:
    ///   - text: One sentence or clause.
    ///   - image: The position of the image that it is about.
    public init(_ text: String, image: Int? = nil) { (self.text, self.image) = (text, image) }
  }

  /// `[N, C, H, W]`, or `[N, 1, H, W]` where the method has no channels.
  public var maps: Tensor
  /// One for each image, empty where the theory has no law.
  public var laws: [LawCheck]
  /// What a user should know about these maps besides.
  public var notes: [Note]

  /// Groups a result.
  /// - Parameters:
  ///   - maps: `[N, C | 1, H, W]`.
  ///   - laws: One for each image, or none.
  ///   - notes: What a user should know besides.
  public init(maps: Tensor, laws: [LawCheck] = [], notes: [Note] = []) {
    (self.maps, self.laws, self.notes) = (maps, laws, notes)
  }

  /// What should be known about one map.
  /// - Parameter image: The position of the image.
  /// - Returns: Notes about it and about every map.
  public func notes(of image: Int) -> [String] {
    notes.filter { $0.image == nil || $0.image == image }.map(\.text)
  }

  /// The same maps with notes on what can be seen of every map, whatever the method: that it is zero
  /// everywhere, and that nobody can tell whether its law holds, with the numbers that leave it open.
  public var inspected: Attribution {
    var inspected = self
    for image in 0..<maps.rows {
      let map = maps.row(image)
      let isKnown = notes.contains { $0.image == image && $0.text.hasSuffix(Note.onZeroMaps) }
      if !isKnown, map.withUnsafeElements({ $0.allSatisfy { $0 == 0 } }) {
        inspected.notes.append(Note(Note.onZeroMaps, image: image))
      }
      // Of a map that is not finite there is no sum to be told.
      if image < laws.count, map.isFinite, let doubt = laws[image].doubt {
        inspected.notes.append(Note(doubt, image: image))
      }
    }
    return inspected
  }
}
