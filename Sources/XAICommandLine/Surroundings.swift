#if canImport(Glibc)
  import Glibc
#endif

/// What a program takes for granted, whoever started it.
package enum Surroundings {
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
    useFonts(besideProgramAt: "/proc/self/exe")
  }

  /// Has words drawn in the typeface that was unpacked with a program, where one was.
  ///
  /// The machine may have no other. A program that was installed otherwise uses the machine's, and
  /// `FONTCONFIG_FILE` beats both.
  /// - Parameter link: What leads to the program.
  static func useFonts(besideProgramAt link: String) {
    // By its real place: it may have been called through a link from anywhere.
    guard let place = realpath(link, nil) else { return }
    defer { free(place) }
    let file = fontConfiguration(besideProgramAt: String(cString: place))
    if access(file, R_OK) == 0 { setenv("FONTCONFIG_FILE", file, 0) }
  }

  /// Where a program's own fonts are described.
  /// - Parameter program: Its place, such as `/opt/swift-xai/bin/xai-train`.
  /// - Returns: `/opt/swift-xai/share/swift-xai/fonts/fonts.conf` there.
  package static func fontConfiguration(besideProgramAt program: String) -> String {
    var folders = program.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
    folders += ["share", "swift-xai", "fonts", "fonts.conf"]
    return folders.joined(separator: "/")
  }
}
