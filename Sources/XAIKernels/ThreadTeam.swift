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
  /// - Parameter count: At least 1; not more than ``limit`` are taken.
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
      throw KernelFailure(
        kind: .inputOutput,
        "the system has no \(count) threads for this program: \(String(cString: strerror(code))); "
          + "ask for fewer (--threads), or raise the limits of processes and memory (ulimit -u, ulimit -v)"
      )
    }
  }

  /// How many threads have been seen to work at a time.
  private static let startable = Mutex(1)

  /// Starts threads that wait until all of them are there; the code of what failed, or 0.
  private static func startTogether(_ number: Int) -> Int32 {
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

  /// Runs a body once for each index, split into one contiguous range for each thread.
  ///
  /// Results must not depend on which thread runs an index; then they do not depend on the number
  /// of threads either.
  /// - Parameters:
  ///   - count: The number of indices.
  ///   - body: What is done for each.
  package static func forEach(_ count: Int, _ body: (Int) -> Void) {
    let threads = min(Self.count, count)
    guard threads > 1 else {
      for index in 0..<count { body(index) }
      return
    }
    withoutActuallyEscaping(body) { body in
      var loop = Loop(count: count, body: body)
      withUnsafeMutablePointer(to: &loop) {
        GOMP_parallel(runLoop, UnsafeMutableRawPointer($0), UInt32(threads), 0)
      }
    }
  }
}

extension ThreadTeam {
  /// Runs a body once in each thread, with its number and its contiguous part of the indices.
  static func forEachRange(_ count: Int, _ body: (Int, Range<Int>) -> Void) {
    let threads = max(1, min(Self.count, count))
    forEach(threads) { thread in
      body(thread, count * thread / threads..<count * (thread + 1) / threads)
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

private struct Loop {
  let count: Int
  let body: (Int) -> Void
}

private func runLoop(_ data: UnsafeMutableRawPointer?) {
  guard let loop = data?.assumingMemoryBound(to: Loop.self).pointee else { return }
  let thread = Int(omp_get_thread_num())
  let threads = Int(omp_get_num_threads())
  for index in loop.count * thread / threads..<loop.count * (thread + 1) / threads {
    loop.body(index)
  }
}
