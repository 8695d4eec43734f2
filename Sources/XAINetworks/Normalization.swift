import XAIFiles
import XAITensor

/// How a file says that images are normalized: `(pixel / 255 - mean) / std`.
struct Normalization {
  /// The names of the two tensors.
  static let tensorNames = ["normalization.mean", "normalization.std"]
  /// A mean or deviation above this is one of pixels from 0 to 255.
  private static let largest: Float = 2

  /// `[C, H, W]` or `[C]`.
  private(set) var mean: Tensor
  /// `[C]`.
  private(set) var deviation: Tensor
  /// Whether the file has both.
  private(set) var isComplete = false

  /// Reads both tensors; what is missing changes nothing.
  /// - Parameters:
  ///   - archive: The file.
  ///   - shape: Channels, height and width of an image.
  ///   - reading: Whether they are passed over.
  /// - Throws: Where a tensor has another shape or cannot normalize an image.
  init(
    _ archive: TensorArchive, _ shape: [Int], _ reading: Checkpoint.Reading
  ) throws(NetworkFailure) {
    mean = Tensor(shape: [shape[0]])
    deviation = Tensor(shape: [shape[0]], repeating: 1)
    guard !reading.replacesNormalization else { return }
    let stored = Self.tensorNames.map { archive.entry($0) != nil }
    guard stored[0] == stored[1] else {
      let (there, missing) = stored[0] ? (0, 1) : (1, 0)
      throw NetworkFailure(
        .halfNormalization, .init(path: archive.path, tensor: Self.tensorNames[missing]),
        "\(archive.path): has the tensor \(Self.tensorNames[there]) and no \(Self.tensorNames[missing]), so "
          + "how images are normalised is half known; say it")
    }
    if stored[0] { mean = try Self.read(0, archive, shapes: [shape, [shape[0]]]) }
    if stored[1] { deviation = try Self.read(1, archive, shapes: [[shape[0]]]) }
    isComplete = stored == [true, true]
    try requireFiniteImages(archive.path)
  }

  private static func read(
    _ index: Int, _ archive: TensorArchive, shapes: [[Int]]
  ) throws(NetworkFailure) -> Tensor {
    let (path, name) = (archive.path, tensorNames[index])
    var tensor: Tensor
    do { tensor = try archive.tensor(name) } catch { throw NetworkFailure(error) }
    // PyTorch people keep a mean as [C, 1, 1], so that it broadcasts.
    if tensor.shape.count == 3, tensor.shape[1...] == [1, 1], !shapes.contains(tensor.shape) {
      tensor = tensor.reshaped(to: [tensor.shape[0]])
    }
    guard shapes.contains(tensor.shape) else {
      throw NetworkFailure(
        "\(path): tensor \(name) has shape \(tensor.shape), expected "
          + shapes.map { "\($0)" }.joined(separator: " or "))
    }
    let isDeviation = index == 1
    guard tensor.isFinite, !isDeviation || tensor.elements.allSatisfy({ $0 > 0 }) else {
      throw NetworkFailure("\(path): tensor \(name) holds values that cannot normalise an image")
    }
    if let value = tensor.elements.first(where: { abs($0) > largest }) {
      throw NetworkFailure(
        .normalizationRange, .init(path: path, tensor: name, found: "\(value)"),
        "\(path): tensor \(name) holds \(value), but pixels are divided by 255 before it is used; where it "
          + "is of pixels from 0 to 255, say so")
    }
    return tensor
  }

  /// Refuses what makes infinity of black or white; other pixels lie between.
  private func requireFiniteImages(_ path: String) throws(NetworkFailure) {
    let area = mean.count / deviation.count
    for (index, mean) in mean.elements.enumerated() {
      let scale = 1 / deviation.elements[index / area]
      for pixel: Float in [0, 1] where !((pixel - mean) * scale).isFinite {
        throw NetworkFailure(
          "\(path): normalization.mean and normalization.std make infinity of an image; the file is damaged"
        )
      }
    }
  }
}
