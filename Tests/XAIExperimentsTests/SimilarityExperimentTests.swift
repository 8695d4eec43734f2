import Testing
import XAIDatasets
import XAIExperiments
import XAIExperimentsTestSupport
import XAIRepresentations
import XAIStatistics
import XAITensor

@Suite struct SimilarityExperimentTests {
  private func configuration(
    _ change: (inout SimilarityExperiment.Configuration) -> Void = { _ in }
  ) -> SimilarityExperiment.Configuration {
    var configuration = SimilarityExperiment.Configuration()
    (configuration.images, configuration.batch) = (48, 16)
    change(&configuration)
    return configuration
  }

  @Test func `a network is wholly similar to itself and not to other images`() throws {
    let session = try StudyCase().session()
    let results = try SimilarityExperiment(
      configuration { $0.measures = [.cka, .ckaRBF] }, in: session
    ).run()
    #expect(results.rows == ["conv1_relu", "conv2_relu", "fc1_relu"])
    for measure in [SimilarityMatrix.Measure.cka, .ckaRBF] {
      let own = try #require(results.matrix(measure, .networks))
      let permuted = try #require(results.matrix(measure, .permuted))
      for row in results.rows.indices {
        let value = try #require(own.values[row][row])
        #expect(abs(value - 1) < 1e-9, "\(measure) of \(results.rows[row]): \(value)")
        for column in results.rows.indices {
          let (one, other) = (own.values[row][column], own.values[column][row])
          #expect(abs((one ?? 0) - (other ?? 1)) < 1e-12, "symmetric")
          let null = try #require(permuted.values[row][column])
          #expect(abs(null) < 0.35, "\(measure): \(null)")
        }
      }
    }
  }

  @Test func `the numbers are those of the formula on the layers' outputs`() throws {
    let session = try StudyCase().session()
    let layers = ["conv2_relu", "fc1_relu"]
    let results = try SimilarityExperiment(
      configuration { $0.layers = layers }, in: session
    ).run()
    let dataset = try #require(session.dataset)
    let preprocessing = try session.requests(for: session.network).preprocessing
    let outputs = try LayerOutputs(layers, of: session.network.explained).all(
      of: PictureList(dataset, .test, Array(0..<48)).normalized(0..<48, by: preprocessing))
    var terms = [0.0, 0, 0]
    for start in [0, 16, 32] {
      let kernels = try layers.map { layer in
        let rows = try #require(outputs[layer]).rows(start..<start + 16)
        return (0..<16).map { left in
          (0..<16).map { right in
            zip(rows.row(left).elements, rows.row(right).elements)
              .reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
          }
        }
      }
      for (index, (left, right)) in [(0, 1), (0, 0), (1, 1)].enumerated() {
        terms[index] += Self.literalHSIC(kernels[left], kernels[right])
      }
    }
    let expected = terms[0] / (terms[1] * terms[2]).squareRoot()
    let found = try #require(results.matrix(.cka, .networks)?.values[0][1])
    #expect(abs(found - expected) < 1e-6, "\(found), expected \(expected)")
  }

  /// The unbiased criterion as it stands in Song and others 2012, equation 5.
  private static func literalHSIC(_ left: [[Double]], _ right: [[Double]]) -> Double {
    let n = left.count
    func bare(_ kernel: [[Double]]) -> [[Double]] {
      kernel.enumerated().map { row, values in
        values.enumerated().map { $0 == row ? 0 : $1 }
      }
    }
    let (k, l) = (bare(left), bare(right))
    var (trace, middle) = (0.0, 0.0)
    for i in 0..<n {
      for j in 0..<n {
        trace += k[i][j] * l[j][i]
        for m in 0..<n { middle += k[i][j] * l[j][m] }
      }
    }
    let sums = [k, l].map { $0.joined().reduce(0, +) }
    let number = Double(n)
    return
      (trace + sums[0] * sums[1] / ((number - 1) * (number - 2)) - 2 / (number - 2) * middle)
      / (number * (number - 3))
  }

  @Test func `two networks are compared layer by layer, and copies are the same`() throws {
    let study = try StudyCase()
    try study.write("copy.safetensors")
    try study.write("other.safetensors", seed: 5)
    func diagonal(_ name: String) throws -> [Double?] {
      let results = try SimilarityExperiment(
        configuration(), in: try study.session(["model.safetensors", name])
      ).run()
      #expect(results.networks.map(\.name) == ["A", "B"])
      let matrix = try #require(results.matrix(.cka, .networks))
      return matrix.values.indices.map { matrix.values[$0][$0] }
    }
    #expect(try diagonal("copy.safetensors").allSatisfy { abs(($0 ?? 0) - 1) < 1e-9 })
    #expect(try diagonal("other.safetensors").allSatisfy { ($0 ?? 1) < 0.999 })
  }

  @Test func `canonical correlations are of layers of the same size, with those of other images`()
    throws
  {
    let session = try StudyCase().session()
    let results = try SimilarityExperiment(
      configuration {
        $0.measures = [.svcca]
        $0.layers = ["conv1_relu", "pool1", "conv2_relu"]
      }, in: session
    ).run()
    let own = try #require(results.matrix(.svcca, .networks))
    let permuted = try #require(results.matrix(.svcca, .permuted))
    #expect(abs(try #require(own.values[0][0]) - 1) < 1e-9)
    #expect(own.values[0][1] == nil && own.values[0][2] == nil)
    let (both, null) = (try #require(own.values[1][2]), try #require(permuted.values[1][2]))
    #expect(null < 0.2 && both > 2 * null, "\(both) with \(null)")
  }

  @Test func `images that fill no batch are told, and one batch has no error`() throws {
    let session = try StudyCase().session()
    let left = try SimilarityExperiment(
      configuration { $0.images = 40 }, in: session
    ).run()
    #expect(left.data.images == 32)
    #expect(left.notes.contains("8 images did not fill a batch of 16 and were left out"))
    let whole = try SimilarityExperiment(
      configuration { $0.batch = nil }, in: session
    ).run()
    #expect(whole.batch == 48)
    #expect(whole.matrix(.cka, .networks)?.errors?[0][1] == .some(nil))
  }

  @Test func `layers that do not exist are refused with those that there are`() throws {
    let session = try StudyCase().session()
    let failure = #expect(throws: RepresentationFailure.self) {
      try SimilarityExperiment(configuration { $0.layers = ["conv9"] }, in: session)
    }
    #expect(failure?.description.contains("the network has input, conv1, conv1_relu") == true)
    #expect(throws: RepresentationFailure(.tooFew("images in a batch", found: 3, needed: 4))) {
      try SimilarityExperiment(configuration { $0.batch = 3 }, in: session)
    }
  }

  @Test func `an observer stops it`() throws {
    let session = try StudyCase().session(observer: RecordingObserver(stoppingAfter: 1))
    #expect(throws: WorkStopped.self) {
      try SimilarityExperiment(configuration(), in: session).run()
    }
  }
}
