import Foundation
import Testing
import XAIFiles
import XAINetworks
import XAITensor
import XAITestSupport

/// Networks that other programs wrote: read, completed by what is assumed, or refused; never wrong in
/// silence.
@Suite struct ForeignNetworkTests {
  @Test func `a file without classes is evaluated, and their order said to be assumed`() throws {
    let result = try Reports().evaluate("nometa.safetensors")
    result.expect(0, "class", "order", "--class-names")
    #expect(result.standardOutput.contains("top-1 83.33 %"))
    #expect(result.standardOutput.contains("loss 0.5907"))
  }

  @Test func `tensors that the architecture has no place for are an error in every program`() throws
  {
    let reports = try Reports()
    let nobn = "arch16_nobn.json"
    try reports.evaluate("nometa.safetensors", architecture: nobn).expect(65, "conv1_bn", "12")
    let network = ["--architecture", Reports.path(nobn)]
    try reports.attribute("nometa.safetensors", network + ["--method", "saliency"])
      .expect(65, "conv1_bn", "12")
    let checkpoint = Reports.path("checkpoints/nometa.safetensors")
    for command in ["randomize", "class-sensitivity"] {
      try runProgram(
        "xai-explain",
        [
          command, "--checkpoint", checkpoint, "--images", Reports.path("images/nat.png"),
          "--method", "saliency", "--output", reports.file("out"),
        ] + network
      ).expect(65, "conv1_bn", "12")
    }
    try runProgram(
      "xai-explain",
      [
        "compare", "--checkpoint", checkpoint, "--checkpoint", checkpoint, "--images",
        Reports.path("images/nat.png"), "--method", "saliency", "--output", reports.file("out"),
      ] + network
    ).expect(65, "conv1_bn", "12")
    try SafetensorsFile.write(
      [("images", .float32(Tensor(shape: [1, 3, 16, 16])))], to: reports.file("in.safetensors"))
    try runProgram(
      "xai-explain",
      [
        "attribute", "--checkpoint", checkpoint, "--tensor", reports.file("in.safetensors:images"),
        "--target", "0", "--method", "saliency", "--raw", reports.file("raw.safetensors"),
      ] + network
    ).expect(65, "conv1_bn", "12")
    // Who says that they are not needed may go on.
    let result = try reports.evaluate(
      "nometa.safetensors", architecture: nobn,
      ["--ignore-tensors", "conv1_bn.,conv2_bn", "--ignore-tensors", "fc1_bn"])
    result.expect(0, "12 tensors passed over")
    #expect(result.standardOutput.contains("top-1 50.00 %"))
  }

  @Test func `the order of the classes can be told`() throws {
    let reports = try Reports()
    let assumed = try reports.evaluate("perm_noclass.safetensors")
    assumed.expect(0, "class", "order", "--class-names")
    #expect(assumed.standardOutput.contains("top-1 25.00 %"))
    let told = try reports.evaluate(
      "perm_noclass.safetensors", ["--class-names", Reports.path("classes.txt")])
    told.expect(0)
    told.expectNo("order")
    #expect(told.standardOutput.contains("top-1 83.33 %"))
    // The same by names, which the data have too.
    try Data("name3\nname1\nname0\nname2\n".utf8)
      .write(to: URL(filePath: reports.file("names.txt")))
    let named = try reports.evaluate(
      "perm_noclass.safetensors", ["--class-names", reports.file("names.txt")])
    #expect(named.standardOutput.contains("top-1 83.33 %"), "\(named.standardError)")
    try Data("[\"n04\", \"n02\", \"n01\"]".utf8)
      .write(to: URL(filePath: reports.file("short.json")))
    try reports.evaluate("perm_noclass.safetensors", ["--class-names", reports.file("short.json")])
      .expect(65, "3 classes", "4 logits")
  }

  @Test func `a network trained on sorted folders is recognised where the data are not sorted`()
    throws
  {
    let reports = try Reports()
    try reports.rewrite("d0/wnids.txt") { _ in Array("n03\nn01\nn04\nn02\n".utf8) }
    let assumed = try reports.evaluate("nometa.safetensors")
    assumed.expect(0, "sorted order top-1 would be 83.33 %", "--class-names sorted")
    #expect(!assumed.standardOutput.contains("top-1 83.33 %"))
    let sorted = try reports.evaluate("nometa.safetensors", ["--class-names", "sorted"])
    sorted.expect(0)
    sorted.expectNo("order")
    #expect(sorted.standardOutput.contains("top-1 83.33 %"))
  }

  @Test func `every command that shows pictures warns of a missing normalisation`() throws {
    let reports = try Reports()
    let result = try reports.evaluate("nometa_nonorm.safetensors")
    result.expect(0, "normalis", "--preprocessing")
    #expect(result.standardOutput.contains("top-1 41.67 %"))
    let checkpoint = Reports.path("checkpoints/nometa_nonorm.safetensors")
    let rest = [
      "--architecture", Reports.path("arch16.json"), "--images", Reports.path("images/nat.png"),
      "--method", "saliency", "--threads", "1",
    ]
    try runProgram(
      "xai-explain",
      ["class-sensitivity", "--checkpoint", checkpoint, "--output", reports.file("a")] + rest
    ).expect(0, "normalis")
    try runProgram(
      "xai-explain",
      [
        "compare", "--checkpoint", checkpoint, "--checkpoint", checkpoint, "--output",
        reports.file("b"),
      ] + rest
    ).expect(0, "normalis")
    try runProgram(
      "xai-explain",
      [
        "randomize", "--checkpoint", checkpoint, "--seeds", "1", "--output", reports.file("c"),
      ] + rest
    ).expect(0, "normalis")
    let told = try reports.evaluate("nometa_nonorm.safetensors", ["--preprocessing", "half"])
    told.expectNo("normalis")
  }

  @Test(arguments: ["plain.pt", "legacy.pt"])
  func `PyTorch's files are read in both formats`(_ name: String) throws {
    let result = try Reports().evaluate(name)
    result.expect(0, "normalis")
    #expect(result.standardOutput.contains("top-1 41.67 %"))
  }

  @Test(arguments: [
    ("lit.ckpt", "'model.'"), ("timm.pth.tar", "ema"), ("module.safetensors", "'module.'"),
    ("torchvision.safetensors", "features.0 is conv1"),
  ])
  func `wrappers, prefixes and other names are understood and told`(
    _ name: String, _ word: String
  ) throws {
    let result = try Reports().evaluate(name)
    result.expect(0, word)
    #expect(result.standardOutput.contains("top-1 41.67 %"))
  }

  @Test func `tensors of types that are not read are leftovers like any other`() throws {
    let reports = try Reports()
    try reports.evaluate("f8extra.safetensors").expect(65, "scale.x", "F8_E4M3")
    let result = try reports.evaluate("f8extra.safetensors", ["--ignore-tensors", "scale."])
    result.expect(0, "scale.x")
    #expect(result.standardOutput.contains("top-1 83.33 %"))
  }

  @Test func `metadata of another program stop no file whose architecture is given`() throws {
    let reports = try Reports()
    let result = try reports.evaluate("archtext.safetensors")
    result.expect(0, "vgg16_bn")
    #expect(result.standardOutput.contains("top-1 83.33 %"))
    // Class lists of others, too.
    let file = try SafetensorsFile(path: Reports.path("checkpoints/nometa.safetensors"))
    try SafetensorsFile.write(
      try file.entries.map { ($0.name, .float32(try file.tensor($0.name))) },
      metadata: ["classes": "4", "format": "pt"], to: reports.file("classes.safetensors"))
    let other = try reports.evaluate(reports.file("classes.safetensors"))
    other.expect(0, "'classes'", "order")
    #expect(other.standardOutput.contains("top-1 83.33 %"))
  }

  @Test func `negative variances and means of pixels up to 255 are refused by name`() throws {
    let reports = try Reports()
    try reports.evaluate("negvar.safetensors").expect(65, "conv1_bn.running_var", "negative")
    let file = try SafetensorsFile(path: Reports.path("checkpoints/nometa.safetensors"))
    func write(_ name: String, _ tensor: Tensor) throws {
      try SafetensorsFile.write(
        try file.entries.map {
          ($0.name, .float32($0.name == name ? tensor : try file.tensor($0.name)))
        }, to: reports.file("range.safetensors"))
    }
    for name in ["normalization.mean", "normalization.std"] {
      try write(name, Tensor(shape: [3], [123.7, 116.3, 103.5]))
      try reports.evaluate(reports.file("range.safetensors")).expect(65, name, "255")
    }
    try Data(
      #"{"mean": [123.675, 116.28, 103.53], "std": [58.395, 57.12, 57.375], "range": 255}"#.utf8
    ).write(to: URL(filePath: reports.file("range.json")))
    try reports.evaluate(
      reports.file("range.safetensors"), ["--preprocessing", reports.file("range.json")]
    ).expect(0)
    // PyTorch's shape of a mean colour.
    let mean = try file.tensor("normalization.mean")
    if mean.count == 3 { try write("normalization.mean", mean.reshaped(to: [3, 1, 1])) }
    try write("normalization.std", try file.tensor("normalization.std").reshaped(to: [3, 1, 1]))
    let shaped = try reports.evaluate(reports.file("range.safetensors"))
    #expect(shaped.standardOutput.contains("top-1 83.33 %"), "\(shaped.standardError)")
  }

  @Test func `tensors that are missing are named beside three that are there`() throws {
    let reports = try Reports()
    let file = try SafetensorsFile(path: Reports.path("checkpoints/nometa.safetensors"))
    try SafetensorsFile.write(
      try file.entries.map {
        ($0.name.replacing("conv1.", with: "conv_1."), .float32(try file.tensor($0.name)))
      }, to: reports.file("named.safetensors"))
    try reports.evaluate(reports.file("named.safetensors"))
      .expect(
        65, "conv1.weight is missing", "'conv_1.bias'", "nearest to conv1.weight is 'conv_1.weight'"
      )
  }

  @Test func `a word of several meanings is refused with the ways to say it`() throws {
    let reports = try Reports()
    let saliency = ["--method", "saliency"]
    try reports.attribute("nnum.safetensors", saliency + ["--target", "1"])
      .expect(64, "id:1", "index:1")
    for (word, index) in [("id:1", 0), ("index:1", 1), ("10", 1), ("0", 0), ("name:2", 2)] {
      let reports = try Reports()
      try reports.attribute("nnum.safetensors", saliency + ["--target", word]).expect(0)
      let images = try #require(try reports.results()["images"] as? [[String: Any]])
      let targets = images.flatMap { $0["targets"] as? [[String: Any]] ?? [] }.compactMap {
        ($0["target"] as? [String: Any])?["index"] as? Int
      }
      #expect(targets == [index], "\(word): \(images)")
    }
    try SafetensorsFile.write(
      [("images", .float32(Tensor(shape: [1, 3, 16, 16])))], to: reports.file("in.safetensors"))
    let raw = [
      "attribute", "--checkpoint", Reports.path("checkpoints/nnum.safetensors"), "--tensor",
      reports.file("in.safetensors:images"), "--method", "saliency", "--raw",
      reports.file("raw.safetensors"), "--target",
    ]
    try runProgram("xai-explain", raw + ["1"]).expect(64, "id:1", "index:1")
    try runProgram("xai-explain", raw + ["id:1"]).expect(0)
  }

  @Test func `what contradicts a file is said, and compare only completes`() throws {
    let reports = try Reports()
    var own = try Checkpoint(
      path: Reports.path("checkpoints/nometa.safetensors"),
      architecture: try Architecture.read(from: Reports.path("arch16.json")))
    own.classes = ["n01", "n02", "n03", "n04"].map { .init(id: $0, name: $0) }
    try own.write(to: reports.file("own.safetensors"))
    let words = ["--class-names", Reports.path("classes.txt")]
    try reports.evaluate(reports.file("own.safetensors"), words)
      .expect(0, "its own class names give way")
    try reports.evaluate(reports.file("own.safetensors"), ["--preprocessing", "half"])
      .expect(0, "its own normalization give way")
    // The list is that of the second network: the first one keeps its own order, and that is told.
    try runProgram(
      "xai-explain",
      [
        "compare", "--checkpoint", reports.file("own.safetensors"), "--checkpoint",
        Reports.path("checkpoints/perm_noclass.safetensors"), "--architecture",
        Reports.path("arch16.json"), "--images", Reports.path("images/nat.png"), "--method",
        "saliency", "--output", reports.file("compared"),
      ] + words
    ).expect(64, "class 0 is 'n01'", "'n04'")
  }

  @Test func `maps of another preprocessing or of other weights are not those of this one`() throws
  {
    let reports = try Reports()
    func randomize(_ more: [String]) throws -> ProgramResult {
      try runProgram(
        "xai-explain",
        [
          "randomize", "--checkpoint", Reports.path("checkpoints/timm.pth.tar"), "--architecture",
          Reports.path("arch16.json"), "--images", Reports.path("images/nat.png"), "--method",
          "saliency", "--seeds", "1", "--output", reports.file("tested"), "--threads", "1",
        ] + more)
    }
    try randomize([]).expect(0)
    try randomize(["--preprocessing", "half"]).expect(64, "another test")
    try randomize(["--weights", "ema"]).expect(64, "another test")
    try randomize([]).expect(0)
  }

  @Test func `a network behind one prefix among others is told how to be read`() throws {
    let reports = try Reports()
    let file = try SafetensorsFile(path: Reports.path("checkpoints/nometa_nonorm.safetensors"))
    try SafetensorsFile.write(
      try file.entries.map { ("model.\($0.name)", .float32(try file.tensor($0.name))) }
        + [("criterion.weight", .float32(Tensor(shape: [4])))],
      to: reports.file("lit.safetensors"))
    try reports.evaluate(reports.file("lit.safetensors"))
      .expect(65, "behind 'model.'", "criterion.weight", "--ignore-tensors")
    let result = try reports.evaluate(
      reports.file("lit.safetensors"), ["--ignore-tensors", "criterion."])
    #expect(result.standardOutput.contains("top-1 41.67 %"))
  }

  @Test func `classes without images need not be known, and words say what they are`() throws {
    let reports = try Reports()
    var checkpoint = try Checkpoint(
      path: Reports.path("checkpoints/nometa.safetensors"),
      architecture: try Architecture.read(from: Reports.path("arch16.json")))
    checkpoint.classes = ["n01", "n02", "n03", "n04"].map { .init(id: $0, name: "name \($0)") }
    try checkpoint.write(to: reports.file("own.safetensors"))
    try Folder.create(reports.file("d0/train/n00/images"))
    try reports.rewrite("d0/wnids.txt") { Array("n00\n".utf8) + $0 }
    let result = try reports.evaluate(reports.file("own.safetensors"))
    #expect(result.standardOutput.contains("top-1 83.33 %"), "\(result.standardError)")
    let saliency = ["--method", "saliency", "--target"]
    try reports.attribute(reports.file("own.safetensors"), saliency + ["id:9"])
      .expect(64, "identifier '9'")
    try reports.attribute(reports.file("own.safetensors"), saliency + ["name:n03"])
      .expect(64, "'id:n03'")
  }
}
