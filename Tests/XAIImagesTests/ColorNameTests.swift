import Testing
import XAIImages

@Suite struct ColorNameTests {
  @Test(arguments: [
    ([10, 10, 10], ColorName.black), ([250, 250, 250], .white), ([128, 128, 128], .gray),
    ([255, 0, 0], .red), ([255, 128, 0], .orange), ([120, 60, 0], .brown),
    ([255, 255, 0], .yellow), ([0, 255, 0], .green), ([0, 220, 255], .cyan),
    ([0, 0, 255], .blue), ([150, 0, 255], .purple), ([255, 0, 150], .pink),
  ])
  func `colors have the names people give them`(_ color: ([UInt8], ColorName)) {
    #expect(ColorName(red: color.0[0], green: color.0[1], blue: color.0[2]) == color.1)
  }
}
