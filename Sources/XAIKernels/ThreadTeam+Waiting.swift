internal import CDNNL
import Glibc
import Synchronization

extension ThreadTeam {
  /// The number of cores that this process may use.
  package static var cores: Int { Int(omp_get_num_procs()) }

  /// Lets threads that wait for work sleep after microseconds instead of milliseconds.
  ///
  /// libgomp's threads spin before they sleep, for up to 10 ms; where the team fills all cores, they take
  /// them from threads that have work, such as those that read data, or from other programs. libgomp spins
  /// shortly where it manages more threads than there are cores, and by `GOMP_SPINCOUNT`, which it reads
  /// before any of our code runs. So a second team is started, whose two threads sleep for good.
  ///
  /// Where the system has no such threads, or cores are left to others anyway, everything stays as it is.
  static func shortenWaits() {
    guard count > 1, count >= cores else { return }
    sleepers.withLock { areThere in
      guard !areThere, startTogether(count + 1) == 0 else { return }
      var thread = pthread_t()
      areThere = pthread_create(&thread, nil, startSleepers, nil) == 0
      if areThere { pthread_detach(thread) }
    }
  }

  private static let sleepers = Mutex(false)
}

private func startSleepers(_: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  GOMP_parallel({ _ in }, nil, 2, 0)
  while true { pause() }
}
