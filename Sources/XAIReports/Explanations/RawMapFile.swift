import XAIAttribution
public import XAIExperiments
public import XAIFiles

/// A safetensors file of raw maps, each under the name of its method, with how they were made as metadata.
public struct RawMapFile {
  /// Where it is written.
  public let path: String
  /// What all maps have in common: the program, the checkpoint, targets, seed, and so on.
  public var metadata: [String: String]

  /// Names a file.
  /// - Parameters:
  ///   - path: Where it is written.
  ///   - metadata: What all maps have in common.
  /// - Throws: `FileFailure` where it cannot be written.
  public init(_ path: String, metadata: [String: String]) throws(FileFailure) {
    try AtomicFile.check(path)
    (self.path, self.metadata) = (path, metadata)
  }

  /// Writes maps, replacing an older file.
  /// - Parameters:
  ///   - findings: The maps.
  ///   - digest: The digest of the checkpoint.
  ///   - failure: What ended the work early; nil where everything that was asked for is there.
  /// - Throws: `AttributionFailure` where a parameter has no JSON form; `FileFailure`.
  public func write(
    _ findings: [RawAttribution.Finding], digest: String, failure: String? = nil
  ) throws {
    var parameters: [String: MethodParameters] = [:]
    for finding in findings {
      parameters[finding.method.identifier] = try MethodParameters(of: finding.method.method)
    }
    var metadata = metadata
    metadata["checkpoint.sha256"] = digest
    metadata["parameters"] = String(try JSONText.encode(parameters).dropLast())
    metadata["complete"] = failure == nil ? "true" : "false"
    metadata["failure"] = failure
    try SafetensorsFile.write(
      findings.map { ($0.method.identifier, .float32($0.maps)) }, metadata: metadata, to: path)
  }
}
