import ArgumentParser
package import XAITraining

extension RecipeOptions {
  /// Epochs, sizes and the epochs of full validation, which must fit each other.
  /// - Parameters:
  ///   - configuration: What is changed.
  ///   - resumes: Whether it is that of a training that was begun.
  package func applyEpochs(to configuration: inout TrainingConfiguration, resumes: Bool) {
    let given = sizes?.reduce(0) { $0 + $1.epochs }
    if let epochs = epochs ?? given {
      // A recipe keeps its shape in another number of epochs; what was begun keeps what it began with.
      if resumes { configuration.epochs = epochs } else { configuration.stretch(to: epochs) }
    }
    if let sizes { configuration.sizes = sizes }
    switch (validationStride, fullValidations) {
    case (1?, _): configuration.partialValidation = nil
    case (nil, nil): break
    case (let stride, let full):
      let current = configuration.partialValidation
      configuration.partialValidation = PartialValidation(
        stride: stride ?? current?.stride ?? 10, fullEpochs: full ?? current?.fullEpochs ?? 1)
    }
  }

  /// Reads `32:8,64:4`.
  @Sendable static func sizes(_ text: String) throws -> [ImageSizePhase] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      let words = part.split(separator: ":", omittingEmptySubsequences: false)
      guard words.count == 2, let size = Int(words[0]), let epochs = Int(words[1]), size > 0,
        1...(1 << 40) ~= epochs
      else {
        throw ValidationError(
          "\"\(part)\" is no SIZE:EPOCHS with whole numbers above 0, as in 32:8,48:4,64:3")
      }
      return ImageSizePhase(size: size, epochs: epochs)
    }
  }
}
