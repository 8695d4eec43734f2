public import XAITensor

/// Fills missing pixels so that each equals the weighted mean of its neighbors inside the image: weights 1/6
/// over an edge and 1/12 over a corner, normalized again at the border.
///
/// Source: Rong et al. 2022, ROAD.
///
/// The system is symmetric and diagonally dominant, and solved by conjugate gradients in Double, all channels
/// together. It is singular only where **everything** is missing, as every other component touches a known
/// pixel; then each channel is filled with its mean.
/// - Note: Deviation: pytorch-grad-cam solves that singular system, and returns small values whatever the
///   image.
public struct LinearImputation: Sendable {
  /// The norm of the residual, by that of the right-hand side, at which the solution is good.
  public var tolerance = 1e-12

  /// Edges and corners of a pixel.
  private static let weights = (edge: 1.0 / 6, corner: 1.0 / 12)

  /// Prepares an imputation.
  public init() {}

  /// An image with some pixels filled.
  /// - Parameters:
  ///   - image: `[C, H, W]`; values of missing pixels matter only where everything is missing.
  ///   - missing: The pixels that are filled.
  /// - Returns: `C H W` numbers in the layout of the image.
  public func filled(_ image: Tensor, missing: PixelMask) -> [Double] {
    precondition(image.shape.count == 3, "\(image.shape) is no image")
    let (height, width) = (image.shape[1], image.shape[2])
    precondition(
      missing.count == height * width, "a set of \(missing.count) pixels of \(image.shape)")
    var values = image.elements.map(Double.init)
    let holes = missing.pixels
    if holes.isEmpty { return values }
    let plane = height * width
    if holes.count == plane {
      for channel in 0..<image.shape[0] {
        let range = channel * plane..<(channel + 1) * plane
        let mean = values[range].reduce(0, +) / Double(plane)
        for index in range { values[index] = mean }
      }
      return values
    }
    for first in stride(from: 0, to: image.shape[0], by: 4) {
      let channels = first..<min(first + 4, image.shape[0])
      var grid = PaddedGrid(height: height, width: width)
      for channel in channels {
        for pixel in 0..<plane where !missing[pixel] {
          grid.values[grid.place(pixel)][channel - first] = values[channel * plane + pixel]
        }
      }
      let solution = solve(holes, in: grid)
      for (position, pixel) in holes.enumerated() {
        for channel in channels {
          values[channel * plane + pixel] = solution[position][channel - first]
        }
      }
    }
    return values
  }

  /// The values of the holes, four channels side by side.
  private func solve(_ holes: [Int], in known: PaddedGrid) -> [SIMD4<Double>] {
    let places = holes.map(known.place)
    let diagonal = places.map(known.weight)
    // Known neighbors are the right-hand side: the grid holds nothing at holes yet.
    var residual = known.values.withUnsafeBufferPointer { values in
      places.map { known.neighbors(of: $0, in: values) }
    }
    var solution = [SIMD4<Double>](repeating: .zero, count: holes.count)
    var grid = [SIMD4<Double>](repeating: .zero, count: known.values.count)
    for (position, place) in places.enumerated() { grid[place] = residual[position] }
    var applied = [SIMD4<Double>](repeating: .zero, count: holes.count)
    // Pointers: the loops below are where the time goes.
    places.withUnsafeBufferPointer { places in
      diagonal.withUnsafeBufferPointer { diagonal in
        grid.withUnsafeMutableBufferPointer { direction in
          residual.withUnsafeMutableBufferPointer { residual in
            solution.withUnsafeMutableBufferPointer { solution in
              applied.withUnsafeMutableBufferPointer { applied in
                descend(
                  known, places, diagonal, direction: direction, residual: residual,
                  solution: solution, applied: applied)
              }
            }
          }
        }
      }
    }
    return solution
  }

  /// Conjugate gradients (Hestenes and Stiefel 1952) from a solution of zeros.
  private func descend(
    _ known: PaddedGrid, _ places: UnsafeBufferPointer<Int>,
    _ diagonal: UnsafeBufferPointer<Double>,
    direction: UnsafeMutableBufferPointer<SIMD4<Double>>,
    residual: UnsafeMutableBufferPointer<SIMD4<Double>>,
    solution: UnsafeMutableBufferPointer<SIMD4<Double>>,
    applied: UnsafeMutableBufferPointer<SIMD4<Double>>
  ) {
    var square = Self.squares(residual)
    let enough = square * (tolerance * tolerance)
    // In exact arithmetic as many steps as holes; rounding may ask for some more.
    for _ in 0..<2 * places.count + 10 where any(square .> enough) {
      var product = SIMD4<Double>.zero
      for position in places.indices {
        let place = places[position]
        let value = direction[place]
        let image =
          diagonal[position] * value - known.neighbors(of: place, in: .init(direction))
        applied[position] = image
        product += value * image
      }
      let step = Self.quotient(square, product)
      for position in places.indices {
        solution[position] += step * direction[places[position]]
        residual[position] -= step * applied[position]
      }
      let next = Self.squares(residual)
      let turn = Self.quotient(next, square)
      for position in places.indices {
        let place = places[position]
        direction[place] = residual[position] + turn * direction[place]
      }
      square = next
    }
  }

  private static func squares(
    _ values: UnsafeMutableBufferPointer<SIMD4<Double>>
  ) -> SIMD4<Double> {
    var sum = SIMD4<Double>.zero
    for value in values { sum += value * value }
    return sum
  }

  /// A channel that is solved already asks for no step.
  private static func quotient(
    _ numerator: SIMD4<Double>, _ denominator: SIMD4<Double>
  ) -> SIMD4<Double> {
    (numerator / denominator).replacing(with: 0, where: denominator .== 0)
  }

  /// Pixels with a margin of zeros, so that neighbors outside of the image need no question.
  private struct PaddedGrid {
    let height: Int
    let width: Int
    var values: [SIMD4<Double>]

    init(height: Int, width: Int) {
      (self.height, self.width) = (height, width)
      values = Array(repeating: .zero, count: (height + 2) * (width + 2))
    }

    func place(_ pixel: Int) -> Int { (pixel / width + 1) * (width + 2) + pixel % width + 1 }

    /// The weighted sum of the neighbors.
    @inline(__always)
    func neighbors(
      of place: Int, in values: UnsafeBufferPointer<SIMD4<Double>>
    ) -> SIMD4<Double> {
      let (above, below) = (place - width - 2, place + width + 2)
      let edges = values[place - 1] + values[place + 1] + values[above] + values[below]
      let corners =
        values[above - 1] + values[above + 1] + values[below - 1] + values[below + 1]
      return LinearImputation.weights.edge * edges + LinearImputation.weights.corner * corners
    }

    /// The sum of the weights of the neighbors inside of the image.
    func weight(of place: Int) -> Double {
      let (row, column) = (place / (width + 2) - 1, place % (width + 2) - 1)
      let rows = (row > 0 ? 1 : 0) + (row < height - 1 ? 1 : 0)
      let columns = (column > 0 ? 1 : 0) + (column < width - 1 ? 1 : 0)
      return Double(rows + columns) * LinearImputation.weights.edge
        + Double(rows * columns) * LinearImputation.weights.corner
    }
  }
}
