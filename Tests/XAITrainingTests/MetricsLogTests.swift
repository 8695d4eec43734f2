import XAIFiles
import Foundation
import Testing
import XAITensor
import XAITraining

private func metrics(_ epoch: Int, validationLoss: Double? = 2.5) -> EpochMetrics {
  EpochMetrics(
    epoch: epoch, learningRate: 0.002, trainLoss: 1 / 3, trainTop1: 0.25,
    validationLoss: validationLoss, validationTop1: 0.375, validationTop5: 0.625,
    imagesPerSecond: 97.5, seconds: 812, imageSize: 64, validationImages: 2000)
}

private let header =
  "epoch,learning_rate,train_loss,train_top1,validation_loss,validation_top1,validation_top5,"
  + "images_per_second,seconds,image_size,validation_images"

@Suite struct MetricsLogTests {
  @Test func `the text has the columns of the contract and the shortest exact numbers`() {
    #expect(
      MetricsLog.text([metrics(1)])
        == "\(header)\n1,0.002,0.3333333333333333,0.25,2.5,0.375,0.625,97.5,812.0,64,2000\n")
  }

  @Test func `what was written reads back exactly`() throws {
    let epochs = [metrics(1), metrics(2, validationLoss: 0.1 + 0.2), metrics(3)]
    let folder = NSTemporaryDirectory() + "xai-metrics-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try MetricsLog.write(epochs, to: "\(folder)/metrics.csv")
    #expect(try MetricsLog.read("\(folder)/metrics.csv") == epochs)
    // A resumed run forgets the epochs that it repeats.
    try MetricsLog.write([metrics(1)], to: "\(folder)/metrics.csv")
    #expect(try MetricsLog.read("\(folder)/metrics.csv") == [metrics(1)])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["metrics.csv"])
  }

  @Test func `a loss that is no number survives`() throws {
    let text = MetricsLog.text([metrics(1, validationLoss: .nan)])
    #expect(try MetricsLog.parse(text, name: "m")[0].validationLoss?.isNaN == true)
    let json = try JSONText.encode(metrics(1, validationLoss: .infinity))
    #expect(json.contains("\"validation_loss\" : \"inf\""))
    let back = try JSONText.decode(EpochMetrics.self, from: json, name: "m")
    #expect(back == metrics(1, validationLoss: .infinity))
  }

  @Test func `an epoch whose validation does not decide leaves its loss empty`() throws {
    let partial = metrics(1, validationLoss: nil)
    let text = MetricsLog.text([partial])
    #expect(text.hasSuffix("\n1,0.002,0.3333333333333333,0.25,,0.375,0.625,97.5,812.0,64,2000\n"))
    #expect(try MetricsLog.parse(text, name: "m") == [partial])
    #expect(try !JSONText.encode(partial).contains("validation_loss"))
  }

  @Test func `a log from before images could be resized reads as it was`() throws {
    let older = header.split(separator: ",").dropLast(2).joined(separator: ",")
    let read = try MetricsLog.parse("\(older)\n1,1,1,1,2,1,1,1,1\n", name: "m")
    #expect(read.map(\.validationLoss) == [2])
    #expect(read.map(\.imageSize) == [nil] && read.map(\.validationImages) == [nil])
  }

  @Test func `a log of no epochs is its header`() throws {
    #expect(try MetricsLog.parse("\(header)\n", name: "m") == [])
  }

  @Test(arguments: [
    ("", "m is no metrics log: its first line is \"\""),
    ("epoch,loss\n1,2\n", "its first line is \"epoch,loss\""),
    ("\(header)\n1,2\n", "m, line 2: expected 11 fields, found 2"),
    (
      "\(header)\n1,1,1,1,1,1,1,1,1,1,1\nx,1,1,1,1,1,1,1,1,1,1\n",
      "m, line 3: the epoch \"x\""
    ),
    ("\(header)\n1,1,y,1,1,1,1,1,1,1,1\n", "m, line 2: the train_loss \"y\" is no number"),
    ("\(header)\n1,1, 1,1,1,1,1,1,1,1,1\n", "m, line 2: the train_loss \" 1\" is no number"),
    ("\(header)\n1,1,1,1,1,1,1,1,1,1,1\n\n", "m, line 3: expected 11 fields, found 1"),
    ("\(header)\n1,1,,1,1,1,1,1,1,1,1\n", "m, line 2: the train_loss \"\" is no number"),
    ("\(header)\n1,1,1,1,1,1,1,1,1,1.5,1\n", "m, line 2: the image_size \"1.5\" is no number"),
    (
      "\(header)\n2,1,1,1,1,1,1,1,1,1,1\n2,1,1,1,1,1,1,1,1,1,1\n", "line 3: epoch 2 follows epoch 2"
    ),
  ])
  func `a file that is not as it was written is refused with its line`(
    text: String, reason: String
  ) {
    let failure = #expect(throws: TrainingFailure.self) {
      try MetricsLog.parse(text, name: "m")
    }
    #expect(failure?.kind == .badData)
    #expect(failure?.description.contains(reason) == true, "\(failure?.description ?? "")")
  }

  @Test func `a missing file is named`() {
    let failure = #expect(throws: TrainingFailure.self) { try MetricsLog.read("/nowhere/m.csv") }
    #expect(failure?.kind == .missingInput)
    #expect(failure?.description.contains("/nowhere/m.csv") == true)
  }
}

@Suite struct RunSummaryTests {
  @Test func `the keys are those of the contract, sorted`() throws {
    let summary = RunSummary(
      best: metrics(7, validationLoss: 2.25), stoppedBy: .earlyStopping, epochs: 17, steps: 21_250,
      seconds: 13_804.5, imagesPerSecond: 98.5)
    #expect(
      try JSONText.encode(summary) == """
        {
          "best_epoch" : 7,
          "best_validation_loss" : 2.25,
          "best_validation_top1" : 0.375,
          "best_validation_top5" : 0.625,
          "epochs" : 17,
          "images_per_second" : 98.5,
          "seconds" : 13804.5,
          "steps" : 21250,
          "stopped_by" : "early_stopping"
        }

        """)
  }

  @Test func `a run without a validation has no best epoch`() throws {
    let summary = RunSummary(
      best: nil, stoppedBy: .maximumSteps, epochs: 0, steps: 3, seconds: 1, imagesPerSecond: 9)
    let text = try JSONText.encode(summary)
    #expect(!text.contains("best"))
    #expect(text.contains("\"max_steps\""))
    #expect(try JSONText.decode(RunSummary.self, from: text, name: "summary.json") == summary)
  }

  @Test(arguments: [
    ("{", "s cannot be read: it is no valid JSON"),
    ("{\"epochs\": 1}", "the key \"stopped_by\" is missing"),
    (
      "{\"stopped_by\": \"boredom\", \"epochs\": 1, \"steps\": 1, \"seconds\": 1}", "at stopped_by"
    ),
  ])
  func `JSON that is wrong is refused with its place`(text: String, reason: String) {
    let failure = #expect(throws: FileFailure.self) {
      try JSONText.decode(RunSummary.self, from: text, name: "s")
    }
    #expect(failure?.kind == .badData)
    #expect(failure?.description.contains(reason) == true, "\(failure?.description ?? "")")
  }
}
