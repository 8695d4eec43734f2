import Glibc
import Testing
import XAIFiles
import XAITensor
import XAITestSupport

@Suite struct TrainFailureTests {
  static let image = "data/train/n01/images/n01_4.JPEG"

  static let data: [Fault] = [
    Fault(
      "no data folder", .missingInput, "cannot read the folder 'ROOT/data': No such file"
    ) { try $0.remove("data") },
    Fault(
      "an empty data folder", .missingInput,
      "'ROOT/data' holds no data of a known form; looked for "
    ) {
      try $0.remove("data")
      try $0.write("", "data/.nothing")
    },
    Fault("a file as data", .missingInput, "'ROOT/data' is a file, not a folder") {
      try $0.remove("data")
      try $0.write("", "data")
    },
    Fault("no image of any class", .badData, "'ROOT/data' holds no image: looked for JPEG and PNG")
    {
      try $0.remove("data/train")
      try $0.remove("data/val/images")
      try $0.write("", "data/train/n01/images/notes.txt")
      try $0.write("", "data/val/images/Thumbs.db")
      try $0.write("", "data/val/val_annotations.txt")
    },
    Fault("no training folder", .badData, "the train split is empty") {
      try $0.remove("data/train")
    },
    Fault(
      "a folder of no class", .badData, "'ROOT/data/train/n09' is none of the 3 classes of"
    ) { try $0.write("", "data/train/n09/images/x.JPEG") },
    Fault(
      "an unknown wnid", .badData,
      "'ROOT/data/val/val_annotations.txt', line 2: 'n77' is none of the 3 classes"
    ) { try $0.write("\nval_0.JPEG\tn77\t0\t0\t1\t1\n", "data/val/val_annotations.txt") },
    Fault(
      "an annotation that does not parse", .badData,
      "'ROOT/data/train/n01/n01_boxes.txt', line 1: expected a file name and x0 y0 x1 y1, found"
    ) { try $0.write("n01_0.JPEG\t0\tone\t2\t3\n", "data/train/n01/n01_boxes.txt") },
    Fault("an empty image", .badData, "ROOT/\(image)") { try $0.write([], image) },
    Fault("a truncated image", .badData, "ROOT/\(image)") {
      let bytes = try $0.bytes(image)
      try $0.write(Array(bytes.prefix(bytes.count / 2)), image)
    },
    Fault("no JPEG", .badData, "ROOT/\(image)") { try $0.write("GIF89a, no JPEG", image) },
    Fault("absurd dimensions", .badData, "ROOT/\(image)", "60000 x 65000") {
      var bytes = try $0.bytes(image)
      // The frame header: marker, length, precision, height, width.
      let frame = bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 }
      guard let frame else { return }
      bytes.replaceSubrange(frame + 5..<frame + 9, with: [0xFD, 0xE8, 0xEA, 0x60])
      try $0.write(bytes, image)
    },
  ]

  @Test(arguments: data)
  func `bad data end in one sentence`(_ fault: Fault) throws {
    let fixture = try CommandFixture()
    try fault.cause(fixture)
    fixture.expectFailure(try fixture.train(), fault.kind, fault.fragments)
  }

  @Test func `too few images are named with the split that has none`() throws {
    let fixture = try CommandFixture(imagesPerClass: 1)
    fixture.expectFailure(try fixture.train(), .badData, ["data: the validation split is empty"])
  }

  static let architectures: [Fault] = [
    Fault("none", .missingInput, "cannot read 'ROOT/small.json': it does not exist") {
      try $0.remove("small.json")
    },
    Fault("no JSON", .badData, "ROOT/small.json: no architecture: ") {
      try $0.write("VGG", "small.json")
    },
    Fault("a missing key", .badData, "ROOT/small.json: no architecture: \"stacks\" is missing") {
      try $0.write("{\"input\": [3, 16, 16], \"hidden\": [], \"classes\": 3}", "small.json")
    },
    Fault("an unknown key", .badData, "ROOT/small.json", "unknown key \"layers\"") {
      try $0.write(
        "{\"input\": [3, 16, 16], \"stacks\": [], \"hidden\": [], \"classes\": 3, \"layers\": 1}",
        "small.json")
    },
    Fault("more pools than pixels", .badData, "cannot be pooled 5 times") {
      try $0.write(
        "{\"input\": [3, 16, 16], \"stacks\": [[1],[1],[1],[1],[1]], \"hidden\": [], \"classes\": 3}",
        "small.json")
    },
    Fault("absurd layers", .badData, "ROOT/small.json", "more than 2^31") {
      try $0.write(
        "{\"input\": [65536, 65536, 65536], \"stacks\": [[65536]], \"hidden\": [], \"classes\": 3}",
        "small.json")
    },
    Fault("many absurd layers", .badData, "ROOT/small.json", "more than 2^31") {
      try $0.write(
        "{\"input\": [3, 16, 16], \"stacks\": [], \"hidden\": [32768, 32768, 32768, 32768], "
          + "\"classes\": 3}", "small.json")
    },
    Fault("gray images", .usage, "takes images of 1 channels, the data have 3") {
      try $0.write(
        "{\"input\": [1, 16, 16], \"stacks\": [], \"hidden\": [], \"classes\": 3}", "small.json")
    },
  ]

  @Test(arguments: architectures)
  func `a bad architecture ends in one sentence`(_ fault: Fault) throws {
    let fixture = try CommandFixture()
    try fault.cause(fixture)
    fixture.expectFailure(try fixture.train(), fault.kind, fault.fragments)
    #expect(!fixture.exists("run/last.safetensors"))
  }

  @Test func `an output that cannot be written is named`() throws {
    let fixture = try CommandFixture()
    try fixture.write("", "file")
    for output in ["file", "file/below/run"] {
      fixture.expectFailure(
        try fixture.train(["--output": fixture.path(output)]), .cannotCreate,
        ["cannot create 'ROOT/file", "a part of this path is a file, not a folder"])
    }
    fixture.expectFailure(
      try fixture.train(["--cache": fixture.path("file/below/cache")]), .cannotCreate,
      ["cache of decoded images", "cannot create 'ROOT/file'"])
  }

  /// Root may replace a device, and `--cache /dev/null` did.
  @Test func `a cache takes the place of nothing but a file`() throws {
    let fixture = try CommandFixture()
    #expect(mkfifo(fixture.path("pipe"), 0o600) == 0)
    try fixture.write("", "folder/file")
    #expect(symlink("/dev/null", fixture.path("device")) == 0)
    for name in ["pipe", "folder", "device"] {
      fixture.expectFailure(
        try fixture.train(["--cache": fixture.path(name)]), .cannotCreate,
        ["cache of decoded images 'ROOT/\(name)': it is there and no regular file"])
    }
    var status = stat()
    #expect(stat(fixture.path("pipe"), &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    #expect(lstat(fixture.path("device"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(try Folder.entries(of: fixture.path("folder")) == ["file"])
    // A slip of the hand must not cost a file.
    try fixture.writeCheckpoint()
    let before = try fixture.bytes("model.safetensors")
    fixture.expectFailure(
      try fixture.train(["--cache": fixture.path("model.safetensors")]), .cannotCreate,
      ["cache of decoded images 'ROOT/model.safetensors': this file is no such cache"])
    #expect(try fixture.bytes("model.safetensors") == before)
    try fixture.write("", "empty")
    #expect(try fixture.train(["--cache": fixture.path("empty"), "--max-steps": "1"]).status == 0)
  }

  @Test func `a training that diverges ends with its step and keeps what was saved`() throws {
    let fixture = try CommandFixture()
    #expect(try fixture.train(["--max-steps": "2"]).status == 0)
    let result = try fixture.train(
      ["--learning-rate": "1e38", "--output": fixture.path("diverged")])
    fixture.expectFailure(
      result, .badData,
      ["epoch ", "; training diverged, so use a smaller learning rate than 1e+38"])
    #expect(!fixture.exists("diverged/bestmodel.safetensors"))
    #expect(fixture.exists("run/bestmodel.safetensors"))
  }

  static let values = [
    "--epochs=0", "--epochs=-1", "--epochs=many", "--epochs=1.5", "--batch-size=0",
    "--batch-size=-8", "--learning-rate=0", "--learning-rate=-0.1", "--learning-rate=nan",
    "--learning-rate=inf", "--learning-rate=fast", "--schedule=linear", "--schedule-factor=0",
    "--schedule-factor=2", "--schedule-epochs=-1", "--momentum=1", "--momentum=-0.1",
    "--weight-decay=-1", "--dropout-convolution=1", "--dropout-dense=-0.5", "--patience=0",
    "--validation-fraction=0", "--validation-fraction=1", "--augment=rotate",
    "--label-smoothing=1", "--random-labels=-1", "--seed=x", "--threads=0", "--threads=100000",
    "--max-steps=0", "--save-every=0", "--save-every=5hours", "--recipe=best", "--averaging=1",
    "--gradient-clip=-1", "--min-delta=-1", "--preprocessing=none",
    "--sizes=32", "--sizes=32:0", "--sizes=0:1,64:1", "--sizes=32:1,", "--sizes=a:b", "--sizes=",
    "--validation-stride=0", "--full-validations=0",
  ]

  @Test func `values that cannot be are refused with the option's name`() throws {
    for value in Self.values {
      let result = try runProgram("xai-train", ["--data", "shapes", "--output", "/x", value])
      #expect(result.status == 64, "\(value)")
      let option = value.prefix { $0 != "=" }
      #expect(result.standardError.contains(option), "\(result.standardError)")
      #expect(result.standardError.contains("Usage: xai-train"), "\(value)")
    }
  }

  @Test func `values that do not go together are refused`() throws {
    let fixture = try CommandFixture()
    fixture.expectFailure(
      try fixture.train(["--schedule-epochs": "0"]), .usage,
      ["the step schedule needs at least 1 epoch per step"])
    fixture.expectFailure(
      try fixture.train(["--schedule": "cosine", "--schedule-epochs": "2"]), .usage,
      ["the warm-up of 2 epochs must be shorter than the run of 2"])
    fixture.expectFailure(
      try fixture.train(["--batch-size": "1"]), .usage,
      ["--batch-size 1: batch norm needs at least 2 images in a batch"])
    #expect(!fixture.exists("run/last.safetensors"))
  }
}
