import XAIFiles
package import XAITensor

/// Maps of disturbed images that another program made.
package struct NeighborFile {
  /// The word of the metadata that names the disturbed images.
  package static let key = "neighbors"

  private let file: SafetensorsFile
  private let path: String

  /// Opens a file.
  /// - Parameter path: Its path.
  /// - Throws: `FileFailure` where it is no safetensors file.
  package init(_ path: String) throws {
    (file, self.path) = (try SafetensorsFile(path: path), path)
  }

  /// Names disturbed images by their content.
  package static func digest(_ neighbors: Tensor) -> String {
    SHA256.of(neighbors.elements.withUnsafeBytes { Array($0) })
  }

  /// Refuses maps of other images, where the file says whose they are.
  /// - Parameter neighbors: The disturbed images, `[N, D, C, H, W]`.
  /// - Throws: `CommandFailure`.
  package func requireMaps(of neighbors: Tensor) throws(CommandFailure) {
    guard let known = file.metadata[Self.key], known != Self.digest(neighbors) else { return }
    throw CommandFailure(
      .form,
      "--neighbor-maps \(path): its maps are of other images, or of another seed; write the neighbors of these with "
        + "--neighbors and explain them again")
  }

  /// The maps of a name.
  /// - Parameters:
  ///   - name: The name of `--maps`.
  ///   - draws: How many neighbors each image has.
  /// - Returns: `[N, D, ...]`; nil where the file has none of that name.
  /// - Throws: `FileFailure`; `CommandFailure` where there are more or fewer neighbors.
  package func maps(_ name: String, draws: Int) throws -> Tensor? {
    guard file.entry(name) != nil else { return nil }
    let tensor = try file.tensor(name)
    let shape = tensor.shape
    guard shape.count > 1, shape[1] == draws else {
      throw CommandFailure(
        .form,
        "--neighbor-maps \(path): tensor '\(name)' has the shape \(shape), expected [N, \(draws), ...]: a map of each "
          + "of the \(draws) neighbors that --neighbors writes for an image")
    }
    return tensor
  }
}
