import XAICommandLine
import XAIDatasets
import XAIFiles
import XAIImages
import XAIKernels
import XAINetworks
import XAITensor
import XAITraining

/// What a network takes pictures for whose class nobody has said.
struct PictureEvaluation {
  /// One of the likeliest classes of a picture.
  struct Guess: Encodable {
    let rank: Int
    let index: Int
    let id: String
    let name: String
    let probability: Double
  }

  /// A picture with up to five guesses, the likeliest first.
  struct Picture: Encodable {
    let image: String
    let predictions: [Guess]
  }

  private struct Result: Encodable {
    let checkpoint: String
    let images: [Picture]
  }

  /// The path of the checkpoint.
  let checkpoint: String
  private(set) var pictures: [Picture] = []

  /// Asks a network about pictures.
  /// - Parameters:
  ///   - paths: Files and folders.
  ///   - fitting: What each picture is made into.
  ///   - skipCorrupt: Whether pictures that cannot be read are left out.
  ///   - evaluator: The network.
  ///   - checkpoint: Names the classes.
  ///   - file: The path of the checkpoint.
  ///   - console: Who is told what was left out.
  /// - Throws: Where a picture cannot be read, or the network overflows.
  init(
    _ paths: [String], fitting: ImageFitting, skipCorrupt: Bool, by evaluator: Evaluator,
    _ checkpoint: Checkpoint, file: String, _ console: Console
  ) throws {
    self.checkpoint = file
    let dataset = try PictureDataset(
      paths, fitting: fitting, skipCorrupt: skipCorrupt, count: Self.classCount(checkpoint),
      console)
    let bar = console.progress("evaluating", total: dataset.files.count)
    defer { bar.finish() }
    try evaluator.forEachBatch(of: dataset, split: .test) { batch, logits in
      if Interruption.requested { throw Interrupted("interrupted; nothing was written") }
      for (row, index) in batch.indices.enumerated() {
        let ranking = logits.row(row).withUnsafeElements { ClassRanking(logits: $0, label: 0) }
        let name = dataset.files[index].name
        guard ranking.predicted != nil else {
          throw NetworkFailure.mismatch(
            "\(file): its logits for '\(name)' are NaN or infinite, so it overflows; its parameters "
              + "are damaged or do not belong to images like these")
        }
        pictures.append(
          Picture(image: name, predictions: Self.guesses(ranking, checkpoint.classes)))
      }
      bar.update(pictures.count)
      return true
    }
  }

  private static func classCount(_ checkpoint: Checkpoint) -> Int {
    checkpoint.network.architecture.classes
  }

  /// A class without a name is called by its index.
  private static func guesses(
    _ ranking: ClassRanking, _ classes: [Checkpoint.ClassName]
  ) -> [Guess] {
    zip(ranking.classes, ranking.probabilities).enumerated().map { rank, guess in
      let label = classes.indices.contains(guess.0) ? classes[guess.0] : nil
      return Guess(
        rank: rank + 1, index: guess.0, id: label?.id ?? "\(guess.0)",
        name: label?.name ?? "class \(guess.0)", probability: guess.1)
    }
  }

  var json: String {
    get throws {
      String(try JSONText.encode(Result(checkpoint: checkpoint, images: pictures)).dropLast())
    }
  }

  var lines: [String] {
    pictures.map { picture in
      "\(picture.image): "
        + picture.predictions.map {
          "\($0.name)\($0.name == $0.id ? "" : " (\($0.id))") \(Format.percent($0.probability))"
        }.joined(separator: ", ")
    }
  }

  /// One row for each picture and rank.
  var csv: String {
    CSV.row(["image", "rank", "class", "name", "probability"])
      + pictures.flatMap { picture in
        picture.predictions.map {
          CSV.row([
            CSV.field(picture.image), "\($0.rank)", CSV.field($0.id), CSV.field($0.name),
            Format.fixed($0.probability, digits: 6),
          ])
        }
      }.joined()
  }
}

/// Pictures as the test split of a data set whose labels mean nothing.
private struct PictureDataset: ImageDataset {
  let name = "pictures"
  let classes: [ClassLabel]
  let files: [PictureFiles.File]
  private let fitting: ImageFitting
  private let warn: @Sendable (String) -> Void

  init(
    _ paths: [String], fitting: ImageFitting, skipCorrupt: Bool, count: Int, _ console: Console
  ) throws(DatasetFailure) {
    var found = try PictureFiles(paths, skipsUnreachable: skipCorrupt)
    found.warnings.forEach(console.warn)
    if skipCorrupt { try found.leaveOutUnreadable(fitting: fitting, tell: console.warn) }
    classes = (0..<count).map { ClassLabel(id: "\($0)", name: "\($0)") }
    self.fitting = fitting
    warn = { console.warn($0) }
    files = found.files
  }

  var height: Int { fitting.height }
  var width: Int { fitting.width }

  func count(of split: Split) -> Int { split == .test ? files.count : 0 }

  func sample(at index: Int, of split: Split) -> Sample {
    Sample(name: files[index].name, label: 0)
  }

  func readPixels(
    at index: Int, of split: Split, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) throws(DatasetFailure) {
    let decoded = try PictureFiles.read(files[index], fitting: fitting)
    if let warning = decoded.warnings.first {
      warn("\(files[index].path): read although the file is faulty, no pixel is lost: \(warning)")
    }
    decoded.image.pixels.withUnsafeBytes {
      UnsafeMutableRawBufferPointer(pixels).copyMemory(from: $0)
    }
  }
}
