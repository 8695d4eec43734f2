import XAIAttribution
import XAIClassifiers
import XAIKernels
import XAITensor

/// Units that are computed together: some images by one method on the networks of one seed.
struct UnitBatch {
  /// The position of the method.
  let method: Int
  /// The positions of the images.
  let subjects: [Int]
  /// The random layers; empty for the original network.
  let variants: [RandomLayers]
  /// Which draw.
  let seed: Int
}

extension RandomizationTest {
  /// The batches that are not finished: those of the original network, then seed by seed.
  /// - Parameters:
  ///   - keys: The names of units.
  ///   - isDone: Whether a unit is finished, or somebody else's.
  /// - Returns: The batches, in the order in which they are computed.
  /// - Throws: Where a baseline cannot be made.
  func batches(
    _ keys: UnitKeys, unless isDone: (UnitKey) -> Bool = { _ in false }
  ) throws -> [UnitBatch] {
    var batches: [UnitBatch] = []
    for seed in -1..<seeds {
      for method in methods.indices {
        var missing: [(variants: [RandomLayers], subjects: [Int])] = []
        for subject in subjects.indices {
          let wanted: [RandomLayers?] = seed < 0 ? [nil] : variants
          let open = wanted.filter {
            !isDone(keys.key(method, subject, $0, seed: max(seed, 0)))
          }
          guard !open.isEmpty else { continue }
          let layers = open.compactMap(\.self)
          if let place = missing.firstIndex(where: { $0.variants == layers }) {
            missing[place].subjects.append(subject)
          } else {
            missing.append((layers, [subject]))
          }
        }
        for (layers, images) in missing {
          let size = Self.together(walksEach: try walks(method, images[0]))
          for first in stride(from: 0, to: images.count, by: size) {
            batches.append(
              UnitBatch(
                method: method,
                subjects: Array(images[first..<min(first + size, images.count)]),
                variants: layers, seed: max(seed, 0)))
          }
        }
      }
    }
    return batches
  }

  /// How many images are computed together: enough to keep the kernels busy, and few enough that an
  /// interruption loses only minutes.
  private static func together(walksEach walks: Double) -> Int {
    max(1, min(16, Int(128 / max(walks, 1))))
  }

  private func walks(_ method: Int, _ subject: Int) throws -> Double {
    let tested = methods[method]
    let request = try request([subject], for: tested)
    return tested.method.cost(of: request, on: network).walks
  }

  func request(_ images: [Int], for method: MethodUnderTest) throws -> AttributionRequest {
    try requests.request(
      images.map { subjects[$0].image }, targets: images.map { subjects[$0].target },
      for: method.method, baseline: method.baseline)
  }

  /// Some networks of a batch, with what is explained on each; without random layers the original one.
  private func family(_ variants: [RandomLayers], of batch: UnitBatch) throws -> NetworkFamily {
    let fixed = batch.subjects.map { subjects[$0].target }
    guard !variants.isEmpty else {
      return NetworkFamily(
        base: networks.original, members: [.init(networks.original, targets: fixed)])
    }
    let images =
      target == .repredicted
      ? ExplainedImage.normalised(
        batch.subjects.map { subjects[$0].image }, requests.preprocessing) : nil
    return NetworkFamily(
      base: networks.original,
      members: try variants.map { layers in
        let network = try networks.network(layers, seed: batch.seed)
        guard let images else { return .init(network, targets: fixed) }
        // A network that overflows predicts nothing; its health says so.
        let predictions = try Prediction.whateverComes(images, by: network)
        let targets = zip(predictions, fixed).map { $0.isFinite ? $0.predicted : $1 }
        return .init(network, targets: targets)
      })
  }

  /// Computes a batch.
  /// - Returns: Its units, image by image.
  func compute(
    _ batch: UnitBatch, _ keys: UnitKeys, in context: AttributionContext
  ) throws -> [(key: UnitKey, unit: UnitStore.Unit)] {
    let method = methods[batch.method]
    let request = try request(batch.subjects, for: method)
    var results: [(maps: Tensor, targets: [Int])] = []
    for variants in networks.groups(batch.variants) {
      let family = try family(variants, of: batch)
      let attributions = try method.method.attribute(request, on: family, in: context)
      results += zip(attributions, family.members).map { ($0.maps, $1.targets) }
    }
    var units: [(key: UnitKey, unit: UnitStore.Unit)] = []
    for (position, subject) in batch.subjects.enumerated() {
      for (index, result) in results.enumerated() {
        let layers = batch.variants.isEmpty ? nil : batch.variants[index]
        let map = result.maps.row(position)
        let shape = Array(map.shape.suffix(3))
        let image = map.reshaped(to: shape)
        units.append(
          (
            keys.key(batch.method, subject, layers, seed: batch.seed),
            UnitStore.Unit(
              map: keepsChannels ? image : image.channelSum,
              target: result.targets[position])
          ))
      }
    }
    return units
  }

  /// What a batch costs, in walks by the fastest convolutions.
  func cost(_ batch: UnitBatch) throws -> Double {
    let method = methods[batch.method]
    let request = try request(batch.subjects, for: method)
    return networks.groups(batch.variants).reduce(0) { sum, variants in
      sum + slowness(of: batch.method)
        * method.method.cost(of: request, on: costFamily(variants, of: batch)).walks
    }
  }

  /// How many times longer a method's walks take than those by the fastest convolutions.
  func slowness(of method: Int) -> Double {
    methods[method].method.slowness(on: networks.original)
  }

  /// Networks of a batch as far as costs are concerned: nothing is drawn.
  private func costFamily(_ variants: [RandomLayers], of batch: UnitBatch) -> NetworkFamily {
    let original = networks.original
    let targets = batch.subjects.map { subjects[$0].target }
    guard !variants.isEmpty else {
      return NetworkFamily(base: original, members: [.init(original, targets: targets)])
    }
    let other = ExplainedNetwork(
      network, parameters: original.parameters, backend: original.backend)
    return NetworkFamily(
      base: original,
      members: variants.map {
        .init(original.replacing($0.names, from: other), targets: targets)
      })
  }
}

extension Tensor {
  /// The sum over channels, in Double: `[H, W]` of `[C, H, W]`.
  var channelSum: Tensor {
    let plane = shape[1] * shape[2]
    var sums = [Double](repeating: 0, count: plane)
    withUnsafeElements { elements in
      for (index, element) in elements.enumerated() { sums[index % plane] += Double(element) }
    }
    return Tensor(shape: [shape[1], shape[2]], sums.map(Float.init))
  }

  /// FNV-1a of the bits of the elements.
  var fingerprint: UInt64 {
    withUnsafeElements { elements in
      elements.reduce(0xCBF2_9CE4_8422_2325) {
        ($0 ^ UInt64($1.bitPattern)) &* 0x100_0000_01B3
      }
    }
  }
}
