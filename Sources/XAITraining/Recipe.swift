import XAIDatasets
public import XAINetworks

/// A named set of hyper-parameters.
public enum Recipe: String, Codable, Sendable, CaseIterable {
  /// The thesis's: SGD 0.01, x0.2 every 2 epochs, L2 0.005 on all parameters, no augmentation.
  case thesis
  /// The thesis's, read otherwise: x0.2 where the validation loss has not improved for 2 epochs.
  case thesisPlateau = "thesis-plateau"
  /// Ours for a few hours: images that grow, one cycle of the rate.
  case fast
  /// Ours for accuracy, where time is no object.
  case strong

  /// The configuration of the recipe.
  /// - Parameters:
  ///   - data: The data set's name.
  ///   - architecture: The network.
  /// - Returns: All values, to be changed one by one.
  public func configuration(
    data: String, architecture: Architecture
  ) -> TrainingConfiguration {
    var configuration = TrainingConfiguration(
      recipe: self, data: data, architecture: architecture, epochs: 35, batchSize: 64,
      learningRate: 0.01, schedule: .step(factor: 0.2, every: 2), descent: .init(),
      labelSmoothing: 0, augmentation: .none, preprocessing: .meanImage, patience: 10,
      minimumImprovement: 0, validationFraction: 0.2, randomLabels: nil, averaging: 0, seed: 0)
    switch self {
    case .thesis: break
    case .thesisPlateau: configuration.schedule = .plateau(factor: 0.2, patience: 2)
    case .strong:
      forAccuracy(&configuration)
      configuration.learningRate = 0.03
      configuration.schedule = .cosine(warmupEpochs: 1)
      configuration.epochs = 30
    case .fast:
      forAccuracy(&configuration)
      configuration.epochs = 15
      configuration.learningRate = 0.02
      configuration.schedule = .oneCycle(riseEpochs: 4)
      configuration.partialValidation = PartialValidation(stride: 10, fullEpochs: 2)
    }
    configuration.architecture = self.architecture(architecture)
    configuration.sizes = sizes(of: configuration)
    return configuration
  }

  /// A network as the recipe trains it.
  /// - Parameter architecture: The network.
  /// - Returns: The same with the recipe's dropout.
  public func architecture(_ architecture: Architecture) -> Architecture {
    guard self == .strong || self == .fast else { return architecture }
    var adapted = architecture
    adapted.dropout.convolution = 0
    return adapted
  }

  /// The sizes of the training images in a training's epochs.
  /// - Parameter configuration: The training, whose own sizes do not matter.
  /// - Returns: Sizes that its network can take, or nil for its own throughout.
  public func sizes(of configuration: TrainingConfiguration) -> [ImageSizePhase]? {
    guard self == .fast else { return nil }
    // Half the size costs a quarter.
    let rows = configuration.architecture.input[1]
    var fitting = configuration
    var sizes = [(rows / 2, 8), (3 * rows / 4, 4), (rows, 3)].map(ImageSizePhase.init)
      .stretched(to: configuration.epochs)
    while sizes.count > 1 {
      fitting.sizes = sizes
      if (try? fitting.validateSizes()) != nil { return sizes }
      let removed = sizes.removeFirst()
      sizes[0].epochs += removed.epochs
    }
    return nil
  }

  /// What accuracy wants where nothing is to be reproduced.
  private func forAccuracy(_ configuration: inout TrainingConfiguration) {
    configuration.descent.nesterov = true
    configuration.descent.weightDecay = 5e-4
    configuration.descent.decaysBatchNorm = false
    configuration.labelSmoothing = 0.1
    configuration.augmentation = .flipCrop
  }
}
