public import XAIFiles
import XAITensor

/// The SHA-256 of a file, computed beside other work.
public struct FileDigest: Sendable {
  private let result: Monitor<Result<String, FileFailure>?>

  /// Begins to compute.
  /// - Parameter path: The file.
  public init(_ path: String) {
    let result = Monitor<Result<String, FileFailure>?>(nil)
    self.result = result
    let compute: @Sendable () -> Void = {
      let digest = Result { () throws(FileFailure) in try SHA256.ofFile(path) }
      result.change { $0 = digest }
    }
    // Where the system has no thread left it is computed now.
    if let thread = BackgroundThread(compute) { thread.detach() } else { compute() }
  }

  /// Waits for the digest.
  /// - Returns: The digest in hexadecimal.
  /// - Throws: `FileFailure` where the file cannot be read.
  public func value() throws(FileFailure) -> String {
    guard let result = result.change(when: { $0 != nil }, { $0 }) else { return "" }
    return try result.get()
  }
}
