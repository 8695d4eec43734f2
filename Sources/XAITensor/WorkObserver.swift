/// Something that a person should know about work under way.
public protocol Remark: Sendable, CustomStringConvertible {
  /// Whether it is a warning, which is shown even where little is.
  var isWarning: Bool { get }
}

/// A remark that is a sentence and nothing else.
public struct PlainRemark: Remark, Equatable {
  /// The sentence.
  public let description: String
  /// Whether it is a warning.
  public let isWarning: Bool

  /// Says something.
  /// - Parameters:
  ///   - description: The sentence.
  ///   - isWarning: Whether it is a warning.
  public init(_ description: String, isWarning: Bool) {
    (self.description, self.isWarning) = (description, isWarning)
  }
}

/// Who watches long work: is told of it, sees how far it is, and may stop it.
///
/// Every requirement has a default that does nothing, so that a watcher implements what it wants.
public protocol WorkObserver: Sendable {
  /// Receives what a person should know; any thread may call.
  /// - Parameter remark: What it is.
  func tell(_ remark: any Remark)

  /// A part of the work begins, in place of any other.
  /// - Parameters:
  ///   - work: What it is, such as `explaining`.
  ///   - total: Its steps.
  ///   - unit: What the steps are called.
  func begin(_ work: String, total: Int, unit: String)

  /// Some steps are done.
  /// - Parameters:
  ///   - done: How many so far.
  ///   - detail: Further words; asked for only where they are shown.
  func advance(to done: Int, _ detail: @autoclosure () -> String)

  /// The part is over.
  func end()

  /// From now on the work asks whether it is to stop, and keeps what is finished.
  func becomesStoppable()

  /// Whether the work is to stop as soon as it can.
  var isStopped: Bool { get }
}

extension WorkObserver {
  /// Ignores it.
  public func tell(_ remark: any Remark) {}
  /// Shows nothing.
  public func begin(_ work: String, total: Int, unit: String) {}
  /// Shows nothing.
  public func advance(to done: Int, _ detail: @autoclosure () -> String) {}
  /// Shows nothing.
  public func end() {}
  /// Prepares nothing.
  public func becomesStoppable() {}
  /// Never.
  public var isStopped: Bool { false }

  /// Says something that is no warning.
  /// - Parameter sentence: What a person should know.
  package func note(_ sentence: String) { tell(PlainRemark(sentence, isWarning: false)) }

  /// Warns.
  /// - Parameter sentence: What a person must know.
  package func warn(_ sentence: String) { tell(PlainRemark(sentence, isWarning: true)) }
}

/// Nobody watches.
public struct NoObserver: WorkObserver {
  /// Creates the observer that ignores everything.
  public init() {}
}

/// An observer asked to stop; what was finished is as the work says.
public struct WorkStopped: Error {
  /// Says that work was stopped.
  public init() {}
}
