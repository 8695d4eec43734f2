extension MethodCatalog {
  static let referenceMethods: [MethodEntry] = [
    MethodEntry(
      "deep-lift", .reference, summary: "Differences from a baseline, by the Rescale rule",
      source: "Shrikumar et al. 2017, Learning Important Features Through Propagating Activation "
        + "Differences",
      method: DeepLIFT()),
    MethodEntry(
      "deep-lift-reveal-cancel", .reference,
      summary: "Differences from a baseline, by the RevealCancel rule",
      source: "Shrikumar et al. 2017, Learning Important Features Through Propagating Activation "
        + "Differences",
      method: DeepLIFTRevealCancel()),
    MethodEntry(
      "deep-shap", .reference, summary: "The mean of DeepLIFT over a distribution of baselines",
      source: "Lundberg and Lee 2017, A Unified Approach to Interpreting Model Predictions",
      method: DeepSHAP()),
    MethodEntry(
      "deep-lift-smooth-grad", .reference,
      summary: "DeepLIFT in the mean of 50 noisy copies; 150 walks for each image",
      source: "Smilkov et al. 2017, SmoothGrad: removing noise by adding noise",
      method: NoiseTunnel(DeepLIFT(), samples: 50, standardDeviation: 0.7)),
  ]
}
