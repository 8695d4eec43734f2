import XAIDatasets
import XAIImages
import XAIRepresentations
import XAITensor

/// Where concepts are in the images that units are held against.
struct ConceptMasks {
  /// Concepts of one kind, of which an image shows at most some.
  struct Category {
    let name: String
    /// Positions among all concepts.
    let concepts: [Int]
  }

  /// The names of all concepts.
  private(set) var names: [String] = []
  private(set) var categories: [Category] = []
  /// Where each concept is, by image.
  private(set) var masks: [[PixelMask]] = []
  /// What a reader must know.
  private(set) var notes: [String] = []

  /// The concepts of one image before those that are rare are left out.
  private typealias Found = [(category: Int, name: String, mask: PixelMask)]

  private static let kinds = ["object", "pattern", "color"]
  /// Concepts of fewer images are left out.
  static let fewestImages = 5

  /// Finds all masks.
  /// - Parameters:
  ///   - dataset: The data.
  ///   - images: The images' numbers in the test split.
  /// - Throws: What reading throws.
  init(of dataset: any ImageDataset, _ images: [Int]) throws {
    let shapes = dataset as? ShapesDataset
    let found = try images.map { number in
      Self.objects(of: dataset, shapes, number)
        + Self.colors(of: try dataset.picture(at: number, of: .test))
    }
    var places: [[String]: Int] = [:]
    var counts: [[String]: Int] = [:]
    for image in found {
      for one in image { counts[[Self.kinds[one.category], one.name], default: 0] += 1 }
    }
    let rare = counts.filter { $0.value < Self.fewestImages }.map { $0.key[1] }.sorted()
    if !rare.isEmpty {
      notes.append(
        "Left out, as fewer than \(Self.fewestImages) images show them: "
          + rare.prefix(20).joined(separator: ", ")
          + (rare.count > 20 ? " and \(grouped(rare.count - 20, "other"))." : "."))
    }
    for kind in Self.kinds {
      let known = counts.filter { $0.key[0] == kind && $0.value >= Self.fewestImages }.keys
        .map { $0[1] }.sorted()
      guard !known.isEmpty else { continue }
      for (offset, name) in known.enumerated() { places[[kind, name]] = names.count + offset }
      categories.append(
        Category(name: kind, concepts: Array(names.count..<names.count + known.count)))
      names += known
    }
    notes.append(
      shapes == nil
        ? "Objects are boxes, not outlines: IoU is bounded by the share of a box that its object fills."
        : "Objects and patterns are exact masks of the object; clutter behind it has patterns that no mask shows."
    )
    let none = PixelMask(count: dataset.height * dataset.width)
    masks = found.map { image in
      var masks = names.map { _ in none }
      for one in image {
        if let place = places[[Self.kinds[one.category], one.name]] { masks[place] = one.mask }
      }
      return masks
    }
  }

  /// The name of the category of a concept.
  func category(of concept: Int) -> String {
    categories.first { $0.concepts.contains(concept) }?.name ?? ""
  }

  private static func objects(
    of dataset: any ImageDataset, _ shapes: ShapesDataset?, _ number: Int
  ) -> Found {
    if let shapes {
      let mask = shapes.mask(at: number, of: .test)
      let pixels = PixelMask(count: mask.coverage.count) { mask.coverage[$0] >= 128 }
      let truth = shapes.truth(at: number, of: .test)
      return [(0, truth.kind, pixels), (1, truth.pattern.rawValue, pixels)]
    }
    let boxes = dataset.sample(at: number, of: .test).boxes
    return Set(boxes.map(\.label)).sorted().map { label in
      let own = boxes.filter { $0.label == label }.map(\.box)
      let mask = PixelMask(count: dataset.height * dataset.width) { pixel in
        let (row, column) = (pixel / dataset.width, pixel % dataset.width)
        return own.contains {
          $0.yMin...max($0.yMin, $0.yMax) ~= row && $0.xMin...max($0.xMin, $0.xMax) ~= column
        }
      }
      return (0, dataset.classes[label].name, mask)
    }
  }

  private static func colors(of picture: RGBImage) -> Found {
    let names = stride(from: 0, to: picture.pixels.count, by: 3).map {
      ColorName(
        red: picture.pixels[$0], green: picture.pixels[$0 + 1], blue: picture.pixels[$0 + 2])
    }
    return Set(names).sorted { $0.rawValue < $1.rawValue }.map { name in
      (2, name.rawValue, PixelMask(count: names.count) { names[$0] == name })
    }
  }
}
