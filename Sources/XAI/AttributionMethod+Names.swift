public import XAIAttribution

// The methods by their names, where a method is expected: `explain(image, by: .integratedGradients)`. The types
// have parameters: `explain(image, by: IntegratedGradients(steps: 100))`.

extension AttributionMethod where Self == Saliency {
  /// `Saliency` with its defaults.
  public static var saliency: Saliency { Saliency() }
}

extension AttributionMethod where Self == InputGradient {
  /// `InputGradient` with its defaults.
  public static var inputGradient: InputGradient { InputGradient() }
}

extension AttributionMethod where Self == InputXGradient {
  /// `InputXGradient` with its defaults.
  public static var inputXGradient: InputXGradient { InputXGradient() }
}

extension AttributionMethod where Self == DeconvNet {
  /// `DeconvNet` with its defaults.
  public static var deconvNet: DeconvNet { DeconvNet() }
}

extension AttributionMethod where Self == GuidedBackprop {
  /// `GuidedBackprop` with its defaults.
  public static var guidedBackprop: GuidedBackprop { GuidedBackprop() }
}

extension AttributionMethod where Self == RectGrad {
  /// `RectGrad` with its defaults.
  public static var rectGrad: RectGrad { RectGrad() }
}

extension AttributionMethod where Self == ClassActivationMap {
  /// `ClassActivationMap` with its defaults.
  public static var gradCAM: ClassActivationMap { ClassActivationMap(.gradCAM) }
  /// `ClassActivationMap` with its defaults.
  public static var guidedGradCAM: ClassActivationMap { ClassActivationMap(.gradCAM, guided: true) }
  /// `ClassActivationMap` with its defaults.
  public static var gradCAMPlusPlus: ClassActivationMap { ClassActivationMap(.gradCAMPlusPlus) }
  /// `ClassActivationMap` with its defaults.
  public static var guidedGradCAMPlusPlus: ClassActivationMap {
    ClassActivationMap(.gradCAMPlusPlus, guided: true)
  }
  /// `ClassActivationMap` with its defaults.
  public static var layerCAM: ClassActivationMap { ClassActivationMap(.layerCAM) }
  /// `ClassActivationMap` with its defaults.
  public static var hiResCAM: ClassActivationMap { ClassActivationMap(.hiResCAM) }
  /// `ClassActivationMap` with its defaults.
  public static var xGradCAM: ClassActivationMap { ClassActivationMap(.xGradCAM) }
  /// `ClassActivationMap` with its defaults.
  public static var eigenCAM: ClassActivationMap { ClassActivationMap(.eigenCAM) }
}

extension AttributionMethod where Self == LinearClassActivationMap {
  /// `LinearClassActivationMap` with its defaults.
  public static var cam: LinearClassActivationMap { LinearClassActivationMap() }
}

extension AttributionMethod where Self == IntegratedGradients {
  /// `IntegratedGradients` with its defaults.
  public static var integratedGradients: IntegratedGradients { IntegratedGradients() }
}

extension AttributionMethod where Self == NoiseTunnel<IntegratedGradients> {
  /// `NoiseTunnel<IntegratedGradients>` with its defaults.
  public static var noisyIntegratedGradients: NoiseTunnel<IntegratedGradients> {
    NoiseTunnel(IntegratedGradients(), samples: 50, standardDeviation: 0.7)
  }
}

extension AttributionMethod where Self == GradientSHAP {
  /// `GradientSHAP` with its defaults.
  public static var gradientSHAP: GradientSHAP { GradientSHAP() }
}

extension AttributionMethod where Self == ExpectedGradients {
  /// `ExpectedGradients` with its defaults.
  public static var expectedGradients: ExpectedGradients { ExpectedGradients() }
}

extension AttributionMethod where Self == DeepLIFT {
  /// `DeepLIFT` with its defaults.
  public static var deepLIFT: DeepLIFT { DeepLIFT() }
}

extension AttributionMethod where Self == DeepLIFTRevealCancel {
  /// `DeepLIFTRevealCancel` with its defaults.
  public static var deepLIFTRevealCancel: DeepLIFTRevealCancel { DeepLIFTRevealCancel() }
}

extension AttributionMethod where Self == DeepSHAP {
  /// `DeepSHAP` with its defaults.
  public static var deepSHAP: DeepSHAP { DeepSHAP() }
}

extension AttributionMethod where Self == LRPEpsilon {
  /// `LRPEpsilon` with its defaults.
  public static var lrpEpsilon: LRPEpsilon { LRPEpsilon() }
}

extension AttributionMethod where Self == LRPGamma {
  /// `LRPGamma` with its defaults.
  public static var lrpGamma: LRPGamma { LRPGamma() }
}

extension AttributionMethod where Self == LRPFlat {
  /// `LRPFlat` with its defaults.
  public static var lrpFlat: LRPFlat { LRPFlat() }
}

extension AttributionMethod where Self == LRPWSquare {
  /// `LRPWSquare` with its defaults.
  public static var lrpWSquare: LRPWSquare { LRPWSquare() }
}

extension AttributionMethod where Self == LRPEpsilonGammaBox {
  /// `LRPEpsilonGammaBox` with its defaults.
  public static var lrpEpsilonGammaBox: LRPEpsilonGammaBox { LRPEpsilonGammaBox() }
}

extension AttributionMethod where Self == RelativeAttributingPropagation {
  /// `RelativeAttributingPropagation` with its defaults.
  public static var rap: RelativeAttributingPropagation { RelativeAttributingPropagation() }
}

extension AttributionMethod where Self == Occlusion {
  /// `Occlusion` with its defaults.
  public static var occlusion: Occlusion { Occlusion() }
}

extension AttributionMethod where Self == LIME {
  /// `LIME` with its defaults.
  public static var lime: LIME { LIME() }
}

extension AttributionMethod where Self == KernelSHAP {
  /// `KernelSHAP` with its defaults.
  public static var kernelSHAP: KernelSHAP { KernelSHAP() }
}

extension AttributionMethod where Self == ShapleyValues {
  /// `ShapleyValues` with its defaults.
  public static var shapleyValues: ShapleyValues { ShapleyValues() }
}

extension AttributionMethod where Self == RISE {
  /// `RISE` with its defaults.
  public static var rise: RISE { RISE() }
}

extension AttributionMethod where Self == DASP {
  /// `DASP` with its defaults.
  public static var dasp: DASP { DASP() }
}

extension AttributionMethod where Self == LRPAlphaBeta {
  /// Relevance by the alpha-beta rule.
  /// - Parameter alpha: The weight of what speaks for the class; 1 less counts against it.
  /// - Returns: The method.
  public static func lrpAlphaBeta(_ alpha: Double = 2) -> LRPAlphaBeta {
    LRPAlphaBeta(alpha: alpha)
  }
}
