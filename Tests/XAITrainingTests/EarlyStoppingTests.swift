import XAIFiles
import Testing
import XAITraining

@Suite struct EarlyStoppingTests {
  @Test func `it stops after as many epochs without improvement as patience says`() {
    var stopping = EarlyStopping(patience: 2)
    let verdicts = [3.0, 2, 2.5, 1.5, 1.5, 1.6].enumerated().map {
      stopping.observe(validationLoss: $1, epoch: $0 + 1)
    }
    #expect(verdicts == [.improved, .improved, .keepGoing, .improved, .keepGoing, .stop])
    #expect(stopping.bestLoss == 1.5)
    #expect(stopping.bestEpoch == 4)
    #expect(stopping.epochsWithoutImprovement == 2)
  }

  @Test func `an improvement must exceed the minimum`() {
    var stopping = EarlyStopping(patience: 3, minimumImprovement: 0.5)
    let verdicts = [3.0, 2.5, 2.49, 2.0].enumerated().map {
      stopping.observe(validationLoss: $1, epoch: $0)
    }
    #expect(verdicts == [.improved, .keepGoing, .improved, .keepGoing])
    #expect(stopping.bestLoss == 2.49)
  }

  @Test func `NaN and infinity are never better`() {
    var stopping = EarlyStopping(patience: 2)
    #expect(stopping.observe(validationLoss: .nan, epoch: 1) == .keepGoing)
    #expect(stopping.bestLoss == nil)
    #expect(stopping.observe(validationLoss: 5, epoch: 2) == .improved)
    #expect(stopping.observe(validationLoss: -.infinity, epoch: 3) == .keepGoing)
    #expect(stopping.observe(validationLoss: .nan, epoch: 4) == .stop)
    #expect(stopping.bestEpoch == 2)
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
    #expect(whole.epochsWithoutImprovement == 3)
  }
}
