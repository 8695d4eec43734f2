import Foundation
import Testing
import XAIFiles
import XAIImages
import XAINetworks
import XAITensor
import XAITestSupport

/// Networks and data at the edge of what numbers can say: no report holds NaN or infinity.
@Suite struct NumbersTests {
  private let fixture: CommandFixture

  init() throws { fixture = try CommandFixture() }

  /// Networks whose logits are numbers, though little else about them is.
  enum Extreme: CaseIterable {
    case dead, zero, large

    func change(_ parameters: inout Parameters) {
      for name in parameters.names where !name.hasSuffix(".running_var") {
        guard let tensor = parameters[name] else { continue }
        let scale: Float
        switch self {
        case .dead where name.hasSuffix("_bn.bias"):
          parameters[name] = Tensor(shape: tensor.shape, repeating: -1e4)
          continue
        case .dead: continue
        case .zero: scale = 0
        case .large: scale = name == "fc2.weight" ? 1e30 : 1
        }
        parameters[name] = Tensor(shape: tensor.shape, tensor.elements.map { $0 * scale })
      }
    }
  }

  private func writeCheckpoint(_ network: Extreme) throws {
    try fixture.writeCheckpoint { network.change(&$0.parameters) }
  }

  private func explain(_ words: [String]) throws -> ProgramResult {
    try runProgram(
      "xai-explain",
      [words[0], "--checkpoint", fixture.path("model.safetensors"), "--threads", "1", "--quiet"]
        + words.dropFirst().map { $0.replacing("ROOT", with: fixture.path(".")) })
  }

  /// Records an issue for every number in the reports of a folder that is none.
  private func expectNumbers(
    in folder: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let names = try FileManager.default.subpathsOfDirectory(atPath: fixture.path(folder))
    var read = 0
    for name in names {
      let kind = name.split(separator: ".").last.map(String.init) ?? ""
      // Words may speak of NaN; numbers stand alone, or among digits and what divides them.
      let patterns = [
        "json": #"[:\[,]\s*"?-?(nan|inf|NaN|Infinity)"?\s*[,\]}\n]"#,
        "csv": #"(^|,)"?-?(nan|inf|NaN)"?(,|$)"#,
        "svg": #"[="\d ,]-?(nan|inf|NaN)[" ,]"#,
        "html": #"[>:\[,"]\s*-?(nan|NaN|inf|Infinity)[<,\]}" ]"#,
      ]
      guard let pattern = patterns[kind] else { continue }
      read += 1
      let text = try fixture.text("\(folder)/\(name)")
      let expression = try NSRegularExpression(pattern: pattern, options: .anchorsMatchLines)
      let match = expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text))
      let found = match.flatMap { Range($0.range, in: text) }.map { text[$0] }
      #expect(found == nil, "\(folder)/\(name)", sourceLocation: sourceLocation)
    }
    #expect(read > 0, "no report in \(folder)", sourceLocation: sourceLocation)
  }

  private static let data = ["--data", "ROOT/data", "--samples", "2", "--output", "ROOT/out"]
  private static let some = ["--method", "saliency,lrp-a1b0,deep-lift,grad-cam"]

  @Test(arguments: Extreme.allCases)
  func `such networks are evaluated and explained in numbers`(_ network: Extreme) throws {
    try writeCheckpoint(network)
    try Folder.create(fixture.path("evaluated"))
    let result = try fixture.evaluate(
      "model.safetensors",
      [
        "--json", "--per-class", fixture.path("evaluated/classes.csv"), "--predictions",
        fixture.path("evaluated/predictions.csv"),
      ])
    #expect(result.status == 0, "\(result.standardError)")
    try fixture.write(result.standardOutput, "evaluated/results.json")
    try expectNumbers(in: "evaluated")
    let words =
      Self.data + [
        "--method", "all", "--parameters",
        #"{"steps": 3, "masks": 5, "window": 8, "lime": {"samples": 50}}"#,
      ]
    let explained = try explain(["attribute"] + words)
    #expect(explained.status == 0, "\(explained.standardError.suffix(400))")
    try expectNumbers(in: "out")
  }

  @Test(arguments: Extreme.allCases)
  func `such networks are tested in numbers`(_ network: Extreme) throws {
    try writeCheckpoint(network)
    let tests = [
      ["randomize", "--health-images", "4"],
      ["class-sensitivity", "--classes", "n03,n01"],
    ]
    for words in tests {
      let output = words[0]
      let result = try explain(
        words + Self.some + Self.data.map { $0.replacing("/out", with: "/\(output)") })
      #expect(result.status == 0, "\(result.standardError.suffix(400))")
      try expectNumbers(in: output)
    }
  }

  @Test func `a network whose logits overflow is told of by every program`() throws {
    try fixture.writeCheckpoint { checkpoint in
      for name in checkpoint.parameters.names where name.hasSuffix(".weight") {
        guard let tensor = checkpoint.parameters[name], tensor.shape.count > 1 else { continue }
        let large = tensor.elements.map { $0 * 1e30 }
        checkpoint.parameters[name] = Tensor(shape: tensor.shape, large)
      }
    }
    let sentence = "are NaN or infinite"
    let evaluated = try fixture.evaluate("model.safetensors", ["--json"])
    fixture.expectFailure(evaluated, .badData, [sentence, "val_0.JPEG"])
    #expect(evaluated.standardOutput.isEmpty)
    for words in [["attribute"], ["randomize"], ["class-sensitivity", "--classes", "n03,n01"]] {
      let data = Self.data.map { $0.replacing("/out", with: "/\(words[0])") }
      fixture.expectFailure(try explain(words + Self.some + data), .badData, [sentence])
    }
  }

  /// Replaces every image of the data by one of one colour.
  private func paint() throws {
    let image = try JPEG.encode(RGBImage(height: 16, width: 16, repeating: (90, 120, 90)))
    let names = try FileManager.default.subpathsOfDirectory(atPath: fixture.path("data"))
    for name in names where name.hasSuffix(".JPEG") { try fixture.write(image, "data/\(name)") }
  }

  @Test func `images of one colour are learned, evaluated, explained and tested`() throws {
    try paint()
    let trained = try fixture.train()
    #expect(trained.status == 0, "\(trained.standardError)")
    try expectNumbers(in: "run")
    try fixture.write(fixture.bytes("run/bestmodel.safetensors"), "model.safetensors")
    let result = try fixture.evaluate("model.safetensors", ["--json"])
    #expect(result.status == 0 && !result.standardOutput.contains("nan"))
    for words in [["attribute"], ["randomize", "--health-images", "4"]] {
      let result = try explain(
        words + Self.some + Self.data.map { $0.replacing("/out", with: "/\(words[0])") })
      #expect(result.status == 0, "\(result.standardError.suffix(400))")
      try expectNumbers(in: words[0])
    }
  }

  @Test func `a class with one image is trained and evaluated like any other`() throws {
    for number in 1..<8 { try fixture.remove("data/train/n01/images/n01_\(number).JPEG") }
    let result = try fixture.train()
    #expect(result.status == 0, "\(result.standardError)")
    try expectNumbers(in: "run")
    let evaluated = try fixture.evaluate(
      "run/bestmodel.safetensors",
      ["--json", "--split", "validation", "--per-class", fixture.path("run/classes.csv")])
    #expect(evaluated.status == 0 && !evaluated.standardOutput.contains("nan"))
    try expectNumbers(in: "run")
  }

  @Test(arguments: ["5", "6", "7", "16", "17", "18", "19", "20"])
  func `a last batch that is smaller, even of one image, changes nothing`(size: String) throws {
    let result = try fixture.train(["--batch-size": size, "--epochs": "1"])
    #expect(result.status == 0, "\(result.standardError)")
    try expectNumbers(in: "run")
  }

  @Test func `batches of one image train where no batch norm needs more`() throws {
    try fixture.write(
      fixture.text("small.json").replacing(
        "\"classes\"", with: "\"batchNorm\": false, \"classes\""), "small.json")
    let result = try fixture.train(["--batch-size": "1", "--epochs": "1"])
    #expect(result.status == 0, "\(result.standardError)")
    try expectNumbers(in: "run")
    let evaluated = try fixture.evaluate(
      "run/bestmodel.safetensors", ["--json", "--batch-size", "1"])
    #expect(evaluated.status == 0 && !evaluated.standardOutput.contains("nan"))
  }
}
