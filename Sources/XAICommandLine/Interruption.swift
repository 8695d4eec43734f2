#if canImport(Glibc)
  import Glibc
#endif
import Synchronization

/// Stops a program at a moment of its choosing when a user or the system asks for it.
public enum Interruption {
  /// How often a signal arrived; lock-free, and initialised before a handler can run.
  private static let signals = Atomic<Int>(0)

  /// Whether SIGINT, SIGTERM, SIGUSR1 or SIGHUP arrived: finish the step, save and leave.
  public static var requested: Bool { signals.load(ordering: .relaxed) > 0 }

  /// From now on the first SIGINT, SIGTERM, SIGUSR1 or SIGHUP only sets `requested`; the next one ends the process
  /// at once, with status 130.
  ///
  /// A SIGHUP that is ignored already, as `nohup` wants it, stays so. SIGUSR1 is what schedulers and launchers pass on
  /// where SIGTERM makes them kill.
  public static func install() {
    signals.store(0, ordering: .relaxed)
    var action = sigaction()
    // The handler does what a signal allows: one atomic addition, or `_exit`.
    action.__sigaction_handler.sa_handler = { _ in
      if Interruption.signals.add(1, ordering: .relaxed).oldValue > 0 { _exit(130) }
    }
    // Reads and writes under way go on instead of failing.
    action.sa_flags = SA_RESTART
    sigemptyset(&action.sa_mask)
    for signal in [SIGINT, SIGTERM, SIGUSR1] { sigaction(signal, &action, nil) }
    if !isIgnored(SIGHUP) { sigaction(SIGHUP, &action, nil) }
    // Whoever reads the messages may leave; the work goes on.
    _ = signal(SIGPIPE, SIG_IGN)
  }

  private static func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    sigaction(signal, nil, &action)
    // Functions cannot be compared; this one is a number that is no address.
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}

/// A job was left early because `Interruption.requested`; nothing that was saved is lost.
public struct Interrupted: Error, Sendable, CustomStringConvertible {
  /// One sentence: what was saved, and how to go on.
  public let description: String

  /// The end of an interrupted job.
  /// - Parameter description: What was saved, and how to go on.
  public init(_ description: String) { self.description = description }
}
