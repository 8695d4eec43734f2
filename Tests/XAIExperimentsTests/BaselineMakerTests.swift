import Testing
import XAIAttribution
import XAIDatasets
import XAIClassifiers
import XAIExperiments
import XAIImages
import XAINetworks
import XAITensor

@Suite struct BaselineMakerTests {
  private let checkpoint: Checkpoint
  private let preprocessing: Preprocessing
  private let images: [ExplainedImage]
  private let normalised: Tensor
  private let dataset = ShapesDataset(testCount: 6)

  init() throws {
    let network = Network(
      Architecture(input: [3, 64, 64], stacks: [[4]], hidden: [4], classes: 12))
    var mean = RandomStream(seed: 1, purpose: "mean image")
    checkpoint = Checkpoint(
      network: network, parameters: .initial(for: network, seed: 0),
      mean: mean.normal(shape: [3, 64, 64], mean: 0.5, standardDeviation: 0.1),
      standardDeviation: Tensor(shape: [3], [0.2, 0.25, 0.3]), classes: [])
    preprocessing = try Preprocessing(
      mean: checkpoint.mean, standardDeviation: checkpoint.standardDeviation, height: 64, width: 64)
    images = try ExplainedImage.take("2", of: dataset, for: checkpoint)
    normalised = ExplainedImage.normalised(images, preprocessing)
  }

  private func make(
    _ kind: BaselineKind, _ need: BaselineNeed = .one, data: Bool = true
  ) throws -> Baselines {
    try BaselineMaker(checkpoint, preprocessing, dataset: data ? dataset : nil, seed: 3) { _ in }
      .make(kind, for: need, of: images, normalised)
  }

  @Test(arguments: [(BaselineKind.black, UInt8(0)), (.white, 255)])
  func `black and white are pictures, normalised like any other`(
    kind: BaselineKind, level: UInt8
  ) throws {
    let picture = ExplainedImage(
      name: "", source: "",
      picture: RGBImage(height: 64, width: 64, repeating: (level, level, level)))
    let expected = ExplainedImage.normalised([picture], preprocessing)
    let made = try make(kind).of(1)
    #expect(made.shape == [1, 3, 64, 64])
    #expect(made.combined(with: expected, -).elements.allSatisfy { abs($0) < 1e-5 })
  }

  @Test func `the mean is one colour, zero is the mean image`() throws {
    let pixels = try make(.mean).of(0).elements.enumerated().map { index, value in
      value * checkpoint.standardDeviation.elements[index / 4096] + checkpoint.mean.elements[index]
    }
    for channel in 0..<3 {
      let plane = pixels[channel * 4096..<(channel + 1) * 4096]
      #expect(plane.allSatisfy { abs($0 - 0.5) < 0.01 && abs($0 - plane[channel * 4096]) < 1e-5 })
    }
    #expect(try make(.zero).of(0).elements.allSatisfy { $0 == 0 })
  }

  @Test func `a uniform picture stays as it is when it is blurred, whatever the mean image`() throws
  {
    let white = ExplainedImage(
      name: "", source: "", picture: RGBImage(height: 64, width: 64, repeating: (200, 200, 200)))
    let tensor = ExplainedImage.normalised([white], preprocessing)
    let blurred = try BaselineMaker(checkpoint, preprocessing, dataset: nil, seed: 0) { _ in }
      .make(.blur, for: .one, of: [white], tensor).of(0)
    #expect(blurred.combined(with: tensor, -).elements.allSatisfy { abs($0) < 1e-4 })
  }

  @Test func `a distribution leaves out the image itself`() throws {
    let made = try make(.data(4), .several)
    #expect(made.count == 4)
    let all = ExplainedImage.normalised(
      try ExplainedImage.take("6", of: dataset, for: checkpoint), preprocessing)
    #expect(made.of(0) == all.rows(at: [1, 2, 3, 4]))
    #expect(made.of(1) == all.rows(at: [0, 2, 3, 4]))
    let few = #expect(throws: ExperimentFailure.self) { try make(.data(6), .several) }
    #expect(few?.code == .baselineDataTooFew(wanted: 6, found: 6, dataset: dataset.name))
    let single = #expect(throws: ExperimentFailure.self) { try make(.data(4), .one) }
    #expect(single?.code == .baselineDistribution)
  }

  @Test func `without data there is no distribution`() throws {
    let maker = try BaselineMaker(checkpoint, preprocessing, dataset: nil, seed: 0) { _ in }
    #expect(maker.obstacle(.data(64))?.code == .noData)
    #expect(maker.obstacle(.blur) == nil)
  }

  @Test func `noise belongs to the image and the seed`() throws {
    let noise = try make(.noise)
    #expect(noise.of(0) != noise.of(1))
    #expect(try make(.noise).of(1) == noise.of(1))
    let mean = noise.values.elements.reduce(0) { $0 + Double($1) } / Double(noise.values.count)
    #expect(abs(mean) < 0.03)
  }

  @Test func `gradient SHAP draws from the image and the image blurred`() throws {
    let kind = try #require(GradientSHAP().defaultBaseline)
    let made = try make(kind, .several)
    #expect(made.count == 2 && made.of(1).row(1) == normalised.row(1))
    #expect(try made.of(1).row(0) == make(.blur).of(1))
    #expect(DeepSHAP().defaultBaseline == .data(64))
    #expect(DeepLIFT().defaultBaseline == .blur)
  }
}
