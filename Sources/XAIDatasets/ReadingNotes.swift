import XAITensor

/// Images that were read although something was odd about their files.
final class ReadingNotes: Sendable {
  private struct State {
    var seen: Set<Int> = []
    var first: String?
    /// Whether images are read one by one, so that each is told when it is met.
    var isTelling = false
  }

  private let state = Monitor(State())
  private let tell: (@Sendable (String) -> Void)?

  init(_ tell: (@Sendable (String) -> Void)?) { self.tell = tell }

  /// Takes note of an image; several threads may do so at once.
  func add(_ image: Int, _ path: String, _ warnings: [String]) {
    guard let warning = warnings.first else { return }
    let sentence = state.change { state -> String? in
      guard state.seen.insert(image).inserted else { return nil }
      let text = "\(quoted(path)): \(warning)"
      state.first = state.first ?? text
      guard state.isTelling else { return nil }
      return Self.isWorthTelling(state.seen.count)
        ? Self.sentence(state.seen.count, state.seen.count == 1 ? text : state.first ?? text) : nil
    }
    if let sentence { tell?(sentence) }
  }

  /// What was noted while all images were decoded; from then on images are told when they are met.
  func summary() -> String? {
    state.change { state in
      state.isTelling = true
      return state.first.map { Self.sentence(state.seen.count, $0) }
    }
  }

  /// The first image, and then rarer and rarer ones.
  private static func isWorthTelling(_ count: Int) -> Bool {
    var rest = count
    while rest % 10 == 0 { rest /= 10 }
    return rest == 1
  }

  private static func sentence(_ count: Int, _ first: String) -> String {
    count == 1
      ? "1 image was read although its file is faulty, no pixel is lost: \(first)"
      : "\(count) images were read although their files are faulty, no pixel is lost; the first: \(first)"
  }
}
