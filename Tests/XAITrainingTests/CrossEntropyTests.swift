import Testing
import XAIFiles
import XAITensor
import XAITestSupport
import XAITraining

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct CrossEntropyTests {
  @Test(arguments: ["A", "B"])
  func `loss and gradient agree with PyTorch, with and without smoothing`(
    _ name: String
  ) throws {
    let fixture = try TrainingFixture(name)
    let logits = try fixture.expected.file.tensor("logits")
    let plain = CrossEntropy()(logits, labels: fixture.labels)
    let first = try fixture.expected.file.doubles("losses")[0]
    #expect(abs(plain.loss - first) < 1e-6 * first)
    try fixture.expected.expect(plain.gradient, agreesWith: "logitGradient")
    let smoothed = CrossEntropy(smoothing: 0.1)(logits, labels: fixture.labels)
    try fixture.expected.expect(
      ReferenceArray([1], [smoothed.loss]), agreesWith: "smoothedLoss")
    try fixture.expected.expect(smoothed.gradient, agreesWith: "smoothedLogitGradient")
    #expect(smoothed.correct == plain.correct)
  }

  @Test(arguments: [0, 0.1, 0.5])
  func `loss and gradient agree with the definition`(_ smoothing: Double) {
    for shape in [[1, 2], [5, 3], [3, 200]] {
      let logits = ReferenceArray.random(shape, "logits", standardDeviation: 3)
      let labels = (0..<shape[0]).map { $0 * 7 % shape[1] }
      let result = CrossEntropy(smoothing: smoothing)(logits.tensor, labels: labels)
      let expected = Reference.crossEntropy(logits, labels: labels, smoothing: smoothing)
      #expect(abs(result.loss - expected.loss) < 1e-12 * (1 + expected.loss))
      expectClose(result.gradient, expected.gradient.tensor, relative: 1e-7, "gradient")
    }
  }

  @Test func `the gradient of every image sums to zero`() {
    let logits = ReferenceArray.random([4, 50], "logits", standardDeviation: 5).tensor
    let gradient = CrossEntropy(smoothing: 0.2)(logits, labels: [0, 49, 7, 7]).gradient.elements
    for image in 0..<4 {
      let sum = gradient[image * 50..<image * 50 + 50].reduce(0) { $0 + Double($1) }
      // Each element was rounded to Float32.
      #expect(abs(sum) < 1e-7)
    }
  }

  @Test func `extreme logits neither overflow nor lose the loss`() {
    let logits = Tensor(shape: [3, 3], [1e4, -1e4, 0, -1e30, 1e30, 0, 0, 0, 0])
    let result = CrossEntropy()(logits, labels: [1, 1, 2])
    #expect(abs(result.loss - (2e4 + 0 + log(3.0)) / 3) < 1e-9 * 2e4)
    #expect(result.gradient.isFinite)
    #expect(result.gradient.elements.prefix(3) == [1 / 3, -1 / 3, 0])
  }

  @Test func `an image is right where its label has the largest logit, the first of equals`() {
    let logits = Tensor(shape: [4, 3], [1, 3, 2, 5, 5, 1, 5, 5, 1, -1, -3, -2])
    #expect(CrossEntropy()(logits, labels: [1, 0, 0, 0]).correct == 4)
    #expect(CrossEntropy()(logits, labels: [0, 1, 1, 2]).correct == 0)
  }

  @Test func `NaN in the logits shows in the loss`() {
    let logits = Tensor(shape: [2, 2], [1, 2, .nan, 0])
    #expect(CrossEntropy()(logits, labels: [0, 0]).loss.isNaN)
  }
}
