/// Pictures that excite classes and units: `results.json`.
///
/// Nothing in it depends on when or how fast it was computed: the same call gives the same bytes.
public struct VisualizationResults: Codable, Sendable {
  /// What kind of file this is.
  public static let schema = "swift-xai/visualization"
  /// Rises when a reader of older files would go wrong.
  public static let schemaVersion = 1

  /// What kind of file this is.
  public var schema = Self.schema
  /// The version of the file's layout.
  public var schemaVersion = Self.schemaVersion
  /// The version of the toolkit.
  public var version: String
  /// The network.
  public var networks: [StudiedNetwork]
  /// The images that pictures are held against.
  public var data: StudiedData
  /// What decides starts, transformations and random weights.
  public var seed: UInt64
  /// `fourier` or `simonyan`.
  public var style: VisualizationStyle
  /// The number of steps.
  public var steps: Int
  /// The share of fine grain of the images: lower quartile, median, upper quartile.
  public var grainOfImages: [Double]
  /// One for each class or unit.
  public var pictures: [VisualizedFeature]
  /// What a reader must know besides.
  public var notes: [String]

  enum CodingKeys: String, CodingKey {
    case schema
    case schemaVersion = "schema_version"
    case version, networks, data, seed, style, steps
    case grainOfImages = "grain_of_images"
    case pictures, notes
  }
}

/// How a picture is made.
public enum VisualizationStyle: String, Codable, Sendable, CaseIterable {
  /// A spectrum with the colors of the data, under transformations (Olah et al. 2017).
  case fourier
  /// Plain ascent of the logit from the mean image (Simonyan et al. 2013).
  case simonyan
}

/// A picture that excites a class or a unit, and what may be said of it.
public struct VisualizedFeature: Codable, Sendable {
  /// `star`, `conv7_relu:37` or `pattern=stripes in conv7_relu`.
  public var name: String
  /// The class; left out of units.
  public var target: StudiedClass?
  /// The layer of a unit or concept; left out of classes.
  public var layer: String?
  /// The unit.
  public var unit: Int?
  /// The concept.
  public var concept: String?
  /// How often the layer tells the concept from other images that its vector did not see; left out of others.
  public var accuracy: Double?
  /// The objective on the trained network.
  public var trained: VisualizedObjective
  /// The same on a network of random weights, from the same start.
  public var random: VisualizedObjective?
  /// The share of test images with a smaller objective than the picture.
  public var rank: Double
  /// The probability of the class; left out of units.
  public var probability: Double?
  /// The test images that excite it most.
  public var images: [String]
}

/// What became of an objective.
public struct VisualizedObjective: Codable, Sendable {
  /// At the start.
  public var start: Double
  /// Of the picture as it is.
  public var end: Double
  /// The mean over transformations that the picture was not made for.
  public var fresh: Double
  /// The share of the picture's energy in fine grain, above 0.25 cycles a pixel; left out of constant pictures.
  public var grain: Double?
}
