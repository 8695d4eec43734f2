public import XAIAttribution
public import XAITensor

/// Receives the maps of an `AttributionExperiment` as they come, such as a folder of pictures.
public protocol AttributionRecorder {
  /// Begins a subject; those of one image follow each other.
  /// - Parameter subject: The image and its target.
  /// - Throws: Where there is no place for it.
  mutating func begin(_ subject: AttributionExperiment.Subject) throws

  /// Takes a map.
  /// - Parameters:
  ///   - finding: The map.
  ///   - subject: The image and its target, which was begun.
  /// - Throws: Where it cannot be kept.
  mutating func add(
    _ finding: AttributionExperiment.Finding, of subject: AttributionExperiment.Subject) throws

  /// Ends a subject, which may have fewer maps than there are methods.
  /// - Parameter subject: The image and its target.
  /// - Throws: Where it cannot be kept.
  mutating func finish(_ subject: AttributionExperiment.Subject) throws

  /// Saves what was finished.
  /// - Parameters:
  ///   - isComplete: Whether everything that was asked for is there.
  ///   - failure: What ended the work early.
  ///   - digest: The digest of the checkpoint; empty where it is not known yet.
  /// - Throws: Where it cannot be kept.
  mutating func save(complete isComplete: Bool, failure: String?, digest: String) throws
}

extension AttributionExperiment {
  /// A map and what is known about it.
  public struct Finding: Sendable {
    /// The method's identifier.
    public var method: String
    /// What a sheet calls it.
    public var label: String
    /// Its parameters.
    public var parameters: MethodParameters
    /// What the image was compared with.
    public var baseline: BaselineKind?
    /// `[C | 1, H, W]`.
    public var map: Tensor
    /// The law of its theory.
    public var law: LawCheck?
    /// What else should be known.
    public var notes: [String]
    /// What it took; nil where it was finished before.
    public var seconds: Double?
    /// What the sign of the map means.
    public var meaning: MapMeaning
    /// Whether the map was enlarged from that of a layer.
    public var isEnlarged: Bool

    /// Groups what is known about a map.
    /// - Parameters:
    ///   - method: The method's identifier.
    ///   - label: What a sheet calls it; default is the identifier.
    ///   - parameters: Its parameters.
    ///   - baseline: What the image was compared with.
    ///   - map: `[C | 1, H, W]`, with or without a first extent of 1.
    ///   - law: The law of its theory.
    ///   - notes: What else should be known.
    ///   - seconds: What it took; nil where it was finished before.
    ///   - meaning: What the sign of the map means.
    ///   - isEnlarged: Whether the map was enlarged from that of a layer.
    public init(
      method: String, label: String? = nil, parameters: MethodParameters,
      baseline: BaselineKind?, map: Tensor, law: LawCheck?, notes: [String], seconds: Double?,
      meaning: MapMeaning = .relevance, isEnlarged: Bool = false
    ) {
      (self.meaning, self.isEnlarged) = (meaning, isEnlarged)
      (self.method, self.label) = (method, label ?? method)
      (self.parameters, self.baseline) = (parameters, baseline)
      self.map = map.reshaped(to: Array(map.shape.suffix(3)))
      (self.law, self.notes, self.seconds) = (law, notes, seconds)
    }
  }

  /// Maps that are kept in memory.
  public struct Collection: AttributionRecorder {
    /// A subject with its maps.
    public struct Entry: Sendable {
      /// The image and its target.
      public let subject: Subject
      /// Its maps, in the order of the methods.
      public fileprivate(set) var findings: [Finding] = []
    }

    /// The subjects in the order in which they were begun.
    public private(set) var entries: [Entry] = []
    /// Whether everything that was asked for is there.
    public private(set) var isComplete = false

    /// There is no map yet.
    public init() {}

    /// Begins a subject.
    /// - Parameter subject: The image and its target.
    public mutating func begin(_ subject: Subject) { entries.append(Entry(subject: subject)) }

    /// Keeps a map.
    /// - Parameters:
    ///   - finding: The map.
    ///   - subject: The image and its target.
    public mutating func add(_ finding: Finding, of subject: Subject) {
      let index = entries.lastIndex {
        $0.subject.number == subject.number && $0.subject.target == subject.target
      }
      if let index { entries[index].findings.append(finding) }
    }

    /// Does no more.
    /// - Parameter subject: The image and its target.
    public func finish(_ subject: Subject) {}

    /// Takes note of whether it is complete.
    /// - Parameters:
    ///   - isComplete: Whether everything that was asked for is there.
    ///   - failure: Of no effect, as it is thrown.
    ///   - digest: Of no effect.
    public mutating func save(complete isComplete: Bool, failure: String?, digest: String) {
      self.isComplete = isComplete
    }
  }
}
