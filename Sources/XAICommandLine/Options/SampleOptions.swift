package import ArgumentParser
package import XAIDatasets
package import XAIExperiments

/// Which images are tested or judged.
package struct SampleOptions: ParsableArguments {
  @Option(
    name: [.long, .customLong("image")], parsing: .upToNextOption,
    help: ArgumentHelp("JPEG or PNG files, or folders of them.", valueName: "file|folder"))
  package var images: [String] = []
  @Option(help: "Test images of \(DataSource.arguments).")
  package var data: String?
  @Option(help: "The file of decoded pixels of --data, or none; default is none.")
  package var cache: String?
  @Flag(help: "Leave images that cannot be read out, count and list them.")
  package var skipCorrupt = false
  @Option(
    parsing: .unconditional,
    help: """
      Test images of --data: auto:N for the first N that the network recognises, each of another class; \
      a number from the first; or names. Default is auto:5.
      """)
  package var samples: String?
  package init() {}

  /// Which images are tested.
  package func choice() throws(CommandFailure) -> ImageChoice {
    images.isEmpty
      ? .samples(try SampleRule(samples ?? "auto")) : .files(images, skipCorrupt: skipCorrupt)
  }

  /// The data that a session opens.
  package func opening(threads: Int) -> DataOpening? {
    data.map {
      DataOpening(
        $0, cache: CachePlace(word: cache) ?? .none, skipCorrupt: skipCorrupt, threads: threads)
    }
  }

  /// Reads networks and opens the data.
  /// - Parameters:
  ///   - checkpoints: The files of the networks.
  ///   - networksTogether: Networks whose parameters are in memory together; nil for those of the files.
  ///   - takesPictures: Whether pictures are shown to the network.
  ///   - reading: What is known about them.
  ///   - run: How the work runs.
  ///   - console: Who is told.
  /// - Returns: The session.
  /// - Throws: What is missing, damaged or does not fit.
  package func session(
    _ checkpoints: [String], networksTogether: Int? = nil, takesPictures: Bool = true,
    _ reading: CheckpointOptions,
    _ run: RunOptions, _ console: Console
  ) throws -> Session {
    var request = Session.Request(
      checkpoints: checkpoints, seed: run.seed, memory: run.memory, threads: run.threadCount)
    (request.networksTogether, request.skipCorrupt) = (networksTogether, skipCorrupt)
    request.takesPictures = takesPictures
    let session = try Session(request, reading, opening(threads: run.threadCount), console)
    try session.openData()
    return session
  }

  package func validateUse() throws {
    if images.isEmpty && data == nil { throw ValidationError("expected --data or --images") }
    if samples != nil && !images.isEmpty {
      throw ValidationError("expected --images or --samples, not both")
    }
  }
}
