import XAIClassifiers
import XAIEvaluation
import XAITensor

/// An image that maps are judged on.
struct EvaluationSubject {
  /// Its name.
  let name: String
  /// Where it is from.
  let source: String
  /// Names its random streams.
  let key: Int
  /// The index of its true class, where that is known.
  let label: Int?
  /// What the network says about it.
  let prediction: Prediction
  /// The class whose maps faithfulness and robustness are about.
  let target: Int
  /// Where the object of its true class is.
  let truth: ObjectTruth?

  /// The key in hexadecimal.
  var keyText: String { String(UInt64(bitPattern: Int64(key)), radix: 16) }

  /// The likeliest class but the target: what log-odds masking compares with.
  var rival: Int? { prediction.likeliest(2).first { $0 != target } }

  /// The class whose maps localization is about; nil where it is not known where the object is.
  var localized: Int? { truth == nil ? nil : label }
}
