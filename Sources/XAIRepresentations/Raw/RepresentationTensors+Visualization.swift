import XAIAttribution
import XAIFiles
import XAINetworks
import XAIStatistics
import XAITensor

extension RepresentationTensors {
  /// Ascent of a class, statistics of colors, a picture of a given spectrum.
  func visualizations() throws -> [Named] {
    var results: [Named] = []
    let names = Set(parameters.names(of: "visualise").compactMap(\.first))
    if names.contains("class"), given.holds("visualise.start") { results += try ascent() }
    if !names.isDisjoint(with: ["colourRoot", "colourMean", "feature"]) {
      let colors = try ColorStatistics(try given.pixels("random.pixels"))
      results += [
        numbers(
          "visualise.colourRoot", [colors.root.rows, colors.root.columns], colors.root.elements),
        numbers("visualise.colourMean", [colors.mean.count], colors.mean),
      ]
      if names.contains("feature") { results += try feature(colors) }
    }
    return results
  }

  /// The class that pictures and surrogates are about.
  func visualizedClass() throws -> Int {
    if let target = try parameters.integer("target", of: "visualise.class", atLeast: 0) {
      return target
    }
    if given.holds("visualise.class"), let first = try given.integers("visualise.class").first {
      return first
    }
    guard let first = targets.first else {
      throw RepresentationFailure(.missing("class to visualize"))
    }
    return first
  }

  /// The numbers behind a word: 1, 5, 20 of `visualise.class.step1` and so on.
  private func steps(of kind: String) -> [Int] {
    parameters.names(of: "visualise").compactMap { words in
      guard words.count == 2, words[0] == kind, words[1].hasPrefix("step") else { return nil }
      return Int(words[1].dropFirst(4))
    }.sorted()
  }

  private func ascent() throws -> [Named] {
    let prefix = "visualise.class"
    let input = network.network.architecture.input
    let start = try given.tensor("visualise.start")
    guard start.shape == input else {
      throw RepresentationFailure(
        .shape(of: "visualise.start", found: start.shape, expected: "\(input)"))
    }
    var ascent = ClassAscent()
    let wanted = steps(of: "class")
    ascent.rate = try parameters.number("rate", of: prefix) ?? ascent.rate
    ascent.decay = try parameters.number("decay", of: prefix) ?? ascent.decay
    ascent.steps = try parameters.integer("steps", of: prefix) ?? wanted.last ?? ascent.steps
    var results: [Named] = []
    let result = try ascent.run(target: try visualizedClass(), from: start, on: network) {
      step, image in
      if wanted.contains(step) { results.append(("\(prefix).step\(step)", .float32(image))) }
    }
    results.append(
      numbers("\(prefix).objective", [result.objective.count], result.objective))
    return results
  }

  /// Shifts are circular, so that none needs to be larger than an image.
  private static let farthestShift = 1 << 16

  private func feature(_ colors: ColorStatistics) throws -> [Named] {
    let prefix = "visualise.feature"
    let input = network.network.architecture.input
    var visualization = FeatureVisualization()
    visualization.smoothness = try parameters.number("smoothness", of: prefix) ?? 0
    visualization.rate = try parameters.number("rate", of: prefix) ?? visualization.rate
    let picture = FourierPicture(shape: input, colors: colors)
    let spectrum = try given.doubles("visualise.spectrum")
    guard try given.shape(of: "visualise.spectrum") == picture.parameterShape else {
      throw RepresentationFailure(
        .shape(
          of: "visualise.spectrum", found: try given.shape(of: "visualise.spectrum"),
          expected: "\(picture.parameterShape)"))
    }
    let shifts = try given.integers(
      "visualise.shifts", in: -Self.farthestShift...Self.farthestShift)
    guard try given.shape(of: "visualise.shifts") == [shifts.count / 2, 2], !shifts.isEmpty else {
      throw RepresentationFailure(
        .shape(
          of: "visualise.shifts", found: try given.shape(of: "visualise.shifts"),
          expected: "[steps, 2]"))
    }
    let transformations = stride(from: 0, to: shifts.count, by: 2).map {
      PictureTransformation(shift: [shifts[$0], shifts[$0 + 1]])
    }
    let evaluator = try FeatureEvaluator(
      .channel(
        layer: try parameters.text("layer", of: prefix) ?? network.network.lastMapLayer
          ?? network.network.logitLayer,
        unit: try parameters.integer("unit", of: prefix, atLeast: 0) ?? 0), of: network)
    let gradient = try visualization.gradient(
      at: spectrum, picture, evaluator, normalization, transformations[0]
    ).gradient
    let wanted = steps(of: "feature")
    var results = [
      numbers("\(prefix).start", input, picture.colors(of: spectrum)),
      numbers("\(prefix).gradient", picture.parameterShape, gradient),
    ]
    let result = try visualization.run(
      from: spectrum, picture, evaluator, normalization, transformations: transformations
    ) { step, colors in
      if wanted.contains(step) { results.append(numbers("\(prefix).step\(step)", input, colors)) }
    }
    results.append(
      numbers("\(prefix).objective", [result.objective.count], result.objective))
    return results
  }
}
