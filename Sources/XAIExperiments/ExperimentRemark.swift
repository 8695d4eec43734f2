public import XAITensor

/// What a person should know about an experiment.
public enum ExperimentRemark: Remark {
  /// A method is left out, as it cannot explain this.
  case leftOut(method: String, because: any Failure)
  /// A method is left out, as it compares with baselines that were not given.
  case withoutBaselines(method: String)
  /// Methods are left out because they take long, and nobody asked for them by name.
  case long(methods: [String])
  /// Something about a comparison.
  case contrast(ContrastNote)
  /// An image is tested once although it was given twice.
  case repeated(image: String, source: String, first: String)

  /// Whether it is a warning.
  public var isWarning: Bool {
    if case .long = self { false } else { true }
  }

  /// One sentence.
  public var description: String {
    switch self {
    case .leftOut(let method, let failure): "\(method) is left out: \(failure.description)"
    case .withoutBaselines(let method): "\(method) is left out: it needs baselines"
    case .long(let methods) where methods.count == 1:
      "\(methods[0]) is left out because it takes long"
    case .long(let methods):
      "left out because they take long: \(methods.joined(separator: ", "))"
    case .contrast(let note): note.description
    case .repeated(let image, let source, let first):
      "\(image) (\(source)) is the same picture as \(first), so it is tested once"
    }
  }
}
