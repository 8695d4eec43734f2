import ArgumentParser
import Foundation
import XAIAttribution
import XAICommandLine
import XAIDatasets
import XAIExperiments
import XAIFiles
import XAIImages
import XAINetworks
import XAITensor
import XAITraining

/// What is given made-up bytes.
struct Reader {
  let name: String
  /// The kinds of failure that it may end in.
  var kinds: Set<FailureKind> = [.badData]
  let read: ([UInt8]) throws -> Void
}

/// Every reader, in the order of danger.
enum Readers {
  /// The one that this process runs; libFuzzer calls back without a context.
  nonisolated(unsafe) static var chosen: Reader?

  static var all: [Reader] {
    [
      Reader(name: "jpeg") { bytes in
        let image = try JPEG.decode(bytes, name: "made-up.jpg")
        precondition(image.pixels.count == image.height * image.width * 3)
      },
      Reader(name: "png") { bytes in
        let image = try PNG.decode(bytes, name: "made-up.png")
        precondition(image.pixels.count == image.height * image.width * 3)
      },
      Reader(name: "safetensors") { bytes in
        try withFile(bytes) { path in
          let file = try SafetensorsFile(path: path)
          for entry in file.entries where entry.type != nil {
            let counts = (
              try file.tensor(entry.name).count, try file.doubles(entry.name).count
            )
            precondition(counts == (entry.count, entry.count), "\(counts) of \(entry)")
            if entry.type?.isInteger == true { _ = try file.integers(entry.name) }
          }
        }
      },
      Reader(name: "torch") { bytes in
        try withFile(bytes) { path in
          let archive = try TensorArchive(path: path)
          for entry in archive.entries where entry.isReadable {
            let shape = try archive.tensor(entry.name).shape
            precondition(shape == entry.shape, "\(shape) of \(entry)")
          }
        }
      },
      Reader(name: "architecture") { bytes in
        let architecture = try Architecture(json: Data(bytes), source: "made-up")
        _ = Network(architecture).parameterShapes
        _ = try Architecture(json: Data(architecture.json.utf8), source: "its own")
      },
      Reader(name: "results") { bytes in
        // The first byte chooses the kind of record.
        let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
        switch (bytes.first ?? 0) % 5 {
        case 0: _ = try JSONText.decode(RandomizationResults.self, from: text, name: "results")
        case 1: _ = try JSONText.decode(ContrastResults.self, from: text, name: "results")
        case 2: _ = try JSONText.decode(ExplanationResults.self, from: text, name: "results")
        case 3: _ = try JSONText.decode(TrainingState.self, from: text, name: "state")
        default:
          _ = try JSONText.decode(TrainingConfiguration.self, from: text, name: "configuration")
        }
      },
      Reader(name: "annotations", kinds: [.badData, .missingInput, .inputOutput]) { bytes in
        try AnnotationFolder.shared.read(bytes)
      },
      Reader(name: "checkpoint") { bytes in
        try withFile(bytes) { path in
          let file = try SafetensorsFile(path: path)
          if file.metadata["training_state"] == nil {
            _ = try Checkpoint(file: file, path: path)
          } else {
            _ = try SavedTraining(path: path)
          }
        }
      },
      Reader(name: "parameters", kinds: [.badData, .usage]) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        var selection = try MethodSelection(["all"])
        try selection.apply(
          try JSONText.decode([String: JSONValue].self, from: text, name: "--parameters"))
      },
      Reader(name: "metrics") { bytes in
        _ = try MetricsLog.parse(String(decoding: bytes, as: UTF8.self), name: "metrics.csv")
      },
      Reader(name: "words", kinds: [.usage, .badData]) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        let readers: [() throws -> Void] = [
          { _ = try MethodSelection(text) }, { _ = try TensorReference(text) },
          { _ = try BaselineKind(text.split(separator: " ").map(String.init)) },
          { _ = try SampleRule(text) },
          {
            _ = try TargetChoice.list(text, classes: [.init(id: "n1", name: "ox, cow")], count: 1)
          },
          { _ = try Parse.byteCount(text) }, { _ = try Parse.saveInterval(text) },
          { _ = try Parse.positiveInteger(text) }, { _ = try Parse.fraction(text) },
        ]
        for read in readers { try orRefused(read) }
      },
    ]
  }

  /// Passes a refusal on, unless it is one of ArgumentParser, which has its own sentence.
  private static func orRefused(_ read: () throws -> Void) throws {
    do {
      try read()
    } catch is ValidationError {
    } catch {
      complain(of: error, kinds: [.usage])
    }
  }
}

/// Gives a reader some bytes; ends the process, which libFuzzer notices, where it fails in a wrong way.
func judge(_ reader: Reader, _ bytes: [UInt8]) {
  do {
    try reader.read(bytes)
  } catch {
    complain(of: error, kinds: reader.kinds)
  }
}

func complain(of error: any Error, kinds: Set<FailureKind>) {
  guard let failure = error as? any Failure else { fatalError("no sentence: \(error)") }
  let sentence = failure.description
  precondition(kinds.contains(failure.kind), "\(failure.kind): \(sentence)")
  precondition(
    !sentence.isEmpty && sentence.utf8.count < 1 << 15, "a sentence of \(sentence.count)")
  let breaks = sentence.unicodeScalars.contains { $0.properties.generalCategory == .control }
  precondition(!breaks, "control characters: \(sentence)")
}
