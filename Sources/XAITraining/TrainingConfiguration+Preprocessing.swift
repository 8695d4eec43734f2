import XAIClassifiers
public import XAIDatasets
import XAINetworks

extension TrainingConfiguration {
  /// How pictures reach the network where that is given; nil where it is measured on the data.
  /// - Returns: The preprocessing.
  /// - Throws: `ClassifierFailure` where the settings are for a network of another size.
  public func givenPreprocessing() throws -> Preprocessing? {
    try preprocessingSettings.map { json in
      let source = "preprocessing_settings"
      return try PreprocessingSettings(json: json, source: source).preprocessing(
        height: architecture.input[1], width: architecture.input[2], source: source)
    }
  }
}
