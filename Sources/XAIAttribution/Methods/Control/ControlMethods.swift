extension MethodCatalog {
  static let controlMethods: [MethodEntry] = [
    MethodEntry(
      "random", .control, summary: "Standard-normal noise", source: "none: a control",
      method: Control(.random)),
    MethodEntry(
      "constant", .control, summary: "Ones", source: "none: a control",
      method: Control(.constant)),
    MethodEntry(
      "edge-detector", .control, summary: "The magnitude of the image's Sobel gradient",
      source: "Adebayo et al. 2018, Sanity Checks for Saliency Maps",
      method: Control(.edgeDetector)),
    MethodEntry(
      "input", .control, summary: "The normalised image", source: "none: a control",
      method: Control(.input)),
  ]
}
