import Foundation
import Testing
import XAIFiles
import XAITensor
import XAITraining

private let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "Fixtures").path()

@Suite struct ScheduleTests {
  private let reference: SafetensorsFile

  init() throws { reference = try SafetensorsFile(path: "\(fixtures)/schedules.safetensors") }

  private func expectEqual(_ rates: [Double], _ name: String) throws {
    let expected = try reference.doubles(name)
    #expect(rates.count == expected.count)
    for (epoch, (rate, expected)) in zip(rates, expected).enumerated() {
      #expect(abs(rate - expected) <= 1e-12 * expected, "\(name), epoch \(epoch)")
    }
  }

  @Test func `step decay agrees with torch`() throws {
    let schedule = Schedule.step(factor: 0.2, every: 2)
    try expectEqual(
      (0..<12).map { schedule.rate(base: 0.01, epoch: $0, totalEpochs: 12, state: .init()) },
      "stepDecay.rates")
  }

  @Test(arguments: [
    ("short", 0.05, 0.95, 0.85, 1, 4, 5), ("long", 0.1, 0.9, 0.8, 3, 10, 7),
    ("one", 0.3, 0.95, 0.85, 2, 3, 1),
  ])
  func `one cycle of rate and momentum agrees with torch at every step`(
    name: String, base: Double, momentum: Double, lowest: Double, rise: Int, epochs: Int, steps: Int
  ) throws {
    let cycle = try SafetensorsFile(path: "\(fixtures)/one-cycle.safetensors")
    let schedule = Schedule.oneCycle(riseEpochs: rise, lowestMomentum: lowest)
    let (rates, momenta) = (
      try cycle.doubles("\(name).rates"), try cycle.doubles("\(name).momenta")
    )
    #expect(rates.count == epochs * steps)
    for step in rates.indices {
      let rate = schedule.rate(
        base: base, step: step, stepsPerEpoch: steps, totalEpochs: epochs, state: .init())
      #expect(abs(rate - rates[step]) <= 1e-12 * base, "rate of step \(step)")
      let found = schedule.momentum(
        base: momentum, step: step, stepsPerEpoch: steps, totalEpochs: epochs)
      #expect(abs(found - momenta[step]) <= 1e-12, "momentum of step \(step)")
    }
    #expect(rates.max() == base && momenta.min().map { abs($0 - lowest) < 1e-12 } == true)
  }

  @Test func `momentum changes in one cycle alone`() {
    for schedule in [Schedule.constant, .step(), .plateau(), .cosine()] {
      #expect(
        schedule.momentum(base: 0.7, step: 3, stepsPerEpoch: 2, totalEpochs: 4) == 0.7)
    }
  }

  @Test func `a cycle that cannot be is refused`() {
    for (rise, lowest) in [(0, 0.85), (4, 0.85), (1, 1), (1, -0.1), (1, .nan)] {
      #expect(throws: TrainingFailure.self) {
        try Schedule.oneCycle(riseEpochs: rise, lowestMomentum: lowest).validate(totalEpochs: 4)
      }
    }
    #expect(throws: Never.self) { try Schedule.oneCycle(riseEpochs: 3).validate(totalEpochs: 4) }
  }

  @Test func `plateau agrees with torch before and after each epoch`() throws {
    let schedule = Schedule.plateau(factor: 0.2, patience: 2, threshold: 1e-4)
    var state = Schedule.State()
    var (before, after): ([Double], [Double]) = ([], [])
    for (epoch, loss) in try reference.doubles("plateau.losses").enumerated() {
      before.append(schedule.rate(base: 0.01, epoch: epoch, totalEpochs: 24, state: state))
      schedule.finishEpoch(validationLoss: loss, state: &state)
      after.append(schedule.rate(base: 0.01, epoch: epoch, totalEpochs: 24, state: state))
    }
    try expectEqual(before, "plateau.rates")
    try expectEqual(after, "plateau.after")
  }

  @Test func `plateau goes on exactly from a stored state`() throws {
    let schedule = Schedule.plateau()
    let losses = try reference.doubles("plateau.losses")
    var whole = Schedule.State()
    var resumed = Schedule.State()
    for loss in losses {
      schedule.finishEpoch(validationLoss: loss, state: &whole)
      let text = try JSONText.encode(resumed)
      resumed = try JSONText.decode(Schedule.State.self, from: text, name: "state")
      schedule.finishEpoch(validationLoss: loss, state: &resumed)
      #expect(resumed == whole)
    }
    #expect(whole.reductions == 3)
  }

  @Test func `NaN is no improvement on a plateau`() {
    let schedule = Schedule.plateau(factor: 0.5, patience: 1, threshold: 0)
    var state = Schedule.State()
    for loss in [Double.nan, .nan] { schedule.finishEpoch(validationLoss: loss, state: &state) }
    #expect(schedule.rate(base: 1, epoch: 2, totalEpochs: 9, state: state) == 0.5)
    #expect(state.bestLoss == nil)
  }

  @Test func `cosine with warm-up agrees with its formula`() throws {
    let schedule = Schedule.cosine(warmupEpochs: 3)
    try expectEqual(
      (0..<12).map { schedule.rate(base: 0.01, epoch: $0, totalEpochs: 12, state: .init()) },
      "cosineWarmup.rates")
  }

  @Test func `cosine changes with every step`() {
    let schedule = Schedule.cosine(warmupEpochs: 1)
    let rates = (0...16).map {
      schedule.rate(base: 1, step: $0, stepsPerEpoch: 4, totalEpochs: 4, state: .init())
    }
    #expect(Array(rates[0...4]) == [0.25, 0.5, 0.75, 1, 1])
    #expect(abs(rates[10] - 0.5) < 1e-15, "half way down after half of the 12 steps")
    for (rate, next) in zip(rates[4...], rates[5...]) { #expect(next < rate) }
    #expect(rates[16] == 0)
    #expect(schedule.rate(base: 1, step: 99, stepsPerEpoch: 4, totalEpochs: 4, state: .init()) == 0)
  }

  @Test func `step decay holds for all steps of its epochs`() {
    let schedule = Schedule.step(factor: 0.1, every: 2)
    let rates = (0..<9).map {
      schedule.rate(base: 1, step: $0, stepsPerEpoch: 3, totalEpochs: 3, state: .init())
    }
    #expect(rates == [1, 1, 1, 1, 1, 1, 0.1, 0.1, 0.1])
  }

  @Test func `a constant rate stays`() {
    #expect(Schedule.constant.rate(base: 0.3, epoch: 7, totalEpochs: 8, state: .init()) == 0.3)
  }

  @Test(arguments: [
    Schedule.constant, .step(), .plateau(factor: 0.5, patience: 4, threshold: 0),
    .cosine(warmupEpochs: 5),
  ])
  func `a schedule survives a configuration file`(schedule: Schedule) throws {
    let text = try JSONText.encode(schedule)
    #expect(try JSONText.decode(Schedule.self, from: text, name: "config.json") == schedule)
  }

  @Test(arguments: [
    (Schedule.step(factor: 0, every: 2), "factor"), (.step(factor: 1.1, every: 2), "factor"),
    (.step(factor: .nan, every: 2), "factor"), (.step(every: 0), "at least 1 epoch"),
    (.plateau(patience: -1), "patience"), (.plateau(threshold: 1), "threshold"),
    (.cosine(warmupEpochs: -1), "negative"), (.cosine(warmupEpochs: 10), "shorter"),
  ])
  func `numbers that cannot be are refused by name`(schedule: Schedule, word: String) {
    let failure = #expect(throws: TrainingFailure.self) {
      try schedule.validate(totalEpochs: 10)
    }
    #expect(failure?.kind == .usage)
    #expect(failure?.description.contains(word) == true)
  }

  @Test func `sound numbers are accepted`() throws {
    for schedule in [Schedule.constant, .step(), .plateau(), .cosine(warmupEpochs: 9)] {
      try schedule.validate(totalEpochs: 10)
    }
  }
}
