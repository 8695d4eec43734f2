import XAIAttribution
import XAIFiles
import XAIRepresentations
import XAITensor

extension ExampleTensors {
  /// Score-CAM, Ablation-CAM and Smooth Grad-CAM++.
  func activationMaps() throws -> [Named] {
    var results: [Named] = []
    if isAsked(below: "scoreCam") {
      results += try channels("scoreCam", probabilities: true) { image, layer, weight in
        try ScoreCAM(layer: layer, weight: weight).channels(
          of: images.row(image), target: targets[image], on: network, in: context)
      }
    }
    if isAsked(below: "ablationCam") {
      results += try channels("ablationCam") { image, layer, _ in
        try AblationCAM(layer: layer).channels(
          of: images.row(image), target: targets[image], on: network, in: context)
      }
    }
    if isAsked(below: "smoothCam") { results += try smoothMaps() }
    return results
  }

  private func layer(of prefix: String) throws -> String {
    try parameters.text("layer", of: prefix) ?? "last-rectifier"
  }

  private func channels(
    _ prefix: String, probabilities: Bool = false,
    _ compute: (_ image: Int, _ layer: String, ScoreCAM.Weight) throws -> WeightedChannels
  ) throws -> [Named] {
    let layer = try layer(of: prefix)
    let found = try (0..<images.rows).map { try compute($0, layer, .logit) }
    var results = tensors(prefix, found)
    if let count = found.first?.scores.count, count > 0 {
      results.append(
        numbers("\(prefix).logits", [images.rows, count], found.flatMap(\.scores)))
    }
    if probabilities, isAsked(below: "\(prefix).probability") {
      let others = try (0..<images.rows).map { try compute($0, layer, .probability) }
      results.append(
        numbers(
          "\(prefix).probability", [images.rows, 1] + (others.first?.extent ?? []),
          others.flatMap(\.map)))
    }
    return results
  }

  private func tensors(_ prefix: String, _ found: [WeightedChannels]) -> [Named] {
    let count = found.first?.weights.count ?? 0
    return [
      numbers("\(prefix).weights", [found.count, count], found.flatMap(\.weights)),
      numbers(
        "\(prefix).map", [found.count, 1] + (found.first?.extent ?? []), found.flatMap(\.map)),
    ]
  }

  private func smoothMaps() throws -> [Named] {
    let noise = try given.tensor("noise/noise")
    let samples = try parameters.integer("samples", of: "smoothCam") ?? noise.rows
    guard noise.shape.dropFirst() == images.shape[...], samples <= noise.rows else {
      throw ExampleFailure(
        .shape(
          of: "noise/noise", found: noise.shape,
          expected: "[at least \(samples)] followed by \(images.shape)"))
    }
    let method = SmoothGradCAMPlusPlus(
      layer: try layer(of: "smoothCam"), samples: samples,
      standardDeviation: try parameters.number("stdev", of: "smoothCam") ?? 0.3)
    return tensors(
      "smoothCam",
      try method.channels(
        AttributionRequest(images: images, targets: targets, noise: noise.rows(0..<samples)),
        on: network, in: context))
  }

  /// Masks that lower the probability, after some steps from a given start.
  func meaningful() throws -> [Named] {
    let prefix = "meaningful"
    let start = try matrix("meaningful.start")
    var results: [Named] = []
    for steps in parameters.suffixes(of: prefix, behind: ["mask", "loss"]) {
      let name = parameters.tensors["\(prefix).mask\(steps)"] == nil ? "loss" : "mask"
      let own = "\(prefix).\(name)\(steps)"
      let absent = try baselines(["p", "baseline"], of: own)
      let loss = "loss"
      let defaults = MeaningfulPerturbation()
      let method = MeaningfulPerturbation(
        steps: steps,
        rate: try parameters.number("rate", of: own, in: "optimiser", after: "Adam")
          ?? defaults.rate,
        sparsity: try parameters.number("sparsity", of: own, in: loss, before: " mean|1 - m|")
          ?? defaults.sparsity,
        smoothness: try parameters.number("smoothness", of: own, in: loss, before: " (mean|dm")
          ?? defaults.smoothness,
        exponent: try parameters.number("exponent", of: own, in: loss, after: "dm/dy|^")
          ?? defaults.exponent)
      var (masks, losses) = ([Double](), [Double]())
      for image in 0..<images.rows {
        var mask = start.values
        losses += try method.run(
          &mask, [start.rows, start.columns], steps: steps,
          on: MaskGame(
            image: images.row(image), absent: absent.row(image), target: targets[image], network,
            context))
        masks += mask
      }
      results += [
        numbers("\(prefix).mask\(steps)", [images.rows, start.rows, start.columns], masks),
        numbers("\(prefix).loss\(steps)", [images.rows, steps], losses),
      ]
    }
    return results
  }

  /// A given baseline of each image, by the parameter that names it.
  private func baselines(_ keys: [String], of prefix: String) throws -> Tensor {
    let name =
      parameters.tensor(namedBy: keys, of: prefix, among: given.names) ?? "inputs/baseline.blurred"
    let baselines = try images(name)
    guard baselines.rows == images.rows else {
      throw ExampleFailure(.shape(of: name, found: baselines.shape, expected: "\(images.shape)"))
    }
    return baselines
  }

  /// Masks of a given area, after some steps from a given start.
  func extremal() throws -> [Named] {
    let prefix = "extremal"
    let start = try matrix("extremal.start")
    let pyramid = try given.tensor("extremal.pyramid")
    guard pyramid.shape.count == 5, pyramid.rows == images.rows, pyramid.shape[1] > 1,
      Array(pyramid.shape.dropFirst(2)) == Array(images.shape.dropFirst())
    else {
      throw ExampleFailure(
        .shape(
          of: "extremal.pyramid", found: pyramid.shape,
          expected: "[\(images.rows), levels] followed by \(Array(images.shape.dropFirst()))"))
    }
    let smooth = try smoothMask([start.rows, start.columns])
    let extent = Array(images.shape.suffix(2))
    var results = [numbers("extremal.smooth", extent, smooth.mask(start.values))]
    for steps in parameters.suffixes(of: prefix, behind: ["mask", "energy"]) {
      let isMask = parameters.tensors["\(prefix).mask\(steps)"] != nil
      let own = "\(prefix).\(isMask ? "mask" : "energy")\(steps)"
      let ascent = try ascent(own)
      let area = try parameters.number("area", of: own) ?? 0.1
      var (masks, energies) = ([Double](), [Double]())
      for image in 0..<images.rows {
        var values = start.values
        let row = pyramid.row(image)
        energies += try ascent.run(
          &values, area: area, steps: steps, smooth,
          MaskBlend(row.reshaped(to: Array(row.shape.dropFirst()))), target: targets[image],
          on: network, in: context
        ).flatMap { [$0.logit, $0.deviation] }
        masks += smooth.mask(values)
      }
      results += [
        numbers("\(prefix).mask\(steps)", [images.rows, 1] + extent, masks),
        numbers("\(prefix).energy\(steps)", [images.rows, steps, 2], energies),
      ]
    }
    return results
  }

  private func smoothMask(_ size: [Int]) throws -> SmoothMask {
    let prefix = "extremal"
    let words = "mask"
    return SmoothMask(
      Array(images.shape.suffix(2)), step: try parameters.integer("step", of: prefix) ?? 2,
      sigma: try parameters.number("sigma", of: prefix) ?? 6, size: size,
      sharpness: try parameters.number("sharpness", of: prefix, in: words, after: "softmax_i(")
        ?? 20,
      falloff: try parameters.number("falloff", of: prefix, in: words, after: "exp(-") ?? 2,
      plateau: try parameters.number("plateau", of: prefix, in: words, after: "/ sigma -") ?? 0.5)
  }

  private func ascent(_ name: String) throws -> AreaAscent {
    var ascent = AreaAscent()
    let optimizer = "optimiser"
    ascent.rate =
      try parameters.number("rate", of: name, in: optimizer, after: "SGD") ?? ascent.rate
    ascent.momentum =
      try parameters.number("momentum", of: name, in: optimizer, after: "velocity")
      ?? ascent.momentum
    if let share = try parameters.number("share", of: name, in: optimizer, after: "v + ") {
      ascent.dampening = 1 - share
    }
    ascent.weight =
      try parameters.number("weight", of: name, in: "energy", after: "w = ") ?? ascent.weight
    ascent.growth =
      try parameters.number("growth", of: name, in: "energy", after: "times ") ?? ascent.growth
    return ascent
  }

  /// Guided integrated gradients from the given baselines.
  func guidedPath() throws -> [Named] {
    let name = "guidedPath"
    let defaults = GuidedIntegratedGradients()
    let method = GuidedIntegratedGradients(
      steps: try parameters.integer("steps", of: name) ?? defaults.steps,
      fraction: try parameters.number("fraction", of: name) ?? defaults.fraction,
      reach: try parameters.number("reach", of: name) ?? defaults.reach)
    let request = AttributionRequest(
      images: images, targets: targets, baselines: .one(try baselines(["baseline"], of: name)))
    return [(name, .float32(try method.attribute(request, on: network, in: context).maps))]
  }

  /// Given regions in the order of what they add.
  func rankedRegions() throws -> [Named] {
    let attribution = try matrix("xrai.attribution")
    let shape = try given.shape(of: "xrai.masks")
    guard shape.count == 3, Array(shape.dropFirst()) == [attribution.rows, attribution.columns]
    else {
      throw ExampleFailure(
        .shape(
          of: "xrai.masks", found: shape,
          expected: "[regions, \(attribution.rows), \(attribution.columns)]"))
    }
    let masks = try given.integers("xrai.masks").map { $0 != 0 }
    let size = attribution.values.count
    let ranking = RegionRanking(
      attribution.values,
      regions: (0..<shape[0]).map { Array(masks[$0 * size..<($0 + 1) * size]) },
      least: try parameters.integer("least", of: "xrai") ?? 20)
    return [
      integers("xrai.order", [ranking.order.count], ranking.order),
      numbers("xrai.map", Array(shape.dropFirst()), ranking.map),
    ]
  }
}
