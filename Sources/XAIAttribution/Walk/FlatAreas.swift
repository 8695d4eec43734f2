import XAIKernels
import XAITensor

/// Images whose convolutions sum alike.
struct AlikeImages {
  /// Their positions.
  let places: [Int]
  /// How convolutions sum.
  let algorithm: ConvolutionAlgorithm
}

extension Tensor {
  /// Sorts the images `[N, C, H, W]` by how convolutions sum: directly where there are flat areas, as
  /// fast as possible elsewhere.
  ///
  /// A choice for each image alone, so that a map depends on no other image of the batch.
  /// - Parameter algorithm: How they all sum; nothing where that depends on the image.
  /// - Returns: One or two groups that are not empty, each in the order of the images.
  func alikeImages(_ algorithm: ConvolutionAlgorithm?) -> [AlikeImages] {
    if let algorithm { return [AlikeImages(places: Array(0..<rows), algorithm: algorithm)] }
    let flat = imagesWithFlatAreas()
    return [
      AlikeImages(places: flat.indices.filter { flat[$0] }, algorithm: .direct),
      AlikeImages(places: flat.indices.filter { !flat[$0] }, algorithm: .fastest),
    ].filter { !$0.places.isEmpty }
  }

  /// Rows that belong to the images of one group after the other, as the images were.
  /// - Parameter groups: What `alikeImages` returned.
  /// - Returns: The same rows in the order of the images.
  func inOriginalOrder(_ groups: [AlikeImages]) -> Tensor {
    guard groups.count > 1 else { return self }
    var rows = Array(repeating: 0, count: rows)
    for (row, place) in groups.flatMap(\.places).enumerated() { rows[place] = row }
    return self.rows(at: rows)
  }

  /// Which images have an area of equal pixels that pooling windows can lie in: 4x4 or more.
  ///
  /// There the windows of a first pooling are exact ties, which the first maximum must win. Only sums
  /// in the same order at every position leave them as ties: direct convolutions do, Winograd's do
  /// not, and single pixels of a map move by up to a sixth of its maximum.
  /// - Returns: One for each image of `[N, C, H, W]`.
  func imagesWithFlatAreas() -> [Bool] {
    withUnsafeElements { elements in
      (0..<rows).map { image in
        Self.hasFlatArea(
          UnsafeBufferPointer(rebasing: elements[image * rowCount..<(image + 1) * rowCount]),
          channels: shape[1], height: shape[2], width: shape[3])
      }
    }
  }

  /// Counts for each pixel the rows up to it in which it equals its neighbours to the left and above.
  private static func hasFlatArea(
    _ pixels: UnsafeBufferPointer<Float>, channels: Int, height: Int, width: Int
  ) -> Bool {
    let side = 4
    guard height >= side, width >= side else { return false }
    func areEqual(_ first: Int, _ second: Int) -> Bool {
      (0..<channels).allSatisfy {
        pixels[$0 * height * width + first] == pixels[$0 * height * width + second]
      }
    }
    // Rows of equal pixels, of `side` pixels each, that end at a column and equal each other.
    var equalRows = Array(repeating: 0, count: width)
    for row in 0..<height {
      var run = 0
      for column in 0..<width {
        let place = row * width + column
        run = column > 0 && areEqual(place, place - 1) ? run + 1 : 1
        let continues = row > 0 && equalRows[column] > 0 && areEqual(place, place - width)
        equalRows[column] = run < side ? 0 : continues ? equalRows[column] + 1 : 1
        if equalRows[column] == side { return true }
      }
    }
    return false
  }
}
