import Testing
import XAIFiles
import XAIImages
import XAITensor

/// The files beside the tests.
enum Fixture {
  static func path(_ name: String) -> String {
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/") + "/Fixtures/" + name
  }

  static func bytes(_ name: String) throws -> [UInt8] { try WholeFile.read(path(name)) }

  /// Pixels that the reference implementations computed.
  static func image(_ name: String, in file: String) throws -> RGBImage {
    let arrays = try SafetensorsFile(path: path(file))
    let shape = try #require(arrays.entry(name)).shape
    return RGBImage(
      height: shape[0], width: shape[1], pixels: try arrays.integers(name).map { UInt8($0) })
  }
}

/// The largest difference of any value; nil where the extents differ.
func largestDifference(_ left: RGBImage, _ right: RGBImage) -> Int? {
  guard left.height == right.height, left.width == right.width else { return nil }
  return zip(left.pixels, right.pixels).map { abs(Int($0) - Int($1)) }.max()
}

/// A picture without structure, which no compression makes small.
func noise(height: Int, width: Int, seed: UInt64) -> RGBImage {
  var random = RandomStream(seed: seed, purpose: "noise")
  return RGBImage(
    height: height, width: width,
    pixels: (0..<height * width * 3).map { _ in UInt8(truncatingIfNeeded: random.next()) })
}

/// A smooth picture, as photographs are.
func gradient(height: Int, width: Int) -> RGBImage {
  var image = RGBImage(height: height, width: width, repeating: (0, 0, 0))
  for row in 0..<height {
    for column in 0..<width {
      image[row, column] = (
        UInt8(255 * row / height), UInt8(255 * column / width), UInt8(128 + 60 * row / height)
      )
    }
  }
  return image
}
