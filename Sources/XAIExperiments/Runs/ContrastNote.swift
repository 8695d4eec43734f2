/// What can be said about a comparison before anything is computed.
public enum ContrastNote: Sendable, Equatable, CustomStringConvertible {
  /// A sentence.
  case plain(String)
  /// A method starts from the logit, as its parameter says, or shares it out; so many of its maps explain a
  /// negative one.
  case negativeLogits(method: String, startsThere: Bool, count: Int, maps: Int, example: String)

  /// The sentence.
  public var description: String { sentence(cause: "its parameter seed") }

  /// The sentence.
  /// - Parameter cause: What makes a method start from the logit.
  /// - Returns: The sentence.
  package func sentence(cause: String) -> String {
    switch self {
    case .plain(let sentence): return sentence
    case .negativeLogits(let method, let startsThere, let count, let maps, let example):
      let place = startsThere ? "starts from the logit (\(cause))" : "shares out the logit"
      return
        "\(method) \(place), which is negative for \(count) of \(maps) maps, such as \(example): "
        + "relevance has the opposite sign there, so that a low similarity need not mean another "
        + "explanation."
    }
  }
}
