import XAIClassifiers
public import XAIFiles
import XAINetworks
import XAITensor

extension Session {
  /// What stored maps belong to: the digest of the first network's file, and of what was known besides.
  /// - Returns: A digest in hexadecimal.
  /// - Throws: `FileFailure` where the file cannot be read.
  public func identity() throws(FileFailure) -> String { try identity(of: network) }

  /// The same of one of several networks.
  func identity(of network: Network) throws(FileFailure) -> String {
    let digest = try network.digest.value()
    let (knowledge, checkpoint) = (request.knowledge, network.checkpoint)
    let weights = knowledge.reading.weights
    guard
      knowledge.reading.architecture != nil || knowledge.preprocessing != nil
        || knowledge.classNames != nil || weights != .standard
    else { return digest }
    let numbers = checkpoint.mean.elements + checkpoint.standardDeviation.elements
    let words = [
      digest, weights == .ema ? "ema" : "standard", checkpoint.network.architecture.json,
      checkpoint.metadata[Checkpoint.preprocessingKey] ?? "",
    ]
    return SHA256.of(
      Array(
        (words + numbers.map { "\($0.bitPattern)" } + checkpoint.classes.map(\.id))
          .joined(separator: "\n").utf8))
  }
}
