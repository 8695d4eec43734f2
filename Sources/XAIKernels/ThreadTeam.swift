internal import CDNNL
import Glibc
import Synchronization
import XAITensor

/// The one team of threads of the process: libgomp's, which oneDNN uses as well.
public enum ThreadTeam {
  /// How many threads the next parallel loop uses.
  public static var count: Int { Int(omp_get_max_threads()) }

  /// How many threads there may be at most: `OMP_THREAD_LIMIT`, and else no end.
  package static var limit: Int { max(1, Int(omp_get_thread_limit())) }

  /// Sets the number of threads for every later kernel of the calling thread.
  ///
  /// The library plans its kernels for this number, and some wait at barriers for all of them: with fewer,
  /// as `OMP_THREAD_LIMIT`, `OMP_DYNAMIC` and `OMP_MAX_ACTIVE_LEVELS` of the environment would have it,
  /// they would wait for ever. The first of these is respected here, the others have no say.
  /// - Parameter count: At least 1; not more than the environment allows are taken.
  public static func setCount(_ count: Int) {
    precondition(count >= 1, "a team of \(count) threads cannot work")
    omp_set_num_threads(Int32(clamping: min(count, limit)))
    omp_set_dynamic(0)
    omp_set_max_active_levels(max(1, omp_get_max_active_levels()))
  }

  /// Makes sure that the system has as many threads as the next parallel loop uses: where it has not,
  /// libgomp would end the program.
  /// - Throws: Where a limit of processes or memory is in the way.
  package static func requireThreads() throws(KernelFailure) {
    let code = startable.withLock { known in
      guard known < count else { return Int32(0) }
      let code = startTogether(count - 1)
      if code == 0 { known = count }
      return code
    }
    guard code == 0 else {
      throw .threads(count, reason: String(cString: strerror(code)))
    }
  }

  /// How many threads have been seen to work at a time.
  private static let startable = Mutex(1)

  /// Starts threads that wait until all of them are there; the code of what failed, or 0.
  static func startTogether(_ number: Int) -> Int32 {
    let gate = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    pthread_mutex_init(gate, nil)
    pthread_mutex_lock(gate)
    var threads: [pthread_t] = []
    var code: Int32 = 0
    while threads.count < number, code == 0 {
      var thread = pthread_t()
      code = pthread_create(&thread, nil, waitAtGate, gate)
      if code == 0 { threads.append(thread) }
    }
    pthread_mutex_unlock(gate)
    for thread in threads { pthread_join(thread, nil) }
    pthread_mutex_destroy(gate)
    gate.deallocate()
    return code
  }

  /// Runs a body once for each index.
  ///
  /// Results must not depend on which thread runs an index; then they do not depend on the number
  /// of threads either.
  /// - Parameters:
  ///   - count: The number of indices.
  ///   - body: What is done for each.
  package static func forEach(_ count: Int, _ body: (Int) -> Void) {
    forEachRange(count) { _, range in
      for index in range { body(index) }
    }
  }
}

extension ThreadTeam {
  /// Runs a body for contiguous parts of the indices, with the number of the thread that does.
  ///
  /// A thread takes the next part when it is through with one: where another program keeps a core busy,
  /// the other threads do more instead of waiting for the one that has to share it.
  /// - Parameters:
  ///   - count: The number of indices.
  ///   - least: Indices of a part, where so many are worth their overhead.
  ///   - body: What is done for each part.
  static func forEachRange(_ count: Int, least: Int = 1, _ body: (Int, Range<Int>) -> Void) {
    let threads = min(Self.count, count)
    guard threads > 1 else {
      if count > 0 { body(0, 0..<count) }
      return
    }
    withoutActuallyEscaping(body) { body in
      let parts = threads * max(1, min(8, count / (threads * least)))
      let loop = Loop(count: count, parts: parts, body: body)
      GOMP_parallel(runLoop, Unmanaged.passUnretained(loop).toOpaque(), UInt32(threads), 0)
    }
  }
}

private func waitAtGate(_ gate: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  let gate = gate?.assumingMemoryBound(to: pthread_mutex_t.self)
  if let gate {
    pthread_mutex_lock(gate)
    pthread_mutex_unlock(gate)
  }
  return nil
}

/// What the threads of a team share while they run a loop.
private final class Loop {
  let count: Int
  let parts: Int
  let body: (Int, Range<Int>) -> Void
  /// The first part that no thread has taken.
  let next = Atomic(0)

  init(count: Int, parts: Int, body: @escaping (Int, Range<Int>) -> Void) {
    (self.count, self.parts, self.body) = (count, parts, body)
  }
}

private func runLoop(_ data: UnsafeMutableRawPointer?) {
  guard let data else { return }
  let loop = Unmanaged<Loop>.fromOpaque(data).takeUnretainedValue()
  let thread = Int(omp_get_thread_num())
  while true {
    let part = loop.next.add(1, ordering: .relaxed).oldValue
    guard part < loop.parts else { return }
    loop.body(thread, loop.count * part / loop.parts..<loop.count * (part + 1) / loop.parts)
  }
}
