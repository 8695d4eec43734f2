import Foundation
import Testing
import XAIAttribution
import XAICommandLine
import XAIExperiments
import XAIFiles
import XAIImages
import XAINetworks
import XAITensor
import XAITestSupport
import XAITraining

@Suite struct ExplainTests {
  private func explain(_ fixture: CommandFixture, _ words: [String]) throws -> ProgramResult {
    try runProgram(
      "xai-explain",
      [
        "attribute", "--checkpoint", fixture.path("model.safetensors"), "--threads", "1", "--quiet",
      ] + words)
  }

  private func results(_ fixture: CommandFixture, _ folder: String = "out") throws
    -> ExplanationResults
  {
    try JSONText.decode(
      ExplanationResults.self, from: fixture.text("\(folder)/results.json"), name: "results.json")
  }

  @Test func `methods are listed with their sources`() throws {
    let text = try runProgram("xai-explain", ["methods"])
    #expect(text.status == 0)
    struct Row: Decodable {
      let identifier: String
      let group: String
      let summary: String
      let source: String
      let parameters: [String: JSONValue]
    }
    let json = try runProgram("xai-explain", ["methods", "--json"])
    let rows = try JSONDecoder().decode([Row].self, from: Data(json.standardOutput.utf8))
    #expect(rows.map(\.identifier) == MethodCatalog.entries.map(\.identifier))
    for row in rows {
      #expect(text.standardOutput.contains("  \(row.identifier) "))
      #expect(text.standardOutput.contains(row.summary))
      #expect(text.standardOutput.contains(row.source))
    }
    let saliency = try #require(rows.first { $0.identifier == "saliency" })
    #expect(
      saliency.parameters == ["rectifier": .string("gradient"), "output": .string("absolute")])
  }

  @Test func `each image and target has pictures, maps and a record of both`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    let result = try explain(
      fixture,
      [
        "--data", fixture.path("data"), "--samples", "3", "--target", "true,n01", "--method",
        "saliency,gradient", "--output", fixture.path("out"),
      ])
    #expect(result.status == 0 && result.standardError.isEmpty, "\(result.standardError)")
    let results = try results(fixture)
    #expect(results.complete && results.sign == .all)
    #expect(try results.checkpoint.sha256 == SHA256.ofFile(fixture.path("model.safetensors")))
    #expect(results.images.map(\.name) == ["val_0.JPEG", "val_1.JPEG", "val_2.JPEG"])
    // The second image shows n01: both targets are the same.
    #expect(results.images.map { $0.targets.map(\.target.index) } == [[0, 1], [1], [2, 1]])
    for image in results.images {
      #expect(image.label?.index == image.targets[0].target.index)
      #expect(image.predicted.probability >= image.targets[0].target.probability)
      for target in image.targets {
        #expect(target.maps.map(\.method) == ["saliency", "gradient"])
        let folder = "out/\(target.folder)"
        let maps = try SafetensorsFile(path: fixture.path("\(folder)/\(target.tensors)"))
        for map in target.maps {
          let tensor = try maps.tensor(map.method)
          #expect(tensor.shape == [3, 16, 16] && tensor.shape == map.shape)
          #expect(map.scale == Heatmap(tensor, clip: 0.02).scale && map.scale > 0)
          for name in [map.heatmap, map.overlay] {
            let picture = try RGBImage(contentsOf: fixture.path("\(folder)/\(name)"))
            #expect(picture.height == 64 && picture.width == 64)
          }
        }
        #expect(fixture.exists("\(folder)/\(target.sheet)"))
      }
    }
  }

  @Test func `a record says all that is needed to make its maps again`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    let image = fixture.path("data/val/images/val_4.JPEG")
    let first = try explain(
      fixture,
      [
        "--image", image, "--method", "saliency", "--target", "n02", "--seed", "7", "--output",
        fixture.path("out"),
      ])
    #expect(first.status == 0, "\(first.standardError)")
    let record = try results(fixture)
    let target = record.images[0].targets[0]
    let parameters = [target.maps[0].method: target.maps[0].parameters]
    try fixture.write(try JSONText.encode(parameters), "parameters.json")
    let second = try explain(
      fixture,
      [
        "--image", record.images[0].source, "--method", target.maps[0].method, "--target",
        "\(target.target.index)", "--seed", "\(record.seed)", "--parameters",
        fixture.path("parameters.json"), "--output", fixture.path("again"),
      ])
    #expect(second.status == 0, "\(second.standardError)")
    let name = "\(target.folder)/\(target.tensors)"
    #expect(try fixture.bytes("out/\(name)") == fixture.bytes("again/\(name)"))
  }

  @Test func `names of images and classes lead to no other place`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint {
      $0.classes[0].name = "../../../escape"
      $0.classes[1].name = String(repeating: "long ", count: 100)
      $0.classes[2].name = "...\u{0}\n\u{1F34C}"
    }
    let image = try fixture.bytes("data/val/images/val_0.JPEG")
    let names = [
      "a b\nc.png", ".hidden.jpg", "\u{1F34C}.png", "-x.png", "%2e%2e.png", "a/same.png",
      "b/same.png",
    ]
    for name in names { try fixture.write(image, "hostile/\(name)") }
    let result = try explain(
      fixture,
      ["--image"] + names.map { fixture.path("hostile/\($0)") } + [
        "--method", "saliency", "--target", "0,1,2", "--output", fixture.path("out"),
      ])
    #expect(result.status == 0, "\(result.standardError)")
    let results = try results(fixture)
    #expect(results.images.map(\.name).suffix(2) == ["same.png", "same.png"])
    let folders = results.images.flatMap { $0.targets.map(\.folder) }
    #expect(folders.count == 21 && Set(folders).count == 21)
    for folder in folders {
      #expect(folder.split(separator: "/").count == 2 && folder.utf8.count <= 201)
      #expect(!folder.split(separator: "/").contains { $0.hasPrefix(".") })
      #expect(fixture.exists("out/\(folder)/saliency.png"))
    }
    #expect(!fixture.exists("escape"))
  }

  @Test func `a dry run tells what the work would cost, and writes nothing`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    let result = try explain(
      fixture,
      [
        "--image", fixture.path("data/val/images"), "--dry-run", "--output", fixture.path("out"),
        "--method", "saliency",
      ])
    #expect(result.status == 0, "\(result.standardError)")
    #expect(result.standardOutput.contains("saliency: 2 walks for each of 6 maps"))
    #expect(result.standardOutput.contains("in all 12 walks"))
    #expect(!fixture.exists("out"))
  }

  @Test func `an interrupted call leaves what was finished and says so`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    try fixture.write(#"{"gradient": {"samples": 1000000}}"#, "parameters.json")
    let program = try RunningProgram(
      "xai-explain",
      [
        "attribute", "--checkpoint", fixture.path("model.safetensors"), "--threads", "1", "--image",
        fixture.path("data/val/images/val_0.JPEG"), "--target", "0", "--method",
        "saliency,gradient", "--parameters", fixture.path("parameters.json"), "--noise",
        "smooth-grad", "--noise-samples", "1", "--output", fixture.path("out"),
      ])
    let folder = "out/val_0.JPEG/name_of_n03"
    for _ in 0..<3000 where !fixture.exists("\(folder)/saliency.png") { usleep(10_000) }
    program.send(SIGINT)
    let result = program.wait()
    #expect(result.status == 130, "\(result.standardError)")
    #expect(result.standardError.contains("interrupted; what was finished is in"))
    let results = try results(fixture)
    #expect(!results.complete)
    #expect(results.images[0].targets[0].maps.map(\.method) == ["saliency"])
    let maps = try SafetensorsFile(path: fixture.path("\(folder)/maps.safetensors"))
    #expect(maps.entries.map(\.name) == ["saliency"])
    #expect(fixture.exists("\(folder)/sheet.png"))
  }

  @Test func `draws belong to the image and the seed, not to its company`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    func map(_ images: [String], _ seed: String, _ output: String) throws -> Tensor {
      let result = try explain(
        fixture,
        ["--image"] + images.map { fixture.path("data/val/images/\($0)") } + [
          "--method", "gradient", "--noise", "smooth-grad", "--noise-samples", "3", "--target", "0",
          "--seed", seed, "--output", fixture.path(output),
        ])
      #expect(result.status == 0, "\(result.standardError)")
      let path = fixture.path("\(output)/val_3.JPEG/name_of_n03/maps.safetensors")
      return try SafetensorsFile(path: path).tensor("gradient")
    }
    let alone = try map(["val_3.JPEG"], "1", "alone")
    #expect(try map(["val_0.JPEG", "val_3.JPEG"], "1", "together") == alone)
    #expect(try map(["val_3.JPEG"], "2", "other") != alone)
  }

  @Test func `the sign decides what heatmaps show`() throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    for sign in MapSign.allCases {
      let result = try explain(
        fixture,
        [
          "--image", fixture.path("data/val/images/val_0.JPEG"), "--method", "gradient", "--sign",
          sign.rawValue, "--target", "0", "--output", fixture.path(sign.rawValue),
        ])
      #expect(result.status == 0, "\(result.standardError)")
      let target = try results(fixture, sign.rawValue).images[0].targets[0]
      let folder = fixture.path("\(sign.rawValue)/\(target.folder)")
      let map = try SafetensorsFile(path: "\(folder)/\(target.tensors)").tensor("gradient")
      let picture = try RGBImage(contentsOf: "\(folder)/gradient.png")
      #expect(picture == Heatmap(map, sign: sign, clip: 0.02).picture.enlarged(by: 4))
    }
  }

  static let refusals: [(words: [String], status: FailureKind, fragments: [String])] = [
    (["--image", "none.png"], .missingInput, ["none.png"]),
    (["--image", "ROOT/data/words.txt"], .badData, ["expected a JPEG or PNG file"]),
    (["--image", "ROOT/used"], .missingInput, ["holds no image"]),
    (["--image", "IMAGE", "--target", "true"], .usage, ["--target true", "--samples"]),
    (["--image", "IMAGE", "--target", "name of n0"], .usage, ["did you mean 'name of n03'"]),
    (["--image", "IMAGE", "--target", "3"], .usage, ["classes 0 to 2"]),
    (["--image", "IMAGE", "--baseline", "gray"], .usage, ["'gray' is no baseline", "black"]),
    (["--data", "ROOT/data", "--samples", "7"], .usage, ["from 1 to 6"]),
    (["--data", "ROOT/data", "--samples", "val_9.JPEG"], .missingInput, ["'val_9.JPEG'"]),
    (["--data", "ROOT/none", "--samples", "1"], .missingInput, ["ROOT/none"]),
    (
      ["--image", "IMAGE", "--output", "ROOT/used"], .cannotCreate,
      ["holds explanations already", "--overwrite"]
    ),
    (
      ["--image", "IMAGE", "--output", "ROOT/used", "--overwrite"], .cannotCreate,
      ["--overwrite does not replace it"]
    ),
    (["--image", "IMAGE", "--output", "ROOT/small.json"], .cannotCreate, ["small.json"]),
  ]

  @Test(arguments: refusals)
  func `what cannot be explained is told in one sentence`(
    words: [String], status: FailureKind, fragments: [String]
  ) throws {
    let fixture = try CommandFixture()
    try fixture.writeCheckpoint()
    try fixture.write("{}", "used/results.json")
    let given = words.map {
      $0.replacing("IMAGE", with: fixture.path("data/val/images/val_0.JPEG"))
        .replacing("ROOT", with: fixture.path("."))
    }
    let result = try explain(
      fixture, ["--output", fixture.path("out"), "--method", "saliency"] + given)
    #expect(result.status == status.exitStatus, "\(result.standardError)")
    let sentence = result.standardError.replacing(fixture.path("."), with: "ROOT")
    #expect(sentence.count { $0.isNewline } == 1, "\(sentence)")
    for fragment in fragments { #expect(sentence.contains(fragment), "\(sentence)") }
  }

  @Test(arguments: [
    (["--image", "x"], "--output"), (["--output", "x"], "--image"),
    (["--data", "shapes", "--output", "x"], "--samples"),
    (["--image", "x", "--samples", "3", "--output", "x"], "--samples"),
    (["--tensor", "x:y"], "--raw"), (["--image", "x", "--raw", "y", "--output", "x"], "--raw"),
    (["--tensor", "x:y", "--raw", "z", "--method", "all"], "--target"),
    (["--tensor", "x:y", "--raw", "z", "--target", "1"], "--method"),
    (["--tensor", "x:y", "--raw", "z", "--image", "x"], "--image"),
    (["--image", "x", "--output", "y", "--noise-std", "0.5"], "--noise"),
    (["--image", "x", "--output", "y", "--sign", "loud"], "--sign"),
    (["--image", "x", "--output", "y", "--memory", "much"], "--memory"),
  ])
  func `options that do not belong together are told with the usage`(
    words: [String], culprit: String
  ) throws {
    let result = try runProgram("xai-explain", ["attribute", "--checkpoint", "x"] + words)
    #expect(result.status == 64)
    #expect(result.standardError.contains(culprit), "\(result.standardError)")
    #expect(result.standardError.lowercased().contains("usage: xai-explain attribute"))
  }
}
