import Foundation
import Testing
import XAIFiles
import XAINetworks
import XAITensor
import XAITestSupport

/// Networks of the VGG family under the names of torchvision and timm, to and fro.
@Suite struct ImportTests {
  private let folder: TemporaryFolder
  private let network: Network
  private let parameters: Parameters

  /// The layers with parameters, as torchvision numbers them: rectifiers, poolings and dropout count.
  private static let layers = [
    ("conv1", "features.0"), ("conv1_bn", "features.1"), ("conv2", "features.4"),
    ("conv2_bn", "features.5"), ("conv3", "features.7"), ("conv3_bn", "features.8"),
    ("fc1", "classifier.0"), ("fc2", "classifier.3"), ("fc3", "classifier.6"),
  ]

  init() throws {
    folder = try TemporaryFolder()
    let architecture = Architecture(
      name: "tiny", input: [3, 18, 18], stacks: [[4], [6, 6]], hidden: [8, 8], classes: 5,
      adaptivePooling: [2, 2], denseBatchNorm: false, dropout: .init(convolution: 0, dense: 0.5))
    network = Network(architecture)
    var parameters = Parameters.initial(for: network, seed: 3)
    for (name, shape) in network.parameterShapes where shape.count == 1 {
      var stream = RandomStream(seed: 4, purpose: name)
      let isPositive = name.hasSuffix("_bn.weight") || name.hasSuffix("running_var")
      parameters[name] = stream.normal(shape: shape, standardDeviation: 0.3).map {
        isPositive ? 1 + abs($0) : $0
      }
    }
    self.parameters = parameters
    // A description without its classes' number, which the file tells.
    var template = architecture
    template.classes = 1000
    try Data(template.json.utf8).write(to: URL(filePath: folder.file("tiny.json")))
  }

  /// The parameters under other names, in the order of torchvision's state dictionary.
  private func renamed(
    _ prefix: String = "", _ layers: [(String, String)] = ImportTests.layers
  ) -> [(name: String, tensor: Tensor)] {
    layers.flatMap { own, other in
      parameters.names.filter { $0.hasPrefix(own + ".") }.compactMap { name in
        parameters[name].map { (prefix + other + name.dropFirst(own.count), $0) }
      }
    }
  }

  private func write(_ tensors: [(name: String, tensor: Tensor)], _ name: String) throws -> String {
    let path = folder.file(name)
    if name.hasSuffix(".pt") {
      try TorchFile.write(tensors, to: path)
    } else {
      try SafetensorsFile.write(tensors.map { ($0.name, .float32($0.tensor)) }, to: path)
    }
    return path
  }

  private func run(_ file: String, _ more: [String] = []) throws -> ProgramResult {
    try runProgram(
      "xai-explain",
      [
        "import", "--network", folder.file("tiny.json"), "--checkpoint", file, "--output",
        folder.file("out.safetensors"), "--threads", "1",
      ] + more)
  }

  private func expectImported(
    _ result: ProgramResult, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    result.expect(0, sourceLocation: sourceLocation)
    let read = try Checkpoint(path: folder.file("out.safetensors"))
    #expect(read.parameters == parameters, sourceLocation: sourceLocation)
    #expect(read.network.architecture.classes == 5, sourceLocation: sourceLocation)
  }

  @Test(
    arguments: ["a.pt", "a.safetensors"], ["", "module.", "_orig_mod.module.", "student.net."])
  func `torchvision's names become nodes, whatever stands before all of them`(
    _ file: String, _ prefix: String
  ) throws {
    let result = try run(try write(renamed(prefix), file), ["--preprocessing", "half"])
    try expectImported(result)
    result.expect(0, "features.0 is conv1", "classifier.6 is fc3")
    result.expectNo("normalis")
    if !prefix.isEmpty { result.expect(0, "'\(prefix)'") }
  }

  @Test func `timm's dense layers are convolutions over all positions`() throws {
    let layers =
      Self.layers.dropLast(3) + [
        ("fc1", "pre_logits.fc1"), ("fc2", "pre_logits.fc2"), ("fc3", "head.fc"),
      ]
    let tensors = renamed("", Array(layers)).map { name, tensor -> (name: String, tensor: Tensor) in
      guard name.hasPrefix("pre_logits"), name.hasSuffix("weight") else { return (name, tensor) }
      let (rows, columns) = (tensor.shape[0], tensor.shape[1])
      let side = name.contains("fc1") ? 2 : 1
      return (name, tensor.reshaped(to: [rows, columns / (side * side), side, side]))
    }
    let file = try write(tensors, "timm.safetensors")
    // At 18 x 18 the maps have 4 x 4 positions: timm slides over them.
    try run(file, ["--preprocessing", "half"]).expect(65, "slides over maps of 4 x 4", "timm")
    let result = try run(file, ["--preprocessing", "half", "--image-size", "9x8"])
    result.expect(0, "head.fc is fc3")
    let read = try Checkpoint(path: folder.file("out.safetensors"))
    #expect(read.parameters == parameters && read.network.architecture.input == [3, 9, 8])
  }

  @Test func `numbered parts and sequences within sequences keep their order`() throws {
    let names = [
      "block1.0.0", "block1.0.1", "block2.0.0", "block2.0.1", "block2.10.0", "block2.10.1",
      "mlp.0", "mlp.2", "mlp.4",
    ]
    let tensors = renamed("", zip(Self.layers, names).map { ($0.0, $1) })
    try expectImported(
      try run(try write(tensors.reversed(), "blocks.safetensors"), ["--preprocessing", "half"]))
  }

  @Test func `networks that are another by one layer, kind or shape are refused`() throws {
    let whole = renamed()
    let more =
      whole + [
        ("classifier.9.weight", Tensor(shape: [5, 5])), ("classifier.9.bias", Tensor(shape: [5])),
      ]
    let fewer = whole.filter { !$0.name.hasPrefix("features.8.") }
    let swapped = renamed(
      "",
      Self.layers.map {
        ($0.0, $0.1 == "features.4" ? "features.5" : $0.1 == "features.5" ? "features.4" : $0.1)
      })
    let larger = whole.map { name, tensor -> (name: String, tensor: Tensor) in
      name == "classifier.3.weight" ? (name, Tensor(shape: [8, 9])) : (name, tensor)
    }
    for (tensors, name) in [
      (more, "more"), (fewer, "fewer"), (swapped, "swapped"), (larger, "larger"),
    ] {
      let result = try run(try write(tensors, "\(name).safetensors"), ["--preprocessing", "half"])
      result.expect(65)
      #expect(!FileManager.default.fileExists(atPath: folder.file("out.safetensors")), "\(name)")
    }
  }

  @Test func `what is exported and imported again is the same network`() throws {
    try expectImported(try run(try write(renamed(), "a.pt"), ["--preprocessing", "half"]))
    let own = folder.file("own.safetensors")
    try FileManager.default.moveItem(atPath: folder.file("out.safetensors"), toPath: own)
    for name in ["b.pt", "b.safetensors"] {
      try runProgram(
        "xai-explain", ["export", "--checkpoint", own, "--output", folder.file(name)]
      ).expect(0)
      let archive = try TensorArchive(path: folder.file(name))
      #expect(Set(archive.entries.map(\.name)) == Set(renamed().map(\.name)))
      try? FileManager.default.removeItem(atPath: folder.file("out.safetensors"))
      try expectImported(try run(folder.file(name), ["--preprocessing", "half"]))
    }
  }

  @Test func `a checkpoint to pass on has half the size and the same knowledge`() throws {
    try expectImported(try run(try write(renamed(), "a.pt"), ["--preprocessing", "half"]))
    let (own, half) = (folder.file("out.safetensors"), folder.file("half.safetensors"))
    try runProgram(
      "xai-explain",
      ["export", "--checkpoint", own, "--format", "swift-xai", "--half", "--output", half]
    ).expect(0)
    let (whole, small) = (try Checkpoint(path: own), try Checkpoint(path: half))
    #expect(small.parameters.names == whole.parameters.names)
    #expect(small.network == whole.network && small.mean == whole.mean)
    #expect(try TensorArchive(path: half).entries.contains { $0.typeName == "F16" })
    for arguments in [
      ["--half", "--output", folder.file("c.pt")],
      ["--format", "swift-xai", "--output", folder.file("c.pt")],
    ] {
      try runProgram("xai-explain", ["export", "--checkpoint", own] + arguments).expect(64)
    }
  }

  @Test func `logits are verified, and numbers that are none verify nothing`() throws {
    let file = try write(renamed(), "a.pt")
    var stream = RandomStream(seed: 1, purpose: "images")
    let images = stream.normal(shape: [2, 3, 18, 18])
    let arrays = Dictionary(
      uniqueKeysWithValues: parameters.names.compactMap { name in
        parameters[name].map { (name, ReferenceArray($0)) }
      })
    let reference = ReferenceNetwork(
      stacks: [1, 2], hidden: 2, adaptive: [2, 2], denseBatchNorm: false, parameters: arrays)
    let logits = try #require(reference.evaluate(ReferenceArray(images)).last).tensor
    func verify(_ logits: Tensor) throws -> ProgramResult {
      let path = folder.file("expected.safetensors")
      try SafetensorsFile.write(
        [("images", .float32(images)), ("logits", .float32(logits))], to: path)
      return try run(file, ["--preprocessing", "half", "--verify", path])
    }
    let right = try verify(logits)
    right.expect(0)
    #expect(right.standardOutput.contains("logits agree"))
    try verify(logits.map { $0 * 1.001 }).expect(65, "logits differ")
    var holes = logits
    holes[1, 3] = .nan
    try verify(holes).expect(65, "NaN")
    try verify(Tensor(shape: [2, 4])).expect(65, "expected")
  }

  @Test func `what a picture goes through is kept, and an unknown normalisation stays unknown`()
    throws
  {
    let file = try write(renamed(), "a.pt")
    try run(file, ["--preprocessing", "imagenet"]).expect(0)
    let read = try Checkpoint(path: folder.file("out.safetensors"))
    #expect(read.mean.elements == [0.485, 0.456, 0.406])
    #expect(read.metadata["preprocessing_options"]?.contains("\"resize\":20") == true)
    try run(file).expect(0, "normalis", "--preprocessing")
    #expect(try !Checkpoint(path: folder.file("out.safetensors")).saysHowImagesAreNormalised)
  }

  @Test func `a name of very many parts is no reason to work for ever`() throws {
    let file = try write(
      [(String(repeating: ".", count: 300_000), Tensor(shape: [1]))], "dots.safetensors")
    let running = try RunningProgram(
      "xai-explain",
      [
        "import", "--network", "vgg11", "--checkpoint", file, "--output",
        folder.file("x.safetensors"),
      ])
    #expect(running.wait(atMost: 60).status == 65)
  }

  @Test func `names of networks are suggested, and a network of another name is told`() throws {
    let file = try write(renamed(), "a.pt")
    try runProgram(
      "xai-explain",
      [
        "import", "--network", "vg16", "--checkpoint", file, "--output",
        folder.file("x.safetensors"),
      ]
    ).expect(64, "did you mean vgg16")
  }
}
