import XAIAttribution
import XAIDatasets
import XAIImages
import XAIRepresentations
import XAITensor

/// What the units of a layer detect.
struct LayerDissection: Codable {
  /// One for each unit, in their order.
  var detectors: [UnitDetector] = []
  /// p of each unit, adjusted over the layer.
  var adjusted: [Double] = []
  /// The bits of the thresholds, which may be infinite.
  private var bits: [UInt32] = []
  /// The places of the images that excite each unit most.
  var top: [[Int]] = []

  /// What each unit exceeds where it is active.
  var thresholds: [Float] {
    get { bits.map { Float(bitPattern: $0) } }
    set { bits = newValue.map(\.bitPattern) }
  }

  /// Whether a file can hold this of so many units.
  func isPossible(units: Int) -> Bool {
    [detectors.count, adjusted.count, bits.count, top.count].allSatisfy { $0 == units }
  }
}

/// Dissects a layer in passes over all images: thresholds first, then masks of as many units as fit the memory.
struct LayerDissector {
  private let layer: String
  private let network: ExplainedNetwork
  private let pictures: PictureList
  private let preprocessing: Preprocessing
  private let seed: UInt64
  private let memory: Int
  /// Takes note of so many images; throws where the work is to stop.
  private let step: (Int) throws -> Void

  init(
    _ layer: String, of network: ExplainedNetwork, _ pictures: PictureList,
    _ preprocessing: Preprocessing, seed: UInt64, memory: Int,
    step: @escaping (Int) throws -> Void
  ) {
    (self.layer, self.network, self.pictures) = (layer, network, pictures)
    (self.preprocessing, self.seed, self.memory) = (preprocessing, seed, memory)
    self.step = step
  }

  private static let together = 32
  /// Bytes of a unit and image: measured, as most units are active in few images.
  private static let bytesOfMask = 130

  func dissect(
    _ concepts: ConceptMasks, quantile: Double, permutations: Int, isRotated: Bool
  ) throws -> LayerDissection {
    let shape = network.network.shape(of: layer)
    let rotation = isRotated ? try RotatedBasis(units: shape[0], seed: seed) : nil
    var thresholds = UnitThresholds(
      units: shape[0], positions: pictures.count * shape[1] * shape[2], share: quantile)
    var top = TopImages(units: shape[0])
    try forEachBatch(Array(0..<pictures.count)) { places, outputs in
      let outputs = rotation?.rotated(outputs) ?? outputs
      thresholds.insert(outputs)
      top.insert(outputs, from: places[0])
      try step(places.count)
    }
    var found = LayerDissection()
    // A unit that was never seen exceeds nothing.
    found.thresholds = thresholds.thresholds.map { $0 ?? .infinity }
    found.top = top.images.map { $0.map(\.index) }
    let size = max(Self.together, memory / (pictures.count * Self.bytesOfMask))
    for start in stride(from: 0, to: shape[0], by: size) {
      let units = start..<min(start + size, shape[0])
      let masks = try masks(of: units, found.thresholds, rotation)
      found.detectors += UnitDetectors.all(
        units: masks, concepts: concepts.masks, categories: concepts.categories.map(\.concepts),
        permutations: permutations, seed: seed)
    }
    try step(pictures.count)
    found.adjusted = UnitDetectors.adjusted(found.detectors)
    return found
  }

  private func masks(
    of units: Range<Int>, _ thresholds: [Float], _ rotation: RotatedBasis?
  ) throws -> [[PixelMask]] {
    let extent = [preprocessing.height, preprocessing.width]
    let maker = UnitMasks(thresholds: Array(thresholds[units]), extent: extent)
    // One that all share takes no memory of its own.
    let none = PixelMask(count: extent[0] * extent[1])
    var all: [[PixelMask]] = []
    try forEachBatch(Array(0..<pictures.count)) { places, outputs in
      let outputs = rotation?.rotated(outputs) ?? outputs
      for image in 0..<places.count {
        let maps = outputs.row(image).reshaped(to: Array(outputs.shape.dropFirst()))
        let part = maps.rows(units)
        all.append(
          maker.masks(of: part.reshaped(to: [1] + part.shape)).map { $0.area > 0 ? $0 : none })
      }
      try step(0)
    }
    return all
  }

  /// Images with all but a unit's active region darkened.
  func examples(of unit: Int, _ places: [Int], threshold: Float) throws -> [RGBImage] {
    var examples: [RGBImage] = []
    let extent = [preprocessing.height, preprocessing.width]
    try forEachBatch(places) { part, outputs in
      for (image, place) in part.enumerated() {
        let map = outputs.row(image).reshaped(to: Array(outputs.shape.dropFirst())).row(unit)
        let enlarged = Upsampling.bilinear.enlarge(
          map.reshaped(to: [1] + map.shape), to: extent)
        var picture = try pictures.picture(at: place)
        enlarged.withUnsafeElements { values in
          for pixel in 0..<extent[0] * extent[1] where values[pixel] <= threshold {
            for channel in 0..<3 { picture.pixels[3 * pixel + channel] /= 4 }
          }
        }
        examples.append(picture)
      }
    }
    return examples
  }

  private func forEachBatch(
    _ places: [Int], _ body: ([Int], Tensor) throws -> Void
  ) throws {
    let source = try LayerOutputs([layer], of: network, batch: Self.together)
    for start in stride(from: 0, to: places.count, by: Self.together) {
      let part = Array(places[start..<min(start + Self.together, places.count)])
      let images = try pictures.normalized(part, by: preprocessing)
      try source.forEachBatch(of: images) { _, outputs in
        if let output = outputs[layer] { try body(part, output) }
      }
    }
  }
}
