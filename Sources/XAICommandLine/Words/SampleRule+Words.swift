public import XAIExperiments

extension SampleRule {
  /// Reads `auto`, `auto:N`, `N` or names.
  /// - Parameter text: The text.
  /// - Throws: `CommandFailure` where the number is none.
  public init(_ text: String) throws(CommandFailure) {
    guard text == "auto" || text.hasPrefix("auto:") else {
      self = .chosen(text)
      return
    }
    guard let count = text == "auto" ? Self.standardCount : Int(text.dropFirst(5)), count > 0 else {
      throw CommandFailure(
        .form, "--samples \(text): expected auto:N with a number above 0, a number or names")
    }
    self = .recognised(count)
  }
}
