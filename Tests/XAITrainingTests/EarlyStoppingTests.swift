import XAIFiles
import Testing
import XAITraining

@Suite struct EarlyStoppingTests {
  /// What each epoch was said to be, and whether training was over then.
  private func observe(
    _ losses: [Double], _ stopping: inout EarlyStopping
  ) -> (best: [Bool], over: [Bool]) {
    var (best, over): ([Bool], [Bool]) = ([], [])
    for (index, loss) in losses.enumerated() {
      best.append(stopping.observe(validationLoss: loss, epoch: index + 1))
      over.append(stopping.isOver)
    }
    return (best, over)
  }

  @Test func `it stops after as many epochs without improvement as patience says`() {
    var stopping = EarlyStopping(patience: 2)
    let (best, over) = observe([3.0, 2, 2.5, 1.5, 1.5, 1.6], &stopping)
    #expect(best == [true, true, false, true, false, false])
    #expect(over == [false, false, false, false, false, true])
    #expect(stopping.bestLoss == 1.5)
    #expect(stopping.bestEpoch == 4)
    #expect(stopping.epochsWithoutImprovement == 2)
  }

  @Test func `an improvement that counts for patience must exceed the minimum`() {
    var stopping = EarlyStopping(patience: 3, minimumImprovement: 0.5)
    _ = observe([3.0, 2.5], &stopping)
    #expect(stopping.epochsWithoutImprovement == 1 && stopping.countedLoss == 3)
    stopping.observe(validationLoss: 2.49, epoch: 3)
    #expect(stopping.epochsWithoutImprovement == 0 && stopping.countedLoss == 2.49)
    stopping.observe(validationLoss: 2.0, epoch: 4)
    #expect(stopping.epochsWithoutImprovement == 1 && stopping.countedLoss == 2.49)
  }

  @Test func `the best epoch has the lowest loss, be it lower by ever so little`() {
    var stopping = EarlyStopping(patience: 3, minimumImprovement: 0.5)
    let (best, over) = observe([3.0, 2.9, 2.95, 2.8], &stopping)
    #expect(best == [true, true, false, true])
    // The last epoch is both the best and the end of patience.
    #expect(over == [false, false, false, true])
    #expect(stopping.bestEpoch == 4 && stopping.bestLoss == 2.8)
  }

  @Test func `NaN and infinity are never better`() {
    var stopping = EarlyStopping(patience: 2)
    let (best, over) = observe([.nan, 5, -.infinity, .nan], &stopping)
    #expect(best == [false, true, false, false])
    #expect(over == [false, false, false, true])
    #expect(stopping.bestEpoch == 2 && stopping.bestLoss == 5)
  }

  @Test func `a stored state stops where the uninterrupted one does`() throws {
    var whole = EarlyStopping(patience: 3, minimumImprovement: 0.1)
    var resumed = whole
    for (epoch, loss) in [2.0, 1.95, 1.0, 1.2, 1.1, 0.95].enumerated() {
      let text = try JSONText.encode(resumed)
      resumed = try JSONText.decode(EarlyStopping.self, from: text, name: "state")
      #expect(resumed == whole)
      #expect(
        resumed.observe(validationLoss: loss, epoch: epoch)
          == whole.observe(validationLoss: loss, epoch: epoch))
    }
    #expect(whole.epochsWithoutImprovement == 3 && whole.bestLoss == 0.95)
  }

  @Test func `a state that does not tell the counted loss from the lowest goes on from its best`()
    throws
  {
    let text = """
      {"patience": 3, "minimumImprovement": 0.5, "bestLoss": 2, "bestEpoch": 4,
       "epochsWithoutImprovement": 1}
      """
    var stopping = try JSONText.decode(EarlyStopping.self, from: text, name: "state")
    // Lower, but not by enough: the best epoch, and no new patience.
    let isBest = stopping.observe(validationLoss: 1.9, epoch: 6)
    #expect(isBest)
    #expect(stopping.bestEpoch == 6 && stopping.epochsWithoutImprovement == 2)
    // Counted from 2, not from 1.9.
    stopping.observe(validationLoss: 1.45, epoch: 7)
    #expect(stopping.bestEpoch == 7)
    #expect(stopping.epochsWithoutImprovement == 0)
  }

  @Test(arguments: [0, 0.1, 0.5, 2]) func `a changed rule counts as if it had held from the start`(
    minimumImprovement: Double
  ) {
    let losses = [3.0, 2.9, 2.5, 2.6, 2.45, 2.44, 2.43]
    var changed = EarlyStopping(patience: 3, minimumImprovement: 0.3)
    _ = observe(losses, &changed)
    changed.change(patience: 9, minimumImprovement: minimumImprovement, losses: losses)
    var fromStart = EarlyStopping(patience: 9, minimumImprovement: minimumImprovement)
    _ = observe(losses, &fromStart)
    #expect(changed == fromStart)
    #expect(!changed.isOver)
  }
}
