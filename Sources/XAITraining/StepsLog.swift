import XAIFiles
import XAITensor

/// What a training did in some steps: a row of `steps.csv`.
public struct StepMetrics: Codable, Sendable, Equatable {
  /// Steps in all, this row's last one included.
  public var step: Int
  /// Where that is: 1.5 is the middle of the second epoch.
  public var epoch: Double
  /// The learning rate of the last step.
  public var learningRate: Double
  /// The mean loss over the row's images, as trained: with dropout, augmentation and label smoothing.
  public var loss: Double
  /// The share of the row's images whose label had the largest logit.
  public var top1: Double

  /// Groups a row.
  /// - Parameters:
  ///   - step: Steps in all.
  ///   - epoch: Where that is.
  ///   - learningRate: The learning rate of the last step.
  ///   - loss: The mean loss over the row's images.
  ///   - top1: The share of its images whose label had the largest logit.
  package init(step: Int, epoch: Double, learningRate: Double, loss: Double, top1: Double) {
    (self.step, self.epoch, self.learningRate) = (step, epoch, learningRate)
    (self.loss, self.top1) = (loss, top1)
  }
}

/// The numbers of a training step by step, some steps to a row.
///
/// Part of the saved state, so that a resumed training writes what one that was not stopped does.
public struct StepsLog: Codable, Sendable, Equatable {
  /// Steps in a row.
  public static let interval = 50

  /// The finished rows.
  public private(set) var rows: [StepMetrics] = []
  private var lossSum = 0.0
  private var correct = 0
  private var images = 0

  /// No step yet.
  public init() {}

  /// Takes note of a step.
  /// - Parameters:
  ///   - loss: The mean loss over its images.
  ///   - correct: Images whose label had the largest logit.
  ///   - images: Its images.
  ///   - step: Steps in all, this one included.
  ///   - epoch: Where that is.
  ///   - learningRate: Its learning rate.
  /// - Returns: The row that it completes; nil where it completes none.
  mutating func add(
    loss: Double, correct: Int, images: Int, step: Int, epoch: Double, learningRate: Double
  ) -> StepMetrics? {
    lossSum += loss * Double(images)
    self.correct += correct
    self.images += images
    guard step.isMultiple(of: Self.interval) else { return nil }
    let row = StepMetrics(
      step: step, epoch: epoch, learningRate: learningRate, loss: lossSum / Double(self.images),
      top1: Double(self.correct) / Double(self.images))
    rows.append(row)
    (lossSum, self.correct, self.images) = (0, 0, 0)
    return row
  }

  /// Whether a training can have written this.
  func isPossible(atStep step: Int) -> Bool {
    let numbers = rows.flatMap { [$0.epoch, $0.learningRate, $0.loss, $0.top1] } + [lossSum]
    return numbers.allSatisfy(\.isFinite) && 0...(1 << 53) ~= images && 0...images ~= correct
      && rows.allSatisfy { 0...step ~= $0.step }
      && zip(rows, rows.dropFirst()).allSatisfy { $0.step < $1.step }
  }

  /// The text of `steps.csv`.
  public var text: String {
    let lines = rows.map { row in
      "\(row.step),\(row.epoch),\(row.learningRate),\(row.loss),\(row.top1)"
    }
    return (["step,epoch,learning_rate,train_loss,train_top1"] + lines).joined(separator: "\n")
      + "\n"
  }

  /// Writes `steps.csv`, replacing an older one as a whole.
  /// - Parameter path: The file.
  /// - Throws: `TrainingFailure` where it cannot be written.
  func write(to path: String) throws(TrainingFailure) {
    do { try AtomicFile.write(text, to: path, durability: .later) } catch {
      throw TrainingFailure(error)
    }
  }
}
