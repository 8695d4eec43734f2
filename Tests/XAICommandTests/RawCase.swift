import Testing

/// A reference map, and the words that make `xai-explain` compute it.
struct RawCase: Sendable, CustomTestStringConvertible {
  let identifier: String
  /// The file and the name of the reference.
  let file: String
  let name: String
  /// `INPUTS:` stands for the inputs' file, `FOLDER/` for the fixture's folder, `OWN:` for the file
  /// that the test adds.
  let options: [String]
  /// What `--parameters` says.
  let parameters: String?
  var networks = ["A", "B"]
  /// Whether it explains the images in which exact ties decide.
  var isOfTies = false
  /// The segments that have one number each in the reference.
  var segments: String?

  var testDescription: String { "\(name), \(identifier)" }

  init(
    _ identifier: String, _ file: String, _ name: String, _ options: [String] = [],
    parameters: String? = nil
  ) {
    (self.identifier, self.file, self.name) = (identifier, file, name)
    (self.options, self.parameters) = (options, parameters)
  }

  /// The case on other networks.
  func on(_ networks: String...) -> RawCase {
    var copy = self
    copy.networks = networks
    return copy
  }

  /// The case on the images in which exact ties decide.
  var ofTies: RawCase {
    var copy = self
    copy.isOfTies = true
    return copy
  }

  /// The case with one number for each segment.
  func perSegment(_ segments: String) -> RawCase {
    var copy = self
    copy.segments = segments
    return copy
  }

  static let all =
    gradients + activationMaps + noise + deepLIFT + paths + alphaBeta + otherRelevance
    + perturbations

  static func baseline(_ name: String) -> [String] {
    ["--baseline-tensor", "INPUTS:baseline.\(name)"]
  }

  static let gradients: [RawCase] =
    [
      RawCase("saliency", "gradients", "saliency"),
      RawCase("gradient", "gradients", "gradient"),
      RawCase("input-x-gradient", "gradients", "inputXGradient"),
      RawCase("deconvnet", "gradients", "deconvnet"),
      RawCase("guided-backprop", "gradients", "guidedBackprop"),
      RawCase("gradient", "gradients", "ties.gradient").ofTies,
      RawCase("deconvnet", "gradients", "ties.deconvnet").ofTies,
      RawCase("guided-backprop", "gradients", "ties.guidedBackprop").ofTies,
      RawCase("rect-grad", "gradients", "rectgrad.q98"),
      RawCase("rect-grad", "gradients", "rectgrad.q95", parameters: #"{"q": 95}"#),
      RawCase("rect-grad", "gradients", "rectgrad.q80", parameters: #"{"rect-grad": {"q": 80}}"#),
    ]

  static let activationMaps: [RawCase] = [("conv", "conv4"), ("relu", "conv4_relu")].flatMap {
    (suffix, layer) in
    func line(_ identifier: String, _ name: String, _ parameters: String) -> RawCase {
      RawCase(
        identifier, "gradients", "\(name).\(suffix)", ["--layer", layer], parameters: parameters)
    }
    let raw = #"{"upsampling": "none"}"#
    return [
      RawCase(
        "grad-cam", "gradients", "gradcam.\(suffix).nearest",
        parameters: #"{"layer": "\#(layer)"}"#),
      RawCase("grad-cam", "gradients", "gradcam.\(suffix).nearest", ["--layer", layer]),
      RawCase(
        "grad-cam", "gradients", "gradcam.\(suffix).bilinear", ["--layer", layer],
        parameters: #"{"upsampling": "bilinear"}"#),
      RawCase(
        "grad-cam", "gradients", "gradcam.\(suffix).raw", ["--layer", layer], parameters: raw),
      RawCase(
        "grad-cam", "gradients", "gradcam.\(suffix).rectified", ["--layer", layer],
        parameters: #"{"upsampling": "none", "rectified": true}"#),
      line("guided-grad-cam", "guidedGradcam", "{}"),
      line("grad-cam-plus-plus", "gradcamPlusPlus", raw),
      line("guided-grad-cam-plus-plus", "guidedGradcamPlusPlus", "{}"),
      line("layer-cam", "layercam", raw),
      line("hires-cam", "hirescam", raw),
      line("x-grad-cam", "xgradcam", raw),
      line("eigen-cam", "eigencam", raw),
    ]
  }

  static let noise: [RawCase] =
    [
      ("smooth-grad", "smoothgrad"), ("smooth-grad-squared", "smoothgradSquared"),
      ("var-grad", "vargrad"),
    ].flatMap { (kind, name) in
      ["0.7", "0.15"].flatMap { deviation in
        [
          ("gradient", "gradient", []), ("saliency", "saliency", []),
          ("deep-lift", "deeplift", baseline("blurred")),
          (
            "integrated-gradients", "integratedGradients",
            baseline("blurred") + ["--ig-steps", "16"]
          ),
        ].map { (method, inner, options) in
          RawCase(
            method, "noise", "\(name).\(inner).stdev\(deviation)",
            options + ["--noise", kind, "--noise-std", deviation] + given)
        }
      }
    } + [
      RawCase(
        "deep-lift-smooth-grad", "noise", "smoothgrad.deeplift.stdev0.7",
        baseline("blurred") + given),
      RawCase(
        "integrated-gradients-smooth-grad", "noise", "smoothgrad.integratedGradients.stdev0.7",
        baseline("blurred") + given + ["--ig-steps", "16"]),
      RawCase(
        "gradient", "noise", "smoothgradSquared.gradient.stdev0.7",
        ["--noise", "smoothgrad_sq", "--noise-std", "0.7"] + given),
    ]

  private static let given = ["--noise-tensor", "FOLDER/noise.safetensors:noise"]

  static let deepLIFT: [RawCase] =
    ["blurred", "black", "zero"].map {
      RawCase("deep-lift", "deeplift", "rescale.\($0)", baseline($0)).on("A", "B", "N", "F")
    }
    + ["blurred", "zero"].map {
      RawCase("deep-lift-reveal-cancel", "deeplift", "revealCancel.\($0)", baseline($0))
        .on("A", "B", "N", "F")
    }
    + [
      RawCase("deep-lift", "deeplift", "ties.rescale.blurred", baseline("blurred")).ofTies,
      RawCase("deep-shap", "deeplift", "deepLiftShap", baseline("distribution"))
        .on("A", "B", "N", "F"),
    ]

  static let paths: [RawCase] =
    ["blurred", "black", "zero"].flatMap { place in
      ["gausslegendre", "riemann_left", "riemann_right", "riemann_middle", "riemann_trapezoid"]
        .map { rule in
          RawCase(
            "integrated-gradients", "integrated", "integratedGradients.\(place).\(rule).n20",
            baseline(place) + ["--ig-steps", "20", "--ig-rule", rule])
        }
        + [50, 200].map { steps in
          RawCase(
            "integrated-gradients", "integrated",
            "integratedGradients.\(place).gausslegendre.n\(steps)", baseline(place),
            parameters: #"{"steps": \#(steps), "rule": "gauss-legendre"}"#)
        }
    } + [
      RawCase(
        "integrated-gradients", "integrated", "integratedGradients.zero.riemann_middle.n20",
        baseline("zero") + ["--ig-steps", "20", "--ig-rule", "middle"]),
      RawCase(
        "gradient-shap", "integrated", "gradientShap.distribution",
        baseline("distribution") + given,
        parameters: #"""
          {"gradient-shap": {"standardDeviation": 0.3,
          "index": "FOLDER/integrated.safetensors:gradientShap.index",
          "position": "FOLDER/integrated.safetensors:gradientShap.lambda"}}
          """#),
      RawCase(
        "gradient-shap", "integrated", "gradientShap.pair", ["--baseline-tensor", "OWN:pairs"],
        parameters: #"""
          {"index": "FOLDER/integrated.safetensors:gradientShap.pairIndex",
          "position": "FOLDER/integrated.safetensors:gradientShap.lambda"}
          """#),
      RawCase(
        "expected-gradients", "integrated", "expectedGradients", baseline("distribution"),
        parameters: #"""
          {"index": "FOLDER/integrated.safetensors:expectedGradients.index",
          "alpha": "FOLDER/integrated.safetensors:expectedGradients.alpha"}
          """#),
    ]

  static let alphaBeta: [RawCase] = [1, 2, 3, 4, 5, 6, 9].flatMap { alpha in
    let identifier = "lrp-a\(alpha)b\(alpha - 1)"
    let unit = "alphaBeta.alpha\(alpha).seedOne"
    return [
      RawCase(identifier, "lrp", unit),
      RawCase(
        identifier, "lrp", "alphaBeta.alpha\(alpha).seedLogit", ["--relevance-seed", "logit"]),
      RawCase("lrp-alpha-beta", "lrp", unit, parameters: #"{"alpha": \#(alpha)}"#),
    ]
  }

  static let otherRelevance: [RawCase] =
    [1, 2, 5].map { alpha in
      RawCase(
        "lrp-a\(alpha)b\(alpha - 1)", "lrp", "merged.alphaBeta.alpha\(alpha)",
        parameters: #"{"batchNorm": "merged"}"#)
    } + [
      RawCase("rap", "lrp", "rap"),
      RawCase("lrp-epsilon", "lrp", "epsilon", ["--relevance-seed", "logit"]),
      RawCase("lrp-z-plus", "lrp", "zPlus"),
      RawCase(
        "lrp-epsilon", "lrp", "merged.zennit.epsilon",
        parameters: #"{"batchNorm": "merged", "pooling": "gradient"}"#),
      zennit("alpha1beta0", #""alpha": 1"#),
      zennit("alpha2beta1", #""alpha": 2"#),
      zennit("epsilonPlus", #""alpha": 1, "dense": "epsilon""#),
      RawCase(
        "lrp-a1b0", "lrp", "zeroImage.alphaBeta.alpha1", ["--tensor", "OWN:zero", "--target", "0"]),
      RawCase("rap", "lrp", "zeroImage.rap", ["--tensor", "OWN:zero", "--target", "0"]),
    ]

  private static func zennit(_ name: String, _ parameters: String) -> RawCase {
    RawCase(
      "lrp-alpha-beta", "lrp", "merged.zennit.\(name)",
      parameters: #"""
        {\#(parameters), "batchNorm": "merged", "denominators": "joint",
        "firstConvolution": "like-others", "pooling": "gradient", "includesBias": true,
        "stabiliser": 1e-6}
        """#)
  }

  static let perturbations: [RawCase] =
    [
      RawCase(
        "occlusion", "perturbation", "occlusion.window4x4.stride2x2",
        ["--occlusion-window", "4", "--occlusion-stride", "2"]),
      RawCase(
        "occlusion", "perturbation", "occlusion.window5x3.stride3x2",
        ["--occlusion-window", "5x3", "--occlusion-stride", "3x2"]),
      RawCase(
        "occlusion", "perturbation", "occlusion.window5x3.stride3x2",
        parameters: #"{"window": [5, 3], "stride": [3, 2]}"#),
      RawCase(
        "shapley-values", "perturbation", "shapley.exact",
        parameters: #"{"segmentation": {"map": "\#(file)shapley.segments"}, "fill": "zero"}"#
      ).perSegment("shapley.segments"),
      RawCase(
        "shapley-values", "perturbation", "shapley.exact",
        parameters: #"{"segmentation": {"procedure": "grid", "grid": [4, 2]}}"#
      ).perSegment("shapley.segments"),
    ]
    + ["mean", "zero"].map { fill in
      RawCase(
        "lime", "perturbation", "lime.\(fill).coefficients",
        parameters: #"""
          {"segmentation": {"map": "\#(file)segments"}, "design": "\#(file)lime.design",
          "fill": "\#(fill)"}
          """#
      ).perSegment("segments")
    }
    + ["constrained", "weighted"].map { variant in
      RawCase(
        "kernel-shap", "perturbation", "kernelShap.\(variant)",
        parameters: #"""
          {"segmentation": "\#(file)segments", "design": "\#(file)kernelShap.design",
          "variant": "\#(variant)"}
          """#
      ).perSegment("segments")
    }
    + ["probability", "logit"].map { score in
      RawCase(
        "rise", "perturbation", "rise.\(score)",
        parameters: #"{"explicitMasks": "\#(file)rise.masks", "score": "\#(score)"}"#)
    }

  private static let file = "FOLDER/perturbation.safetensors:"
}
