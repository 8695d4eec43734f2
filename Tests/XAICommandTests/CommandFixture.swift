import Foundation
import Testing
import XAICommandLine
import XAIFiles
import XAIImages
import XAINetworks
import XAITensor
import XAITestSupport
import XAITraining

/// A folder with a small data set in Tiny ImageNet's layout, a small architecture, and what the
/// programs make of them.
final class CommandFixture {
  /// The classes in the order of the labels; images of a class share their brightest colour.
  let ids: [String]
  private let folder: TemporaryFolder

  init(ids: [String] = ["n03", "n01", "n02"], imagesPerClass: Int = 8) throws {
    self.ids = ids
    folder = try TemporaryFolder()
    try write(
      """
      {"name": "small", "input": [3, 16, 16], "stacks": [[8], [8]], "hidden": [16], "classes": 3}
      """, "small.json")
    try write(ids.map { $0 + "\n" }.joined(), "data/wnids.txt")
    try write(ids.map { "\($0)\tname of \($0)\n" }.joined(), "data/words.txt")
    for (label, id) in ids.enumerated() {
      var boxes = ""
      for number in 0..<imagesPerClass {
        let name = "\(id)_\(number).JPEG"
        try write(image(of: label, number: number), "data/train/\(id)/images/\(name)")
        boxes += "\(name)\t1\t1\t14\t14\n"
      }
      try write(boxes, "data/train/\(id)/\(id)_boxes.txt")
    }
    var annotations = ""
    for number in 0..<6 {
      let name = "val_\(number).JPEG"
      try write(image(of: number % 3, number: 100 + number), "data/val/images/\(name)")
      annotations += "\(name)\t\(ids[number % 3])\t0\t0\t15\t15\n"
    }
    try write(annotations, "data/val/val_annotations.txt")
  }

  func path(_ name: String) -> String { folder.file(name) }

  func bytes(_ name: String) throws -> [UInt8] { try WholeFile.read(path(name)) }

  func text(_ name: String) throws -> String { try WholeFile.readText(path(name)) }

  func write(_ text: String, _ name: String) throws { try write(Array(text.utf8), name) }

  /// Without `AtomicFile`, which would wait for the disk.
  func write(_ bytes: [UInt8], _ name: String) throws {
    let parent = path(name).split(separator: "/").dropLast().joined(separator: "/")
    try Folder.create("/" + parent)
    try Data(bytes).write(to: URL(filePath: path(name)))
  }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path(name)) }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  /// Options of a short training into the folder `run`.
  func options(_ changes: [String: String] = [:]) -> [String] {
    var options = [
      "--data": path("data"), "--output": path("run"), "--architecture": path("small.json"),
      "--batch-size": "8", "--threads": "1", "--epochs": "2",
    ]
    options.merge(changes) { $1 }
    return options.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
  }

  /// Runs a short training.
  func train(
    _ changes: [String: String] = [:], _ flags: [String] = ["--quiet"]
  ) throws -> ProgramResult {
    try runProgram("xai-train", options(changes) + flags)
  }

  /// Continues the training in the folder `run`.
  func resume(_ more: [String] = []) throws -> ProgramResult {
    let options = ["--data", path("data"), "--output", path("run"), "--threads", "1"]
    return try runProgram("xai-train", options + ["--resume", "--quiet"] + more)
  }

  /// Evaluates a checkpoint on the data.
  func evaluate(_ checkpoint: String, _ more: [String] = []) throws -> ProgramResult {
    try runProgram(
      "xai-eval",
      ["--checkpoint", path(checkpoint), "--data", path("data"), "--threads", "1", "--quiet"] + more
    )
  }

  /// Writes a checkpoint of an untrained network that fits the data.
  func writeCheckpoint(
    _ name: String = "model.safetensors", _ change: (inout Checkpoint) -> Void = { _ in }
  ) throws {
    let network = Network(try Architecture.read(from: path("small.json")))
    var checkpoint = Checkpoint(
      network: network, parameters: .initial(for: network, seed: 0),
      mean: Tensor(shape: [3], repeating: 0.4),
      standardDeviation: Tensor(shape: [3], repeating: 0.2),
      classes: ids.map { .init(id: $0, name: "name of \($0)") })
    change(&checkpoint)
    try checkpoint.write(to: path(name))
  }

  /// Records an issue unless a program ended with one sentence of this content.
  func expectFailure(
    _ result: ProgramResult, _ status: FailureKind, _ fragments: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let sentence = result.standardError.replacing(folder.path, with: "ROOT")
    #expect(result.status == status.exitStatus, "\(sentence)", sourceLocation: sourceLocation)
    #expect(
      sentence.hasPrefix("xai-") && sentence.hasSuffix("\n")
        && sentence.count { $0.isNewline } == 1 && !sentence.contains("unforeseen"),
      "\(sentence)", sourceLocation: sourceLocation)
    for fragment in fragments {
      #expect(sentence.contains(fragment), sourceLocation: sourceLocation)
    }
  }

  /// Records an issue unless two run folders hold the same model and, times left out, state.
  func expectSameRun(
    _ left: String, _ right: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let model = "bestmodel.safetensors"
    #expect(
      try bytes("\(left)/\(model)") == bytes("\(right)/\(model)"), sourceLocation: sourceLocation)
    let files = try [left, right].map { try SafetensorsFile(path: path("\($0)/last.safetensors")) }
    #expect(files[0].entries == files[1].entries, sourceLocation: sourceLocation)
    for entry in files[0].entries {
      #expect(
        try files[0].tensor(entry.name) == files[1].tensor(entry.name), "\(entry.name)",
        sourceLocation: sourceLocation)
    }
    let states = try [left, right].map {
      try SavedTraining(path: path("\($0)/last.safetensors")).state
    }
    #expect(states[0].step == states[1].step, sourceLocation: sourceLocation)
    #expect(states[0].epoch == states[1].epoch, sourceLocation: sourceLocation)
    #expect(states[0].lossSum == states[1].lossSum, sourceLocation: sourceLocation)
    #expect(states[0].stopping == states[1].stopping, sourceLocation: sourceLocation)
  }

  private func image(of label: Int, number: Int) throws -> [UInt8] {
    var stream = RandomStream(seed: UInt64(number), purpose: "test image", label)
    let pixels = (0..<(16 * 16 * 3)).map { position in
      UInt8(stream.integer(below: 100) + (position % 3 == label ? 100 : 0))
    }
    return try JPEG.encode(RGBImage(height: 16, width: 16, pixels: pixels))
  }
}

/// Something that a program cannot work with, and what it says.
struct Fault: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let kind: FailureKind
  let fragments: [String]
  let cause: @Sendable (CommandFixture) throws -> Void

  init(
    _ name: String, _ kind: FailureKind, _ fragments: String...,
    cause: @escaping @Sendable (CommandFixture) throws -> Void
  ) {
    (testDescription, self.kind, self.fragments, self.cause) = (name, kind, fragments, cause)
  }
}
