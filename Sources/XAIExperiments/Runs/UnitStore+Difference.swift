extension UnitStore {
  /// What is another in two tests whose units cannot share a folder.
  public struct Difference: Sendable, Equatable {
    /// What it is.
    public enum Subject: Sendable, Equatable {
      /// The version of the toolkit.
      case version
      /// The network; the values are the beginnings of digests.
      case checkpoint
      /// Where random weights come from.
      case initializer
      /// What happens to the batch norm of a random layer.
      case batchNorm
      /// Which class is explained.
      case target
      /// The random seed.
      case seed
      /// The images that batch norm is recalibrated on, whose values are not told.
      case calibration
      /// Another value that decides the work, by its name.
      case setting(String)
    }

    /// What it is.
    public let subject: Subject
    /// Its value in the folder.
    public let known: String
    /// Its value in the test that was to be stored there.
    public let wanted: String

    /// A clause with both values.
    package var sentence: String {
      let name =
        switch subject {
        case .batchNorm: "batch norm"
        case .calibration: "other images recalibrate batch norm"
        case .setting(let name): name
        default: "\(subject)"
        }
      return subject == .calibration ? name : "\(name) \(known) there, \(name) \(wanted) here"
    }
  }
}
