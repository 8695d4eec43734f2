#if canImport(Glibc)
  import Glibc
#endif
import XAITensor

/// A file that TensorBoard shows: scalars per step, appended while training goes on.
///
/// Each session of a run writes a file of its own in the run's folder; TensorBoard joins them.
public final class EventFile: Sendable {
  /// Where the file is.
  public let path: String
  private let descriptor: Int32

  /// Creates `events.out.tfevents.<time>.<host>`, with a number where an earlier session has the name: after a
  /// record that was cut short nothing can be read any more.
  /// - Parameters:
  ///   - folder: The run's folder, which exists.
  ///   - startStep: The first step of this session: what earlier files say of it and later steps
  ///     is void from now on.
  ///   - time: Seconds since 1970; the present when nil.
  ///   - host: The machine's name; asked of the system when nil.
  /// - Throws: `TrainingFailure` when the file cannot be created or written.
  public init(
    folder: String, startStep: Int = 0, time: Double? = nil, host: String? = nil
  ) throws(TrainingFailure) {
    let start = time ?? Self.now()
    let name = "\(folder)/events.out.tfevents.\(Int(start)).\(host ?? Self.hostName())"
    var (path, number) = (name, 1)
    var opened = Self.create(path)
    while opened < 0, errno == EEXIST {
      number += 1
      path = "\(name).\(number)"
      opened = Self.create(path)
    }
    guard opened >= 0 else {
      throw TrainingFailure(
        .cannotCreate, "cannot create '\(path)': \(String(cString: strerror(errno)))")
    }
    (self.path, descriptor) = (path, opened)
    try append(EventRecord(wallTime: start, step: 0, content: .fileVersion))
    if startStep > 0 {
      try append(EventRecord(wallTime: start, step: startStep, content: .start))
    }
  }

  deinit { close(descriptor) }

  private static func create(_ path: String) -> Int32 {
    open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o666)
  }

  /// Appends numbers.
  /// - Parameters:
  ///   - scalars: Numbers under their tags, such as `("loss/train", 2.31)`.
  ///   - step: The training step they belong to.
  ///   - time: Seconds since 1970; the present when nil.
  /// - Throws: `TrainingFailure` of kind `inputOutput` when writing fails.
  public func write(
    _ scalars: [(tag: String, value: Double)], step: Int, time: Double? = nil
  ) throws(TrainingFailure) {
    try append(
      EventRecord(
        wallTime: time ?? Self.now(), step: step,
        content: .scalars(scalars.map { ($0.tag, Float($0.value)) })))
  }

  private func append(_ record: EventRecord) throws(TrainingFailure) {
    var rest = record.bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        throw TrainingFailure(
          .inputOutput, "writing '\(path)' failed: \(String(cString: strerror(errno)))")
      }
    }
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }

  private static func hostName() -> String {
    var name = [CChar](repeating: 0, count: 256)
    let status = gethostname(&name, name.count - 1)
    let host = String(
      decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return status == 0 && !host.isEmpty && !host.contains("/") ? host : "localhost"
  }
}
