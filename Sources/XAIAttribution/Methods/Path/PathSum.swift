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

  /// Walks through all points.
  ///
  /// Completeness is checked against the ends of the lines that were drawn, weighted as they were.
  func attribution(
    on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution {
    let form = network.merged()
    var sums = Array(
      repeating: Array(repeating: 0.0, count: request.images.rowCount), count: request.count)
    var ends = Array(repeating: 0.0, count: request.count)
    // A line without length contributes 0 whatever the gradient is.
    let moving = isNoisy ? points : points.filter { !isPoint($0) }
    context.advance(Double(2 * (points.count - moving.count)))
    // Points and differences lie on the host besides what the walk takes.
    let bytes =
      form.bytesPerImage(keeping: .gates) + 4 * MemoryLayout<Float>.stride * sums[0].count
    try context.forEachPart(of: moving.count, bytesEach: bytes, walksEach: 0) { range in
      try add(Array(moving[range]), to: &sums, &ends, on: form, in: context)
    }
    // Adding 0 turns -0 into 0.
    let maps = Tensor(
      stacking: sums.map { Tensor(shape: request.images.row(0).shape, $0.map { Float($0 + 0) }) })
    let expected = try differencesOfLogits(
      ends, on: form, context.algorithm ?? .fastest, in: context)
    return Attribution(
      maps: maps,
      laws: expected.enumerated().map {
        LawCheck(sampledSum: maps.row($0), expected: $1, tolerance: tolerance)
      }, notes: notes(moving))
  }

  /// Walks through some points.
  private func add(
    _ part: [PathPoint], to sums: inout [[Double]], _ ends: inout [Double],
    on form: NetworkForm, in context: AttributionContext
  ) throws {
    let differences = Tensor(stacking: part.map(difference))
    let targets = part.map { request.targets[$0.image] }
    let signals = try form.inputSignals(
      images: positions(part, differences), targets: targets, composite: Composite(),
      algorithm: context.algorithm, in: context
    ).signals
    for (row, point) in part.enumerated() {
      signals.addProduct(with: differences, row: row, by: point.weight, to: &sums[point.image])
    }
    guard isNoisy else { return }
    let noisy = Tensor(stacking: part.map(end))
    let logits = try form.logits(
      of: noisy, algorithm: context.algorithm ?? .fastest, in: context)
    for (row, point) in part.enumerated() {
      ends[point.image] += point.weight * Double(logits[row, targets[row]])
    }
  }

  private func notes(_ moving: [PathPoint]) -> [Attribution.Note] {
    let images = Set(moving.map(\.image))
    return (0..<request.count).filter { !images.contains($0) }.map {
      Attribution.Note("every baseline equals the image, so that the map is 0", image: $0)
    }
  }

  /// `f(z) - f(b)`, in the mean of the lines; without noise every z is the image.
  private func differencesOfLogits(
    _ noisyEnds: [Double], on form: NetworkForm, _ algorithm: ConvolutionAlgorithm,
    in context: AttributionContext
  ) throws -> [Double] {
    let all = baselines.values.reshaped(
      to: [baselines.values.count / request.images.rowCount] + request.images.shape.dropFirst())
    let drawn = Set(points.map(row)).sorted()
    let places = Dictionary(uniqueKeysWithValues: drawn.enumerated().map { ($1, $0) })
    let starts = try form.logits(
      of: all.rows(at: drawn), algorithm: algorithm, in: context)
    var result = noisyEnds
    if !isNoisy {
      let ends = try form.logits(of: request.images, algorithm: algorithm, in: context)
      result = request.targets.enumerated().map { Double(ends[$0, $1]) }
    }
    var lines = Array(repeating: (weight: 0.0, sum: 0.0), count: request.count)
    for point in points {
      let logit = starts[places[row(point)] ?? 0, request.targets[point.image]]
      lines[point.image].weight += point.weight
      lines[point.image].sum += point.weight * Double(logit)
    }
    // Quadrature weights may not sum to 1, which is an error of the map and not of the law.
    return zip(result, lines).map { end, line in end - line.sum / line.weight }
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
