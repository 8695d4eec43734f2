import Testing
import XAIDatasets
import XAIFiles
import XAINetworks
import XAITensor
import XAITraining

@Suite struct ImageSizeTests {
  private func configuration(
    _ change: (inout TrainingConfiguration) -> Void = { _ in }
  ) -> TrainingConfiguration {
    var configuration = Recipe.fast.configuration(data: "data", architecture: .vgg16Tiny)
    change(&configuration)
    return configuration
  }

  @Test func `the recipe's sizes end with the network's own`() throws {
    let fast = configuration()
    #expect(fast.sizes?.last?.size == 64 && fast.sizes?.first?.size == 32)
    #expect(fast.sizes?.reduce(0) { $0 + $1.epochs } == fast.epochs)
    #expect(throws: Never.self) { try fast.validate() }
    #expect(fast.imageExtent(ofEpoch: 0) == (32, 32))
    #expect(fast.imageExtent(ofEpoch: fast.epochs - 1) == (64, 64))
    #expect(fast.imageExtent(ofEpoch: 1000) == (64, 64))
  }

  @Test(arguments: 1...40)
  func `another number of epochs keeps the shape`(epochs: Int) throws {
    let fast = configuration { $0.stretch(to: epochs) }
    #expect(fast.sizes?.reduce(0) { $0 + $1.epochs } == epochs)
    #expect(fast.sizes?.last?.size == 64)
    #expect(fast.sizes?.allSatisfy { $0.epochs >= 1 } == true)
    if epochs > 1 { #expect(throws: Never.self) { try fast.validate() } }
  }

  @Test func `a network that cannot take small images keeps its own`() throws {
    let odd = Architecture(
      input: [3, 8, 8], stacks: [], hidden: [4], classes: 3, pooling: false)
    let fast = Recipe.fast.configuration(data: "data", architecture: odd)
    #expect(fast.sizes == nil)
    #expect(throws: Never.self) { try fast.validate() }
  }

  @Test func `columns follow the aspect of the network's images`() {
    var wide = configuration { $0.sizes = [ImageSizePhase(size: 32, epochs: 15)] }
    wide.architecture.input = [3, 64, 96]
    #expect(wide.imageExtent(ofEpoch: 0) == (32, 48))
  }

  @Test(
    arguments: [
      ([(32, 10), (64, 4)], "are of 14 epochs, but the training has 15"),
      ([(64, 10), (32, 5)], "must end with the network's own, 64"),
      ([(2, 10), (64, 5)], "smaller than the 4 x 4"), ([(65, 10), (64, 5)], "larger"),
      ([(0, 10), (64, 5)], "SIZE:EPOCHS"), ([(32, 0), (64, 15)], "SIZE:EPOCHS"),
      ([], "SIZE:EPOCHS"),
    ] as [([(Int, Int)], String)])
  func `sizes that do not fit are refused`(sizes: [(Int, Int)], words: String) {
    let wrong = configuration { $0.sizes = sizes.map(ImageSizePhase.init) }
    let error = #expect(throws: (any Error).self) { try wrong.validate() }
    #expect("\(error.map { "\($0)" } ?? "")".contains(words), "\(error.map { "\($0)" } ?? "")")
  }

  @Test(arguments: [(1, 1), (0, 1), (10, 0), (10, 16)])
  func `a partial validation that cannot be is refused`(stride: Int, full: Int) {
    let wrong = configuration {
      $0.partialValidation = PartialValidation(stride: stride, fullEpochs: full)
    }
    #expect(throws: TrainingFailure.self) { try wrong.validate() }
  }

  @Test func `older configurations have neither sizes nor a partial validation`() throws {
    let thesis = Recipe.thesis.configuration(data: "data", architecture: .vgg16Tiny)
    let json = try JSONText.encode(thesis)
    #expect(!json.contains("sizes") && !json.contains("partial_validation"))
    let read = try JSONText.decode(TrainingConfiguration.self, from: json, name: "config.json")
    #expect(read == thesis && read.validation(ofEpoch: 0) == (1, true))
  }

  @Test func `only epochs of the network's own size on all images can be the best`() throws {
    let fixture = try TrainerFixture {
      $0.sizes = [ImageSizePhase(size: 4, epochs: 1), ImageSizePhase(size: 8, epochs: 2)]
      $0.partialValidation = PartialValidation(stride: 5, fullEpochs: 1)
      $0.schedule = .oneCycle(riseEpochs: 1)
    }
    let recorder = Recorder()
    let summary = try fixture.train(events: recorder)
    #expect(recorder.epochs.map(\.imageSize) == [4, 8, 8])
    #expect(recorder.epochs.map(\.validationImages) == [3, 3, 12])
    #expect(recorder.epochs.map { $0.validationLoss == nil } == [true, true, false])
    #expect(summary.bestEpoch == 3 && recorder.bestEpochs == [3])
    let saved = try fixture.last()
    #expect(saved.state.metrics.map(\.validationImages) == [3, 3, 12])
  }

  @Test func `before an epoch that decides the best model is only for a look`() throws {
    let fixture = try TrainerFixture {
      $0.sizes = [ImageSizePhase(size: 4, epochs: 2), ImageSizePhase(size: 8, epochs: 1)]
    }
    fixture.options.maxSteps = 5
    let summary = try fixture.train()
    #expect(summary.bestEpoch == nil && summary.epochs == 1)
    let model = try Checkpoint(path: fixture.path("bestmodel.safetensors"))
    #expect(model.metadata["epoch"] == "0")
  }

  @Test func `a growing training that cannot keep its phases is not resumed`() {
    let saved = configuration()
    let state = TrainingState(stopping: EarlyStopping())
    var more = saved
    more.epochs = 20
    more.schedule = .constant
    var constant = saved
    constant.schedule = .constant
    #expect(
      more.conflicts(resuming: constant, at: state).contains { $0.contains("sizes of the images") })
  }
}
