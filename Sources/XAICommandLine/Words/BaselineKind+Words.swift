public import XAIAttribution

extension BaselineKind {
  /// Reads the words of an option: `blur`, `data:32`, `file PATH` or `file:PATH`.
  /// - Parameter words: One word, or `file` and a path.
  /// - Throws: `CommandFailure` where they name no baseline.
  public init(_ words: [String]) throws(CommandFailure) {
    let text = words.joined(separator: ":")
    let name = String(text.prefix { $0 != ":" })
    let argument = text.dropFirst(name.count + 1)
    let plain: [String: BaselineKind] = [
      "blur": .blur, "black": .black, "white": .white, "zero": .zero, "mean": .mean,
      "noise": .noise, "data": .data(Self.defaultCount),
    ]
    if let kind = plain[text] {
      self = kind
    } else if name == "data", let count = Int(argument), count >= 1 {
      self = .data(count)
    } else if name == "file", !argument.isEmpty {
      self = .file(String(argument))
    } else {
      throw CommandFailure(
        .form,
        "'\(words.joined(separator: " "))' is no baseline; expected blur, black, white, zero, mean, "
          + "noise, data, data:N or file PATH")
    }
  }
}
