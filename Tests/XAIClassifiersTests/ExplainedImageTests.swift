import Testing
import XAIClassifiers
import XAIImages
import XAITensor

@Suite struct ExplainedImageTests {
  @Test func `pixels are planes of channels from 0 to 1`() {
    let pictures = [[0, 51, 102, 153, 204, 255], [255, 0, 0, 0, 255, 0]].map {
      ExplainedImage(
        name: "", source: "", picture: RGBImage(height: 1, width: 2, pixels: $0))
    }
    let pixels = ExplainedImage.pixels(pictures)
    #expect(pixels.shape == [2, 3, 1, 2])
    #expect(pixels.elements == [0, 0.6, 0.2, 0.8, 0.4, 1, 1, 0, 0, 1, 0, 0])
  }
}
