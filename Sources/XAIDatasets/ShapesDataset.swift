import XAIFiles
import XAITensor

/// A data set that needs no files: textured shapes on cluttered ground, rendered when read.
///
/// A class is a form: its colour, texture, size, place, turn and light say nothing about it, so
/// that a linear model stays near chance while a convolutional network learns the classes within
/// a few thousand images. Every object is known exactly, by mask and by box.
///
/// Each image is a pure function of seed, split and number; splits draw from separate streams.
/// Rendering takes about a third of a millisecond.
public struct ShapesDataset: ImageDataset {
  /// What all images derive from.
  public let seed: UInt64
  /// A shortcut planted in the training images; nil for none.
  public let shortcut: ShapesShortcut?
  private let counts: [Split: Int]

  /// Opens the data set.
  /// - Parameters:
  ///   - seed: What all images derive from.
  ///   - trainCount: The number of training images.
  ///   - validationCount: The number of validation images.
  ///   - testCount: The number of test images.
  ///   - shortcut: A shortcut planted in the training images; nil for none.
  public init(
    seed: UInt64 = 0, trainCount: Int = 3000, validationCount: Int = 504, testCount: Int = 1008,
    shortcut: ShapesShortcut? = nil
  ) {
    let counts: [Split: Int] = [
      .train: trainCount, .validation: validationCount, .test: testCount,
    ]
    precondition(counts.values.allSatisfy { $0 >= 0 }, "a split cannot have \(counts) images")
    self.seed = seed
    self.shortcut = shortcut
    self.counts = counts
  }

  /// `shapes`, or `shapes:shortcut=star/stripes/0.95`.
  public var name: String {
    shortcut.map { "shapes:shortcut=\($0.description)" } ?? "shapes"
  }

  /// Twelve classes: `s01 disk` to `s12 flower`.
  public let classes: [ClassLabel] = ShapesKind.allCases.map(\.label)

  /// The digest of what all images derive from.
  public var digest: String {
    let counts = Split.allCases.map { "\(count(of: $0))" }.joined(separator: ",")
    let words = "shapes, version 1, seed \(seed), images \(counts)"
    return SHA256.of(Array((words + planted(in: .train)).utf8))
  }

  /// The digest of what the images of a split derive from.
  /// - Parameter split: The split.
  /// - Returns: 64 hexadecimal digits.
  public func digest(of split: Split) -> String {
    let words = "shapes, version 1, seed \(seed), \(split.rawValue) images \(count(of: split))"
    return SHA256.of(Array((words + planted(in: split)).utf8))
  }

  /// What the digest says of the shortcut, which is in training images alone.
  private func planted(in split: Split) -> String {
    guard let shortcut, split == .train else { return "" }
    return ", shortcut \(shortcut.description)"
  }

  /// 64.
  public var height: Int { ShapesScene.side }

  /// 64.
  public var width: Int { ShapesScene.side }

  /// The number of images in a split.
  /// - Parameter split: The split.
  /// - Returns: The number.
  public func count(of split: Split) -> Int { counts[split] ?? 0 }

  /// Name, class and box of an image.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  /// - Returns: The sample, whose box is the mask's.
  public func sample(at index: Int, of split: Split) -> Sample {
    let mask = mask(at: index, of: split)
    return Sample(
      name: name(at: index, of: split), label: mask.label,
      boxes: [LabelledBox(label: mask.label, box: mask.box)])
  }

  /// The name of an image.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  /// - Returns: The name that an exported file has.
  public func name(at index: Int, of split: Split) -> String {
    "shapes_\(split.rawValue)_\(index).JPEG"
  }

  /// The class of an image.
  ///
  /// Of each twelve successive images, every class has one, in an order drawn anew.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  /// - Returns: An index into `classes`.
  public func label(at index: Int, of split: Split) -> Int {
    precondition(0..<count(of: split) ~= index, "\(split) has no image \(index)")
    return kind(at: index, of: split).rawValue
  }

  /// Renders an image.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  ///   - pixels: Receives red, green, blue of each pixel, row by row.
  public func readPixels(
    at index: Int, of split: Split, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) {
    precondition(pixels.count == bytesPerImage, "\(pixels.count) bytes do not hold one image")
    drawing(at: index, of: split).render(into: pixels)
  }

  /// Which pixels of an image show its object.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  /// - Returns: The object's mask.
  public func mask(at index: Int, of split: Split) -> ShapesMask {
    let (kind, source) = origin(of: index, in: split)
    var stream = source.stream("objects")
    return ShapesMask(
      of: ShapesGeometry(of: kind, &stream).placement, label: kind.rawValue, side: height)
  }

  /// What the scene of an image drew.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  /// - Returns: All draws by name, a planted shortcut included.
  public func latents(at index: Int, of split: Split) -> ShapesLatents {
    drawing(at: index, of: split).latents
  }

  /// What is true of an image.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  /// - Returns: Kind, pattern, colors, radius, place, turn, light.
  public func truth(at index: Int, of split: Split) -> ShapesTruth {
    ShapesModel.picture(of: latents(at: index, of: split)).truth
  }

  /// An image with two objects of two classes; such images are in no split.
  /// - Parameter index: Any number that is not negative.
  /// - Returns: The image and both masks.
  public func pair(at index: Int) -> ShapesPair {
    precondition(index >= 0, "there is no pair \(index)")
    let scene = ShapesScene(pairWithSeed: seed, index: index)
    let pixels = [UInt8](unsafeUninitializedCapacity: bytesPerImage) { buffer, initialized in
      scene.render(into: .init(rebasing: buffer[..<bytesPerImage]))
      initialized = bytesPerImage
    }
    let masks = scene.objects.map {
      ShapesMask(of: $0.placement, label: $0.kind.rawValue, side: height)
    }
    return ShapesPair(pixels: pixels, masks: masks)
  }

  private func origin(of index: Int, in split: Split) -> (ShapesKind, ShapesSource) {
    precondition(0..<count(of: split) ~= index, "\(split) has no image \(index)")
    return (
      kind(at: index, of: split), ShapesSource(seed: seed, list: split.rawValue, index: index)
    )
  }

  private func drawing(at index: Int, of split: Split) -> ShapesModel.Drawing {
    let (kind, source) = origin(of: index, in: split)
    var drawing = ShapesModel.drawing(of: kind, from: source)
    if split == .train, let shortcut {
      drawing.latents = shortcut.planted(in: drawing.latents)
    }
    return drawing
  }

  private func kind(at index: Int, of split: Split) -> ShapesKind {
    var kinds = ShapesKind.allCases
    var stream = RandomStream(
      seed: seed, purpose: "shapes/labels/\(split.rawValue)", index / kinds.count)
    stream.shuffle(&kinds)
    return kinds[index % kinds.count]
  }
}
