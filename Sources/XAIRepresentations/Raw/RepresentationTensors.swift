public import XAIAttribution
public import XAIFiles
import XAINetworks
import XAIStatistics
import XAITensor

/// Every number of this library from given tensors, by name: for other programs to check.
///
/// The given file holds images of 8 bits, labels, masks and starts; its metadata `parameters` name the tensors asked
/// for and their parameters. What a number is computed of is decided by its name and its parameters alone.
public struct RepresentationTensors {
  typealias Named = (name: String, data: TensorData)

  let network: ExplainedNetwork
  let normalization: PixelNormalization
  let given: GivenTensors
  /// The class that is asked for where no parameter names one.
  let targets: [Int]

  var parameters: JSONParameters { given.parameters }

  /// Prepares the computation.
  /// - Parameters:
  ///   - network: The network.
  ///   - normalization: How its images are made of pixels.
  ///   - given: The given tensors.
  ///   - targets: Classes, for what names none.
  public init(
    of network: ExplainedNetwork, _ normalization: PixelNormalization, _ given: GivenTensors,
    targets: [Int] = []
  ) {
    (self.network, self.normalization, self.given) = (network, normalization, given)
    self.targets = targets
  }

  /// Computes every tensor that is asked for and known.
  /// - Parameter finished: Receives the name of each family that is done.
  /// - Returns: Results under the names asked for, sorted by name; numbers of Double, whole numbers of Int64.
  /// - Throws: `RepresentationFailure`, `StatisticsFailure`, or what reading or a kernel throws.
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
      (["activation"], activations), (["cav", "tcav"], concepts), (["ttest", "holm"], tests),
      (["probe", "ridge"], probes), (["cka"], alignments), (["svcca"], correlations),
      (["dissection"], dissection), (["visualise"], visualizations),
      (["prune", "pruned"], pruning),
      (["surrogate"], surrogates),
    ]
  }

  private func isAsked(for family: [String]) -> Bool {
    parameters.tensors.keys.contains { name in
      family.contains { name.hasPrefix($0 + ".") } && !given.holds(name)
    }
  }

  /// The layers that names of a family hold: `cav.LAYER.direction`.
  func layers(of family: String) -> [String] {
    var layers: [String] = []
    for words in parameters.names(of: family) {
      let name = "\(family).\(words.joined(separator: "."))"
      guard !given.holds(name), let layer = words.first, !layers.contains(layer) else { continue }
      layers.append(layer)
    }
    return layers
  }

  /// Images of a given tensor of pixels.
  func pixels(_ name: String) throws -> PixelImages {
    let images = try given.pixels(name)
    let input = network.network.architecture.input
    guard [images.channels, images.height, images.width] == input else {
      throw RepresentationFailure(
        .shape(
          of: name, found: [images.count, images.height, images.width, images.channels],
          expected: "[N, \(input[1]), \(input[2]), \(input[0])]"))
    }
    return images
  }

  func images(_ name: String) throws -> Tensor {
    try pixels(name).normalized(by: normalization)
  }

  /// The images of the concept, then the random ones: the rows of probes and surrogates.
  func tablePixels() throws -> PixelImages {
    try pixels("concept.pixels").followed(by: try pixels("random.pixels"))
  }

  func outputs(of layer: String, at images: Tensor) throws -> Tensor {
    guard let outputs = try LayerOutputs([layer], of: network).all(of: images)[layer] else {
      throw RepresentationFailure(.missing("output of \(layer)"))
    }
    return outputs
  }

  private func activations() throws -> [Named] {
    let images = try images("concept.pixels")
    return try layers(of: "activation").map { layer in
      let name = "activation.\(layer)"
      let count = try parameters.integer("images", of: name) ?? 4
      let rows = images.rows(0..<min(count, images.rows))
      return (name, .float32(try outputs(of: layer, at: rows)))
    }
  }

  private func tests() throws -> [Named] {
    var results: [Named] = []
    if given.holds("ttest.scores") {
      let shape = try given.shape(of: "ttest.scores")
      guard shape.count == 3, shape[1] == 2 else {
        throw RepresentationFailure(
          .shape(of: "ttest.scores", found: shape, expected: "[cases, 2, values]"))
      }
      let scores = try given.doubles("ttest.scores")
      let values = (0..<shape[0]).flatMap { index in
        let start = index * 2 * shape[2]
        let first = Array(scores[start..<start + shape[2]])
        let second = Array(scores[start + shape[2]..<start + 2 * shape[2]])
        let (welch, pooled) = (TTest.welch(first, second), TTest.pooled(first, second))
        return [welch?.t, welch?.degreesOfFreedom, welch?.p, pooled?.t, pooled?.p]
      }
      results.append(numbers("ttest.results", [shape[0], 5], values))
    }
    if given.holds("holm.p") {
      let adjusted = Holm.adjusted(try given.doubles("holm.p"))
      results.append(numbers("holm.adjusted", [adjusted.count], adjusted))
    }
    return results
  }
}

/// A result of numbers, NaN where one is undefined.
package func numbers(
  _ name: String, _ shape: [Int], _ values: [Double?]
) -> (name: String, data: TensorData) {
  (name, .float64(shape: shape, values.map { $0 ?? .nan }))
}

/// A result of whole numbers.
package func integers(
  _ name: String, _ shape: [Int], _ values: [Int]
) -> (name: String, data: TensorData) {
  (name, .int64(shape: shape, values.map(Int64.init)))
}
