import XAIEvaluation
import XAIMetrics
import XAITensor

/// Small functions of images whose measures are known.
struct TestWorld {
  let height = 6
  let width = 7
  let image: Tensor
  let baseline: Tensor
  /// One weight for each value of an image, of two classes.
  let weights: [[Double]]
  /// Adds what is not linear.
  var curvature = 0.0

  init(curvature: Double = 0, seed: UInt64 = 1) {
    self.curvature = curvature
    var stream = RandomStream(seed: seed, purpose: "test/world")
    let shape = [2, 6, 7]
    image = stream.uniform(shape: shape, in: -1..<1)
    baseline = stream.uniform(shape: shape, in: -1..<1)
    weights = (0..<2).map { _ in (0..<84).map { _ in stream.uniform(in: -1..<1) } }
  }

  var pixels: Int { height * width }

  /// `f_t(x) = w_t . x + curvature * products of neighbors`.
  func logit(_ image: [Float], _ target: Int) -> Double {
    var sum = zip(weights[target], image).reduce(0) { $0 + $1.0 * Double($1.1) }
    for index in image.indices.dropFirst() {
      sum += curvature * Double(image[index]) * Double(image[index - 1]) * weights[target][index]
    }
    return sum
  }

  var network: JudgedNetwork {
    JudgedNetwork(input: [2, height, width], classes: 2) { images in
      Tensor(
        shape: [images.rows, 2],
        (0..<images.rows).flatMap { row in
          (0..<2).map { Float(logit(images.row(row).elements, $0)) }
        })
    }
  }

  func removal(_ target: Int = 0) throws -> RemovalEvaluator {
    try RemovalEvaluator(network, image: image, baseline: baseline, target: target)
  }

  /// What each value contributes where the function is linear, `w (x - b)`, channels summed.
  var contributions: [Double] {
    (0..<pixels).map { pixel in
      [pixel, pixel + pixels].reduce(0) { sum, index in
        sum + weights[0][index]
          * (Double(image.elements[index]) - Double(baseline.elements[index]))
      }
    }
  }

  var ties: [Int] { EvaluationDraws(seed: 5).ties(pixels: pixels, image: 0) }

  func judged(_ values: [Double]) -> JudgedMap {
    JudgedMap(RelevanceMap(height: height, width: width, values: values), ties: ties)
  }

  /// Values without order.
  func noise(_ index: Int) -> [Double] {
    var stream = RandomStream(seed: 3, purpose: "test/noise", index)
    return (0..<pixels).map { _ in
      let value = stream.normal()
      return value * value * value
    }
  }

  /// Few distinct values.
  var tied: [Double] { (0..<pixels).map { Double($0 % width / 3 + $0 / width / 2) } }

  var object: ObjectMask {
    ObjectMask(
      PixelMask(count: pixels) { 1...3 ~= $0 / width && 2...4 ~= $0 % width }, height: height,
      width: width)
  }

  /// Cells of unequal sizes.
  func cells(_ rows: Int = 2, _ columns: Int = 3) throws -> ImageParts {
    try ImageParts(rows: rows, columns: columns, height: height, width: width)
  }

  /// Subsets of one size.
  func subsets(_ count: Int = 30, share: Double = 0.3) -> [PixelMask] {
    (0..<count).map {
      EvaluationDraws(seed: 2).subset(share: share, pixels: pixels, image: 0, level: 0, sample: $0)
    }
  }
}

extension Double {
  /// Whether two numbers are equal up to Float32's rounding of logits.
  func isClose(to other: Double, within tolerance: Double = 2e-5) -> Bool {
    abs(self - other) <= tolerance * max(1, abs(other))
  }
}

extension Optional where Wrapped == Double {
  /// Whether both are undefined, or equal up to rounding.
  func isClose(to other: Double?, within tolerance: Double = 2e-5) -> Bool {
    switch (self, other) {
    case (nil, nil): true
    case (let left?, let right?): left.isClose(to: right, within: tolerance)
    default: false
    }
  }
}
