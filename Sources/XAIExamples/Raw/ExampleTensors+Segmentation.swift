import XAIKernels
import XAIAttribution
import XAIFiles
import XAIRepresentations
import XAITensor

extension ExampleTensors {
  /// The minimum cut of a given graph.
  func cuts() throws -> [Named] {
    let (rows, columns, _) = try matrix("graphCut.links")
    let links = try given.integers("graphCut.links")
    guard columns == 3 else {
      throw ExampleFailure(
        .shape(of: "graphCut.links", found: [rows, columns], expected: "[links, 3]"))
    }
    let flow = try MaximumFlow(
      source: try given.integers("graphCut.source"), sink: try given.integers("graphCut.sink"),
      links: (0..<rows).map {
        MaximumFlow.Link(links[3 * $0], links[3 * $0 + 1], links[3 * $0 + 2])
      })
    return [
      integers("graphCut.labels", [flow.isFront.count], flow.isFront.map { $0 ? 1 : 0 }),
      integers("graphCut.value", [1], [flow.value]),
    ]
  }

  /// Front and background of the images, from the gradients of their targets.
  func segmentation() throws -> [Named] {
    let cut = try graphCut()
    let gradients = try InputGradients(network, algorithm: .direct).gradients(at: images) {
      image, logits in
      logits.indices.map { $0 == targets[image] ? 1 : 0 }
    }.gradients
    let extent = Array(images.shape.suffix(2))
    let plane = extent.reduce(1, *)
    let found = try (0..<images.rows).map { image in
      let signal = gradients.row(image).elements
      let saliency = (0..<plane).map { pixel in
        stride(from: pixel, to: signal.count, by: plane).reduce(0.0) {
          max($0, abs(Double(signal[$1])))
        }
      }
      return try cut.segment(
        saliency, try PixelImages(rounding: images.row(image), by: normalization))
    }
    let count = images.rows
    func marks(_ values: [[Bool]]) -> [Int] { values.flatMap { $0.map { $0 ? 1 : 0 } } }
    let prefix = "segmentation"
    return [
      integers("\(prefix).front", [count, found[0].front.count], found.flatMap(\.front)),
      integers("\(prefix).behind", [count, found[0].behind.count], found.flatMap(\.behind)),
      numbers(
        "\(prefix).unary", [count, 2] + extent, found.flatMap { $0.unary.flatMap(\.self) }),
      numbers("\(prefix).beta", [count], found.map(\.beta)),
      integers("\(prefix).labels", [count] + extent, marks(found.map(\.isFront))),
      integers("\(prefix).value", [count], found.map(\.value)),
      integers("\(prefix).part", [count] + extent, marks(found.map(\.part))),
      integers(
        "\(prefix).box", [count, 4],
        found.flatMap { $0.box ?? [-1, -1, -1, -1] }),
    ]
  }

  private func graphCut() throws -> GraphCutSegmentation {
    let name = "segmentation"
    var cut = GraphCutSegmentation()
    func share(_ key: String, _ phrase: String) throws -> Double? {
      guard case .string(let text)? = parameters.value(key, of: name) else {
        return try parameters.number(key, of: name)
      }
      return WordedNumbers.number(after: phrase, in: text).map { $0 / 100 }
    }
    cut.frontShare = try share("front", "ceil(") ?? cut.frontShare
    cut.behindShare = try share("behind", "floor(") ?? cut.behindShare
    cut.bins =
      try parameters.count("bins", of: name, in: "unary", after: "histogram of ") ?? cut.bins
    cut.pseudocount =
      try parameters.number("pseudocount", of: name, in: "unary", before: " added")
      ?? cut.pseudocount
    cut.smoothness =
      try parameters.number("smoothness", of: name, in: "link", before: " exp(") ?? cut.smoothness
    cut.grain =
      try parameters.count("grain", of: name, in: "capacities", after: "1/") ?? cut.grain
    return cut
  }
}
