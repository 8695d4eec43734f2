/// Which part of a data set an image belongs to.
public enum Split: String, CaseIterable, Codable, Sendable {
  /// Images that gradients are computed on.
  case train
  /// Images held back from training: early stopping and model selection look at them.
  case validation
  /// Images that nothing was chosen by.
  case test
}

/// A class of a data set.
public struct ClassLabel: Sendable, Equatable, Codable {
  /// A stable identifier, such as the WordNet id `n01443537`.
  public var id: String
  /// A name for people, such as `goldfish`.
  public var name: String

  /// Names a class.
  /// - Parameters:
  ///   - id: A stable identifier.
  ///   - name: A name for people.
  public init(id: String, name: String) {
    self.id = id
    self.name = name
  }
}

/// A rectangle of pixels; both corners belong to it.
public struct BoundingBox: Sendable, Equatable, Codable {
  /// The leftmost column.
  public var xMin: Int
  /// The topmost row.
  public var yMin: Int
  /// The rightmost column.
  public var xMax: Int
  /// The bottommost row.
  public var yMax: Int

  /// Creates a rectangle from its corners.
  /// - Parameters:
  ///   - xMin: The leftmost column.
  ///   - yMin: The topmost row.
  ///   - xMax: The rightmost column.
  ///   - yMax: The bottommost row.
  public init(xMin: Int, yMin: Int, xMax: Int, yMax: Int) {
    self.xMin = xMin
    self.yMin = yMin
    self.xMax = xMax
    self.yMax = yMax
  }
}

/// A rectangle around an object, and the class of the object.
public struct LabelledBox: Sendable, Equatable, Codable {
  /// The index of the object's class.
  public var label: Int
  /// Where the object is, in pixels of the image as the data set returns it.
  public var box: BoundingBox

  /// Labels a rectangle.
  /// - Parameters:
  ///   - label: The index of the object's class.
  ///   - box: Where the object is.
  public init(label: Int, box: BoundingBox) {
    self.label = label
    self.box = box
  }
}

/// What is known about an image besides its pixels.
public struct Sample: Sendable, Equatable, Codable {
  /// The image's name, unique within the data set, such as `n01443537_0.JPEG`.
  public var name: String
  /// The index of its class.
  public var label: Int
  /// Its annotated objects; may be empty.
  public var boxes: [LabelledBox]

  /// Describes an image.
  /// - Parameters:
  ///   - name: The image's name, unique within the data set.
  ///   - label: The index of its class.
  ///   - boxes: Its annotated objects.
  public init(name: String, label: Int, boxes: [LabelledBox] = []) {
    self.name = name
    self.label = label
    self.boxes = boxes
  }
}
