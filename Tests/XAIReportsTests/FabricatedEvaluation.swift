import XAIAttribution
import XAIEvaluation
import XAIExperiments
import XAIFiles
import XAIImages
import XAIMetrics
import XAITensor

/// The outcome of an evaluation that never ran: made up, but of the form of a real one.
///
/// Methods differ in how good they are, images in how far these can be told apart.
struct FabricatedEvaluation {
  var methods = ["integrated-gradients", "saliency", "grad-cam"]
  var controls = ["random", "constant", "edge-detector", "input", "center", "oracle"]
  var given: [String] = []
  var images = ["one.png", "two.png"]
  var baselines = ["black", "blur"]
  var families = MeasureColumn.Family.allCases
  var truth: EvaluatedImage.Truth? = .mask
  var side = 16
  var steps = 8
  /// A word from outside, in every place where one can be.
  var word = "German shepherd"
  var hasVerdicts = true
  var hasPictures = true
  var hasMaps = true

  /// Twenty methods and twelve images.
  static var large: FabricatedEvaluation {
    var all = FabricatedEvaluation()
    all.methods = [
      "saliency", "input-x-gradient", "deconvnet", "guided-backprop", "grad-cam",
      "guided-grad-cam", "deep-lift", "deep-shap", "integrated-gradients", "expected-gradients",
      "blur-integrated-gradients", "smooth-grad", "lrp-epsilon", "lrp-a1b0", "lrp-a2b1", "rap",
      "occlusion", "rise", "eigen-cam",
    ]
    all.given = ["maps-of-a-paper"]
    all.images = (0..<12).map { "val_\(1000 + 37 * $0).JPEG" }
    (all.side, all.steps) = (64, 32)
    return all
  }

  /// Names that try to be something else.
  static var hostile: FabricatedEvaluation {
    var all = FabricatedEvaluation()
    all.methods = [
      "</script><script>document.title = 'gone'</script>",
      "\"'><img src=x onerror=alert(1)>\n\u{202E}right to left \u{1F34C} <!--",
    ]
    all.given = ["=cmd \"q\" 'q', <b>"]
    all.images = ["../a b<svg onload=x>.png", "=cmd \"q\" 'q' \n\u{0}\u{7}</script>.png"]
    all.baselines = ["black", "file </style><b>\"'"]
    all.word = "</title><b>&amp; \u{2028}\u{1F9D1}\u{200D}\u{1F680} `${1}` \\u003c ]]>"
    return all
  }

  var columns: [MeasureColumn] {
    get throws {
      let all = MeasureCatalog.measures(baselines: baselines, steps: try CurveSteps(steps))
      return all.flatMap(\.columns).filter { families.contains($0.family) }
    }
  }

  /// Methods, given maps and controls in the order of the results.
  var all: [String] { methods + given + controls }

  func kind(_ method: Int) -> EvaluatedMethod.Kind {
    method < methods.count ? .method : method < methods.count + given.count ? .given : .control
  }

  /// How good a method is, from -1 to 1; controls are nothing but for the oracle.
  func quality(_ method: Int) -> Double {
    if all[method] == "oracle" { return 1 }
    guard kind(method) != .control else { return all[method] == "edge-detector" ? 0.1 : 0 }
    return 0.85 - 1.1 * Double(method * 7 % 20) / 20
  }

  var outcome: EvaluationOutcome {
    get throws {
      let results = try JSONText.decode(
        EvaluationResults.self, from: JSONText.encode(json), name: "a made-up evaluation")
      return EvaluationOutcome(
        results,
        maps: all.indices.map { method in images.indices.map { map(method, $0) } },
        objects: images.indices.map { truth == nil ? nil : object($0) },
        curves: EvaluationCurves(families.contains(.faithfulness) ? curves : []),
        pictures: hasPictures ? images.indices.map(picture) : [])
    }
  }

  // MARK: - Pictures, maps and curves

  /// A blob whose place depends on the image.
  private func shape(_ image: Int, _ row: Int, _ column: Int) -> Double {
    let unit = Double(side)
    let (x, y) = (
      Double(column) / unit - 0.3 - 0.03 * Double(image), Double(row) / unit - 0.45
    )
    return max(0, 1 - 9 * (x * x + y * y))
  }

  func object(_ image: Int) -> ObjectMask {
    let pixels = PixelMask(count: side * side) { shape(image, $0 / side, $0 % side) > 0.5 }
    return ObjectMask(pixels, height: side, width: side)
  }

  func picture(_ image: Int) -> RGBImage {
    var picture = RGBImage(height: side, width: side, repeating: (90, 120, 150))
    for row in 0..<side {
      for column in 0..<side where shape(image, row, column) > 0.5 {
        picture[row, column] = (230, UInt8(200 - 30 * (image % 5)), 60)
      }
    }
    return picture
  }

  private func map(_ method: Int, _ image: Int) -> RelevanceMap? {
    guard hasMaps, !(method == 1 && image == 0) else { return nil }
    if all[method] == "constant" {
      return RelevanceMap(
        height: side, width: side, values: .init(repeating: 1, count: side * side))
    }
    var stream = RandomStream(seed: 1, purpose: "map", method, image)
    let good = quality(method)
    return RelevanceMap(
      height: side, width: side,
      values: (0..<side * side).map { pixel in
        good * shape(image, pixel / side, pixel % side) + (1 - abs(good)) * 0.4 * stream.normal()
      })
  }

  private func curve(_ sizes: [Int], bend: Double, top: Double = 0.9) -> RemovalCurve {
    let pixels = Double(sizes.last ?? 1)
    return RemovalCurve(
      sizes: sizes,
      values: sizes.map { size in
        let share = Double(size) / pixels
        // Above or below the straight line by the bend.
        let left = 1 - share + bend * share * (1 - share)
        return TargetValue(logit: 12 * left - 2, probability: top * left)
      })
  }

  private var curves: [EvaluationCurves.Entry] {
    let pixels = side * side
    let sizes = (try? CurveSteps(steps).sizes(pixels: pixels)) ?? [0, pixels]
    let cells = (0...9).map { $0 * pixels / 9 }
    return images.indices.flatMap { image in
      baselines.indices.map { baseline in
        let top = 0.95 - 0.04 * Double(image % 6)
        return EvaluationCurves.Entry(
          image: image, baseline: baselines[baseline],
          methods: all.indices.map { method in
            let bend = 0.8 * quality(method) - 0.1 * Double(baseline)
            return CurvePair(
              morf: curve(sizes, bend: -bend - 0.3, top: top),
              lerf: curve(sizes, bend: bend - 0.2, top: top))
          },
          random: curve(sizes, bend: -0.25, top: top),
          best: [curve(cells, bend: -0.95, top: top), curve(cells, bend: -0.9, top: top)],
          worst: [curve(cells, bend: 0.9, top: top), curve(cells, bend: 0.85, top: top)])
      }
    }
  }
}
