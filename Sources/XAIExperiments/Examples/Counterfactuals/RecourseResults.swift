/// The cheapest actions that change an answer.
public struct RecourseDetail: Codable, Sendable, Equatable {
  /// Whether any action changes the answer.
  public var reached: Bool
  /// Whether no single change and no pair on the grid costs less than the first answer did there.
  public var cheapest: Bool
  /// How actions are priced: `percentile`, `log-percentile`, `all`.
  public var cost: String
  /// By ascending cost, of features that they have not in common where there are such; the best attempt alone where
  /// nothing is reached.
  public var answers: [RecourseAnswer]
  /// Features that no answer may set.
  public var impossible: [String]
  /// What was held in the second search, as the user wrote it.
  public var hold: String?
  /// The answer of that search, which ignores causes; nil where it was not asked or found nothing.
  public var acausal: AcausalAnswer?
  /// Whether actions are those of photographs, of which nothing follows.
  public var photographic: Bool
}

/// What has to be set, and what comes of it.
public struct RecourseAnswer: Codable, Sendable, Equatable {
  /// What is set.
  public var changes: [RecourseChange]
  /// What follows from it.
  public var consequences: [RecourseChange]
  /// What all of it costs.
  public var cost: Double
  /// What the dearest change costs.
  public var largest: Double
  /// The predicted class afterwards.
  public var predicted: StudiedClass
  /// By how much the goal leads in logits; negative where it does not.
  public var margin: Double
}

/// A feature that has another value.
public struct RecourseChange: Codable, Sendable, Equatable {
  /// Its name.
  public var feature: String
  /// What it was.
  public var from: String
  /// What it is.
  public var to: String
  /// What that costs; nil where it is free.
  public var cost: Double?
}

/// An answer that was sought as if consequences stayed as they were.
public struct AcausalAnswer: Codable, Sendable, Equatable {
  /// What is set.
  public var changes: [RecourseChange]
  /// What it costs.
  public var cost: Double
  /// What it promised, consequences held.
  public var promised: AcausalOutcome
  /// What comes of it where causes act.
  public var really: AcausalOutcome
}

/// What a network says after actions.
public struct AcausalOutcome: Codable, Sendable, Equatable {
  /// The predicted class.
  public var predicted: StudiedClass
  /// By how much the goal leads in logits; negative where it does not.
  public var margin: Double
  /// Whether it is the goal.
  public var reached: Bool
}

/// A feature of a causal model.
public struct CausalFeature: Codable, Sendable, Equatable {
  /// Its name.
  public var feature: String
  /// `immutable`, `actionable` or `consequence`.
  public var role: String
  /// What it depends on.
  public var parents: [String]
}
