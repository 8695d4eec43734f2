public import XAIAttribution
public import XAIFiles
public import XAIImages
public import XAINetworks

/// What `results.json` says: how each map was made, and what it shows.
public struct ExplanationResults: Codable, Sendable {
  /// The file that was explained.
  public struct CheckpointRecord: Codable, Sendable {
    /// Where it was.
    public var path: String
    /// Its digest, 64 hexadecimal digits; empty where it was not known yet.
    public var sha256: String
    /// The architecture, as in an architecture file.
    public var architecture: JSONValue

    /// Describes a checkpoint.
    /// - Parameters:
    ///   - path: Where it was.
    ///   - sha256: Its digest.
    ///   - architecture: The architecture.
    public init(path: String, sha256: String, architecture: JSONValue) {
      (self.path, self.sha256, self.architecture) = (path, sha256, architecture)
    }

    /// Describes a checkpoint that was read.
    /// - Parameters:
    ///   - checkpoint: What was read.
    ///   - path: Where it was.
    ///   - sha256: Its digest.
    /// - Throws: `FileFailure` never, as the architecture was read from JSON.
    public init(_ checkpoint: Checkpoint, path: String, sha256: String) throws(FileFailure) {
      self.init(
        path: path, sha256: sha256,
        architecture: try JSONText.decode(
          JSONValue.self, from: checkpoint.network.architecture.json, name: "the architecture"))
    }
  }

  /// A class of the network.
  public struct ClassRecord: Codable, Sendable, Equatable {
    /// The logit's index.
    public var index: Int
    /// Its identifier, where the checkpoint has one.
    public var id: String?
    /// Its name, where the checkpoint has one.
    public var name: String?
    /// The logit.
    public var logit: Float
    /// Its share in the softmax of the logits.
    public var probability: Double

    /// Describes a class of the network.
    /// - Parameters:
    ///   - index: The logit's index.
    ///   - id: Its identifier, where the checkpoint has one.
    ///   - name: Its name, where the checkpoint has one.
    ///   - logit: The logit.
    ///   - probability: Its share in the softmax of the logits.
    public init(
      index: Int, id: String? = nil, name: String? = nil, logit: Float, probability: Double
    ) {
      (self.index, self.id, self.name) = (index, id, name)
      (self.logit, self.probability) = (logit, probability)
    }
  }

  /// A law, and how far a map keeps it.
  public struct LawRecord: Codable, Sendable {
    /// Which law.
    public var law: LawCheck.Law
    /// What the map should sum to.
    public var expected: Double
    /// What it sums to.
    public var found: Double
    /// The error as a fraction of what was expected.
    public var relativeError: Double
    /// The largest error with which the law holds, as a fraction of what was expected.
    public var tolerance: Double
    /// Whether the law holds; `null` where that cannot be told, of which a note says why.
    public var holds: Bool?

    enum CodingKeys: String, CodingKey {
      case law, expected, found
      case relativeError = "relative_error"
      case tolerance, holds
    }

    /// Writes the record, `null` included.
    /// - Parameter encoder: Where it goes.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(law, forKey: .law)
      try values.encode(expected, forKey: .expected)
      try values.encode(found, forKey: .found)
      try values.encode(relativeError, forKey: .relativeError)
      try values.encode(tolerance, forKey: .tolerance)
      // A key that is not there would not tell that nobody knows.
      try values.encode(holds, forKey: .holds)
    }

    package init(_ check: LawCheck) {
      (law, expected, found) = (check.law, check.expected, check.found)
      (relativeError, tolerance, holds) = (check.relativeError, check.tolerance, check.holds)
    }
  }

  /// A map.
  public struct MapRecord: Codable, Sendable {
    /// The method's identifier, which is also the name of the tensor.
    public var method: String
    /// Every parameter, defaults included.
    public var parameters: JSONValue
    /// What the image was compared with.
    public var baseline: String?
    /// The law of its theory.
    public var law: LawRecord?
    /// What else should be known.
    public var notes: [String]
    /// What one map took, as a mean over those that were computed together; nil where it was finished before.
    public var seconds: Double?
    /// The shape of the tensor.
    public var shape: [Int]
    /// What the heatmap was divided by.
    public var scale: Double
    /// The file of the heatmap.
    public var heatmap: String
    /// The file of the overlay.
    public var overlay: String

    package init(
      method: String, parameters: JSONValue, baseline: String?, law: LawRecord?, notes: [String],
      seconds: Double?, shape: [Int], scale: Double, heatmap: String, overlay: String
    ) {
      self.method = method
      self.parameters = parameters
      self.baseline = baseline
      self.law = law
      self.notes = notes
      self.seconds = seconds
      self.shape = shape
      self.scale = scale
      self.heatmap = heatmap
      self.overlay = overlay
    }
  }

  /// The maps of a target.
  public struct TargetRecord: Codable, Sendable {
    /// The class that is explained.
    public var target: ClassRecord
    /// The folder of the files.
    public var folder: String
    /// The file of the raw maps, in the folder.
    public var tensors: String
    /// The file of the contact sheet, in the folder.
    public var sheet: String
    /// The maps that were finished.
    public var maps: [MapRecord]

    package init(
      target: ClassRecord, folder: String, tensors: String, sheet: String, maps: [MapRecord]
    ) {
      self.target = target
      self.folder = folder
      self.tensors = tensors
      self.sheet = sheet
      self.maps = maps
    }
  }

  /// An image.
  public struct ImageRecord: Codable, Sendable {
    /// Its name.
    public var name: String
    /// Where it is from.
    public var source: String
    /// The name of its random streams.
    public var key: String
    /// What the network takes it for.
    public var predicted: ClassRecord
    /// What it shows, where that is known.
    public var label: ClassRecord?
    /// Its targets.
    public var targets: [TargetRecord]

    package init(
      name: String, source: String, key: String, predicted: ClassRecord, label: ClassRecord?,
      targets: [TargetRecord]
    ) {
      self.name = name
      self.source = source
      self.key = key
      self.predicted = predicted
      self.label = label
      self.targets = targets
    }
  }

  /// The version of the toolkit.
  public var version: String
  /// The command, word by word.
  public var command: [String]
  /// Whether everything that was asked for is here.
  public var complete: Bool
  /// What ended it early, where something did.
  public var failure: String?
  /// The network.
  public var checkpoint: CheckpointRecord
  /// What decided every random choice.
  public var seed: UInt64
  /// Which relevance the heatmaps show.
  public var sign: MapSign
  /// The colors of the two signs in pictures; nil in records of versions that had one choice, red and green.
  public var colors: MapColors?
  /// The share of a map's mass above the magnitude that gets the whole color in pictures; nil as for `colors`.
  public var clip: Double?
  /// The images.
  public var images: [ImageRecord]

  /// Begins a record.
  /// - Parameters:
  ///   - version: The version of the toolkit.
  ///   - command: The command.
  ///   - checkpoint: The network.
  ///   - seed: What decides every random choice.
  ///   - sign: Which relevance the heatmaps show.
  ///   - colors: The colors of the two signs in pictures.
  ///   - clip: The share of a map's mass above the magnitude that gets the whole color in pictures.
  public init(
    version: String, command: [String], checkpoint: CheckpointRecord, seed: UInt64, sign: MapSign,
    colors: MapColors = .blueOrange, clip: Double = 0.02
  ) {
    (self.version, self.command, complete) = (version, command, false)
    (self.checkpoint, self.seed, self.sign, images) = (checkpoint, seed, sign, [])
    (self.colors, self.clip) = (colors, clip)
  }
}

extension ExplanationResults.ClassRecord {
  /// Its name without synonyms, its identifier or its index, whichever says most.
  package var words: String {
    let first = name.map { String($0.prefix { $0 != "," }) }
    return first ?? id ?? "\(index)"
  }
}
