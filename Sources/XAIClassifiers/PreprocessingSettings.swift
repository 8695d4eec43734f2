import FoundationEssentials
public import XAIDatasets
import XAIFiles
public import XAIImages
import XAITensor

/// How pictures become what a network takes, as a person writes it down.
///
/// A JSON object with the keys
///
/// | key | value | default |
/// |---|---|---|
/// | `mean` | a number for each channel | |
/// | `std` | a number for each channel | |
/// | `resize` | the shorter side in pixels, or `[height, width]` | the network's height and width |
/// | `crop` | a side, or `[height, width]`, cut out of the middle | the network's height and width |
/// | `interpolation` | `bilinear`, `bicubic` or `nearest` | `bilinear` |
/// | `range` | the value of a white pixel, 1 or 255, or `[black, white]` | 1 |
/// | `channels` | `RGB` or `BGR`, the order in which the network takes them and of `mean` and `std` | `RGB` |
public struct PreprocessingSettings: Sendable, Equatable {
  /// What is subtracted, a number for each channel in the network's order, in units of `range`.
  public var mean: [Double]
  /// What the difference is divided by.
  public var standardDeviation: [Double]
  /// How pictures are resized; nil to the network's height and width.
  public var resize: Resizing?
  /// Height and width that are cut out of the middle; nil the network's.
  public var crop: [Int]?
  /// How pixels are made of others.
  public var interpolation = ImageFitting.Interpolation.bilinear
  /// The values of black and of white.
  public var range = [0.0, 1.0]
  /// Whether the network takes blue, green and red in this order.
  public var reversesChannels = false

  /// To which size a picture is brought before it is cut.
  public enum Resizing: Sendable, Equatable {
    /// The shorter side has so many pixels, the other one follows.
    case shorterSide(Int)
    /// The shorter side has so many times the pixels of the network's longer side.
    case shorterSideShare(Double)
    /// Height and width.
    case exact([Int])
  }

  /// Settings of the training of most networks for ImageNet, such as torchvision's.
  ///
  /// The shorter side is resized to 256 pixels for 224, and the middle is cut out.
  public static let imageNet = PreprocessingSettings(
    mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225],
    resize: .shorterSideShare(256.0 / 224))

  /// Pixels from -1 to 1, resized to what the network takes.
  public static let half = PreprocessingSettings(
    mean: [0.5, 0.5, 0.5], standardDeviation: [0.5, 0.5, 0.5])

  /// The settings that have names.
  public static let named = ["imagenet": imageNet, "half": half]

  /// Describes how pictures reach a network.
  /// - Parameters:
  ///   - mean: What is subtracted, a number for each channel.
  ///   - standardDeviation: What the difference is divided by.
  ///   - resize: How pictures are resized; nil to the network's height and width.
  public init(mean: [Double], standardDeviation: [Double], resize: Resizing? = nil) {
    (self.mean, self.standardDeviation, self.resize) = (mean, standardDeviation, resize)
  }

  /// Reads a name or a file.
  /// - Parameters:
  ///   - word: `imagenet`, `half`, or the path of a JSON file.
  ///   - others: What the word could be besides, for messages.
  /// - Throws: Where a file cannot be read or says something impossible; of the kind `usage` where the word is
  ///   neither a name nor looks like that of a file.
  public init(_ word: String, also others: [String] = []) throws(ClassifierFailure) {
    if let known = Self.named[word.lowercased()] {
      self = known
      return
    }
    let bytes: [UInt8]
    do {
      bytes = try WholeFile.read(word, limit: Self.longestFile)
    } catch {
      guard error.kind == .missingInput else { throw ClassifierFailure(error) }
      let names = others + ["imagenet", "half"]
      let close = Spelling.closest(to: word, in: names, limit: 1).first
      throw ClassifierFailure(
        word.contains { $0 == "." || $0 == "/" } ? .missingInput : .usage,
        "there is no preprocessing \(quoted(word)): expected \(names.joined(separator: ", ")) or a JSON file"
          + (close.map { "; did you mean \($0)?" } ?? ""))
    }
    try self.init(json: Data(bytes), source: word)
  }

  private static let longestFile = 1 << 20

  /// The numbers of the settings in units of pixel / 255.
  var scaled: (mean: [Double], standardDeviation: [Double]) {
    let span = range[1] - range[0]
    return (mean.map { ($0 - range[0]) / span }, standardDeviation.map { $0 / span })
  }

  /// The settings for a network of one size as one line of JSON, numbers in units of pixel / 255.
  /// - Parameters:
  ///   - height: The rows that the network takes.
  ///   - width: The columns.
  ///   - source: Where the settings are from, for messages.
  /// - Returns: A JSON object that reads as the same settings.
  /// - Throws: `ClassifierFailure` where the settings end in another size.
  public func json(
    height: Int, width: Int, source: String
  ) throws(ClassifierFailure) -> String {
    let fitting = try fitting(height: height, width: width, source: source)
    let (mean, deviation) = scaled
    return "{\(Self.members(fitting, reversesChannels)),\"mean\":\(mean),\"std\":\(deviation)}"
  }

  /// The keys about pictures, as they stand in a JSON object.
  static func members(_ fitting: ImageFitting, _ reversesChannels: Bool) -> String {
    let extent = fitting.resized ?? .init(height: fitting.height, width: fitting.width)
    let resize = fitting.shorterSide.map { "\($0)" } ?? "[\(extent.height),\(extent.width)]"
    return "\"channels\":\"\(reversesChannels ? "BGR" : "RGB")\",\"crop\":"
      + "[\(fitting.height),\(fitting.width)],\"interpolation\":\"\(fitting.interpolation.rawValue)\","
      + "\"resize\":\(resize)"
  }

  /// Reads settings.
  /// - Parameters:
  ///   - json: A JSON object.
  ///   - source: Where it is from, for messages.
  /// - Throws: `ClassifierFailure`: what is missing, unknown or impossible, with its key.
  public init(json: String, source: String) throws(ClassifierFailure) {
    try self.init(json: Data(json.utf8), source: source)
  }

  /// The settings as a procedure for a network of one size.
  /// - Parameters:
  ///   - height: The rows that the network takes.
  ///   - width: The columns.
  ///   - source: Where the settings are from, for messages.
  /// - Returns: The procedure.
  /// - Throws: `ClassifierFailure` where the settings end in another size.
  public func preprocessing(
    height: Int, width: Int, source: String
  ) throws(ClassifierFailure) -> Preprocessing {
    let fitting = try fitting(height: height, width: width, source: source)
    let (mean, deviation) = scaled
    do {
      return try Preprocessing(
        mean: Tensor(shape: [3], mean.map { Float($0) }),
        standardDeviation: Tensor(shape: [3], deviation.map { Float($0) }), fitting: fitting,
        reversesChannels: reversesChannels)
    } catch {
      throw ClassifierFailure(error.kind, "\(source): \(error.description)")
    }
  }

  /// How a picture becomes what a network of one size takes.
  /// - Parameters:
  ///   - height: The rows that the network takes.
  ///   - width: The columns.
  ///   - source: Where the settings are from, for messages.
  /// - Returns: The fitting.
  /// - Throws: `ClassifierFailure` where the settings end in another size.
  func fitting(height: Int, width: Int, source: String) throws(ClassifierFailure) -> ImageFitting {
    var fitting = ImageFitting(height: height, width: width, interpolation: interpolation)
    func refuse(_ what: String, _ found: [Int]) -> ClassifierFailure {
      ClassifierFailure(
        .badData,
        "\(source): \(what) makes pictures of \(found[0]) x \(found[1]), the network takes \(height) x "
          + "\(width)")
    }
    // Without a crop of its own the network's size is what is cut out.
    if let crop, crop != [height, width] { throw refuse("crop", crop) }
    switch resize {
    case nil: break
    case .exact(let extent) where crop == nil:
      guard extent == [height, width] else { throw refuse("resize without crop", extent) }
    case .exact(let extent):
      guard extent[0] >= height, extent[1] >= width else { throw refuse("resize", extent) }
      if extent != [height, width] {
        fitting.resized = ImageFitting.Extent(height: extent[0], width: extent[1])
      }
    case .shorterSide(let side):
      guard side >= max(height, width) else {
        throw ClassifierFailure(
          .badData,
          "\(source): resize to \(side) is less than the \(max(height, width)) pixels that are cut out"
        )
      }
      fitting.shorterSide = side
    case .shorterSideShare(let share):
      fitting.shorterSide = Int(Double(max(height, width)) * share)
    }
    return fitting
  }
}
