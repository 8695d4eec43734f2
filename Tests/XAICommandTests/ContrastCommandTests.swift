import Foundation
import Testing
import XAIExperiments
import XAIFiles
import XAIImages
import XAINetworks
import XAITensor
import XAITestSupport

/// `class-sensitivity` and `compare`, as a user calls them.
@Suite struct ContrastCommandTests {
  private let fixture: CommandFixture

  init() throws {
    fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    try fixture.writeCheckpoint("other.safetensors") {
      $0.parameters = .initial(for: $0.network, seed: 1)
    }
  }

  private func explain(_ words: [String]) throws -> ProgramResult {
    try runProgram(
      "xai-explain", words.map(filled) + ["--threads", "1", "--quiet"])
  }

  private func filled(_ word: String) -> String {
    word.replacing("ROOT", with: fixture.path("."))
      .replacing("IMAGE", with: fixture.path("data/val/images/val_0.JPEG"))
  }

  private static let classes = ["class-sensitivity", "--checkpoint", "ROOT/model.safetensors"]
  private static let networks = [
    "compare", "--checkpoint", "ROOT/model.safetensors", "--checkpoint", "ROOT/other.safetensors",
  ]
  private static let output = ["--output", "ROOT/out"]

  private func results() throws -> ContrastResults {
    try JSONText.decode(
      ContrastResults.self, from: fixture.text("out/results.json"), name: "results.json")
  }

  @Test func `a network that does not say how images are normalised is warned of`() throws {
    try fixture.writeCheckpoint("silent.safetensors") { $0.saysHowImagesAreNormalised = false }
    let sentence = "silent.safetensors does not say how images are normalised"
    let calls = [
      ["class-sensitivity", "--checkpoint", "ROOT/silent.safetensors", "--classes", "n03,n01"],
      Self.networks.dropLast() + ["ROOT/silent.safetensors"],
    ]
    for call in calls {
      let result = try explain(call + ["--image", "IMAGE", "--method", "saliency", "--dry-run"])
      #expect(result.status == 0, "\(result.standardError)")
      #expect(result.standardError.contains(sentence), "\(result.standardError)")
    }
  }

  @Test func `the maps of two classes are compared`() throws {
    let result = try explain(
      Self.classes + Self.output + [
        "--image", "IMAGE", "--classes", "n03,name of n01", "--method", "saliency,grad-cam",
      ])
    #expect(result.status == 0 && result.standardError.isEmpty, "\(result.standardError)")
    let results = try results()
    #expect(results.kind == .classSensitivity && results.networks.count == 1)
    #expect(
      results.methods.map(\.identifier)
        == ["saliency", "grad-cam", "random", "constant", "edge-detector", "input"])
    #expect(results.contrasts.map(\.identifier) == ["name of n03 / name of n01"])
    #expect(results.pairs.map { [$0.left.target.index, $0.right.target.index] } == [[0, 1]])
    let headline = results.summaries.filter { $0.measure == results.headline }
    #expect(headline.filter { $0.method == "random" }.map(\.mean) == [1])
    let line = "saliency: \(String(format: "%.3f", headline[0].mean))\n"
    #expect(result.standardOutput.hasPrefix(line))
    for name in [
      "index.html", "results.csv", "summary.csv", "plots/similarity.svg", "plots/similarity.png",
      "pictures/val_0.JPEG.png",
    ] { #expect(fixture.exists("out/\(name)"), "\(name)") }
    let other =
      Self.classes + Self.output + [
        "--image", "IMAGE", "--classes", "n03,name of n01", "--method", "gradient", "--seed", "7",
      ]
    fixture.expectFailure(
      try explain(other), .usage, ["holds results of another test", "choose another folder"])
    let replaced = try explain(other + ["--overwrite"])
    #expect(replaced.status == 0, "\(replaced.standardError)")
    #expect(try self.results().methods[0].identifier == "gradient")
    let units = try Folder.entries(of: fixture.path("out/units"))
    #expect(!units.isEmpty && !units.contains { $0.hasPrefix("saliency") })
  }

  @Test func `a method that is added later finds the maps of the others`() throws {
    func units(_ methods: String) throws -> [String: [UInt8]] {
      let words = ["--image", "IMAGE", "--classes", "n03,n01", "--without", "controls"]
      let result = try explain(Self.classes + Self.output + words + ["--method", methods])
      #expect(result.status == 0, "\(result.standardError)")
      return Dictionary(
        uniqueKeysWithValues: try Folder.entries(of: fixture.path("out/units")).map {
          ($0, try fixture.bytes("out/units/\($0)"))
        })
    }
    let first = try units("saliency")
    let both = try units("saliency,grad-cam")
    #expect(first.count == 1 && both.count == 2 && both.merging(first) { $1 } == both)
    #expect(try results().methods.map(\.identifier) == ["saliency", "grad-cam"])
  }

  @Test(arguments: [Self.classes, Self.networks])
  func `shards give the files of one process`(command: [String]) throws {
    let words = command + ["--data", "ROOT/data", "--samples", "5", "--method", "saliency,rise"]
    let whole = try explain(words + ["--output", "ROOT/whole"])
    #expect(whole.status == 0, "\(whole.standardError)")
    for number in [3, 1, 2] {
      let part = try explain(words + Self.output + ["--shard", "\(number)/3"])
      #expect(part.status == 0 && part.standardOutput.isEmpty, "\(part.standardError)")
    }
    #expect(!fixture.exists("out/results.json"))
    let merge = try runProgram("xai-explain", ["merge", "--output", fixture.path("out")])
    #expect(merge.status == 0, "\(merge.standardError)")
    let report = try explain(words + Self.output)
    #expect(report.status == 0 && report.standardOutput == whole.standardOutput)
    for name in ["results.json", "results.csv", "summary.csv", "plots/similarity.svg"] {
      #expect(try fixture.bytes("out/\(name)") == fixture.bytes("whole/\(name)"), "\(name)")
    }
    let load = try explain(words + ["--shard", "1/3", "--dry-run"])
    #expect(load.standardOutput.contains("shard 1 of 3: about "))
  }

  @Test func `over a set the true class meets likely, unlikely and random ones`() throws {
    let words = [
      "--data", "ROOT/data", "--samples", "4", "--method", "saliency", "--random-classes", "2",
      "--pictures", "1", "--without", "controls",
    ]
    let result = try explain(Self.classes + Self.output + words)
    #expect(result.status == 0, "\(result.standardError)")
    let results = try results()
    #expect(results.methods.map(\.identifier) == ["saliency"])
    #expect(
      results.contrasts.map(\.identifier) == [
        "most likely other class", "least likely", "random class",
      ])
    #expect(results.pairs.count == 4 * 4)
    for pair in results.pairs {
      #expect(pair.left.target.index == results.images[pair.image].label?.index)
    }
    let random = try #require(
      results.summaries.first { $0.contrast == "random class" && $0.measure == results.headline })
    #expect(random.count == 8 && random.images == 4 && random.lower != nil)
    #expect(try Folder.entries(of: fixture.path("out/pictures")).count == 1)
    let first = try fixture.bytes("out/results.json")
    try fixture.remove("out")
    _ = try explain(Self.classes + Self.output + words)
    #expect(try fixture.bytes("out/results.json") == first)
  }

  @Test func `the maps of two networks are compared`() throws {
    let result = try explain(
      Self.networks + Self.output + [
        "--data", "ROOT/data", "--samples", "3", "--method", "saliency,random",
        "--without", "controls",
      ])
    #expect(result.status == 0 && result.standardError.isEmpty, "\(result.standardError)")
    let results = try results()
    #expect(results.kind == .compare && results.networks.map(\.name) == ["A", "B"])
    #expect(results.networks[0].checkpoint.sha256 != results.networks[1].checkpoint.sha256)
    #expect(results.pairs.count == 3)
    #expect(results.pairs.allSatisfy { $0.left.network == 0 && $0.right.network == 1 })
    let means = results.summaries.filter { $0.measure == results.headline }.map(\.mean)
    #expect(means[0] < 0.999 && means[1] == 1)
  }

  @Test func `networks that normalise differently are told of`() throws {
    try fixture.writeCheckpoint("other.safetensors") {
      $0.mean = Tensor(shape: [3], repeating: 0.45)
    }
    let result = try explain(
      Self.networks + Self.output + ["--image", "IMAGE", "--method", "saliency", "--target", "1"])
    #expect(result.status == 0)
    #expect(result.standardError.contains("normalise images differently"))
    #expect(try results().notes.count == 1)
  }

  @Test func `relevance that starts from a negative logit is told of`() throws {
    let result = try explain(
      Self.classes + Self.output + [
        "--data", "ROOT/data", "--samples", "6", "--method", "lrp-a1b0", "--relevance-seed",
        "logit",
      ])
    #expect(result.status == 0)
    #expect(result.standardError.contains("lrp-a1b0 starts from the logit (--relevance-seed"))
  }

  @Test func `the cost is told without doing anything`() throws {
    for words in [Self.classes, Self.networks] {
      let result = try explain(words + ["--image", "IMAGE", "--method", "saliency", "--dry-run"])
      #expect(result.status == 0 && result.standardOutput.contains("5 methods, 1 image: "))
    }
    #expect(!fixture.exists("out"))
  }

  @Test func `an interrupted comparison says that it can go on`() throws {
    let program = try RunningProgram(
      "xai-explain",
      (Self.classes + Self.output + [
        "--image", "IMAGE", "--method", "gradient", "--noise", "smooth-grad", "--noise-samples",
        "1000000", "--threads", "1",
      ]).map(filled))
    for _ in 0..<3000 where !program.standardErrorSoFar.contains("walks through") {
      usleep(10_000)
    }
    usleep(300_000)
    program.send(SIGINT)
    let result = program.wait()
    #expect(result.status == 130, "\(result.standardError)")
    #expect(result.standardError.contains("interrupted; finished maps are in "))
    #expect(fixture.exists("out/origin.json") && !fixture.exists("out/results.json"))
  }

  static let faults: [Fault] = [
    Fault("an unknown class", .usage, "--classes 'n04' is no class", "did you mean") { _ in },
    Fault("one class", .usage, "--classes n03: a comparison needs at least two") { _ in },
    Fault("no class names", .usage, "the checkpoint names no classes: give an index") {
      let file = try SafetensorsFile(path: $0.path("model.safetensors"))
      try SafetensorsFile.write(
        try file.entries.map { ($0.name, .float32(try file.tensor($0.name))) },
        metadata: file.metadata.filter { $0.key == "architecture" },
        to: $0.path("model.safetensors"))
    },
    Fault("no such image", .missingInput, "none.JPEG") { _ in },
    Fault("a folder without images", .missingInput, "holds no image") {
      try Folder.create($0.path("empty"))
    },
    Fault("no name of an image", .usage, "names no image") { _ in },
    Fault("too many random classes", .usage, "--random-classes 3: the network has 2 other") { _ in
    },
    Fault("a place that cannot be written", .cannotCreate, "is a file") {
      try $0.write("", "out")
    },
    Fault("a full folder", .cannotCreate, "holds 'file' but no test") {
      try $0.write("", "out/file")
    },
    Fault("an unknown method", .usage, "there is no method or group 'salience'") { _ in },
    Fault("too little memory", .usage, "--memory 1.0 MB is too little") { _ in },
  ]

  private static let faultWords: [String: [String]] = [
    "an unknown class": ["--image", "IMAGE", "--classes", "n03,n04"],
    "one class": ["--image", "IMAGE", "--classes", "n03"],
    "no class names": ["--image", "IMAGE", "--classes", "n03,n01"],
    "no such image": ["--image", "ROOT/none.JPEG"],
    "a folder without images": ["--image", "ROOT/empty"],
    "no name of an image": ["--data", "ROOT/data", "--samples", ","],
    "too many random classes": ["--image", "IMAGE", "--random-classes", "3"],
    "an unknown method": ["--image", "IMAGE", "--method", "salience"],
    "too little memory": ["--image", "IMAGE", "--memory", "1MB"],
  ]

  @Test(arguments: faults)
  func `what cannot be compared is one sentence`(fault: Fault) throws {
    try fault.cause(fixture)
    let words = Self.faultWords[fault.testDescription] ?? ["--image", "IMAGE"]
    let method = words.contains("--method") ? [] : ["--method", "saliency"]
    let result = try explain(Self.classes + Self.output + words + method)
    fixture.expectFailure(result, fault.kind, fault.fragments)
    #expect(!fixture.exists("out/results.json") && !fixture.exists(".out.part"))
  }

  static let misfits: [Fault] = [
    Fault("another input", .usage, "takes images of [3, 16, 16]", "of [3, 8, 8]") {
      try $0.write(
        """
        {"name": "tiny", "input": [3, 8, 8], "stacks": [[8]], "hidden": [16], "classes": 3}
        """, "tiny.json")
      let network = Network(try Architecture.read(from: $0.path("tiny.json")))
      try $0.writeCheckpoint("other.safetensors") {
        ($0.network, $0.parameters) = (network, .initial(for: network, seed: 0))
      }
    },
    Fault("other classes", .usage, "class 0 is 'n03' in", "'n01' in") {
      try $0.writeCheckpoint("other.safetensors") { $0.classes.swapAt(0, 1) }
    },
    Fault("a missing checkpoint", .missingInput, "other.safetensors") {
      try $0.remove("other.safetensors")
    },
    Fault("an unknown target", .usage, "--target 'n04' is no class") { _ in },
    Fault("a target that nobody knows", .usage, "--target true: the class of val_0.JPEG") { _ in },
  ]

  @Test(arguments: misfits)
  func `networks that do not fit are one sentence`(fault: Fault) throws {
    try fault.cause(fixture)
    let target =
      ["an unknown target": "n04", "a target that nobody knows": "true"][fault.testDescription]
    let result = try explain(
      Self.networks + Self.output + ["--image", "IMAGE", "--method", "saliency"]
        + (target.map { ["--target", $0] } ?? []))
    fixture.expectFailure(result, fault.kind, fault.fragments)
  }

  @Test(arguments: [
    (["class-sensitivity", "--checkpoint", "x", "--output", "y"], "expected --data or --images"),
    (["class-sensitivity", "--checkpoint", "x", "--image", "y"], "expected --output"),
    (
      [
        "class-sensitivity", "--checkpoint", "x", "--image", "y", "--output", "z", "--classes",
        "1,2", "--random-classes", "1",
      ], "expected --classes or --random-classes"
    ),
    (
      ["compare", "--checkpoint", "x", "--image", "y", "--output", "z"],
      "expected --checkpoint twice"
    ),
    (["compare", "--image", "y", "--output", "z"], "--checkpoint"),
  ])
  func `a command line that cannot be is told with its usage`(
    words: [String], fragment: String
  ) throws {
    let result = try runProgram("xai-explain", words)
    #expect(result.status == 64)
    #expect(result.standardError.contains(fragment), "\(result.standardError)")
    #expect(result.standardError.lowercased().contains("usage: xai-explain"))
  }
}
