import XAIExperiments

extension ExperimentFailure {
  /// The failure in the words of a command line.
  var commandSentence: String {
    switch code {
    case .memoryTooLittle(let limit, let fixed, let least):
      "--memory \(Format.bytes(limit)) is too little: the weights and the program take "
        + "\(Format.bytes(fixed)); give at least \(Format.bytes(least))"
    case .noMethodLeft: "no method is left; choose others with --method"
    }
  }
}
