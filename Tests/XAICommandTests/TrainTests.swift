import Testing
import XAIDatasets
import XAIFiles
import XAINetworks
import XAITensor
import XAITestSupport
import XAITraining

@Suite struct TrainTests {
  @Test func `a training from files leaves the whole run folder and reports each epoch`() throws {
    let fixture = try CommandFixture()
    let result = try fixture.train([:], ["--tensorboard", "--profile"])
    #expect(result.status == 0, "\(result.standardError)")
    for words in [
      "data: 3 classes; 18 train, 6 validation, 6 test images", "conv1           8 x 16 x 16",
      "multiply-adds", "1 threads", "epoch 1: train loss ", "epoch 2: train loss ", "best so far",
      "best epoch ", "2 epochs in ",
    ] {
      #expect(result.standardError.contains(words), "\(words)")
    }
    #expect(result.standardOutput.contains("ms/step"))
    #expect(result.standardOutput.contains("waiting for data"))
    let files = try Folder.entries(of: fixture.path("run"))
    #expect(files.contains { $0.hasPrefix("events.out.tfevents.") })
    #expect(
      files.filter { !$0.hasPrefix("events") } == [
        ".lock", "bestmodel.safetensors", "config.json", "curves.svg", "last.safetensors",
        "metrics.csv", "steps", "steps.csv", "summary.json",
      ])
    #expect(try MetricsLog.read(fixture.path("run/metrics.csv")).count == 2)
  }

  @Test func `a quiet training says nothing`() throws {
    let fixture = try CommandFixture()
    let result = try fixture.train()
    #expect(result.status == 0)
    #expect(result.standardOutput.isEmpty && result.standardError.isEmpty)
  }

  @Test func `a training on shapes can be stopped by steps and evaluated`() throws {
    let fixture = try CommandFixture()
    try fixture.write(
      """
      {"input": [3, 64, 64], "stacks": [[8], [8], [16]], "hidden": [32], "classes": 200}
      """, "shapes.json")
    let result = try fixture.train(
      ["--data": "shapes", "--architecture": fixture.path("shapes.json"), "--max-steps": "2"], [])
    #expect(result.status == 0, "\(result.standardError)")
    #expect(result.standardError.contains("stopped after 2 steps by --max-steps"))
    #expect(result.standardError.contains("shapes.json has 200 classes, shapes has 12"))
    let evaluation = try runProgram(
      "xai-eval",
      [
        "--checkpoint", fixture.path("run/bestmodel.safetensors"), "--data", "shapes", "--limit",
        "24", "--threads", "1",
      ])
    #expect(evaluation.status == 0, "\(evaluation.standardError)")
    #expect(evaluation.standardOutput.contains("on shapes, test: 24 images\ntop-1 "))
  }

  @Test func `a network with global average pooling trains, resumes and is evaluated`() throws {
    let fixture = try CommandFixture()
    try fixture.write(
      """
      {"input": [3, 16, 16], "stacks": [[8], [8]], "globalAveragePooling": true, "hidden": [],
       "classes": 3}
      """, "gap.json")
    let result = try fixture.train(
      ["--architecture": fixture.path("gap.json"), "--epochs": "1"], [])
    #expect(result.status == 0, "\(result.standardError)")
    #expect(result.standardError.contains("gap             8 "))
    #expect(try fixture.resume(["--epochs", "2"]).status == 0)
    #expect(try MetricsLog.read(fixture.path("run/metrics.csv")).count == 2)
    let checkpoint = try Checkpoint(path: fixture.path("run/bestmodel.safetensors"))
    #expect(checkpoint.network.architecture.globalAveragePooling)
    #expect(checkpoint.parameters["fc1.weight"]?.shape == [3, 8])
    #expect(try fixture.evaluate("run/bestmodel.safetensors").status == 0)
  }

  @Test func `every option reaches the configuration`() throws {
    let fixture = try CommandFixture()
    let result = try fixture.train(
      [
        "--max-steps": "1", "--epochs": "7", "--batch-size": "6", "--learning-rate": "0.02",
        "--schedule": "plateau", "--schedule-factor": "0.3", "--schedule-epochs": "4",
        "--momentum": "0.8", "--weight-decay": "0.001", "--dropout-convolution": "0.125",
        "--dropout-dense": "0.25", "--patience": "3", "--min-delta": "0.01",
        "--validation-fraction": "0.25", "--augment": "flip-crop", "--label-smoothing": "0.05",
        "--preprocessing": "channel-mean", "--gradient-clip": "2", "--averaging": "0.99",
        "--random-labels": "5", "--seed": "18446744073709551615",
      ], ["--nesterov", "--no-decay-batch-norm", "--quiet"])
    #expect(result.status == 0, "\(result.standardError)")
    let written = try JSONText.decode(
      TrainingConfiguration.self, from: fixture.text("run/config.json"), name: "config.json")
    var expected = written
    expected.recipe = .thesis
    expected.data = "data"
    (expected.epochs, expected.batchSize, expected.learningRate) = (7, 6, 0.02)
    expected.schedule = .plateau(factor: 0.3, patience: 4)
    expected.descent = .init()
    (expected.descent.momentum, expected.descent.nesterov) = (0.8, true)
    (expected.descent.weightDecay, expected.descent.decaysBatchNorm) = (0.001, false)
    expected.descent.gradientClip = 2
    expected.architecture.dropout = .init(convolution: 0.125, dense: 0.25)
    (expected.patience, expected.minimumImprovement) = (3, 0.01)
    (expected.validationFraction, expected.augmentation) = (0.25, .flipCrop)
    (expected.labelSmoothing, expected.preprocessing) = (0.05, .channelMean)
    (expected.averaging, expected.randomLabels, expected.seed) = (0.99, 5, .max)
    #expect(written == expected, "\(written.differences(to: expected))")
  }

  @Test func `the strong recipe is a recipe, and options change it`() throws {
    let fixture = try CommandFixture()
    let result = try fixture.train(
      ["--recipe": "strong", "--max-steps": "1", "--label-smoothing": "0.2"])
    #expect(result.status == 0, "\(result.standardError)")
    let written = try JSONText.decode(
      TrainingConfiguration.self, from: fixture.text("run/config.json"), name: "config.json")
    var expected = Recipe.strong.configuration(data: "data", architecture: written.architecture)
    (expected.epochs, expected.batchSize, expected.labelSmoothing) = (2, 8, 0.2)
    #expect(written == expected, "\(written.differences(to: expected))")
  }

  @Test func `the fast recipe grows images, in any number of epochs`() throws {
    let fixture = try CommandFixture()
    let result = try fixture.train(["--recipe": "fast", "--epochs": "3"])
    #expect(result.status == 0, "\(result.standardError)")
    let written = try JSONText.decode(
      TrainingConfiguration.self, from: fixture.text("run/config.json"), name: "config.json")
    #expect(written.sizes?.text == "8:2,16:1")
    #expect(try MetricsLog.read(fixture.path("run/metrics.csv")).map(\.imageSize) == [8, 8, 16])
    let sizes = try fixture.train([
      "--sizes": "8:1,16:2", "--schedule": "one-cycle", "--validation-stride": "2",
      "--full-validations": "1", "--output": fixture.path("sizes"), "--epochs": "3",
    ])
    #expect(sizes.status == 0, "\(sizes.standardError)")
    #expect(try MetricsLog.read(fixture.path("sizes/metrics.csv")).map(\.imageSize) == [8, 16, 16])
    fixture.expectFailure(
      try fixture.train(["--sizes": "8:1,16:2", "--output": fixture.path("x"), "--epochs": "5"]),
      .usage, ["the sizes 8:1,16:2 are of 3 epochs, but the training has 5"])
  }

  @Test func `the thesis read as a plateau is a recipe`() throws {
    let fixture = try CommandFixture()
    #expect(try fixture.train(["--recipe": "thesis-plateau", "--max-steps": "1"]).status == 0)
    #expect(try fixture.text("run/config.json").contains("\"plateau\""))
  }

  @Test func `decoded pixels are kept where they should be`() throws {
    let fixture = try CommandFixture()
    _ = try fixture.train(["--max-steps": "1", "--cache": "none"])
    #expect(!fixture.exists("data/.xai-cache-16x16") && fixture.exists("run/last.safetensors"))
    _ = try fixture.train(
      ["--max-steps": "1", "--cache": fixture.path("pixels"), "--output": fixture.path("second")])
    #expect(fixture.exists("pixels"))
    _ = try fixture.train(["--max-steps": "1", "--output": fixture.path("third")])
    #expect(fixture.exists("data/.xai-cache-16x16"))
    try fixture.expectSameRun("run", "second")
    try fixture.expectSameRun("run", "third")
  }

  @Test func `unreadable images are left out, counted and listed when that is asked for`() throws {
    let fixture = try CommandFixture()
    try fixture.write([], "data/train/n01/images/n01_3.JPEG")
    try fixture.write("GIF89a", "data/val/images/val_2.JPEG")
    let result = try fixture.train([:], ["--skip-corrupt", "--quiet"])
    #expect(result.status == 0)
    #expect(
      result.standardError == """
        xai-train: 2 images cannot be read and were left out:
        xai-train:   train/n01/images/n01_3.JPEG
        xai-train:   val/images/val_2.JPEG

        """)
    let evaluation = try fixture.evaluate(
      "run/bestmodel.safetensors", ["--skip-corrupt", "--json"])
    #expect(evaluation.standardOutput.contains("\"images\" : 5"))
    #expect(evaluation.standardError.contains("  val/images/val_2.JPEG"))
  }

  @Test func `data are exported as files that train`() throws {
    let fixture = try CommandFixture()
    let arguments = ["--data", fixture.path("data"), "--output", fixture.path("copy")]
    let result = try runProgram("xai-train", ["export-data"] + arguments)
    #expect(result.status == 0, "\(result.standardError)")
    #expect(result.standardError.contains("30 images of 3 classes"))
    #expect(try fixture.train(["--data": fixture.path("copy")]).status == 0)
    fixture.expectFailure(
      try runProgram("xai-train", ["export-data"] + arguments), .cannotCreate,
      ["cannot export to 'ROOT/copy': the folder is not empty", "--overwrite"])
    let again = try runProgram("xai-train", ["export-data", "--overwrite"] + arguments)
    #expect(again.status == 0, "\(again.standardError)")
    let itself = ["--data", fixture.path("copy"), "--output", fixture.path("copy")]
    fixture.expectFailure(
      try runProgram("xai-train", ["export-data", "--overwrite"] + itself), .usage,
      ["'ROOT/copy': this folder is read by the same command"])
    fixture.expectFailure(
      try runProgram(
        "xai-train",
        ["export-data", "--data", fixture.path("none"), "--output", fixture.path("other")]),
      .missingInput, ["cannot read the folder 'ROOT/none'", "expected shapes, "])
  }
}
