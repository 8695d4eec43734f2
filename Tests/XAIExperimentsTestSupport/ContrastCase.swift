package import XAIAttribution
package import XAIClassifiers
package import XAIExperiments
package import XAIMetrics
import XAIImages
import XAIKernels
package import XAINetworks
import XAITensor

/// A comparison of maps on small networks.
package struct ContrastCase {
  package var images: [Int]
  package var methods: String
  package var networks: [Parameters]
  package var classes: [Checkpoint.ClassName]
  package var contrasts: ClassContrasts
  package var parameters: [String: JSONValue]
  package var names: [Int: String]

  package init(
    images: [Int] = [0, 1, 2], methods: String = "saliency,integrated-gradients,lrp-a2b1,random",
    networks: [Parameters] = [TrainedNetwork().parameters], classes: [Checkpoint.ClassName] = [],
    contrasts: ClassContrasts = .ranked(random: 2), parameters: [String: JSONValue] = [:],
    names: [Int: String] = [:]
  ) {
    (self.images, self.methods, self.networks) = (images, methods, networks)
    (self.classes, self.contrasts) = (classes, contrasts)
    (self.parameters, self.names) = (parameters, names)
  }

  package static let panel = SimilarityPanel(height: 16, width: 16)

  package func image(_ number: Int, label: Int? = nil) -> ExplainedImage {
    var stream = RandomStream(seed: 1, purpose: "contrast image", number)
    let pixels = (0..<16 * 16 * 3).map { _ in UInt8(stream.integer(below: 256)) }
    return ExplainedImage(
      name: names[number] ?? "image \(number)", source: "test",
      picture: RGBImage(height: 16, width: 16, pixels: pixels), label: label)
  }

  package func checkpoint(_ network: Int) -> Checkpoint {
    Checkpoint(
      network: TrainedNetwork().network, parameters: networks[network],
      mean: Tensor(shape: [3], repeating: 0.5),
      standardDeviation: Tensor(shape: [3], repeating: 0.25), classes: classes)
  }

  /// The networks with the methods as they are used on each.
  package func explainers() throws -> [MapContrast.Explainer] {
    var selection = try MethodSelection(methods.split(separator: ",").map(String.init))
    try selection.apply(
      ["integrated-gradients": .object(["steps": .integer(4)])].filter {
        methods.contains($0.key)
      }.merging(parameters) { $1 })
    return try networks.indices.map { index in
      let checkpoint = checkpoint(index)
      return MapContrast.Explainer(
        ExplainedNetwork(
          checkpoint.network, parameters: checkpoint.parameters, backend: try CPUBackend()),
        requests: try RequestMaker(checkpoint, dataset: nil, seed: 0, tell: { _ in }),
        methods: selection.choices.map {
          .init(
            $0,
            baseline: RequestMaker.baseline(of: $0.method, chosen: nil))
        })
    }
  }

  package var pictures: [ExplainedImage] { images.map { image($0) } }

  package func predictions(_ explainer: MapContrast.Explainer) throws -> [Prediction] {
    try Prediction.of(
      ExplainedImage.normalised(pictures, explainer.requests.preprocessing), by: explainer.network)
  }

  /// The pairs that classes make on the first network.
  package func contrast() throws -> MapContrast {
    let explainers = try explainers()
    return MapContrast(
      images: pictures, explainers: explainers,
      pairs: try contrasts.pairs(of: pictures, predictions(explainers[0]), seed: 0))
  }

  /// Any pairs.
  package func contrast(_ pairs: [MapContrast.Pair]) throws -> MapContrast {
    MapContrast(images: pictures, explainers: try explainers(), pairs: pairs)
  }

  package func assembly(
    _ contrast: MapContrast, _ kind: ContrastResults.Kind = .classSensitivity
  ) throws -> ContrastAssembly {
    ContrastAssembly(
      contrast, kind: kind,
      sources: try contrast.explainers.enumerated().map { index, explainer in
        ContrastAssembly.Source(
          checkpoint(index),
          record: .init(
            name: ["A", "B"][index],
            checkpoint: .init(path: "model.safetensors", sha256: "abc", architecture: .object([:])),
            health: try NetworkHealth.measure(
              explainer.network,
              on: ExplainedImage.normalised(pictures, explainer.requests.preprocessing))
          ), predictions: try predictions(explainer))
      }, contrasts: contrasts.records(classes), seed: 0)
  }
}
