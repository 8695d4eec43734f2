import XAIKernels

/// Named composites of relevance propagation, as zennit 0.5 has them: for networks whose batch norm is merged.
extension Composite {
  /// What they all do beside linear nodes: rectifiers and batch norm pass relevance on, average pooling hands it
  /// to what it averaged; max pooling is left to the gradient, which hands it to the winner.
  private static func besideLinear(_ stabilizer: Float) -> Composite {
    Composite([
      Assignment(PassingRelevance(), for: .activation),
      Assignment(EpsilonRelevance(epsilon: stabilizer), for: .averagePooling),
      Assignment(PassingRelevance(), for: .batchNorm),
    ])
  }

  /// The gamma rule in every linear node.
  /// - Parameters:
  ///   - gamma: How much contributions of the output's own sign are favored.
  ///   - stabilizer: Keeps denominators from zero.
  /// - Returns: The composite.
  public static func gamma(_ gamma: Float = 0.25, stabilizer: Float = 1e-6) -> Composite {
    besideLinear(stabilizer)
      .with(GammaRelevance(gamma: gamma, division: .stabilised(stabilizer)), for: .linear)
  }

  /// The flat rule in every linear node.
  /// - Parameter stabilizer: Keeps denominators from zero.
  /// - Returns: The composite.
  public static func flat(stabilizer: Float = 1e-6) -> Composite {
    besideLinear(stabilizer)
      .with(WeightRelevance(.ones, division: .stabilised(stabilizer)), for: .linear)
  }

  /// The w-square rule in every linear node.
  /// - Parameters:
  ///   - includesBias: Whether squared biases keep their share, as in zennit.
  ///   - stabilizer: Keeps denominators from zero.
  /// - Returns: The composite.
  public static func wSquare(
    includesBias: Bool = false, stabilizer: Float = 1e-6
  ) -> Composite {
    let rule = WeightRelevance(
      .squared, includesBias: includesBias, division: .stabilised(stabilizer))
    return besideLinear(stabilizer).with(rule, for: .linear)
  }

  /// EpsilonPlus: supporting contributions alone in convolutions, the epsilon rule in dense nodes.
  /// - Parameters:
  ///   - epsilon: Of the epsilon rule.
  ///   - stabilizer: Keeps the denominators of all other rules from zero.
  /// - Returns: The composite.
  public static func epsilonPlus(epsilon: Float = 1e-6, stabilizer: Float = 1e-6) -> Composite {
    epsilonAlphaBeta(alpha: 1, epsilon: epsilon, stabilizer: stabilizer)
  }

  /// EpsilonPlusFlat: as EpsilonPlus, but the flat rule in the first linear node.
  /// - Parameters:
  ///   - epsilon: Of the epsilon rule.
  ///   - stabilizer: Keeps the denominators of all other rules from zero.
  /// - Returns: The composite.
  public static func epsilonPlusFlat(
    epsilon: Float = 1e-6, stabilizer: Float = 1e-6
  ) -> Composite {
    epsilonAlphaBeta(alpha: 1, isFirstFlat: true, epsilon: epsilon, stabilizer: stabilizer)
  }

  /// EpsilonAlpha2Beta1: the alpha-beta rule with alpha = 2 in convolutions, the epsilon rule in dense nodes.
  /// - Parameters:
  ///   - epsilon: Of the epsilon rule.
  ///   - stabilizer: Keeps the denominators of all other rules from zero.
  /// - Returns: The composite.
  public static func epsilonAlpha2Beta1(
    epsilon: Float = 1e-6, stabilizer: Float = 1e-6
  ) -> Composite {
    epsilonAlphaBeta(alpha: 2, epsilon: epsilon, stabilizer: stabilizer)
  }

  /// EpsilonAlpha2Beta1Flat: as EpsilonAlpha2Beta1, but the flat rule in the first linear node.
  /// - Parameters:
  ///   - epsilon: Of the epsilon rule.
  ///   - stabilizer: Keeps the denominators of all other rules from zero.
  /// - Returns: The composite.
  public static func epsilonAlpha2Beta1Flat(
    epsilon: Float = 1e-6, stabilizer: Float = 1e-6
  ) -> Composite {
    epsilonAlphaBeta(alpha: 2, isFirstFlat: true, epsilon: epsilon, stabilizer: stabilizer)
  }

  /// The alpha-beta rule in convolutions, the epsilon rule in dense nodes.
  /// - Parameters:
  ///   - alpha: The share of supporting contributions, at least 1.
  ///   - isFirstFlat: Whether the first linear node has the flat rule.
  ///   - epsilon: Of the epsilon rule.
  ///   - stabilizer: Keeps the denominators of all other rules from zero.
  /// - Returns: The composite.
  public static func epsilonAlphaBeta(
    alpha: Float, isFirstFlat: Bool = false, epsilon: Float = 1e-6, stabilizer: Float = 1e-6
  ) -> Composite {
    let division = Division.stabilised(stabilizer)
    let first = Composite().with(WeightRelevance(.ones, division: division), for: .firstLinear)
    let convolutions = AlphaBetaRelevance(
      alpha: alpha, denominators: .joint, includesBias: true, division: division)
    return (isFirstFlat ? first : Composite())
      .with(besideLinear(stabilizer))
      .with(convolutions, for: .convolution)
      .with(EpsilonRelevance(epsilon: epsilon), for: .dense)
  }

  /// EpsilonGammaBox: the box rule in the first convolution, the gamma rule in the others, the epsilon rule in
  /// dense nodes.
  /// - Parameters:
  ///   - bounds: What pixels can be; the smallest and the largest value of each image where it is `nil`.
  ///   - gamma: How much contributions of the output's own sign are favored.
  ///   - epsilon: Of the epsilon rule.
  ///   - stabilizer: Keeps the denominators of all other rules from zero.
  /// - Returns: The composite.
  public static func epsilonGammaBox(
    _ bounds: PixelBounds?, gamma: Float = 0.25, epsilon: Float = 1e-6, stabilizer: Float = 1e-6
  ) -> Composite {
    let division = Division.stabilised(stabilizer)
    return Composite()
      .with(BoundedInputRelevance(bounds, division: division), for: .firstConvolution)
      .with(besideLinear(stabilizer))
      .with(GammaRelevance(gamma: gamma, division: division), for: .convolution)
      .with(EpsilonRelevance(epsilon: epsilon), for: .dense)
  }
}
