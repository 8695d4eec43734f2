public import XAIImages

/// What is true of a scene, for explanations to be held against.
public struct ShapesTruth: Sendable, Equatable, Codable {
  /// The name of the object's class.
  public let kind: String
  /// Its pattern.
  public let pattern: ShapesPattern
  /// The two colors of the object before it is lit, red, green, blue from 0 to 1.
  public let colors: [[Float]]
  /// The mean color of the background under the object, before it is lit.
  public let behind: [Float]
  /// The mean color of the object in the picture.
  public let apparentColor: [Double]
  /// How far that is from the mean of the rest of the picture.
  public let contrast: Double
  /// The radius in pixels.
  public let radius: Double
  /// The center in pixels, across and down.
  public let center: [Double]
  /// In full turns.
  public let turn: Double
  /// The x axis is stretched by this factor and the y axis shrunk by it.
  public let stretch: Double
  /// Whether it is seen in a mirror.
  public let isMirrored: Bool
  /// The amount of shade across the object.
  public let shade: Double
  /// What all light was multiplied by.
  public let exposure: Double

  init(
    _ latents: ShapesLatents, behind: ShapesColour, colors: (ShapesColour, ShapesColour),
    pixels: [UInt8], mask: ShapesMask
  ) {
    func channels(_ color: ShapesColour) -> [Float] { [color.x, color.y, color.z] }
    kind = "\(latents.geometry.form)"
    pattern = latents.looks.texture.pattern
    self.colors = [channels(colors.0), channels(colors.1)]
    self.behind = channels(behind)
    (radius, turn) = (latents.geometry.scale, latents.geometry.turn)
    center = [latents.geometry.center.x, latents.geometry.center.y]
    (stretch, isMirrored) = (latents.geometry.stretch, latents.geometry.isMirrored)
    (shade, exposure) = (latents.looks.shade, latents.lighting.exposure)
    let own = Self.mean(pixels) { mask.coverage[$0] >= 128 }
    let rest = Self.mean(pixels) { mask.coverage[$0] < 128 }
    apparentColor = own
    contrast = zip(own, rest).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  /// The name of the apparent color.
  public var hue: ColorName {
    let bytes = apparentColor.map { UInt8(min(max($0 * 255 + 0.5, 0), 255)) }
    return ColorName(red: bytes[0], green: bytes[1], blue: bytes[2])
  }

  /// A third of the radii: `small`, `medium`, `large`.
  public var size: String {
    ShapesFactor.third(ShapesGeometry.scales.share(of: radius), ["small", "medium", "large"])
  }

  /// A third of the exposures: `dark`, `normal`, `bright`.
  public var light: String {
    ShapesFactor.third(
      ShapesLighting.exposures.share(of: exposure), ["dark", "normal", "bright"])
  }

  private static func mean(_ pixels: [UInt8], where belongs: (Int) -> Bool) -> [Double] {
    var (sums, count) = ([0.0, 0, 0], 0.0)
    for index in 0..<pixels.count / 3 where belongs(index) {
      count += 1
      for channel in 0..<3 { sums[channel] += Double(pixels[3 * index + channel]) }
    }
    return sums.map { $0 / max(count, 1) / 255 }
  }
}
