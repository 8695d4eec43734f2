#if canImport(Glibc)
  import Glibc
#endif

/// What a program takes for granted, whoever started it.
enum Surroundings {
  /// Sees to it that standard files are open and that writing too much is an error like others.
  static func prepare() {
    // The next file to be opened would take the number of one that is closed, and messages would
    // go into it.
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", O_RDWR)
    }
    // A limit on the size of files (`ulimit -f`) is told with the name of the file.
    _ = signal(SIGXFSZ, SIG_IGN)
  }
}
