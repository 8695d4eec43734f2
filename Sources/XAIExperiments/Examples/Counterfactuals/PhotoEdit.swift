import XAIImages
import XAITensor
#if canImport(Glibc)
  import Glibc
#endif

/// What a photographer or a program may do to a picture, each part a function of the picture alone.
///
/// Parts act in the order of a photo's way: what the lens sees, light and color, focus, the file.
struct PhotoEdit: Equatable {
  /// In full degrees; positive turns clockwise.
  var turn = 0.0
  /// The share of height and width that is left, 1 for all.
  var crop = 1.0
  /// How far the picture moves, as shares of its width and height.
  var shift = SIMD2(0.0, 0.0)
  var isMirrored = false
  /// What all light is multiplied by.
  var exposure = 1.0
  /// What the distance from the mean is multiplied by.
  var contrast = 1.0
  /// How far colors turn around the gray axis, in degrees.
  var hue = 0.0
  /// The deviation of a Gaussian, in pixels of a picture of 64.
  var blur = 0.0
  /// The quality of a JPEG file that it went through; nil for none.
  var quality: Int?

  /// Edits a picture.
  /// - Parameter picture: The picture.
  /// - Returns: Another one of its size, rounded to bytes once, and again by its file.
  /// - Throws: `ImageFailure` where a file cannot be made.
  func applied(to picture: RGBImage) throws(ImageFailure) -> RGBImage {
    var values = moved(picture)
    lit(&values)
    if blur > 0 { blurred(&values, picture.height, picture.width) }
    let edited = RGBImage(
      height: picture.height, width: picture.width,
      pixels: values.map { UInt8(min(max($0 + 0.5, 0), 255)) })
    guard let quality else { return edited }
    return try JPEG.decode(JPEG.encode(edited, quality: quality), name: "the edited picture")
  }

  /// What the lens sees: one bilinear reading of every pixel; beyond the border its last pixels go on.
  private func moved(_ picture: RGBImage) -> [Double] {
    let source = picture.pixels
    guard turn != 0 || crop != 1 || shift != SIMD2(0, 0) || isMirrored else {
      return source.map(Double.init)
    }
    let (height, width) = (picture.height, picture.width)
    let angle = -turn * Double.pi / 180
    let (cosine, sine) = (cos(angle), sin(angle))
    var values = [Double](repeating: 0, count: source.count)
    for row in 0..<height {
      for column in 0..<width {
        let dx = Double(column) + 0.5 - Double(width) / 2 - shift.x * Double(width)
        let dy = Double(row) + 0.5 - Double(height) / 2 - shift.y * Double(height)
        var x = (dx * cosine - dy * sine) * crop
        let y = (dx * sine + dy * cosine) * crop
        if isMirrored { x = -x }
        let place = SIMD2(x + Double(width) / 2 - 0.5, y + Double(height) / 2 - 0.5)
        for channel in 0..<3 {
          values[3 * (row * width + column) + channel] = Self.read(
            source, height, width, place, channel)
        }
      }
    }
    return values
  }

  private static func read(
    _ source: [UInt8], _ height: Int, _ width: Int, _ place: SIMD2<Double>, _ channel: Int
  ) -> Double {
    let x = min(max(place.x, 0), Double(width - 1))
    let y = min(max(place.y, 0), Double(height - 1))
    let (left, top) = (Int(x), Int(y))
    let (right, bottom) = (min(left + 1, width - 1), min(top + 1, height - 1))
    let (a, b) = (x - Double(left), y - Double(top))
    func byte(_ row: Int, _ column: Int) -> Double {
      Double(source[3 * (row * width + column) + channel])
    }
    let upper = byte(top, left) * (1 - a) + byte(top, right) * a
    let lower = byte(bottom, left) * (1 - a) + byte(bottom, right) * a
    return upper * (1 - b) + lower * b
  }

  /// Light and color.
  private func lit(_ values: inout [Double]) {
    guard exposure != 1 || contrast != 1 || hue != 0 else { return }
    let mean = values.reduce(0, +) / Double(max(values.count, 1))
    // A rotation about the axis of grays (Rodrigues).
    let angle = hue * Double.pi / 180
    let (cosine, third) = (cos(angle), (1 - cos(angle)) / 3)
    let root = sin(angle) / 3.0.squareRoot()
    for start in stride(from: 0, to: values.count, by: 3) {
      let (r, g, b) = (values[start], values[start + 1], values[start + 2])
      let turned = [
        r * (cosine + third) + g * (third - root) + b * (third + root),
        r * (third + root) + g * (cosine + third) + b * (third - root),
        r * (third - root) + g * (third + root) + b * (cosine + third),
      ]
      for channel in 0..<3 {
        values[start + channel] = (mean + (turned[channel] - mean) * contrast) * exposure
      }
    }
  }

  /// A Gaussian, its border reflected.
  private func blurred(_ values: inout [Double], _ height: Int, _ width: Int) {
    let deviation = blur * Double(max(height, width)) / 64
    let reach = max(1, Int(3 * deviation + 0.5))
    var weights = (-reach...reach).map { exp(-0.5 * Double($0 * $0) / (deviation * deviation)) }
    let sum = weights.reduce(0, +)
    weights = weights.map { $0 / sum }
    func reflected(_ index: Int, _ count: Int) -> Int {
      var place = index
      while place < 0 || place >= count { place = place < 0 ? -1 - place : 2 * count - 1 - place }
      return place
    }
    func pass(_ source: [Double], isAcross: Bool) -> [Double] {
      var result = source
      for row in 0..<height {
        for column in 0..<width {
          for channel in 0..<3 {
            var total = 0.0
            for (offset, weight) in weights.enumerated() {
              let step = offset - reach
              let y = isAcross ? row : reflected(row + step, height)
              let x = isAcross ? reflected(column + step, width) : column
              total += weight * source[3 * (y * width + x) + channel]
            }
            result[3 * (row * width + column) + channel] = total
          }
        }
      }
      return result
    }
    values = pass(pass(values, isAcross: true), isAcross: false)
  }
}
