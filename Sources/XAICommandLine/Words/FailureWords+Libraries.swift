import XAIAttribution
import XAIClassifiers
import XAIDatasets
import XAIFiles
import XAIKernels
import XAINetworks
import XAITensor

// What a library's failure does not say, as only a command line knows it.

extension AttributionFailure {
  var words: String {
    switch code {
    case .unknownMethod: description + "; xai-explain methods lists all"
    case .parameterOfNone: description + "; xai-explain methods --json lists parameters"
    case .described, .noMethod: description
    }
  }
}

extension DatasetFailure {
  var words: String {
    switch code {
    case .cache: description + " (--cache FILE, --cache none)"
    case .exportNotEmpty: description + " with --overwrite"
    case .sampleCount, .noSample: "--samples " + description
    case .unknownSample: "--samples: " + description
    case .described, .unreadable: cause?.commandSentence ?? description
    }
  }
}

extension FileFailure {
  var words: String {
    switch code {
    case .notEmpty: description + " with --overwrite"
    case .holdsOther:
      "'\(context.path ?? "")' holds more than this command writes, so --overwrite does not replace it; move "
        + "it away or choose another folder"
    default: description
    }
  }
}

extension KernelFailure {
  var words: String {
    switch code {
    case .threads(let count, let reason):
      "the system has no \(count) threads for this program: \(reason); ask for fewer (--threads), or raise "
        + "the limits of processes and memory (ulimit -u, ulimit -v)"
    case .described: description
    }
  }
}

extension ClassifierFailure {
  var words: String { cause?.commandSentence ?? description }
}

extension NetworkFailure {
  var words: String {
    switch code {
    case .noArchitecture: description + " with --architecture"
    case .leftovers: description + " with --ignore-tensors PREFIX"
    case .halfNormalization: description + " with --preprocessing"
    case .normalizationRange: description + " with --preprocessing FILE.json and \"range\": 255"
    case .described: cause?.commandSentence ?? description
    case .mismatch: description
    }
  }
}
