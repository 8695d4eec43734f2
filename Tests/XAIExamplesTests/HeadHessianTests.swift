import Testing
import XAIExamples
import XAIStatistics
import XAITensor

@Suite struct HeadHessianTests {
  /// Features and labels that overlap, so that the optimum is finite without the penalty doing all.
  private func problem() throws -> HeadProblem {
    var stream = RandomStream(seed: 3, purpose: "test")
    let features = stream.normal(shape: [40, 5])
    return try HeadProblem(
      features: features, labels: (0..<40).map { $0 * 7 % 3 }, classes: 3, penalty: 0.02)
  }

  @Test func `the whole Hessian gives what conjugate gradients give`() throws {
    let problem = try problem()
    let state = try problem.fit()
    let hessian = try HeadHessian(problem, at: state)
    let influence = try HeadInfluence(
      problem, state: state, queries: problem.features.features.rows(0..<1), labels: [0])
    for (row, expected) in influence.selfInfluence.enumerated() {
      let value = hessian.selfInfluence(of: row)
      #expect(value > 0 && abs(value - expected) <= 1e-9 * expected, "\(row)")
    }
  }

  @Test func `images that were left out count nothing in the Hessian`() throws {
    let problem = try problem().leavingOut([1, 2])
    let state = try problem.fit()
    let hessian = try HeadHessian(problem, at: state)
    let influence = try HeadInfluence(
      problem, state: state, queries: problem.features.features.rows(0..<1), labels: [0])
    let expected = influence.selfInfluence[5]
    #expect(abs(hessian.selfInfluence(of: 5) - expected) <= 1e-9 * expected)
  }

  @Test func `the square of one product is that of its matrix`() throws {
    let problem = try problem()
    let state = try problem.fit()
    let curvature = try EKFAC(
      features: problem.features.matrix, probabilities: state.probabilities, damping: 0.02)
    let slope = problem.gradient(
      of: problem.features.row(4), label: problem.labels[4], at: state.weights)
    var errors = state.probabilities.row(4)
    errors[problem.labels[4]] -= 1
    let inverse = curvature.inverse(slope)
    let expected = zip(slope.elements, inverse.elements).reduce(0.0) { $0 + $1.0 * $1.1 }
    let square = curvature.square(errors: errors, features: problem.features.row(4))
    #expect(abs(square - expected) <= 1e-10 * abs(expected))
  }
}
