import XAIKernels

extension MethodCatalog {
  static let gradientMethods: [MethodEntry] = [
    MethodEntry(
      "saliency", .gradient, summary: "The absolute gradient of the logit",
      source: "Simonyan et al. 2014, Deep Inside Convolutional Networks",
      method: Saliency()),
    MethodEntry(
      "gradient", .gradient, summary: "The gradient of the logit",
      source: "Baehrens et al. 2010, How to Explain Individual Classification Decisions",
      method: InputGradient()),
    MethodEntry(
      "input-x-gradient", .gradient, summary: "The image times the gradient",
      source: "Shrikumar et al. 2016, Not Just a Black Box",
      method: InputXGradient()),
    MethodEntry(
      "deconvnet", .gradient, summary: "Rectifiers pass the positive signal",
      source: "Zeiler and Fergus 2014, Visualizing and Understanding Convolutional Networks",
      method: DeconvNet()),
    MethodEntry(
      "guided-backprop", .gradient,
      summary: "Rectifiers pass the positive signal where they were active",
      source: "Springenberg et al. 2015, Striving for Simplicity",
      method: GuidedBackprop()),
    MethodEntry(
      "grad-cam", .gradient, summary: "A layer's maps, weighted by the mean of their gradients",
      source: "Selvaraju et al. 2017, Grad-CAM: Visual Explanations from Deep Networks",
      method: ClassActivationMap(.gradCAM)),
    MethodEntry(
      "guided-grad-cam", .gradient, summary: "Guided backprop times rectified Grad-CAM",
      source: "Selvaraju et al. 2017, Grad-CAM: Visual Explanations from Deep Networks",
      method: ClassActivationMap(.gradCAM, guided: true)),
    MethodEntry(
      "grad-cam-plus-plus", .gradient,
      summary: "A layer's maps, weighted by their positive gradients of higher order",
      source: "Chattopadhay et al. 2018, Grad-CAM++: Improved Visual Explanations",
      method: ClassActivationMap(.gradCAMPlusPlus)),
    MethodEntry(
      "guided-grad-cam-plus-plus", .gradient,
      summary: "Guided backprop times rectified Grad-CAM++",
      source: "Chattopadhay et al. 2018, Grad-CAM++: Improved Visual Explanations",
      method: ClassActivationMap(.gradCAMPlusPlus, guided: true)),
    MethodEntry(
      "layer-cam", .gradient, summary: "A layer's maps times their positive gradients",
      source: "Jiang et al. 2021, LayerCAM: Exploring Hierarchical Class Activation Maps",
      method: ClassActivationMap(.layerCAM)),
    MethodEntry(
      "hires-cam", .gradient, summary: "A layer's maps times their gradients",
      source: "Draelos and Carin 2020, Use HiResCAM instead of Grad-CAM",
      method: ClassActivationMap(.hiResCAM)),
    MethodEntry(
      "x-grad-cam", .gradient,
      summary: "A layer's maps, weighted by the mean of their gradients where they are large",
      source: "Fu et al. 2020, Axiom-based Grad-CAM",
      method: ClassActivationMap(.xGradCAM)),
    MethodEntry(
      "eigen-cam", .gradient, summary: "The first principal component of a layer's features",
      source: "Muhammad and Yeasin 2020, Eigen-CAM",
      method: ClassActivationMap(.eigenCAM)),
    MethodEntry(
      "cam", .gradient,
      summary: "The maps before global average pooling, weighted by the dense layer behind it",
      source: "Zhou et al. 2016, Learning Deep Features for Discriminative Localization",
      method: LinearClassActivationMap()),
    MethodEntry(
      "rect-grad", .gradient,
      summary: "Rectifiers pass the signal of the few units with the largest output times signal",
      source: "Kim et al. 2019, Why are Saliency Maps Noisy?",
      method: RectGrad()),
    MethodEntry(
      "score-cam", .gradient,
      summary:
        "A layer's maps, weighted by the scores of the image under them; a pass for each channel",
      source: "Wang et al. 2020, Score-CAM: Score-Weighted Visual Explanations",
      method: ScoreCAM(), isInThesisSet: false),
    MethodEntry(
      "ablation-cam", .gradient,
      summary: "A layer's maps, weighted by how much the logit falls without each",
      source:
        "Desai and Ramaswamy 2020, Ablation-CAM: Visual Explanations via Gradient-free Localization",
      method: AblationCAM(), isInThesisSet: false),
    MethodEntry(
      "smooth-grad-cam-plus-plus", .gradient,
      summary: "Grad-CAM++ with derivatives averaged over 50 noisy copies",
      source: "Omeiza et al. 2019, Smooth Grad-CAM++",
      method: SmoothGradCAMPlusPlus(), isInThesisSet: false),
  ]
}
