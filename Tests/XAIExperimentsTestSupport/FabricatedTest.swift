package import XAIAttribution
package import XAIExperiments
package import XAIMetrics
import XAIFiles
package import XAIImages
import XAITensor

/// The outcome of a randomization test that never ran: made up, but of the form of a real one.
///
/// Methods differ in how much their maps depend on the random layers, from not at all to at once.
package struct FabricatedTest {
  package var methods: [(name: String, group: MethodGroup)]
  package var images: [String]
  package var layers: [String]
  package var modes: [RandomizationMode]
  package var seeds: Int
  package var side: Int
  package var measures: [String]
  /// A word from outside, in every place where one can be.
  package var word: String

  package init(
    methods: [(name: String, group: MethodGroup)], images: [String],
    layers: [String] = [
      "fc3", "fc2", "fc1", "conv10", "conv9", "conv8", "conv7", "conv6", "conv5", "conv4", "conv3",
      "conv2", "conv1",
    ], modes: [RandomizationMode] = [.cascading, .independent], seeds: Int = 5, side: Int = 64,
    measures: [String] = SimilarityPanel.allMeasures.map(\.identifier),
    word: String = "German shepherd"
  ) {
    (self.methods, self.images, self.layers) = (methods, images, layers)
    (self.modes, self.seeds, self.side) = (modes, seeds, side)
    (self.measures, self.word) = (measures, word)
  }

  /// The thesis's experiment in size.
  package static let large = FabricatedTest(
    methods: [
      ("saliency", .gradient), ("input-x-gradient", .gradient), ("deconvnet", .gradient),
      ("guided-backprop", .gradient), ("grad-cam", .gradient), ("guided-grad-cam", .gradient),
      ("deep-lift", .reference), ("deep-shap", .reference),
      ("deep-lift-smooth-grad", .reference), ("integrated-gradients", .path),
      ("integrated-gradients-smooth-grad", .path), ("gradient-shap", .path),
      ("lrp-alpha1-beta0", .relevance), ("lrp-alpha2-beta1", .relevance),
      ("lrp-alpha3-beta2", .relevance), ("lrp-alpha4-beta3", .relevance),
      ("lrp-alpha5-beta4", .relevance), ("lrp-alpha6-beta5", .relevance),
      ("lrp-alpha9-beta8", .relevance), ("rap", .relevance), ("random", .control),
      ("constant", .control), ("edge-detector", .control), ("input", .control),
    ], images: (0..<5).map { "val_\(1000 + 37 * $0).JPEG" })

  /// Enough for a page with everything in it.
  package static func small(names: [String] = ["saliency", "guided-backprop"]) -> FabricatedTest {
    FabricatedTest(
      methods: names.map { ($0, .gradient) } + [("random", .control)],
      images: ["one.png", "two.png"], layers: ["fc2", "fc1", "conv1"], seeds: 2, side: 16,
      measures: [SimilarityPanel.headline, "spearman.signed"])
  }

  /// Names that try to be something else.
  package static var hostile: FabricatedTest {
    var test = small(names: [
      "</script><script>document.title = 'gone'</script>",
      "\"'><img src=x onerror=alert(1)>\n\u{202E}right to left \u{1F34C} <!--",
    ])
    test.word = "</title><b>&amp; \u{2028}\u{1F9D1}\u{200D}\u{1F680} `${1}` \\u003c ]]>"
    test.images = ["../a b<svg onload=x>.png", "=cmd \"q\" 'q' \n\u{0}\u{7}.png"]
    return test
  }

  package func results() throws -> RandomizationResults {
    try JSONText.decode(
      RandomizationResults.self, from: JSONText.encode(json), name: "made-up results")
  }

  package var pictures: [RGBImage] {
    images.indices.map { image in
      var picture = RGBImage(height: side, width: side, repeating: (90, 120, 150))
      for row in 0..<side {
        for column in 0..<side where shape(image, row, column) > 0.3 {
          picture[row, column] = (230, UInt8(200 - 30 * (image % 5)), 60)
        }
      }
      return picture
    }
  }

  /// A blob whose place depends on the image.
  fileprivate func shape(_ image: Int, _ row: Int, _ column: Int) -> Double {
    let unit = Double(side)
    let (x, y) = (Double(column) / unit - 0.3 - 0.08 * Double(image), Double(row) / unit - 0.45)
    return max(0, 1 - 9 * (x * x + y * y))
  }

  /// How much of a map is left at a step, from 1 to 0.
  fileprivate func remainder(_ method: Int, _ mode: RandomizationMode, _ step: Int) -> Double {
    if methods[method].group == .control { return methods[method].name == "random" ? 0 : 1 }
    let loyalty = Double(method * 5 % 7) / 6
    let depth = Double(step + 1) / Double(layers.count)
    return mode == .cascading
      ? max(0, loyalty * (1 - depth * depth)) : max(0, 1 - (1 - loyalty) * (1 - 0.6 * depth))
  }

  private func score(
    _ method: Int, _ mode: RandomizationMode, _ step: Int, _ stream: inout RandomStream
  ) -> Double {
    let left = remainder(method, mode, step)
    return min(1, max(-0.2, 0.05 + 0.95 * left + 0.05 * (1 - left) * stream.normal()))
  }
}

extension FabricatedTest {
  private func object(_ members: [String: JSONValue]) -> JSONValue { .object(members) }

  private func classRecord(_ index: Int) -> JSONValue {
    object([
      "index": .integer(Int64(index)), "id": .string("n0\(index)"), "name": .string(word),
      "logit": .number(12.5), "probability": .number(0.873),
    ])
  }

  private func step(_ mode: RandomizationMode, _ layer: String, _ seed: Int) -> JSONValue {
    object([
      "mode": .string(mode.rawValue), "layer": .string(layer), "seed": .integer(Int64(seed)),
    ])
  }

  private var json: JSONValue {
    let (scores, summaries) = numbers
    return object([
      "schema": .string(RandomizationResults.schema), "schema_version": .integer(1),
      "version": .string("0.0"), "complete": .boolean(true),
      "checkpoint": object([
        "path": .string("models/\(word).safetensors"),
        "sha256": .string(String(repeating: "0123456789abcdef", count: 4)),
        "architecture": object(["name": .string(word), "classes": .integer(200)]),
      ]),
      "configuration": object([
        "randomization": object([
          "initializer": .string("he-normal"), "batch_norm": .string("reset"),
        ]), "target": .string("fixed"), "seed": .integer(0),
      ]),
      "seeds": .integer(Int64(seeds)), "samples": .string("They were made up."),
      "images": .array(
        images.enumerated().map { index, name in
          object([
            "name": .string(name), "source": .string("val/images/\(name)"),
            "key": .string("\(index)"), "label": classRecord(index),
            "predicted": classRecord(index), "target": classRecord(index),
          ])
        }),
      "methods": .array(
        methods.map { method in
          object([
            "identifier": .string(method.name), "method": .string(method.name),
            "group": .string(method.group.rawValue),
            "parameters": object(["steps": .integer(200), "note": .string(word)]),
            "baseline": .string("blurred"),
            "summary": .string("What \(method.name) does, in one line."),
            "source": .string("Somebody et al. 2018, A paper"),
          ])
        }),
      "plans": .array(
        modes.map { mode in
          object([
            "mode": .string(mode.rawValue), "layers": .array(order(mode).map { .string($0) }),
            "dense_head": .integer(mode == .bottomUp ? 0 : 3),
          ])
        }),
      "measures": .array(measures.map { .string($0) }),
      "headline": .string(SimilarityPanel.headline), "health": .array(health),
      "scores": .array(scores), "summaries": .array(summaries), "verdicts": .array(verdicts),
      "rule": .string(
        "A method fails whose mean similarity is at or above 0.95 after the top layer, and after "
          + "the whole dense head, is random; it passes where the upper end of both intervals is below."
      ),
      "convergence": .array(
        methods.filter { $0.group == .relevance }.map { method in
          object([
            "method": .string(method.name),
            "layers": .array(layers.map { .string($0) }),
            "median": .array(layers.indices.map { .number(1 - 0.9 / Double(1 + $0)) }),
            "lower": .array(layers.indices.map { .number(1 - 1 / Double(1 + $0)) }),
            "upper": .array(layers.indices.map { .number(1 - 0.7 / Double(1 + $0)) }),
          ])
        }), "complexity": .array(complexity),
    ])
  }

  /// Two entropies of each map; the last method's maps are constant before anything is random.
  private var complexity: [JSONValue] {
    methods.enumerated().flatMap { method, entry in
      images.indices.flatMap { image in
        (0..<seeds).map { seed in
          let isConstant = method > 0 && method == methods.count - 1
          let before = isConstant ? 0 : 2.0
          return object([
            "image": .integer(Int64(image)), "method": .string(entry.name),
            "seed": .integer(Int64(seed)), "original": .number(before), "randomized": .number(2.5),
            "rise": isConstant ? .null : .number(0.25),
          ])
        }
      }
    }
  }

  private func order(_ mode: RandomizationMode) -> [String] {
    mode == .bottomUp ? layers.reversed() : layers
  }

  private var numbers: (scores: [JSONValue], summaries: [JSONValue]) {
    var scores: [JSONValue] = []
    var summaries: [JSONValue] = []
    for (method, entry) in methods.enumerated() {
      for mode in modes {
        for (index, layer) in order(mode).enumerated() {
          var stream = RandomStream(seed: 1, purpose: "score", method, index)
          var sums: [Double] = []
          for image in images.indices {
            for seed in 0..<seeds {
              let value = score(method, mode, index, &stream)
              sums.append(value)
              let isOdd = entry.name == "constant"
              scores.append(
                object([
                  "image": .integer(Int64(image)), "method": .string(entry.name),
                  "step": step(mode, layer, seed), "target": .integer(Int64(image)),
                  "values": .array(measures.indices.map { .number(value / Double(1 + $0 % 3)) }),
                  "degenerate": .array(isOdd ? [.string(measures[0])] : []),
                ]))
            }
          }
          let mean = sums.reduce(0, +) / Double(sums.count)
          let squares = sums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
          let deviation = (squares / Double(max(1, sums.count - 1))).squareRoot()
          let reach = 2 * deviation / Double(sums.count).squareRoot()
          for (position, measure) in measures.enumerated() {
            let scale = Double(1 + position % 3)
            summaries.append(
              object([
                "method": .string(entry.name), "mode": .string(mode.rawValue),
                "layer": .string(layer), "measure": .string(measure),
                "count": .integer(Int64(sums.count)), "mean": .number(mean / scale),
                "deviation": .number(deviation / scale), "lower": .number((mean - reach) / scale),
                "upper": .number((mean + reach) / scale), "degenerate": .integer(0),
              ]))
          }
        }
      }
    }
    return (scores, summaries)
  }

  private var health: [JSONValue] {
    func record(_ step: JSONValue?, depth: Int) -> JSONValue {
      let isDead = depth >= 4 && depth == layers.count - 3
      var members: [String: JSONValue] = [
        "health": object([
          "images": .integer(200), "logitSpread": .number(20 / Double(1 + depth)),
          "logitVariation": .number(3.2e-5 / Double(1 + depth)), "predictionEntropy": .number(1.23),
          "deadRectifiers": .array([
            object(["layer": .string("conv4"), "share": .number(isDead ? 1 : 0.125)])
          ]), "accuracy": .number(depth == 0 ? 0.52 : 0.005), "gradientNorm": .number(0.0123),
          "overflows": .boolean(false),
        ]),
        "problems": .array(isDead ? [.string("every rectifier of conv4 is dead")] : []),
      ]
      if let step { members["step"] = step }
      return object(members)
    }
    return [record(nil, depth: 0)]
      + modes.flatMap { mode in
        order(mode).enumerated().flatMap { depth, layer in
          (0..<seeds).map { record(step(mode, layer, $0), depth: depth + 1) }
        }
      }
  }

  private var verdicts: [JSONValue] {
    methods.indices.map { method in
      let top = 0.05 + 0.95 * remainder(method, .cascading, 0)
      let outcome = top > 0.95 ? "fail" : top > 0.88 ? "inconclusive" : "pass"
      return object([
        "method": .string(methods[method].name), "outcome": .string(outcome),
        "reason": .string(
          "similarity \(Int(1000 * top)) / 1000 after fc3, margin 0.95, class \(word)"),
        "after_top": .number(top),
        "after_head": .number(0.05 + 0.95 * remainder(method, .cascading, 2)),
        "floor": .number(0.06 + 0.01 * Double(method % 4)),
        "floor_reached_at": top > 0.6 ? .null : .string(layers[layers.count / 2]),
      ])
    }
  }
}

/// Made-up maps: a blob for each image and method that gives way to noise.
package struct FabricatedMaps: MapSource {
  package let test: FabricatedTest

  package init(test: FabricatedTest) { self.test = test }

  package func map(_ key: MapKey) throws -> RelevanceMap? {
    guard let method = test.methods.firstIndex(where: { $0.name == key.method }) else { return nil }
    let layer = key.step.flatMap { test.layers.firstIndex(of: $0.layer) }
    // One map is missing, as where a network overflows.
    if method == 1, key.image == 0, let layer, layer == test.layers.count - 2 { return nil }
    let left = key.step.map { test.remainder(method, $0.mode, layer ?? 0) } ?? 1
    var own = RandomStream(seed: 3, purpose: "own", method, key.image)
    var noise = RandomStream(
      seed: UInt64(key.step?.seed ?? 0), purpose: "noise", layer ?? 99, method)
    let size = 2e-4 * (1 + Double(layer ?? 0)) / Double(1 + method)
    return RelevanceMap(
      height: test.side, width: test.side,
      values: (0..<test.side * test.side).map { pixel in
        let (row, column) = pixel.quotientAndRemainder(dividingBy: test.side)
        let blob = test.shape(key.image, row, column) * (0.4 + own.normal())
        let grain = noise.normal() * abs(noise.normal()) * 0.5
        return size * (left * blob + (1 - left) * grain)
      })
  }
}
