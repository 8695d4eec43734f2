import XAIClassifiers
import XAIDatasets
import XAIFiles
import XAIImages
import XAINetworks
public import XAITensor

/// What a network takes pictures for whose class nobody has said.
public struct PictureEvaluation: Sendable {
  /// One of the likeliest classes of a picture.
  public struct Guess: Encodable, Sendable {
    /// Its rank, from 1.
    public let rank: Int
    /// The logit's index.
    public let index: Int
    /// The identifier, else the index.
    public let id: String
    /// The name.
    public let name: String
    /// Its share in the softmax of the logits.
    public let probability: Double
  }

  /// A picture with up to five guesses, the likeliest first.
  public struct Picture: Encodable, Sendable {
    /// The picture's name.
    public let image: String
    /// The guesses.
    public let predictions: [Guess]
  }

  private struct Result: Encodable {
    let checkpoint: String
    let images: [Picture]
  }

  /// The path of the checkpoint.
  public let checkpoint: String
  /// The pictures in the order in which they were found.
  public fileprivate(set) var pictures: [Picture] = []

  fileprivate init(checkpoint: String) { self.checkpoint = checkpoint }

  /// A class without a name is called by its index.
  fileprivate static func guesses(
    _ ranking: ClassRanking, _ classes: [Checkpoint.ClassName]
  ) -> [Guess] {
    zip(ranking.classes, ranking.probabilities).enumerated().map { rank, guess in
      let label = classes.indices.contains(guess.0) ? classes[guess.0] : nil
      return Guess(
        rank: rank + 1, index: guess.0, id: label?.id ?? "\(guess.0)",
        name: label?.name ?? "class \(guess.0)", probability: guess.1)
    }
  }

  /// The record as one JSON object.
  /// - Throws: `FileFailure` never, as every number is finite.
  public var json: String {
    get throws(FileFailure) {
      String(try JSONText.encode(Result(checkpoint: checkpoint, images: pictures)).dropLast())
    }
  }

  /// One row for each picture and rank.
  public var csv: String {
    CSV.row(["image", "rank", "class", "name", "probability"])
      + pictures.flatMap { picture in
        picture.predictions.map {
          CSV.row([
            CSV.field(picture.image), "\($0.rank)", CSV.field($0.id), CSV.field($0.name),
            fixedPoint($0.probability, digits: 6),
          ])
        }
      }.joined()
  }
}

extension CheckpointEvaluation {
  /// Asks the network about pictures.
  /// - Parameters:
  ///   - paths: Files and folders.
  ///   - skipCorrupt: Whether pictures that cannot be read are left out.
  ///   - observer: Who watches.
  /// - Returns: What it takes them for.
  /// - Throws: `WorkStopped` where the observer asked to stop; `NetworkFailure` where the network overflows;
  ///   `DatasetFailure` where a picture cannot be read.
  public func pictures(
    _ paths: [String], skipCorrupt: Bool = false, observer: any WorkObserver = NoObserver()
  ) throws -> PictureEvaluation {
    let input = checkpoint.network.architecture.input
    guard input.first == 3 else {
      throw DatasetFailure(.usage, "the architecture takes images of \(input[0]) channels, not 3")
    }
    observer.becomesStoppable()
    let dataset = try PictureDataset(
      paths, fitting: try checkpoint.fitting, skipCorrupt: skipCorrupt,
      count: checkpoint.network.architecture.classes, observer)
    var result = PictureEvaluation(checkpoint: path)
    observer.begin("evaluating", total: dataset.files.count, unit: "images")
    defer { observer.end() }
    try evaluator.forEachBatch(of: dataset, split: .test) { batch, logits in
      if observer.isStopped { throw WorkStopped() }
      for (row, index) in batch.indices.enumerated() {
        let ranking = logits.row(row).withUnsafeElements { ClassRanking(logits: $0, label: 0) }
        let name = dataset.files[index].name
        guard ranking.predicted != nil else { throw overflow(on: name) }
        result.pictures.append(
          .init(
            image: name, predictions: PictureEvaluation.guesses(ranking, checkpoint.classes)))
      }
      observer.advance(to: result.pictures.count, "")
      return true
    }
    return result
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
    _ paths: [String], fitting: ImageFitting, skipCorrupt: Bool, count: Int,
    _ observer: any WorkObserver
  ) throws(DatasetFailure) {
    var found = try PictureFiles(paths, skipsUnreachable: skipCorrupt)
    found.warnings.forEach(observer.warn)
    if skipCorrupt { try found.leaveOutUnreadable(fitting: fitting, tell: observer.warn) }
    classes = (0..<count).map { ClassLabel(id: "\($0)", name: "\($0)") }
    self.fitting = fitting
    warn = { observer.warn($0) }
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
