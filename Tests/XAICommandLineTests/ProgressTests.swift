import Testing
import XAICommandLine

@Suite struct ProgressTests {
  private func job(total: Int = 100, first: Int = 0) -> Progress {
    Progress(
      title: "epoch 1", total: total, first: first, itemsPerStep: 64, unit: "images", start: 1000)
  }

  @Test func `a terminal line shows bar, steps, message, speed and time left`() {
    var progress = job()
    #expect(progress.update(40, at: 1020, on: .terminal) { "loss 4.812" })
    // 40 steps of 64 images in 20 s are 128 images/s; 60 steps at 2 steps/s take 30 s.
    #expect(
      progress.terminalLine(at: 1020, columns: 75, isUnicode: false)
        == "epoch 1  ########------------  40/100  loss 4.812  128 images/s  30 s left")
    #expect(
      progress.terminalLine(at: 1020, columns: 75, isUnicode: true)
        == "epoch 1  ━━━━━━━━────────────  40/100  loss 4.812  128 images/s  30 s left")
  }

  @Test(arguments: [1, 5, 20, 40, 59, 60, 61, 80, 300])
  func `a terminal line stays below the terminal's width`(columns: Int) {
    var progress = job()
    #expect(progress.update(40, at: 1020, on: .terminal) { "loss 4.812" })
    let line = progress.terminalLine(at: 1020, columns: columns, isUnicode: true)
    #expect(line.count < columns)
    #expect(line.contains("━") == (columns >= 60))
  }

  @Test func `a terminal is redrawn ten times in a second, and for the last step`() {
    var progress = job()
    var shown: [Int] = []
    for step in 1...100 {
      let time = 1000 + 0.02 * Double(step)
      if progress.update(step, at: time, on: .terminal, message: { "" }) { shown.append(step) }
    }
    #expect(shown.first == 1)
    #expect(shown.last == 100)
    #expect((20...22).contains(shown.count))
  }

  @Test func `the message is asked for only where it is shown`() {
    var progress = job()
    var asked = 0
    let message = { () -> String in
      asked += 1
      return ""
    }
    let shown = [
      progress.update(1, at: 1000, on: .terminal, message: message),
      progress.update(2, at: 1000.05, on: .terminal, message: message),
      progress.update(3, at: 1001, on: .silent, message: message),
    ]
    #expect(shown == [true, false, false])
    #expect(asked == 1)
  }

  @Test func `a log gets a line for each tenth, not within ten seconds`() {
    var progress = job(total: 1000)
    var shown: [Int] = []
    for step in 1...1000 {
      // 20 steps in a second: a tenth takes 5 s, so a line comes every 10 s.
      let time = 1000 + Double(step) / 20
      if progress.update(step, at: time, on: .plain, message: { "" }) { shown.append(step) }
    }
    #expect(shown == [200, 400, 600, 800])
  }

  @Test func `a slow job's log gets a line each minute`() {
    var progress = job(total: 1000)
    let shown = (1...50).filter { step in
      progress.update(step, at: 1000 + 10 * Double(step), on: .plain) { "" }
    }
    #expect(shown == [6, 12, 18, 24, 30, 36, 42, 48])
  }

  @Test func `a log line is one sentence of the same numbers`() {
    var progress = job()
    #expect(progress.update(40, at: 1020, on: .plain) { "loss 4.812" })
    #expect(
      progress.plainLine(at: 1020)
        == "epoch 1: 40/100 (40 %), loss 4.812, 128 images/s, 30 s left")
  }

  @Test func `a resumed job's speed counts only the steps of this session`() {
    var progress = job(first: 60)
    #expect(progress.update(80, at: 1020, on: .terminal) { "" })
    #expect(progress.plainLine(at: 1020) == "epoch 1: 80/100 (80 %), 64 images/s, 20 s left")
  }
}
