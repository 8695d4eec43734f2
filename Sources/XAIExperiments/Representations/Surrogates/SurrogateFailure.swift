public import XAITensor

extension SurrogateExperiment {
  /// A model that cannot be fitted.
  public struct Failed: Failure, Equatable {
    /// What is wrong.
    public enum Code: Sendable, Equatable {
      /// A regression explains the logit of one class.
      case linearNeedsTarget
      /// A column that others determine.
      case dependent(String)
      /// All training images have one answer.
      case oneAnswer(String)
      /// A word is no unit, and no folder of a dissection.
      case noUnits(String)
      /// A dissection of another network.
      case otherNetwork(String)
    }

    /// What is wrong.
    public let code: Code

    /// Describes what is wrong.
    /// - Parameter code: What is wrong.
    public init(_ code: Code) { self.code = code }

    /// Something impossible was asked for, or files do not belong together.
    public var kind: FailureKind {
      if case .otherNetwork = code { .badData } else { .usage }
    }

    /// One sentence: what is wrong, and what to do.
    public var description: String {
      switch code {
      case .linearNeedsTarget:
        "a regression explains the logit of one class; name it, or leave the regression out"
      case .dependent(let name):
        oneLine("the feature \(name) follows from others; leave it out")
      case .oneAnswer(let answer):
        oneLine("the network says \(answer) of all training images: there is nothing to explain")
      case .noUnits(let word):
        oneLine(
          "\(quoted(word)) is no unit such as conv7_relu:37, and no folder with the results of a dissection"
        )
      case .otherNetwork(let path):
        oneLine("\(path): units of another network were dissected; dissect this one")
      }
    }
  }
}
