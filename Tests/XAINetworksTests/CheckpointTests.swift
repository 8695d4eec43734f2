import Testing
import XAIFiles
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct CheckpointTests {
  private let folder: TemporaryFolder
  private let network = Network(
    Architecture(name: "small", input: [3, 8, 8], stacks: [[4]], hidden: [6], classes: 2))
  private var path: String { folder.file("model.safetensors") }

  init() throws { folder = try TemporaryFolder() }

  private var checkpoint: Checkpoint {
    Checkpoint(
      network: network, parameters: livelyParameters(for: network),
      mean: ReferenceArray.random([3, 8, 8], "mean").tensor.map { abs($0) / 4 },
      standardDeviation: Tensor(shape: [3], [0.25, 0.5, 0.75]),
      classes: [.init(id: "n01", name: "goldfish, \"gold\""), .init(id: "n02", name: "Bär")],
      metadata: ["epoch": "3", "version": "1"])
  }

  /// Writes a file of which some tensors and texts are changed.
  private func write(
    tensors: [String: Tensor?] = [:], metadata: [String: String?] = [:]
  ) throws {
    try checkpoint.write(to: path)
    let file = try SafetensorsFile(path: path)
    var content = try file.entries.map { ($0.name, try file.tensor($0.name)) }
    for (name, tensor) in tensors {
      content.removeAll { $0.0 == name }
      if let tensor { content.append((name, tensor)) }
    }
    var texts = file.metadata
    for (key, text) in metadata { texts[key] = text }
    try SafetensorsFile.write(
      content.map { (name: $0.0, data: .float32($0.1)) }, metadata: texts, to: path)
  }

  private func expectFailure(
    _ sentence: String, architecture: Architecture? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let failure = try #require(
      throws: NetworkFailure.self, sourceLocation: sourceLocation
    ) { try Checkpoint(path: path, architecture: architecture) }
    #expect(failure.description == "\(path)\(sentence)", sourceLocation: sourceLocation)
    #expect(failure.kind == .badData, sourceLocation: sourceLocation)
  }

  @Test func `a checkpoint comes back bit for bit`() throws {
    let original = checkpoint
    try original.write(
      to: path, adding: [("fc1.num_batches_tracked", .int64(shape: [1], [77]))])
    let read = try Checkpoint(path: path)
    #expect(read.network == network && read.parameters == original.parameters)
    #expect(read.parameters.names == network.parameterShapes.map(\.name))
    #expect(read.mean == original.mean && read.standardDeviation == original.standardDeviation)
    #expect(read.classes == original.classes)
    #expect(read.metadata["epoch"] == "3" && read.metadata["version"] == "1")
    #expect(try SafetensorsFile(path: path).integers("fc1.num_batches_tracked") == [77])
    let again = folder.file("again.safetensors")
    try read.write(to: again, adding: [("fc1.num_batches_tracked", .int64(shape: [1], [77]))])
    #expect(try WholeFile.read(again) == WholeFile.read(path))
  }

  @Test func `a checkpoint without classes comes back without them`() throws {
    var original = checkpoint
    original.classes = []
    try original.write(to: path)
    #expect(try Checkpoint(path: path).classes.isEmpty)
  }

  @Test func `the metadata say what a reader in another language needs`() throws {
    try checkpoint.write(to: path)
    let metadata = try SafetensorsFile(path: path).metadata
    #expect(metadata["architecture"] == network.architecture.json)
    #expect(metadata["classes"] == #"["n01","n02"]"#)
    #expect(metadata["class_names"] == #"["goldfish, \"gold\"","Bär"]"#)
  }

  @Test(arguments: ["F16", "BF16", "F64"])
  func `parameters of another type are converted exactly`(_ type: String) throws {
    var expected = Parameters()
    for (name, shape) in network.parameterShapes {
      // Multiples of 1/16 below 8: exact in every type, positive where variances must be.
      let count = shape.reduce(1, *)
      let sixteenths = (0..<count).map { index in (index * 7 + 3) % 127 + 1 }
      expected[name] = Tensor(shape: shape, sixteenths.map { Float($0) / 16 })
    }
    var (members, data) = ([String](), [UInt8]())
    for name in expected.names {
      let tensor = try #require(expected[name])
      let start = data.count
      for element in tensor.elements { data += bytes(of: element, as: type) }
      let offsets = "[\(start),\(data.count)]"
      members.append(
        "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(tensor.shape),\"data_offsets\":\(offsets)}")
    }
    let header = "{\(members.joined(separator: ","))}"
    let length = littleEndian(UInt64(header.utf8.count))
    try AtomicFile.write(length + Array(header.utf8) + data, to: path)
    let read = try Checkpoint(path: path, architecture: network.architecture)
    #expect(read.parameters == expected)
    #expect(read.mean == Tensor(shape: [3]))
    #expect(read.standardDeviation == Tensor(shape: [3], repeating: 1))
    #expect(read.classes.isEmpty)
  }

  private func bytes(of element: Float, as type: String) -> [UInt8] {
    switch type {
    case "F16": littleEndian(Float16(element).bitPattern)
    case "BF16": littleEndian(UInt16(element.bitPattern >> 16))
    default: littleEndian(Double(element).bitPattern)
    }
  }

  private func littleEndian(_ bits: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: bits.littleEndian) { Array($0) }
  }

  @Test func `tensors that are missing, of another shape or not finite are named`() throws {
    try write(tensors: ["fc1.weight": nil])
    try expectFailure(
      ": tensor fc1.weight is missing; the checkpoint is of another architecture")
    try write(tensors: ["conv1.weight": Tensor(shape: [4, 3, 3])])
    try expectFailure(
      ": tensor conv1.weight has shape [4, 3, 3], the architecture needs [4, 3, 3, 3]")
    try write(tensors: ["fc2.bias": Tensor(shape: [2], [1, .nan])])
    try expectFailure(
      ": tensor fc2.bias holds NaN or infinity; the training that wrote it diverged or the file "
        + "was damaged")
  }

  @Test func `a normalisation that cannot be used is named`() throws {
    try write(tensors: ["normalization.mean": Tensor(shape: [3], [0.5, 0.25, 0])])
    #expect(try Checkpoint(path: path).mean == Tensor(shape: [3], [0.5, 0.25, 0]))
    try write(tensors: ["normalization.mean": Tensor(shape: [1])])
    try expectFailure(
      ": tensor normalization.mean has shape [1], expected [3, 8, 8] or [3]")
    for bad in [Float.nan, 0, -1] {
      try write(tensors: ["normalization.std": Tensor(shape: [3], [1, bad, 1])])
      try expectFailure(
        ": tensor normalization.std holds values that cannot normalise an image")
    }
    for tensors in [
      ["normalization.std": Tensor(shape: [3], [1, 1, .leastNonzeroMagnitude])],
      [
        "normalization.mean": Tensor(shape: [3], [0, 2, 0]),
        "normalization.std": Tensor(shape: [3], [1, .leastNonzeroMagnitude, 1]),
      ],
    ] {
      try write(tensors: tensors)
      try expectFailure(
        ": normalization.mean and normalization.std make infinity of an image; the file is damaged")
    }
    for name in ["normalization.mean", "normalization.std"] {
      try write(tensors: [name: Tensor(shape: [3], [0.5, 124.5, 0.5])])
      try expectFailure(
        ": tensor \(name) holds 124.5, but pixels are divided by 255 before it is used; where it is of "
          + "pixels from 0 to 255, say so")
    }
    try write(tensors: [
      "normalization.mean": Tensor(shape: [3, 1, 1], [0.5, 0.25, 0]),
      "normalization.std": Tensor(shape: [3, 1, 1], [0.5, 0.25, 1]),
    ])
    #expect(try Checkpoint(path: path).mean == Tensor(shape: [3], [0.5, 0.25, 0]))
    #expect(try Checkpoint(path: path).standardDeviation == Tensor(shape: [3], [0.5, 0.25, 1]))
  }

  @Test func `a file whose normalization is not known does not claim to know it`() throws {
    try write(tensors: ["normalization.mean": nil])
    try expectFailure(
      ": has the tensor normalization.std and no normalization.mean, so how images are normalised is half "
        + "known; say it")
    try write(tensors: ["normalization.mean": nil, "normalization.std": nil])
    let read = try Checkpoint(path: path)
    #expect(!read.saysHowImagesAreNormalised)
    try read.write(to: path)
    #expect(try !Checkpoint(path: path).saysHowImagesAreNormalised)
    #expect(try SafetensorsFile(path: path).entry("normalization.std") == nil)
  }

  @Test func `an architecture is needed, and must be the one asked for`() throws {
    try write(metadata: ["architecture": nil])
    try expectFailure(
      ": its metadata names no architecture, so it is no checkpoint of this program; give the "
        + "architecture's file")
    #expect(try Checkpoint(path: path, architecture: network.architecture).network == network)
    var other = network.architecture
    other.hidden = [7]
    try expectFailure(
      ": tensor fc1.weight has shape [6, 64], the architecture needs [7, 64]", architecture: other)

    try write()
    try expectFailure(
      ": holds the architecture \(network.architecture.json), expected \(other.json)",
      architecture: other)
    other = network.architecture
    other.pooling = false
    other.adaptivePooling = [4, 4]
    try expectFailure(
      ": holds the architecture \(network.architecture.json), expected \(other.json)",
      architecture: other)
    other = network.architecture
    other.dropout = .init(convolution: 0, dense: 0)
    other.name = "another name"
    #expect(try Checkpoint(path: path, architecture: other).network == network)

    try write(metadata: ["architecture": #"{"input": [3, 8, 8]}"#])
    try expectFailure(
      ", metadata architecture: no architecture: \"stacks\" is missing")
  }

  @Test func `a class list of another length is refused, one of two suffices`() throws {
    for key in ["classes", "class_names"] {
      for text in [#"["a"]"#, #"["a","b","c"]"#, "{}", "[1, 2]"] {
        try write(metadata: [key: text])
        try expectFailure(
          ": metadata \"\(key)\" is no list of 2 names, one for each logit")
      }
    }
    try write(metadata: ["class_names": nil])
    #expect(try Checkpoint(path: path).classes.map(\.name) == ["n01", "n02"])
    try write(metadata: ["classes": nil])
    #expect(try Checkpoint(path: path).classes.map(\.id) == ["goldfish, \"gold\"", "Bär"])
  }

  @Test func `files that are missing or cut are refused`() throws {
    let missing = try #require(throws: NetworkFailure.self) { try Checkpoint(path: path) }
    #expect((missing.cause as? FileFailure)?.code == .missing)
    #expect(missing.kind == .missingInput)
    try checkpoint.write(to: path)
    let bytes = try WholeFile.read(path)
    for count in [0, 7, 100, bytes.count - 1] {
      try AtomicFile.write(Array(bytes.prefix(count)), to: path)
      let failure = try #require(throws: NetworkFailure.self) { try Checkpoint(path: path) }
      #expect(failure.kind == .badData && failure.description.contains(path))
    }
  }
}
