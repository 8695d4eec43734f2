/// How far a job is: what a progress bar knows and how it says so.
///
/// Times are seconds of any clock that never goes back.
package struct Progress: Sendable {
  /// Where progress is shown.
  package enum Display: Sendable, Equatable {
    /// In one line of a terminal, redrawn.
    case terminal
    /// In lines of a log, few of them.
    case plain
    /// Nowhere.
    case silent
  }

  let title: String
  let total: Int
  let first: Int
  let itemsPerStep: Int
  let unit: String
  let start: Double
  private(set) var done: Int
  private(set) var message = ""
  private var lastShown: (time: Double, done: Int)

  /// A job that begins.
  /// - Parameters:
  ///   - title: What the job is.
  ///   - total: Its steps.
  ///   - first: Steps that were done before, by an earlier session.
  ///   - itemsPerStep: How many items a step handles, for the speed.
  ///   - unit: What the items are called.
  ///   - start: When it begins.
  package init(
    title: String, total: Int, first: Int, itemsPerStep: Int, unit: String, start: Double
  ) {
    self.title = title
    self.total = max(total, 1)
    self.first = first
    self.itemsPerStep = itemsPerStep
    self.unit = unit
    self.start = start
    done = first
    lastShown = (-Double.infinity, first)
  }

  /// Takes note of a step.
  /// - Parameters:
  ///   - done: Steps that are done now.
  ///   - time: The time.
  ///   - display: Where progress is shown.
  ///   - message: Further words; asked for only where they are shown.
  /// - Returns: Whether progress is to be shown now.
  package mutating func update(
    _ done: Int, at time: Double, on display: Display, message: () -> String
  ) -> Bool {
    self.done = min(done, total)
    guard isDue(at: time, on: display) else { return false }
    self.message = message()
    lastShown = (time, self.done)
    return true
  }

  /// On a terminal ten times in a second; in a log every tenth of the job, but not within 10
  /// seconds and at the latest after a minute.
  private func isDue(at time: Double, on display: Display) -> Bool {
    switch display {
    case .silent:
      return false
    case .terminal:
      return time - lastShown.time >= 0.1 || done == total
    case .plain:
      let pause = time - max(lastShown.time, start)
      return done < total && pause >= 10
        && (pause >= 60 || 10 * (done - lastShown.done) >= total)
    }
  }

  /// Steps per second in this session; 0 before it is known.
  private func speed(at time: Double) -> Double {
    time > start ? Double(done - first) / (time - start) : 0
  }

  private func details(at time: Double) -> [String] {
    var parts = message.isEmpty ? [] : [message]
    let speed = speed(at: time)
    guard speed > 0 else { return parts }
    let items = speed * Double(itemsPerStep)
    parts.append("\(Format.fixed(items, digits: items < 9.95 ? 1 : 0)) \(unit)/s")
    if done < total { parts.append(Format.duration(Double(total - done) / speed) + " left") }
    return parts
  }

  /// The line of a log.
  /// - Parameter time: The time.
  /// - Returns: Such as `epoch 1: 40/100 (40 %), loss 4.812, 98 images/s, 39 s left`.
  package func plainLine(at time: Double) -> String {
    let share = "\(title): \(done)/\(total) (\(100 * done / total) %)"
    return ([share] + details(at: time)).joined(separator: ", ")
  }

  /// The line of a terminal.
  /// - Parameters:
  ///   - time: The time.
  ///   - columns: The terminal's width, which the line stays below.
  ///   - isUnicode: Whether the terminal shows more than ASCII.
  /// - Returns: Such as `epoch 1 ━━━━───── 40/100  loss 4.812  98 images/s  39 s left`.
  package func terminalLine(at time: Double, columns: Int, isUnicode: Bool) -> String {
    let numbers = (["\(done)/\(total)"] + details(at: time)).joined(separator: "  ")
    // A line as wide as the terminal would wrap in some.
    let room = columns - 1
    let length = min(30, room - title.count - numbers.count - 4)
    guard length >= 5 else { return String("\(title)  \(numbers)".prefix(max(0, room))) }
    let filled = length * done / total
    let (full, empty) = isUnicode ? ("━", "─") : ("#", "-")
    let bar =
      String(repeating: full, count: filled) + String(repeating: empty, count: length - filled)
    return "\(title)  \(bar)  \(numbers)"
  }
}
