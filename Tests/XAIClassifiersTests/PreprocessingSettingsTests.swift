import Testing
import XAIClassifiers
import XAIDatasets
import XAIFiles
import XAIImages
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct PreprocessingSettingsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func settings(_ json: String) throws -> PreprocessingSettings {
    let path = folder.file("preprocessing.json")
    try AtomicFile.write(json, to: path)
    return try PreprocessingSettings(path)
  }

  private func checkpoint(_ input: [Int], _ word: String) throws -> Checkpoint {
    let network = Network(
      Architecture(input: input, stacks: [], hidden: [], classes: 2, batchNorm: false))
    var checkpoint = Checkpoint(
      network: network, parameters: .initial(for: network, seed: 1), mean: Tensor(shape: [3]),
      standardDeviation: Tensor(shape: [3], repeating: 1), classes: [])
    try checkpoint.apply(try PreprocessingSettings(word), source: word)
    return checkpoint
  }

  @Test func `imagenet resizes the shorter side to 256 for 224 and cuts the middle out`() throws {
    let preprocessing = try Preprocessing(of: try checkpoint([3, 224, 224], "imagenet"))
    #expect(preprocessing.fitting == ImageFitting(height: 224, width: 224, shorterSide: 256))
    #expect(preprocessing.mean == Tensor(shape: [3], [0.485, 0.456, 0.406]))
    #expect(preprocessing.standardDeviation == Tensor(shape: [3], [0.229, 0.224, 0.225]))
    let small = try Preprocessing(of: try checkpoint([3, 64, 64], "ImageNet"))
    #expect(small.fitting.shorterSide == 73)
  }

  @Test func `half takes pixels from -1 to 1 in the network's size`() throws {
    let preprocessing = try Preprocessing(of: try checkpoint([3, 2, 2], "half"))
    #expect(preprocessing.fitting == ImageFitting(height: 2, width: 2))
    #expect(apply(preprocessing, [0, 255, 51]) == [-1, 1, -0.6])
  }

  /// Four equal pixels, and what the network sees of the first.
  private func apply(_ preprocessing: Preprocessing, _ pixel: [UInt8]) -> [Float] {
    let pixels = Array(repeating: pixel, count: 4).flatMap(\.self)
    var output = [Float](repeating: 0, count: 12)
    pixels.withUnsafeBufferPointer { pixels in
      output.withUnsafeMutableBufferPointer { preprocessing.apply(pixels, into: $0) }
    }
    return stride(from: 0, to: 12, by: 4).map { (output[$0] * 1e5).rounded() / 1e5 }
  }

  @Test func `range and channels are those of the network's training`() throws {
    // Caffe's: blue, green, red, from 0 to 255, without deviation.
    let path = folder.file("caffe.json")
    try AtomicFile.write(
      """
      {"mean": [103.939, 116.779, 123.68], "std": [1, 1, 1], "range": 255, "channels": "BGR",
       "resize": 4, "crop": 2, "interpolation": "bicubic"}
      """, to: path)
    let preprocessing = try Preprocessing(of: try checkpoint([3, 2, 2], path))
    #expect(preprocessing.reversesChannels)
    #expect(
      preprocessing.fitting
        == ImageFitting(height: 2, width: 2, shorterSide: 4, interpolation: .bicubic))
    let values = apply(preprocessing, [200, 100, 50])
    for (value, expected) in zip(values, [50 - 103.939, 100 - 116.779, 200 - 123.68] as [Float]) {
      #expect(abs(value - expected) < 1e-3)
    }
    // Pixels from -1 to 1, of which nothing is subtracted.
    let tensorflow = folder.file("tensorflow.json")
    try AtomicFile.write(
      #"{"mean": [0, 0, 0], "std": [1, 1, 1], "range": [-1, 1]}"#, to: tensorflow)
    #expect(
      apply(try Preprocessing(of: try checkpoint([3, 2, 2], tensorflow)), [0, 255, 51])
        == [-1, 1, -0.6])
  }

  @Test func `PyTorch's shapes and whole numbers are taken`() throws {
    let nested = try settings(
      #"{"mean": [[[0.5]], [[0.25]], [[0]]], "std": [[[1]], [[1]], [[0.5]]], "crop": null}"#)
    #expect(nested.mean == [0.5, 0.25, 0] && nested.standardDeviation == [1, 1, 0.5])
    #expect(nested.crop == nil)
    #expect(
      try settings(#"{"mean": [0,0,0], "std": [1,1,1], "resize": [8, 4]}"#).resize
        == .exact([8, 4]))
  }

  @Test(arguments: [
    ("[]", "expected a JSON object"), (#"{"std": [1,1,1]}"#, "\"mean\" is missing"),
    (#"{"mean": [0,0], "std": [1,1,1]}"#, "\"mean\" is three numbers"),
    (#"{"mean": [0,0,0], "std": [1,0,1]}"#, "expected numbers above 0"),
    (#"{"mean": [0,0,0], "std": [1,1,1], "croop": 3}"#, "did you mean \"crop\"?"),
    (#"{"mean": [0,0,0], "std": [1,1,1], "crop": 2.5}"#, "\"crop\" is a number of pixels"),
    (#"{"mean": [0,0,0], "std": [1,1,1], "interpolation": "lanczos"}"#, "is one of nearest"),
    (#"{"mean": [0,0,0], "std": [1,1,1], "channels": "GRB"}"#, "RGB or BGR"),
    (#"{"mean": [0,0,0], "std": [1,1,1], "range": [1, 0]}"#, "\"range\" is"),
    (
      #"{"mean": [0.48,0.46,0.4], "std": [0.2,0.2,0.2], "range": 255}"#, "leave \"range\" out"
    ),
    (#"{"mean": [124,117,104], "std": [58,57,57]}"#, "add \"range\": 255"),
  ])
  func `what cannot be is told with its key`(_ json: String, _ words: String) throws {
    let failure = try #require(throws: ClassifierFailure.self) { try settings(json) }
    #expect(failure.kind == .badData && failure.description.contains(words), "\(failure)")
  }

  @Test func `a crop of another size than the network's is refused, an unknown name too`() throws {
    let path = folder.file("crop.json")
    try AtomicFile.write(
      #"{"mean": [0,0,0], "std": [1,1,1], "resize": 9, "crop": 8}"#, to: path)
    let failure = try #require(throws: ClassifierFailure.self) { try checkpoint([3, 4, 4], path) }
    #expect(failure.description.contains("crop makes pictures of 8 x 8"))
    // A resize that is too small for what is cut out, with and without a crop of its own.
    for json in [
      #"{"mean": [0,0,0], "std": [1,1,1], "resize": 3, "crop": 4}"#,
      #"{"mean": [0,0,0], "std": [1,1,1], "resize": 3}"#,
      #"{"mean": [0,0,0], "std": [1,1,1], "resize": [3, 8], "crop": 4}"#,
      #"{"mean": [0,0,0], "std": [1,1,1], "resize": [8, 8]}"#,
    ] {
      try AtomicFile.write(json, to: path)
      #expect(throws: ClassifierFailure.self, "\(json)") { try checkpoint([3, 4, 4], path) }
    }
    let unknown = try #require(throws: ClassifierFailure.self) {
      try PreprocessingSettings("imagnet")
    }
    #expect(unknown.kind == .usage && unknown.description.contains("did you mean imagenet"))
    let missing = try #require(throws: ClassifierFailure.self) {
      try PreprocessingSettings("./nowhere.json")
    }
    #expect(missing.kind == .missingInput)
  }

  @Test func `a picture may be resized whatever its aspect and then cut`() throws {
    let path = folder.file("squash.json")
    try AtomicFile.write(
      #"{"mean": [0,0,0], "std": [1,1,1], "resize": [8, 6], "crop": [4, 4]}"#, to: path)
    let original = try checkpoint([3, 4, 4], path)
    let fitting = try Preprocessing(of: original).fitting
    #expect(fitting == ImageFitting(height: 4, width: 4, resized: .init(height: 8, width: 6)))
    let file = folder.file("squashed.safetensors")
    try original.write(to: file)
    #expect(try Preprocessing(of: try Checkpoint(path: file)).fitting == fitting)
    // The middle of the resized picture: rows 2...5, columns 1...4.
    let picture = RGBImage(
      height: 8, width: 6, pixels: (0..<48).flatMap { Array(repeating: UInt8($0), count: 3) })
    let rows = (2..<6).map { row in (1..<5).map { UInt8(row * 6 + $0) } }
    #expect(
      picture.fitted(fitting).pixels
        == rows.flatMap { $0.flatMap { Array(repeating: $0, count: 3) } })
  }

  @Test func `a checkpoint keeps how pictures reach its network`() throws {
    let path = folder.file("model.safetensors")
    let original = try checkpoint([3, 224, 112], "imagenet")
    try original.write(to: path)
    let read = try Checkpoint(path: path)
    #expect(try Preprocessing(of: read) == Preprocessing(of: original))
    #expect(read.saysHowImagesAreNormalised)
    let other = try Checkpoint.open(
      path,
      {
        var knowledge = CheckpointKnowledge()
        knowledge.preprocessing = (.half, "half")
        return knowledge
      }())
    #expect(other.mean == Tensor(shape: [3], repeating: 0.5))
    #expect(try Preprocessing(of: other).fitting.shorterSide == nil)
  }
}
