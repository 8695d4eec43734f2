import XAIClassifiers
import XAIDatasets
public import XAIExperiments
import XAINetworks

extension Session {
  /// The data that options name.
  public struct DataChoice: Sendable {
    /// A word or a folder; nil where there are none.
    public var data: String?
    /// The file of decoded pixels, or `none`.
    public var cache: String?
    /// Whether unreadable images are left out.
    public var skipCorrupt: Bool
    /// The number of threads.
    public var threads: Int

    /// Names data.
    /// - Parameters:
    ///   - data: A word or a folder; nil where there are none.
    ///   - cache: The file of decoded pixels, or `none`, which is the default: a few images are read
    ///     from their own files.
    ///   - skipCorrupt: Whether unreadable images are left out.
    ///   - threads: The number of threads.
    public init(data: String?, cache: String?, skipCorrupt: Bool, threads: Int) {
      (self.data, self.cache) = (data, cache)
      (self.skipCorrupt, self.threads) = (skipCorrupt, threads)
    }
  }

  /// Reads networks as options say.
  /// - Parameters:
  ///   - request: What is asked for.
  ///   - reading: What is known about the networks' files.
  ///   - data: The data, which `openData` opens.
  ///   - console: Who is told.
  ///   - takesPictures: Whether pictures are shown to the networks, so that it matters how.
  /// - Throws: What is missing, damaged or does not fit.
  public convenience init(
    _ request: Request, _ reading: CheckpointOptions, _ data: DataChoice, _ console: Console,
    takesPictures: Bool = true
  ) throws {
    var knowledge = try reading.knowledge()
    // Of two networks one may say itself what the options say of the other.
    let onlyCompletes = request.checkpoints.count > 1
    knowledge.onlyCompletes = onlyCompletes
    let known = knowledge
    try self.init(
      request,
      from: Sources(
        checkpoint: { try reading.open($0, known, console, takesPictures: takesPictures) },
        dataset: { checkpoint in
          console.offer("--skip-corrupt", as: .leaveOutUnreadable)
          guard let name = data.data else { return nil }
          return try DataOpening(
            data: name, cache: data.cache ?? "none", skipCorrupt: data.skipCorrupt,
            threads: data.threads
          ).open(
            input: checkpoint.network.architecture.input, fitting: try checkpoint.fitting,
            validationFraction: 0.2, seed: 0, console)
        },
        complete: { checkpoint, path, dataset in
          try reading.complete(
            checkpoint, path, by: dataset, console, onlyCompletes: onlyCompletes)
        }, warn: { console.warn($0) }))
  }
}
