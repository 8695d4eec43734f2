import FoundationEssentials
import XAIFiles
package import XAIImages
package import XAIMetrics

/// Several maps of one size as one gray picture for a page, 8 bits for each pixel.
///
/// Maps stand below each other, each divided by its largest magnitude: 1 is -1, 128 is 0, 255 is 1.
/// Equal maps stand there once, as those of the first step of a cascade and of the top layer alone.
package struct MapSprite {
  /// Where each map is; -1 where there is none.
  package private(set) var tiles: [Int] = []
  /// What each map was divided by; 0 where it is zero everywhere.
  package private(set) var scales: [Double] = []
  private var values: [UInt8] = []
  private var known: [[UInt8]: Int] = [:]
  private let height: Int
  private let width: Int

  /// A picture without maps.
  package init(height: Int, width: Int) { (self.height, self.width) = (height, width) }

  /// Adds a map below the others; one of another size, or none, has no place.
  package mutating func append(_ map: RelevanceMap?) {
    guard let map, (map.height, map.width) == (height, width) else {
      tiles.append(-1)
      scales.append(0)
      return
    }
    let scale = map.values.reduce(0) { max($0, abs($1)) }
    let tile = map.values.map { value in
      UInt8(clamping: 128 + Int((scale > 0 ? 127 * (value / scale) : 0).rounded()))
    }
    let number = known[tile] ?? known.count
    if known.updateValue(number, forKey: tile) == nil { values += tile }
    tiles.append(number)
    scales.append(scale)
  }

  /// The picture as an element that scripts read; empty without any map.
  package func element(identifier: String) throws(ImageFailure) -> HTML {
    guard !known.isEmpty else { return "" }
    let bytes = try PNG.encode(gray: values, height: height * known.count, width: width)
    let text = Data(bytes).base64EncodedString()
    return
      "<script type=\"text/plain\" id=\"\(identifier)\">\(HTML(markup: text))</script>\n"
  }

  /// A picture as the address of an image element.
  package static func address(of picture: RGBImage) throws(ImageFailure) -> String {
    "data:image/png;base64," + Data(try PNG.encode(picture)).base64EncodedString()
  }
}
