import XAIExamples
import XAIFiles
import XAINetworks

extension Checkpoint {
  /// The weight of |W|^2 / 2 where its last layer is fitted again: the weight decay of its run, and enough to keep the
  /// Hessian definite.
  var headPenalty: Double { max(HeadProblem.defaultPenalty, weightDecay ?? 0) }

  /// The weight decay of the run that made it; nil where its file does not say.
  private var weightDecay: Double? {
    guard let text = metadata["configuration"],
      let run = try? JSONText.decode(
        RunRecord.self, from: text, name: "the configuration of the run")
    else { return nil }
    return run.descent.weightDecay
  }

  private struct RunRecord: Decodable {
    struct Descent: Decodable { var weightDecay: Double }
    var descent: Descent
  }
}
