import FoundationEssentials
import Glibc

/// A thread of the operating system that runs one closure.
///
/// Not Dispatch: its pool would compete with that of the kernels for the cores.
package struct BackgroundThread: Sendable {
  private let handle: pthread_t

  /// Starts a thread; fails if the system has none left to give.
  /// - Parameter body: What it runs.
  package init?(_ body: @escaping @Sendable () -> Void) {
    let work = Unmanaged.passRetained(Work(body))
    var handle = pthread_t()
    let status = pthread_create(
      &handle, nil,
      { argument in
        if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, work.toOpaque())
    guard status == 0 else {
      work.release()
      return nil
    }
    self.handle = handle
  }

  /// Waits until the closure has returned; either this or `detach` must be called, exactly once.
  package func join() { pthread_join(handle, nil) }

  /// Lets it end by itself: what it has to tell is waited for in another way, or by nobody.
  package func detach() { pthread_detach(handle) }

  /// Runs a closure on several threads, this one among them, and waits for all.
  /// - Parameters:
  ///   - count: How many; fewer run if the system has no more to give.
  ///   - body: What each of them runs; it receives the thread's number.
  package static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let others = (1..<max(count, 1)).compactMap { number in BackgroundThread { body(number) } }
    body(0)
    for thread in others { thread.join() }
  }

  /// Computes values on several threads, each taking the next as soon as it is free.
  /// - Parameters:
  ///   - count: The number of values.
  ///   - threads: The most threads that work.
  ///   - body: Computes the value of an index.
  /// - Returns: The values, in the order of their indices.
  package static func map<Value: Sendable>(
    _ count: Int, threads: Int, _ body: @escaping @Sendable (Int) -> Value
  ) -> [Value] {
    let next = Monitor(0)
    let values = Monitor([Value?](repeating: nil, count: count))
    run(min(threads, max(count, 1))) { _ in
      while true {
        let index = next.change { index in
          defer { index += 1 }
          return index
        }
        guard index < count else { return }
        let value = body(index)
        values.change { $0[index] = value }
      }
    }
    return values.change { $0.compactMap(\.self) }
  }

  /// The number of processors that this process may use.
  package static var processors: Int { ProcessInfo.processInfo.activeProcessorCount }

  private final class Work: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}

/// A value that threads share, each waiting until it is as it needs it.
///
/// `@unchecked Sendable`: the value is only touched while the mutex is held.
package final class Monitor<Value>: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var value: Value

  /// Shares a value.
  /// - Parameter value: Its first state.
  package init(_ value: Value) {
    self.value = value
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  /// Waits until a condition holds, changes the value and wakes all who wait.
  /// - Parameters:
  ///   - condition: What is waited for; always true unless given.
  ///   - body: Reads and changes the value.
  /// - Returns: What the closure returns.
  package func change<Result>(
    when condition: (Value) -> Bool = { _ in true }, _ body: (inout Value) -> Result
  ) -> Result {
    pthread_mutex_lock(mutex)
    defer {
      pthread_cond_broadcast(changed)
      pthread_mutex_unlock(mutex)
    }
    while !condition(value) { pthread_cond_wait(changed, mutex) }
    return body(&value)
  }
}
