package import ArgumentParser
package import XAIExperiments
import XAITensor

/// What all commands about what a network has learned have in common: the network, the data, the layers, and where they
/// write.
package struct RepresentationOptions: ParsableArguments {
  @OptionGroup package var reading: CheckpointOptions
  @OptionGroup package var data: DataOptions
  @Option(
    parsing: .unconditional,
    help: """
      Layers by their names, separated by commas, or all for every rectifier and pooling; default is the last \
      rectifier of each size of maps and that of every hidden dense layer.
      """)
  package var layers: String?
  @Flag(help: "Replace older results in the folder, once the new ones are complete.")
  package var overwrite = false
  @OptionGroup package var test: TestOptions

  package init() {}

  /// The words for layers.
  package var layerWords: [String]? { layers.map { list($0) } }

  /// Reads networks and opens the data.
  /// - Parameters:
  ///   - checkpoints: The files of the networks.
  ///   - networksTogether: Networks whose parameters are in memory together.
  ///   - console: Who is told.
  /// - Returns: The session.
  /// - Throws: What is missing, damaged or does not fit.
  package func session(
    _ checkpoints: [String], networksTogether: Int, _ console: Console
  ) throws -> Session {
    try Session.study(
      checkpoints, networksTogether: networksTogether, reading,
      data.opening(threads: test.work.threadCount), test.work, console)
  }
}

/// The words between commas.
func list(_ text: String) -> [String] {
  text.split(separator: ",").map { $0.trimmingSpaces }.filter { !$0.isEmpty }
}
