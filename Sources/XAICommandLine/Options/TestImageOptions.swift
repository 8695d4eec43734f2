package import ArgumentParser

/// Which images are tested, and what methods compare them with.
package struct TestImageOptions: ParsableArguments {
  @OptionGroup package var chosen: SampleOptions
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      """
      What methods compare with: blur, black, white, zero, mean, noise, data, data:N or file PATH. \
      Default is blur; data:64 for a distribution; the image and the image blurred for gradient-shap.
      """, valueName: "baseline"))
  package var baseline: [String] = []

  package init() {}
}
