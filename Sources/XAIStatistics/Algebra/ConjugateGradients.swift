/// Solves A x = b for a symmetric positive definite A that is known by its products (Hestenes and Stiefel 1952).
public enum ConjugateGradients {
  /// Solves a system.
  /// - Parameters:
  ///   - right: b.
  ///   - tolerance: The length of the residual that is good enough, as a share of that of b.
  ///   - steps: The most steps; as many as unknowns lead to the solution but for rounding.
  ///   - product: A times a vector.
  /// - Returns: x, and the length of the residual that is left as a share of that of b.
  public static func solve(
    _ right: [Double], tolerance: Double = 1e-12, steps: Int? = nil,
    product: ([Double]) -> [Double]
  ) -> (solution: [Double], residual: Double) {
    var solution = Array(repeating: 0.0, count: right.count)
    var residual = right
    var direction = right
    var square = dot(residual, residual)
    let first = square
    guard first > 0 else { return (solution, 0) }
    // Rounding costs some steps beyond the number of unknowns.
    for _ in 0..<(steps ?? 4 * right.count + 20) where square > tolerance * tolerance * first {
      let image = product(direction)
      let curvature = dot(direction, image)
      guard curvature > 0 else { break }
      let share = square / curvature
      for index in solution.indices {
        solution[index] += share * direction[index]
        residual[index] -= share * image[index]
      }
      let next = dot(residual, residual)
      let ratio = next / square
      for index in direction.indices {
        direction[index] = residual[index] + ratio * direction[index]
      }
      square = next
    }
    return (solution, (square / first).squareRoot())
  }
}
