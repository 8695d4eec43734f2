import XAITensor

extension AttributionRequest {
  /// The baselines of a valid request, where a method can use as many.
  /// - Parameters:
  ///   - method: The method that needs them, for messages.
  ///   - need: How many it needs.
  /// - Returns: The baselines of the request.
  /// - Throws: Where there are none, or not as many as are needed.
  func fittingBaselines(
    for method: String, _ need: BaselineNeed
  ) throws(AttributionFailure) -> Baselines {
    guard let baselines else {
      throw AttributionFailure(
        .usage,
        "\(method) compares each image with a baseline, and none was given; choose one, such as blur"
      )
    }
    if need == .one && baselines.count != 1 {
      throw AttributionFailure(
        .usage,
        "\(method) compares each image with one baseline, not \(baselines.count); "
          + "give one, or use deep-shap for a distribution")
    }
    return baselines
  }

  /// The one baseline of some of the images; a batch of 1 where it is the same for all of them.
  func oneBaseline(of range: Range<Int>, in baselines: Baselines) -> Tensor {
    let rows = (baselines.kind == .shared ? 0..<1 : range).map { baselines.of($0) }
    let isSame = rows.dropFirst().allSatisfy { $0.elements == rows[0].elements }
    return isSame ? rows[0] : Tensor(stacking: rows)
  }
}

extension Tensor {
  /// `(x - x0) m` for each image, x or x0 repeated where its batch is 1.
  func contributions(of images: Tensor, against baselines: Tensor) -> Tensor {
    func repeated(_ tensor: Tensor) -> Tensor {
      tensor.rows == rows ? tensor : tensor.rows(at: Array(repeating: 0, count: rows))
    }
    return combined(with: repeated(images).combined(with: repeated(baselines), -), *)
  }

  /// The logits of the targets, row by row.
  func logits(of targets: [Int]) -> [Double] {
    targets.enumerated().map { Double(self[rows == 1 ? 0 : $0, $1]) }
  }
}

extension LawCheck {
  /// The largest relative error of completeness that is no reason to warn, where a method is complete.
  ///
  /// Contributions of both signs cancel in the sum, so that it is less exact than each of them: in
  /// Float32 the errors of 16 images on a trained VGG-16 were at most 5e-7, with Winograd 5e-6.
  static let completenessTolerance = 1e-3
}
