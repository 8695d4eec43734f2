import XAIKernels

extension MethodCatalog {
  static let gradientMethods: [MethodEntry] = [
    MethodEntry(
      "saliency", .gradient, summary: "The absolute gradient of the logit",
      source: "Simonyan et al. 2014, Deep Inside Convolutional Networks",
      method: BackwardMethod(output: .absolute)),
    MethodEntry(
      "gradient", .gradient, summary: "The gradient of the logit",
      source: "Baehrens et al. 2010, How to Explain Individual Classification Decisions",
      method: BackwardMethod(output: .signal)),
    MethodEntry(
      "input-x-gradient", .gradient, summary: "The image times the gradient",
      source: "Shrikumar et al. 2016, Not Just a Black Box",
      method: BackwardMethod(output: .timesInput)),
    MethodEntry(
      "deconvnet", .gradient, summary: "Rectifiers pass the positive signal",
      source: "Zeiler and Fergus 2014, Visualizing and Understanding Convolutional Networks",
      method: BackwardMethod(rectifier: .deconvolution)),
    MethodEntry(
      "guided-backprop", .gradient,
      summary: "Rectifiers pass the positive signal where they were active",
      source: "Springenberg et al. 2015, Striving for Simplicity",
      method: BackwardMethod(rectifier: .guided)),
  ]
}
