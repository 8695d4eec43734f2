import Testing
import XAIRepresentations
import XAIStatistics
import XAITensor
import XAITestSupport

@Suite struct CKALawTests {
  static let left = rows(24, 40, "left")
  static let right = rows(24, 9, "right")

  static func gram(_ rows: Matrix) -> Matrix { rows * rows.transposed }

  @Test(arguments: CKA.Estimate.allCases)
  func `a representation is alike to itself, in any order of images`(
    estimate: CKA.Estimate
  ) throws {
    var order = Array(0..<24)
    var stream = RandomStream(seed: 1, purpose: "order")
    stream.shuffle(&order)
    let gram = Self.gram(Self.left)
    let moved = gram.part(rows: order, columns: order)
    #expect(abs(try #require(CKA.similarity(gram, gram, estimate)) - 1) < 1e-12)
    #expect(abs(try #require(CKA.similarity(moved, moved, estimate)) - 1) < 1e-12)
    // Two orders are two questions: what a program that shuffles twice computes.
    #expect(try #require(CKA.similarity(gram, moved, estimate)) < 0.9)
  }

  @Test(arguments: CKA.Estimate.allCases)
  func `rotation and scale change nothing, other linear maps do`(
    estimate: CKA.Estimate
  ) throws {
    let rotation = try HouseholderQR(rows(9, 9, "rotation")).orthonormal
    let other = Self.gram(Self.right * rotation)
    let scaled = Matrix(rows: 24, columns: 24, other.elements.map { 3 * $0 })
    let plain = try #require(CKA.similarity(Self.gram(Self.left), Self.gram(Self.right), estimate))
    let turned = try #require(CKA.similarity(Self.gram(Self.left), scaled, estimate))
    #expect(abs(plain - turned) < 1e-12)
    let bent = Matrix(rows: 24, columns: 9) { Self.right[$0, $1] * Double($1 * $1 + 1) }
    let changed = try #require(
      CKA.similarity(Self.gram(Self.left), Self.gram(bent), estimate))
    #expect(abs(plain - changed) > 1e-4)
  }

  @Test func `it is symmetric`() throws {
    let (one, other) = (Self.gram(Self.left), Self.gram(Self.right))
    for estimate in CKA.Estimate.allCases {
      #expect(
        abs(
          try #require(CKA.similarity(one, other, estimate))
            - #require(CKA.similarity(other, one, estimate))) < 1e-13)
    }
  }

  @Test func `of unrelated features the biased estimate is large and the unbiased one is not`()
    throws
  {
    let one = Self.gram(rows(40, 1000, "one"))
    let other = Self.gram(rows(40, 1000, "other"))
    #expect(try #require(CKA.similarity(one, other, .biased)) > 0.9)
    #expect(abs(try #require(CKA.similarity(one, other, .unbiased))) < 0.15)
  }

  @Test func `with the images of one side in another order it is zero within its error`() throws {
    let layer = Self.gram(rows(200, 30, "layer"))
    let order = SimilarityNull.order(200, seed: 1)
    #expect(Set(order).count == 200 && zip(order, 0...).allSatisfy { $0 != $1 })
    let moved = layer.part(rows: order, columns: order)
    #expect(abs(try #require(CKA.similarity(layer, moved))) < 0.05)
  }

  @Test func `a constant layer has no similarity`() {
    let constant = Matrix(rows: 24, columns: 24, repeating: 4)
    for estimate in CKA.Estimate.allCases {
      #expect(CKA.similarity(constant, Self.gram(Self.left), estimate) == nil)
    }
  }

  @Test func `the unbiased estimate is the mean over quadruples of images`() {
    // Song et al. 2012: the U statistic, by brute force.
    let one = Self.gram(rows(7, 5, "few"))
    let other = Self.gram(rows(7, 5, "others"))
    var (sum, count) = (0.0, 0.0)
    for i in 0..<7 {
      for j in 0..<7 where j != i {
        for q in 0..<7 where q != i && q != j {
          for r in 0..<7 where r != i && r != j && r != q {
            sum += one[i, j] * (other[i, j] + other[q, r] - 2 * other[i, q])
            count += 1
          }
        }
      }
    }
    #expect(abs(HSIC.unbiased(one, other) - sum / count) < 1e-10 * abs(sum / count) + 1e-10)
  }

  @Test func `batches sum each term before one ratio, and their error is the jackknife's`()
    throws
  {
    let (one, other) = (Self.gram(Self.left), Self.gram(Self.right))
    var batched = BatchedCKA()
    var terms: [CKATerms] = []
    for start in stride(from: 0, to: 24, by: 6) {
      let part = Array(start..<start + 6)
      let (left, right) = (
        one.part(rows: part, columns: part), other.part(rows: part, columns: part)
      )
      batched.append(left, right)
      terms.append(CKATerms(left, right, .unbiased))
    }
    func ratio(_ terms: [CKATerms]) -> Double {
      terms.reduce(0) { $0 + $1.both }
        / (terms.reduce(0) { $0 + $1.left } * terms.reduce(0) { $0 + $1.right }).squareRoot()
    }
    #expect(abs(try #require(batched.similarity) - ratio(terms)) < 1e-12)
    let without = terms.indices.map { left in
      ratio(terms.enumerated().filter { $0.offset != left }.map(\.element))
    }
    let mean = without.reduce(0, +) / 4
    let error = (without.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } * 3 / 4).squareRoot()
    #expect(abs(try #require(batched.standardError) - error) < 1e-12)
  }
}

@Suite struct CanonicalCorrelationTests {
  private func moments(_ left: Matrix, _ right: Matrix, batch: Int = 13) throws -> JointMoments {
    var moments = JointMoments()
    for start in stride(from: 0, to: left.rows, by: batch) {
      let part = Array(start..<min(start + batch, left.rows))
      func tensor(_ rows: Matrix) -> Tensor {
        Tensor(
          shape: [part.count, rows.columns],
          part.flatMap { rows.row($0) }.map { Float($0) })
      }
      try moments.insert(tensor(left), tensor(right))
    }
    return moments
  }

  @Test func `a layer is alike to any mixture of its neurons when all directions are kept`()
    throws
  {
    let left = rows(100, 6, "neurons")
    let mixed = left * rows(6, 6, "mixture")
    let analysis = try CanonicalCorrelation(try moments(left, mixed), keeping: 1)
    #expect(analysis.kept == [6, 6])
    #expect(analysis.correlations.allSatisfy { $0 > 0.999 })
    #expect(abs(try #require(analysis.weightedMean) - 1) < 1e-3)
    let other = try CanonicalCorrelation(
      try moments(left, rows(100, 6, "unrelated")), keeping: 1)
    #expect(try #require(other.mean) < 0.5)
  }

  @Test func `products of samples say what covariances say`() throws {
    let (left, right) = (rows(30, 5, "few"), rows(30, 4, "neurons"))
    func tensor(_ rows: Matrix) -> Tensor {
      Tensor(shape: [30, rows.columns], rows.elements.map { Float($0) })
    }
    for share in [0.8, 0.99] {
      let one = try CanonicalCorrelation(try moments(left, right), keeping: share)
      let other = try CanonicalCorrelation(
        samplesOf: tensor(left), tensor(right), keeping: share)
      #expect(one.kept == other.kept)
      expectClose(one.correlations, other.correlations, relative: 1e-9)
      #expect(abs(try #require(one.weightedMean) - #require(other.weightedMean)) < 1e-9)
    }
    // More neurons than samples: everything can be matched, which is refused.
    let wide = try CanonicalCorrelation(
      samplesOf: tensor(rows(30, 60, "wide")), tensor(rows(30, 50, "broad")))
    #expect(wide.correlations.contains { $0 > 1 - 1e-9 })
    #expect(throws: RepresentationFailure.self) { try wide.requireSamples(30) }
  }

  @Test func `batches of any size say the same`() throws {
    let (left, right) = (rows(50, 4, "a"), rows(50, 3, "b"))
    let whole = try CanonicalCorrelation(try moments(left, right, batch: 50))
    let parts = try CanonicalCorrelation(try moments(left, right, batch: 7))
    expectClose(whole.correlations, parts.correlations, relative: 1e-10)
  }

  @Test func `layers of other extents are told to be compared by CKA`() {
    var moments = JointMoments()
    #expect(throws: RepresentationFailure.self) {
      try moments.insert(Tensor(shape: [2, 3, 4, 4]), Tensor(shape: [2, 3, 2, 2]))
    }
  }

  @Test func `a constant layer has no correlations`() throws {
    let analysis = try CanonicalCorrelation(
      try moments(rows(20, 3, "x"), Matrix(rows: 20, columns: 2, repeating: 5)))
    #expect(analysis.correlations.isEmpty && analysis.mean == nil)
    #expect(analysis.weightedMean == nil)
  }
}

/// Normal numbers of a stream of their own.
func rows(_ count: Int, _ columns: Int, _ purpose: String) -> Matrix {
  var stream = RandomStream(seed: 11, purpose: purpose)
  return Matrix(
    rows: count, columns: columns, (0..<count * columns).map { _ in stream.normal() })
}
