public import XAIAttribution
public import XAIFiles
import XAIKernels
import XAINetworks
public import XAIRepresentations
public import XAITensor

/// Every number of this library from given tensors, by name: for other programs to check.
///
/// The given file holds images, labels, segments, starts and outcomes; its metadata `parameters` name the tensors
/// asked for and their parameters. What a number is computed of is decided by its name and its parameters alone.
public struct ExampleTensors {
  typealias Named = (name: String, data: TensorData)

  let network: ExplainedNetwork
  let normalization: PixelNormalization
  let given: GivenTensors
  /// The explained images, `[N, C, H, W]`.
  let images: Tensor
  /// A class for each of them.
  let targets: [Int]
  /// Convolutions sum directly, so that equal images have equal features in any batch.
  let reader: ClassReader

  var parameters: JSONParameters { given.parameters }

  /// Prepares the computation.
  /// - Parameters:
  ///   - network: The network.
  ///   - normalization: How its images are made of pixels.
  ///   - given: The given tensors.
  ///   - images: The explained images, `[N, C, H, W]`, normalized.
  ///   - targets: A class for each image.
  /// - Throws: `ExampleFailure` where images or targets do not fit the network.
  public init(
    of network: ExplainedNetwork, _ normalization: PixelNormalization, _ given: GivenTensors,
    images: Tensor, targets: [Int]
  ) throws(ExampleFailure) {
    (self.network, self.normalization, self.given) = (network, normalization, given)
    (self.images, self.targets) = (images, targets)
    reader = ClassReader(network, algorithm: .direct)
    try reader.requireImages(images, "the images")
    guard targets.count == images.rows else {
      throw ExampleFailure(
        .shape(of: "the targets", found: [targets.count], expected: "[\(images.rows)]"))
    }
    for target in targets { try reader.requireClass(target) }
  }

  /// Computes every tensor that is asked for and known.
  /// - Parameter finished: Receives the name of each family that is done.
  /// - Returns: Results under the names asked for, sorted by name; numbers of Double, whole numbers of Int64.
  /// - Throws: `ExampleFailure`, `RepresentationFailure`, or what reading or a kernel throws.
  public func results(
    finished: (String) throws -> Void = { _ in }
  ) throws -> [(name: String, data: TensorData)] {
    var results: [Named] = []
    for (family, compute) in families where isAsked(for: family) {
      results += try compute()
      try finished(family[0])
    }
    return results.filter { parameters.tensors[$0.name] != nil && !given.holds($0.name) }
      .sorted { $0.name < $1.name }
  }

  private var families: [([String], () throws -> [Named])] {
    [
      (["head", "mmd", "neighbours"], head), (["tracin"], traces), (["splime"], representatives),
      (["regions"], regions), (["anchor"], anchors), (["evidence"], evidence),
      (["distance"], distances), (["recourse"], recourse),
      (["scoreCam", "ablationCam", "smoothCam"], activationMaps), (["meaningful"], meaningful),
      (["extremal"], extremal), (["graphCut"], cuts), (["segmentation"], segmentation),
      (["xrai"], rankedRegions), (["guidedPath"], guidedPath),
    ]
  }

  private func isAsked(for family: [String]) -> Bool {
    family.contains { isAsked(below: $0) }
  }

  /// Whether a tensor of a name, or one whose name begins with it, is asked for.
  func isAsked(below prefix: String) -> Bool {
    parameters.tensors.keys.contains {
      ($0 == prefix || $0.hasPrefix(prefix + ".")) && !given.holds($0)
    }
  }

  /// Given images of the network's shape.
  func images(_ name: String) throws -> Tensor {
    let images = try given.tensor(name)
    try reader.requireImages(images, name)
    return images
  }

  /// Given classes, one for each of so many rows.
  func labels(_ name: String, count: Int) throws -> [Int] {
    let labels = try given.labels(name, count: count)
    for label in labels { try reader.requireClass(label) }
    return labels
  }

  /// Given numbers as a matrix.
  func matrix(_ name: String) throws -> (rows: Int, columns: Int, values: [Double]) {
    let shape = try given.shape(of: name)
    guard shape.count == 2 else {
      throw ExampleFailure(.shape(of: name, found: shape, expected: "[rows, columns]"))
    }
    return (shape[0], shape[1], try given.doubles(name))
  }

  /// Given segments of the images.
  func segments(_ name: String) throws -> SegmentMap {
    let shape = try given.shape(of: name)
    guard shape == Array(images.shape.suffix(2)) else {
      throw ExampleFailure(
        .shape(of: name, found: shape, expected: "\(Array(images.shape.suffix(2)))"))
    }
    return try SegmentMap(
      labels: try given.integers(name), height: shape[0], width: shape[1])
  }

  /// How the methods of the catalog compute here.
  var context: AttributionContext { AttributionContext(algorithm: .direct) }
}
