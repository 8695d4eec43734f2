import XAIClassifiers
import XAIExperiments
import XAINetworks
package import XAITensor

extension Remark {
  /// The remark in the words of a command line, which names options.
  package var commandSentence: String {
    switch self {
    case let remark as CheckpointRemark: remark.sentence
    case let remark as ExperimentRemark: remark.sentence
    default: description
    }
  }
}

extension CheckpointRemark {
  fileprivate var sentence: String {
    switch self {
    case .reading(.otherWeights(_, areAveraged: true), _):
      description + "; --weights ema reads them"
    case .reading(.replaced(let what), let path):
      "\(path): its own \(what) give way to those of the command line"
    case .reading: description
    case .missingNormalization: description + "; --preprocessing says it"
    case .assumedOrder: description + "; --class-names FILE or --class-names sorted says it"
    case .replacedClasses(let path):
      "\(path): its own class names give way to those of the command line"
    }
  }
}

extension ExperimentRemark {
  fileprivate var sentence: String {
    switch self {
    case .leftOut(let method, let failure): "\(method) is left out: \(failure.commandSentence)"
    case .withoutBaselines(let method): "\(method) is left out: it needs --baseline-tensor"
    case .long(let methods) where methods.count == 1: description + "; name it with --method"
    case .long(let methods):
      "left out because they take long, name them with --method: "
        + methods.joined(separator: ", ")
    case .contrast(let note): note.sentence(cause: "--relevance-seed logit")
    case .repeated: description
    }
  }
}
