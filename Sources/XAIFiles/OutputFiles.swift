#if canImport(Glibc)
  import Glibc
#endif
import XAITensor

/// The files that a command is going to write, held against those that it reads.
public enum OutputFiles {
  /// Refuses to write over what is read, and to write two results into one file.
  /// - Parameters:
  ///   - outputs: The paths with the options that name them; devices and pipes may be named twice.
  ///   - inputs: The paths of what is read; those of nothing do not matter.
  /// - Throws: `.usage` that names the file.
  public static func requireDistinct(
    _ outputs: [(option: String, path: String)], from inputs: [String]
  ) throws(FileFailure) {
    let read = Set(inputs.compactMap(identity))
    var written: [String: String] = [:]
    for (option, path) in outputs {
      guard let file = identity(of: path) else { continue }
      if read.contains(file) {
        throw FileFailure(
          .usage,
          "\(option) '\(path)': this file is read by the same command and would be lost; name another"
        )
      }
      if let other = written.updateValue(option, forKey: file) {
        throw FileFailure(
          .usage, "\(option) '\(path)': \(other) is written into the same file; name another")
      }
    }
  }

  /// Refuses to replace the folder that is read.
  /// - Parameters:
  ///   - output: The path of the folder that would be replaced.
  ///   - input: The path of what is read; one of nothing does not matter.
  /// - Throws: `.usage` that names the folder.
  public static func requireOther(
    _ output: String, than input: String
  ) throws(FileFailure) {
    var (written, read) = (stat(), stat())
    guard stat(output, &written) == 0, stat(input, &read) == 0, written.st_ino == read.st_ino,
      written.st_dev == read.st_dev
    else { return }
    throw FileFailure(
      .usage,
      "'\(output)': this folder is read by the same command and would be lost; name another")
  }

  /// What two names of one file have in common; nothing for what is no regular file.
  private static func identity(of path: String) -> String? {
    var status = stat()
    if stat(path, &status) == 0 {
      return status.st_mode & S_IFMT == S_IFREG ? "\(status.st_dev) \(status.st_ino)" : nil
    }
    // Not there yet: its folder, and its name in that.
    let parent = realpath(Folder.parent(of: path), nil)
    defer { free(parent) }
    let folder = parent.map { String(cString: $0) } ?? Folder.parent(of: path)
    return "\(folder)/\(path.split(separator: "/").last ?? "")"
  }
}
