import XAIKernels
import XAINetworks
import XAITensor

/// A point on the straight line from a baseline (position 0) to an image (position 1).
struct PathPoint {
  /// The position of the image in the request.
  var image: Int
  /// Which of its baselines.
  var baseline: Int
  /// Where on the line.
  var position: Double
  /// What the gradient there counts.
  var weight: Double
  /// Standard-normal noise `[1, C, H, W]` that is added to the image's end of the line, or none.
  var noise: (() -> Tensor)?
}

/// `sum_k w_k (z_k - b_k) grad f(b_k + a_k (z_k - b_k))` for each image, z the image and its noise.
struct PathSum {
  let request: AttributionRequest
  let baselines: Baselines
  /// All points of the first image, then all of the second, ...
  let points: [PathPoint]
  /// Of the noise, in units of the normalised image.
  var deviation = 0.0
  /// The largest relative error of completeness that is no reason to warn; see `LawCheck`.
  let tolerance: Double

  private var isNoisy: Bool { deviation > 0 }

  /// Walks through all points, on every network.
  ///
  /// Completeness is checked against the ends of the lines that were drawn, weighted as they were.
  func attributions(
    on family: NetworkFamily, in context: AttributionContext
  ) throws -> [Attribution] {
    let size = request.images.rowCount
    var totals = family.members.map { _ in PathTotals(images: request.count, elements: size) }
    // A line without length contributes 0 whatever the gradient is.
    let moving = isNoisy ? points : points.filter { !isPoint($0) }
    context.advance(Double(2 * (points.count - moving.count) * family.members.count))
    // Points and differences lie on the host besides what the walk takes.
    let bytes =
      family.base.merged().bytesPerImage(keeping: .winners) + 4 * MemoryLayout<Float>.stride * size
    try context.forEachPart(of: moving.count, bytesEach: bytes, walksEach: 0) { range in
      try add(Array(moving[range]), to: &totals, on: family, in: context)
    }
    return try zip(family.members, totals).map { member, totals in
      let expected = try differencesOfLogits(
        totals.ends, member.targets, on: member.network.merged(), context.algorithm ?? .fastest,
        in: context)
      let maps = totals.maps(shape: request.images.row(0).shape)
      return Attribution(
        maps: maps,
        laws: expected.enumerated().map {
          LawCheck(
            sampledSum: maps.row($0), expected: $1.difference, magnitude: $1.magnitude,
            tolerance: tolerance)
        }, notes: notes(moving))
    }
  }

  /// Walks through some points.
  private func add(
    _ part: [PathPoint], to totals: inout [PathTotals], on family: NetworkFamily,
    in context: AttributionContext
  ) throws {
    let differences = Tensor(stacking: part.map(difference))
    let rows = family.rows(at: part.map(\.image))
    let walks = try rows.inputSignals(
      images: positions(part, differences), composite: Composite(),
      algorithm: context.algorithm, in: context)
    for (index, walk) in walks.enumerated() {
      totals[index].add(walk.signals, times: differences, at: part)
    }
    guard isNoisy else { return }
    let noisy = Tensor(stacking: part.map(end))
    for (index, member) in rows.members.enumerated() {
      let logits = try member.network.merged().logits(
        of: noisy, algorithm: context.algorithm ?? .fastest, in: context)
      for (row, point) in part.enumerated() {
        totals[index].ends[point.image] +=
          point.weight * Double(logits[row, member.targets[row]])
      }
    }
  }

  private func notes(_ moving: [PathPoint]) -> [Attribution.Note] {
    let images = Set(moving.map(\.image))
    return (0..<request.count).filter { !images.contains($0) }.map {
      Attribution.Note(
        "every baseline equals the image, so that \(Attribution.Note.onZeroMaps)", image: $0)
    }
  }

  /// `f(z) - f(b)` in the mean of the lines, and how large these logits are; without noise every z is
  /// the image.
  private func differencesOfLogits(
    _ noisyEnds: [Double], _ targets: [Int], on form: NetworkForm,
    _ algorithm: ConvolutionAlgorithm,
    in context: AttributionContext
  ) throws -> [(difference: Double, magnitude: Double)] {
    let all = baselines.values.reshaped(
      to: [baselines.values.count / request.images.rowCount] + request.images.shape.dropFirst())
    let drawn = Set(points.map(row)).sorted()
    let places = Dictionary(uniqueKeysWithValues: drawn.enumerated().map { ($1, $0) })
    let starts = try form.logits(
      of: all.rows(at: drawn), algorithm: algorithm, in: context)
    var result = noisyEnds
    if !isNoisy {
      let ends = try form.logits(of: request.images, algorithm: algorithm, in: context)
      result = targets.enumerated().map { Double(ends[$0, $1]) }
    }
    var lines = Array(repeating: (weight: 0.0, sum: 0.0), count: request.count)
    for point in points {
      let logit = starts[places[row(point)] ?? 0, targets[point.image]]
      lines[point.image].weight += point.weight
      lines[point.image].sum += point.weight * Double(logit)
    }
    // Quadrature weights may not sum to 1, which is an error of the map and not of the law.
    return zip(result, lines).map { end, line in
      let start = line.sum / line.weight
      return (end - start, abs(end) + abs(start))
    }
  }

  /// The row of a point's baseline among those of all images.
  private func row(_ point: PathPoint) -> Int {
    baselines.kind == .shared
      ? point.baseline : point.image * baselines.count + point.baseline
  }

  private func isPoint(_ point: PathPoint) -> Bool {
    let size = request.images.rowCount
    return request.images.withUnsafeElements { images in
      baselines.values.withUnsafeElements { baselines in
        let (image, baseline) = (point.image * size, row(point) * size)
        return (0..<size).allSatisfy { images[image + $0] == baselines[baseline + $0] }
      }
    }
  }

  /// z `[1, C, H, W]`.
  private func end(_ point: PathPoint) -> Tensor {
    let image = request.images.row(point.image)
    guard isNoisy, let noise = point.noise?() else { return image }
    let scale = Float(deviation)
    return image.combined(with: noise) { $0 + scale * $1 }
  }

  /// z - b `[1, C, H, W]`.
  private func difference(_ point: PathPoint) -> Tensor {
    var difference = end(point)
    let start = row(point) * difference.count
    baselines.values.withUnsafeElements { baselines in
      difference.withUnsafeMutableElements { difference in
        for index in difference.indices { difference[index] -= baselines[start + index] }
      }
    }
    return difference
  }

  /// b + a (z - b) `[M, C, H, W]`.
  private func positions(_ part: [PathPoint], _ differences: Tensor) -> Tensor {
    let size = differences.rowCount
    return Tensor(shape: differences.shape) { target in
      differences.withUnsafeElements { differences in
        baselines.values.withUnsafeElements { baselines in
          for (place, point) in part.enumerated() {
            let (offset, start) = (place * size, row(point) * size)
            let position = Float(point.position)
            for index in 0..<size {
              target[offset + index] =
                baselines[start + index] + position * differences[offset + index]
            }
          }
        }
      }
    }
  }
}

/// What the points of a network add up to.
private struct PathTotals {
  /// For each image, `sum_k w_k (z_k - b_k) grad f`.
  private var sums: [[Double]]
  /// For each image, the weighted logits of noisy ends.
  var ends: [Double]

  init(images: Int, elements: Int) {
    sums = Array(repeating: Array(repeating: 0, count: elements), count: images)
    ends = Array(repeating: 0, count: images)
  }

  mutating func add(_ signals: Tensor, times differences: Tensor, at points: [PathPoint]) {
    for (row, point) in points.enumerated() {
      signals.addProduct(with: differences, row: row, by: point.weight, to: &sums[point.image])
    }
  }

  /// `[N, C, H, W]`; adding 0 turns -0 into 0.
  func maps(shape: [Int]) -> Tensor {
    Tensor(stacking: sums.map { Tensor(shape: shape, $0.map { Float($0 + 0) }) })
  }
}

extension Tensor {
  /// Adds a multiple of the product of two rows to a sum, in Double.
  fileprivate func addProduct(
    with other: Tensor, row: Int, by factor: Double, to sum: inout [Double]
  ) {
    let start = row * rowCount
    withUnsafeElements { left in
      other.withUnsafeElements { right in
        sum.withUnsafeMutableBufferPointer { sum in
          for index in sum.indices {
            sum[index] += factor * Double(left[start + index]) * Double(right[start + index])
          }
        }
      }
    }
  }
}

extension NetworkForm {
  /// All logits `[M, classes]` of images, in parts that fit into the memory.
  fileprivate func logits(
    of images: Tensor, algorithm: ConvolutionAlgorithm, in context: AttributionContext
  ) throws -> Tensor {
    var parts: [Tensor] = []
    try context.forEachPart(
      of: images.rows, bytesEach: bytesPerImage(keeping: .logits), walksEach: 1
    ) { range in
      parts.append(
        backend.download(
          try record(
            try backend.upload(images.rows(range)), keeping: .logits, algorithm: algorithm
          ).output))
    }
    return Tensor(stacking: parts)
  }
}
