/// Names of images in one word of a command line.
public enum SampleNames {
  /// Divides a word at its commas, but not within a name that has some.
  ///
  /// Where several names could begin at a place, the longest that there is counts; what names nothing
  /// ends at the next comma.
  /// - Parameters:
  ///   - text: The word: `val_1.JPEG,dog, brown.jpg`.
  ///   - exists: Whether there is an image of a name.
  /// - Returns: The names; none is empty.
  public static func split(_ text: String, exists: (String) -> Bool) -> [String] {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    var names: [String] = []
    var index = 0
    while index < parts.count {
      // Names have few commas; looking further would take a long list long.
      let end = (index + 1...min(index + 16, parts.count)).reversed().first { end in
        exists(whole(parts[index..<end]))
      }
      let name = whole(parts[index..<(end ?? index + 1)])
      if !name.isEmpty { names.append(name) }
      index = end ?? index + 1
    }
    return names
  }

  private static func whole(_ parts: ArraySlice<Substring>) -> String {
    String(parts.joined(separator: ",").trimmingPrefix { $0 == " " })
  }
}
