import XAITensor

/// Draws scenes and paints them: latents and changes in, pictures out.
public enum ShapesModel {
  /// The number of rows and columns of every picture.
  public static let side = ShapesScene.side

  /// The widest room that an object's center can have, in pixels.
  package static var widestRoom: Double {
    let room = ShapesGeometry.room(ShapesGeometry.scales.lowerBound, within: Double(side))
    return room.upperBound - room.lowerBound
  }

  /// The shortest and the longest period of any pattern, in pixels.
  package static var periods: ClosedRange<Double> {
    let all = ShapesPattern.allCases.map(\.periods)
    return (all.map(\.lowerBound).min() ?? 0)...(all.map(\.upperBound).max() ?? 0)
  }

  /// What the scene of an image drew.
  /// - Parameters:
  ///   - kind: The index of the object's class.
  ///   - source: The streams of the image.
  /// - Returns: All draws, by name.
  public static func latents(of kind: Int, from source: ShapesSource) -> ShapesLatents {
    drawing(of: ShapesKind(rawValue: kind) ?? .disk, from: source).latents
  }

  /// A scene whose background is painted already.
  struct Drawing {
    var latents: ShapesLatents
    fileprivate var canvas: ShapesCanvas
    fileprivate let coverage: ShapesCoverage
    fileprivate let behind: ShapesColour

    /// Paints what is in front of the background.
    /// - Parameters:
    ///   - bytes: Receives the picture.
    ///   - sensor: 0 for the noise of the scene's own sensor, another number for noise that is drawn again.
    func render(into bytes: UnsafeMutableBufferPointer<UInt8>, sensor: Int = 0) {
      var canvas = canvas
      let colors = latents.looks.colors(against: behind, latents.source)
      canvas.paint(latents.geometry.placement, coverage, colors, latents.looks)
      canvas.light(latents.lighting)
      var noise = latents.source.stream(sensor == 0 ? "noise" : "sensor/\(sensor)")
      // The first draw was the amplitude.
      noise.position = 1
      canvas.develop(into: bytes, grain: latents.grain, &noise)
    }
  }

  /// Draws a scene; colors are chosen against what is behind the object, so that its background is painted.
  static func drawing(of kind: ShapesKind, from source: ShapesSource) -> Drawing {
    var objects = source.stream("objects")
    let geometry = ShapesGeometry(of: kind, &objects)
    var stream = source.stream("looks")
    var canvas = ShapesCanvas(side: ShapesScene.side)
    let (pieces, focus) = ShapesBackground.paint(&canvas, &stream)
    let coverage = geometry.placement.coverage(side: canvas.side)
    let behind = canvas.mean(under: coverage)
    let looks = ShapesLooks(against: behind, &stream)
    let lighting = ShapesLighting(&stream)
    var noise = source.stream("noise")
    return Drawing(
      latents: ShapesLatents(
        source: source, geometry: geometry, ground: source, clutter: source, pieces: pieces,
        focus: focus, looks: looks, lighting: lighting,
        grain: noise.uniform(in: ShapesLatents.grains)),
      canvas: canvas, coverage: coverage, behind: behind)
  }

  /// Paints a scene.
  /// - Parameters:
  ///   - latents: What it drew, perhaps changed.
  ///   - sensor: 0 for the noise of the scene's own sensor, another number for noise that is drawn again.
  /// - Returns: The picture and everything that is true of it.
  public static func picture(of latents: ShapesLatents, sensor: Int = 0) -> ShapesPicture {
    let canvas = background(of: latents)
    let placement = latents.geometry.placement
    let coverage = placement.coverage(side: canvas.side)
    let behind = canvas.mean(under: coverage)
    let colors = latents.looks.colors(against: behind, latents.source)
    let drawing = Drawing(latents: latents, canvas: canvas, coverage: coverage, behind: behind)
    let size = canvas.pixels.count * 3
    let pixels = [UInt8](unsafeUninitializedCapacity: size) { bytes, count in
      drawing.render(into: .init(rebasing: bytes[..<size]), sensor: sensor)
      count = size
    }
    let mask = ShapesMask(
      of: placement, label: latents.geometry.form.rawValue, side: ShapesScene.side)
    return ShapesPicture(
      latents: latents, pixels: pixels, mask: mask,
      truth: ShapesTruth(latents, behind: behind, colors: colors, pixels: pixels, mask: mask))
  }

  /// Paints what lies behind the object.
  private static func background(of latents: ShapesLatents) -> ShapesCanvas {
    var canvas = ShapesCanvas(side: ShapesScene.side)
    var stream = latents.ground.stream("looks")
    ShapesBackground.ground(&canvas, &stream)
    if latents.clutter != latents.ground {
      // Another scene's clutter begins in its stream where its ground ends.
      var other = ShapesCanvas(side: ShapesScene.side)
      stream = latents.clutter.stream("looks")
      ShapesBackground.ground(&other, &stream)
    }
    let drawn = ShapesBackground.pieces(&stream)
    ShapesBackground.clutter(&canvas, min(latents.pieces, drawn), &stream)
    for _ in 0..<latents.focus { canvas.soften() }
    return canvas
  }
}

/// A picture, where its object is, and what is true of it.
public struct ShapesPicture: Sendable, Equatable {
  /// What the scene drew.
  public let latents: ShapesLatents
  /// Red, green, blue of each pixel, row by row.
  public let pixels: [UInt8]
  /// The object.
  public let mask: ShapesMask
  /// What is true of it.
  public let truth: ShapesTruth
}
