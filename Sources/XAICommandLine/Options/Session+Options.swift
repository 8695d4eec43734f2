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
}
