import ArgumentParser
package import XAIDatasets
package import XAIExperiments

extension Session {
  /// Reads networks as options say.
  /// - Parameters:
  ///   - request: What is asked for, but for what options say of files and data.
  ///   - reading: What is known about the networks' files.
  ///   - data: The data, which `openData` opens.
  ///   - console: Who is told.
  /// - Throws: What is missing, damaged or does not fit.
  package convenience init(
    _ request: Request, _ reading: CheckpointOptions, _ data: DataOpening?, _ console: Console
  ) throws {
    if request.takesPictures { try reading.contents.requireData(data?.data) }
    var request = request
    request.knowledge = try reading.knowledge()
    request.data = data
    try self.init(request, observer: console)
  }

  /// Reads networks and opens the data that a study is about.
  /// - Parameters:
  ///   - checkpoints: The files of the networks.
  ///   - networksTogether: Networks whose parameters are in memory together.
  ///   - reading: What is known about the networks' files.
  ///   - data: The data.
  ///   - run: How the work runs.
  ///   - console: Who is told.
  /// - Returns: The session.
  /// - Throws: What is missing, damaged or does not fit.
  static func study(
    _ checkpoints: [String], networksTogether: Int, _ reading: CheckpointOptions,
    _ data: DataOpening, _ run: RunOptions, _ console: Console
  ) throws -> Session {
    var request = Session.Request(
      checkpoints: checkpoints, seed: run.seed, memory: run.memory, threads: run.threadCount)
    (request.networksTogether, request.skipCorrupt) = (networksTogether, data.skipCorrupt)
    let session = try Session(request, reading, data, console)
    try session.openData()
    return session
  }
}
