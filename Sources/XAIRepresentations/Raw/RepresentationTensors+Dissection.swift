import XAIAttribution
import XAIFiles
import XAINetworks
import XAITensor

extension RepresentationTensors {
  /// Overlap of units and given masks, at each share of positions that a name holds: `dissection.0.005.iou`.
  func dissection() throws -> [Named] {
    let shape = try given.shape(of: "dissection.masks")
    guard shape.count == 4, Array(shape[2...]) == Array(network.network.architecture.input[1...])
    else {
      throw RepresentationFailure(
        .shape(
          of: "dissection.masks", found: shape,
          expected: "[concepts, images] and the extent of an image, "
            + "\(network.network.architecture.input[1...])"))
    }
    let masks = try self.masks(shape)
    let images = try images("random.pixels")
    guard images.rows >= shape[1] else {
      throw RepresentationFailure(.tooFew("random images", found: images.rows, needed: shape[1]))
    }
    var labels: [String] = []
    for words in parameters.names(of: "dissection") where words.count > 1 {
      let label = words.dropLast().joined(separator: ".")
      if !labels.contains(label) { labels.append(label) }
    }
    return try labels.flatMap {
      try overlap($0, masks, images.rows(0..<shape[1]), concepts: shape[0])
    }
  }

  /// The masks of each image, one for each concept.
  private func masks(_ shape: [Int]) throws -> [[PixelMask]] {
    let values = try given.integers("dissection.masks", in: 0...255)
    let area = shape[2] * shape[3]
    return (0..<shape[1]).map { image in
      (0..<shape[0]).map { concept in
        PixelMask(count: area) { values[(concept * shape[1] + image) * area + $0] > 0 }
      }
    }
  }

  private func overlap(
    _ label: String, _ masks: [[PixelMask]], _ images: Tensor, concepts: Int
  ) throws -> [Named] {
    let prefix = "dissection.\(label)"
    guard
      let layer = try parameters.text("layer", of: prefix)
        ?? parameters.text("layer", of: "dissection.masks") ?? network.network.lastMapLayer
    else { throw RepresentationFailure(.missing("layer of maps to dissect")) }
    let share =
      try parameters.number("share", of: prefix) ?? Double(label)
      ?? UnitThresholds.defaultShare
    guard share > 0, share < 1 else {
      throw RepresentationFailure(
        .value(
          of: "the share of \(prefix)", found: "\(share)", expected: "more than 0, less than 1"))
    }
    let categories =
      try parameters.groups("categories", of: prefix)
      ?? stride(from: 0, to: concepts, by: 2).map { Array($0..<min($0 + 2, concepts)) }
    guard categories.joined().sorted() == Array(0..<concepts) else {
      throw RepresentationFailure(
        .value(
          of: "the categories of \(prefix)", found: "\(categories)",
          expected: "each of \(concepts) concepts once"))
    }
    let outputs = try outputs(of: layer, at: images)
    guard outputs.shape.count == 4 else {
      throw RepresentationFailure(
        .unfitLayer(layer, shape: Array(outputs.shape.dropFirst()), expected: "maps [C, H, W]"))
    }
    let units = outputs.shape[1]
    var quantiles = UnitThresholds(
      units: units, positions: outputs.rows * outputs.shape[2] * outputs.shape[3], share: share)
    quantiles.insert(outputs)
    let thresholds = quantiles.thresholds.compactMap(\.self)
    let unitMasks = UnitMasks(thresholds: thresholds, extent: Array(images.shape[2...]))
    var overlap = ConceptOverlap(units: units, categories: categories)
    for (image, concepts) in masks.enumerated() {
      overlap.insert(units: unitMasks.masks(of: outputs.row(image)), concepts: concepts)
    }
    return [
      numbers("\(prefix).thresholds", [units], thresholds.map(Double.init)),
      integers(
        "\(prefix).intersection", [units, concepts], Array(overlap.intersection.joined())),
      integers("\(prefix).union", [units, concepts], Array(overlap.union.joined())),
      numbers("\(prefix).iou", [units, concepts], Array(overlap.iou.joined())),
      integers("\(prefix).best", [units], overlap.best),
    ]
  }
}
