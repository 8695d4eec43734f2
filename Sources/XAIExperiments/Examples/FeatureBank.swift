import XAIAttribution
import XAIClassifiers
import XAIDatasets
import XAIExamples
import XAIFiles
import XAINetworks
import XAIRepresentations
import XAITensor

/// What a layer makes of many images, with their logits and classes.
struct FeatureBank {
  /// The images' numbers in their split.
  let numbers: [Int]
  /// The class of each among the network's.
  let labels: [Int]
  /// `[n, d]`.
  let features: Tensor
  /// `[n, classes]`.
  let logits: Tensor

  /// The predicted class of each image.
  let predicted: [Int]
}

/// Reads banks of features, a unit at a time; units that were stored are not computed again.
struct FeatureReader {
  /// The layer whose outputs are features.
  let layer: String
  private let session: Session
  private let dataset: any ImageDataset
  private let preprocessing: Preprocessing
  private let store: String?

  /// Images of a unit.
  private static let unit = 1000
  /// Images that are in memory together.
  private static let together = 64

  /// Prepares to read.
  /// - Parameters:
  ///   - layer: The layer; nil for what the last dense layer reads.
  ///   - session: The network and the data.
  ///   - store: The folder that keeps units; nil for none.
  /// - Throws: `RepresentationFailure` where the layer does not exist; `ExperimentFailure` without data.
  init(_ layer: String?, in session: Session, store: String? = nil) throws {
    guard let dataset = session.dataset else { throw ExperimentFailure(.noData) }
    (self.session, self.dataset, self.store) = (session, dataset, store)
    let network = session.network.checkpoint.network
    if let layer, let known = try network.layers([layer]).first {
      self.layer = known
    } else {
      self.layer = network.headInput
    }
    preprocessing = try session.requests(for: session.network).preprocessing
  }

  /// Reads what a network makes of images, and tells how far it is.
  /// - Parameters:
  ///   - variant: Which network.
  ///   - images: The images.
  ///   - split: Their split.
  /// - Returns: The bank.
  /// - Throws: `WorkStopped` where the observer asked to stop; what reading and kernels throw.
  func bank(
    of variant: NetworkVariant, _ images: KnownImages, _ split: Split
  ) throws -> FeatureBank {
    let network = session.variant(variant)
    let name =
      variant == .trained ? variant.rawValue : "\(variant.rawValue)-\(session.request.seed)"
    session.observer.begin(
      "reading \(split.rawValue) images", total: images.numbers.count, unit: "images")
    defer { session.observer.end() }
    var done = 0
    var (features, logits): ([Tensor], [Tensor]) = ([], [])
    for start in stride(from: 0, to: images.numbers.count, by: Self.unit) {
      let range = start..<min(start + Self.unit, images.numbers.count)
      let unit = try unit(Array(images.numbers[range]), split, (name, network)) { count in
        try session.checkStop()
        done += count
        session.observer.advance(to: done, variant.rawValue)
      }
      features.append(unit.features)
      logits.append(unit.logits)
    }
    let all = Tensor(stacking: logits)
    return FeatureBank(
      numbers: images.numbers, labels: images.labels, features: Tensor(stacking: features),
      logits: all, predicted: all.largestOfRows)
  }

  /// Reads what a network makes of images that are in memory.
  /// - Parameters:
  ///   - images: `[N, 3, H, W]`, normalized.
  ///   - network: The network.
  /// - Returns: Features `[N, d]` and logits `[N, classes]`.
  /// - Throws: What kernels throw.
  func outputs(
    of images: Tensor, by network: ExplainedNetwork
  ) throws -> (features: Tensor, logits: Tensor) {
    let last = network.network.logitLayer
    let outputs = try LayerOutputs([layer, last], of: network, batch: Self.together).all(of: images)
    guard let features = outputs[layer], let logits = outputs[last] else {
      throw ExperimentFailure(.logitsNotFinite)
    }
    return (features.reshaped(to: [features.rows, features.rowCount]), logits)
  }

  private func unit(
    _ numbers: [Int], _ split: Split, _ network: (name: String, ExplainedNetwork),
    step: (Int) throws -> Void
  ) throws -> (features: Tensor, logits: Tensor) {
    let path = try store.map { folder in
      try Folder.create(folder)
      return "\(folder)/\(try key(numbers, split, network.name))"
    }
    if let path, let file = try? SafetensorsFile(path: path) {
      try step(numbers.count)
      return (try file.tensor("features"), try file.tensor("logits"))
    }
    let pictures = PictureList(dataset, split, numbers)
    var (features, logits): ([Tensor], [Tensor]) = ([], [])
    for start in stride(from: 0, to: numbers.count, by: Self.together) {
      let range = start..<min(start + Self.together, numbers.count)
      let part = try outputs(
        of: try pictures.normalized(range, by: preprocessing), by: network.1)
      features.append(part.features)
      logits.append(part.logits)
      try step(range.count)
    }
    let unit = (features: Tensor(stacking: features), logits: Tensor(stacking: logits))
    if let path {
      try SafetensorsFile.write(
        [("features", .float32(unit.features)), ("logits", .float32(unit.logits))],
        metadata: ["layer": layer, "network": network.name], to: path)
    }
    return unit
  }

  /// The name of a unit: what decides its numbers, and nothing else.
  private func key(_ numbers: [Int], _ split: Split, _ name: String) throws -> String {
    let words =
      [
        "features 1", try session.identity(), name, layer, dataset.digest(of: split),
        split.rawValue,
      ] + numbers.map { "\($0)" }
    return SHA256.of(Array(words.joined(separator: "\n").utf8)) + ".safetensors"
  }
}
