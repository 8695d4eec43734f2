extension MethodCatalog {
  static let pathMethods: [MethodEntry] = [
    MethodEntry(
      "integrated-gradients", .path,
      summary: "Gradients along the line from a baseline, times the difference; 200 steps",
      source: "Sundararajan et al. 2017, Axiomatic Attribution for Deep Networks",
      method: IntegratedGradients()),
    MethodEntry(
      "integrated-gradients-smooth-grad", .path,
      summary: "Integrated gradients in the mean of 50 noisy copies; 20100 walks for each image",
      source: "Smilkov et al. 2017, SmoothGrad: removing noise by adding noise",
      method: NoiseTunnel(IntegratedGradients(), samples: 50, standardDeviation: 0.7)),
    MethodEntry(
      "gradient-shap", .path,
      summary: "Gradients at random points between random baselines and the image; 50 samples",
      source: "Lundberg and Lee 2017, A Unified Approach to Interpreting Model Predictions",
      method: GradientSHAP()),
    MethodEntry(
      "expected-gradients", .path,
      summary: "Integrated gradients in the mean over a distribution of baselines; 200 draws",
      source: "Erion et al. 2021, Improving Performance of Deep Learning Models with Axiomatic "
        + "Attribution Priors and Expected Gradients",
      method: ExpectedGradients()),
    MethodEntry(
      "guided-integrated-gradients", .path,
      summary: "Gradients along a path on which small ones move first; 200 steps",
      source: "Kapishnikov et al. 2021, Guided Integrated Gradients",
      method: GuidedIntegratedGradients(),
      isInThesisSet: false),
    MethodEntry(
      "blur-integrated-gradients", .path,
      summary: "Gradients along the way from a blurred image to the image; 100 steps",
      source: "Xu et al. 2020, Attribution in Scale and Space", method: BlurIntegratedGradients(),
      isInThesisSet: false),
    MethodEntry(
      "xrai", .path, summary: "Regions in the order of their integrated gradients",
      source: "Kapishnikov et al. 2019, XRAI: Better Attributions Through Regions", method: XRAI(),
      isInThesisSet: false),
  ]
}
