#if canImport(Glibc)
  import Glibc
#endif
public import Testing
import XAIFiles
public import XAITensor

/// A reader that is given damaged files: it must read each or refuse it in one sentence, soon.
///
/// The 100,000 mutations of a test run are divided among the readers by where damage does most harm and
/// by what a reading costs: JPEG 15,000, PNG 10,000, safetensors 15,000, PyTorch files 12,000,
/// architectures 6,000, checkpoints 6,000, saved trainings 4,000, their configurations and logs 2,000
/// each, lists of Tiny ImageNet 6,000, caches 2,000, parameters of methods 3,000, other words of command
/// lines 10,000, results 4,500, finished units and their records 2,500.
public struct MutationTrial {
  /// The reader's name.
  public let name: String
  /// The undamaged files.
  public var seeds: [[UInt8]]
  /// Whether the files are text.
  public var isText = false
  /// Whether no content at all is wrong: such as lines that are passed over unless they are wanted.
  public var takesAnything = false
  /// The kinds of failure that damage may end in.
  public var kinds: Set<FailureKind> = [.badData]
  /// Mends checksums and lengths, in half of the mutations: else a reader looks no further.
  public var mending: (([UInt8]) -> [UInt8])?
  /// Turns errors that are no `Failure` into one.
  public var translation: ((any Error) -> (any Failure)?)?

  /// Seconds of processor time that a file may take; thousands of times what they do take.
  private static let limit = 2.0
  /// By how many bytes the greatest address space of the process may grow meanwhile, other tests
  /// included: what headers claim, of tensors and images, is more.
  private static let mostMemory = 2 << 30
  /// Bytes that a sentence may have.
  private static let longestSentence = 1 << 15

  /// Prepares a trial.
  /// - Parameters:
  ///   - name: The reader's name, which also decides the mutations.
  ///   - seeds: The undamaged files.
  ///   - isText: Whether the files are text.
  public init(_ name: String, seeds: [[UInt8]], isText: Bool = false) {
    (self.name, self.seeds, self.isText) = (name, seeds, isText)
  }

  /// Gives the reader its seeds, which it must read, and then damaged files.
  ///
  /// Records what the reader should not have done. Both reading and refusing must happen, or the trial
  /// tested nothing.
  ///
  /// Where `XAI_MUTATION_FILE` names a file, every damaged one is written there before it is read, so
  /// that one that ends the process can be looked at.
  /// - Parameters:
  ///   - count: The number of damaged files.
  ///   - readsSeeds: Whether the reader must take every seed; else some may be for other readers.
  ///   - sourceLocation: Where the test stands.
  ///   - read: The reader.
  /// - Throws: What the reader says about an undamaged file.
  public func run(
    _ count: Int, readsSeeds: Bool = true, sourceLocation: SourceLocation = #_sourceLocation,
    _ read: ([UInt8]) throws -> Void
  ) throws {
    if readsSeeds { for seed in seeds { try read(seed) } }
    var mutator = Mutator(seeds: seeds, isText: isText, purpose: name)
    let trace = getenv("XAI_MUTATION_FILE").map { String(cString: $0) }
    var (accepted, issues) = (0, 0)
    let before = Self.greatestAddressSpace
    for number in 0..<count {
      var bytes = mutator.next()
      if number % 2 == 1, let mending { bytes = mending(bytes) }
      if let trace { Self.write(bytes, to: trace) }
      let begin = Self.processorSeconds
      var problem: String?
      do {
        try read(bytes)
        accepted += 1
      } catch {
        problem = complaint(about: error)
      }
      let seconds = Self.processorSeconds - begin
      if seconds > Self.limit { problem = "it took \(seconds) s" }
      guard let problem, issues < 5 else { continue }
      issues += 1
      Issue.record(
        "\(name), mutation \(number), \(bytes.count) bytes \(Self.shown(bytes)): \(problem)",
        sourceLocation: sourceLocation)
    }
    let growth = Self.greatestAddressSpace - before
    #expect(growth < Self.mostMemory, "\(name)", sourceLocation: sourceLocation)
    #expect(accepted > 0, "\(name)", sourceLocation: sourceLocation)
    #expect(accepted < count || takesAnything, "\(name)", sourceLocation: sourceLocation)
  }

  /// Records an issue where a failure is none that damage may end in; for readers that try several ways.
  /// - Parameters:
  ///   - failure: The failure.
  ///   - sourceLocation: Where the test stands.
  public func check(
    _ failure: any Failure, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let complaint = complaint(about: failure)
    #expect(complaint == nil, "\(name)", sourceLocation: sourceLocation)
  }

  /// What is wrong with an error, if anything.
  private func complaint(about error: any Error) -> String? {
    guard let failure = error as? any Failure ?? translation?(error) else {
      return "an error without a sentence: \(error)"
    }
    let sentence = failure.description
    if !kinds.contains(failure.kind) { return "a failure of kind \(failure.kind): \(sentence)" }
    if sentence.isEmpty { return "an empty sentence" }
    if sentence.utf8.count > Self.longestSentence { return "\(sentence.utf8.count) bytes of text" }
    let breaks = sentence.unicodeScalars.contains { scalar in
      scalar.properties.generalCategory == .control || scalar.value == 0x2028
        || scalar.value == 0x2029
    }
    return breaks ? "control characters in \(Array(sentence.utf8))" : nil
  }

  private static func shown(_ bytes: [UInt8]) -> String {
    bytes.prefix(64).map { String($0, radix: 16) }.joined(separator: " ")
  }

  private static func write(_ bytes: [UInt8], to path: String) {
    guard let file = fopen(path, "w") else { return }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  /// In bytes; also what was asked for and never touched.
  private static var greatestAddressSpace: Int {
    let lines = (try? WholeFile.readText("/proc/self/status"))?.split(separator: "\n") ?? []
    let peak = lines.first { $0.hasPrefix("VmPeak:") }?.split { !$0.isNumber }.first
    return 1024 * (peak.flatMap { Int($0) } ?? 0)
  }

  /// Of this thread alone: other tests run beside it.
  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// A file without a name whose content is replaced often: a hundred thousand new files take minutes.
public final class ScratchFile {
  private let descriptor: Int32

  /// The path by which this process can open it.
  public var path: String { "/proc/self/fd/\(descriptor)" }

  /// Makes an empty file.
  public init() {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var name = Array("\(parent)/swift-xai-mutation-XXXXXX".utf8CString)
    descriptor = mkstemp(&name)
    precondition(descriptor >= 0, "no scratch file: error \(errno)")
    unlink(name)
  }

  deinit { close(descriptor) }

  /// Replaces the content.
  /// - Parameter bytes: The new content.
  public func write(_ bytes: [UInt8]) {
    ftruncate(descriptor, 0)
    let written = pwrite(descriptor, bytes, bytes.count, 0)
    precondition(written == bytes.count, "the scratch file took \(written) bytes")
  }
}

/// Writes the length of the header of a safetensors file anew, as the end of its JSON says.
/// - Parameter bytes: A damaged file.
/// - Returns: The file with the length of what looks like a header.
public func mendSafetensorsLength(_ bytes: [UInt8]) -> [UInt8] {
  guard bytes.count > 8 else { return bytes }
  // The header ends with the last closing brace that blanks or data of the file follow.
  var depth = 0
  var end = 8
  for (index, byte) in bytes.enumerated().dropFirst(8) {
    if byte == UInt8(ascii: "{") { depth += 1 }
    if byte == UInt8(ascii: "}") { depth -= 1 }
    end = index + 1
    if depth == 0 { break }
  }
  while end < bytes.count, bytes[end] == UInt8(ascii: " ") { end += 1 }
  let length = UInt64(end - 8)
  return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) } + bytes[8...]
}
