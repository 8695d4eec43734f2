import XAIExperiments
import XAIFiles
import XAIImages
import XAIPlots
import XAITensor

/// What follows from what, from the left to the right: what was set, what followed, and what may not be set.
struct CausalGraphPlot: DrawnPlot {
  let title: String
  let features: [CausalFeature]
  /// What was set.
  let set: Set<String>
  /// What followed.
  let moved: Set<String>

  private static let margin = 24.0
  private static let row = 24.0
  private static let top = 64.0
  private static let column = 150.0
  private static let label = TextStyle(size: 12)
  private static let ink = RGBColor(187, 187, 187)
  private static let colors = (
    set: RGBColor(213, 94, 0), moved: RGBColor(0, 114, 178), fixed: RGBColor(136, 136, 136),
    free: RGBColor(34, 34, 34)
  )

  var element: String { drawing.svg.element(title: title, description: description) }

  func write(to name: String) throws {
    let drawing = drawing
    try AtomicFile.write(
      drawing.svg.document(title: title, description: description), to: "\(name).svg",
      durability: .later)
    try AtomicFile.write(drawing.pdf(title: title), to: "\(name).pdf", durability: .later)
    try AtomicFile.write(
      try PNG.encode(drawing.picture(), isDrawn: true), to: "\(name).png", durability: .later)
  }

  private var description: String {
    features.filter { !$0.parents.isEmpty }.map {
      "\($0.feature) follows from \($0.parents.joined(separator: ", "))"
    }.joined(separator: "; ")
  }

  /// How many steps lie between a feature and the first of its causes.
  private var depths: [String: Int] {
    var depths: [String: Int] = [:]
    func depth(_ name: String) -> Int {
      if let known = depths[name] { return known }
      let parents = features.first { $0.feature == name }?.parents ?? []
      let own = parents.map { depth($0) + 1 }.max() ?? 0
      depths[name] = own
      return own
    }
    for feature in features { _ = depth(feature.feature) }
    return depths
  }

  private var drawing: Drawing {
    let depths = depths
    let columns = (depths.values.max() ?? 0) + 1
    var counts = [Int](repeating: 0, count: columns)
    for depth in depths.values { counts[depth] += 1 }
    let most = Double(counts.max() ?? 1)
    var drawing = Drawing(
      width: 2 * Self.margin + Double(columns) * Self.column,
      height: Self.top + Self.row * most + Self.margin)
    drawing.text(
      title, at: (Self.margin, 32), size: 17, color: RGBColor(17, 17, 17), isBold: true)
    var places: [String: (x: Double, y: Double)] = [:]
    var taken = [Int](repeating: 0, count: columns)
    for feature in features {
      let depth = depths[feature.feature] ?? 0
      // Columns of few features stand in the middle.
      let start = (most - Double(counts[depth])) / 2
      let y = Self.top + Self.row * (start + Double(taken[depth]) + 0.5)
      places[feature.feature] = (Self.margin + Double(depth) * Self.column, y)
      taken[depth] += 1
    }
    for feature in features {
      guard let end = places[feature.feature] else { continue }
      for parent in feature.parents {
        guard let start = places[parent] else { continue }
        let isActive =
          (set.contains(parent) || moved.contains(parent)) && moved.contains(feature.feature)
        let left = start.x + Self.label.width(of: parent) + 6
        drawing.line(
          [(left, start.y), (end.x - 6, end.y)],
          color: isActive ? Self.colors.moved : Self.ink)
      }
    }
    for feature in features {
      guard let place = places[feature.feature] else { continue }
      drawing.text(
        feature.feature, at: (place.x, place.y + 4), size: 12, color: color(feature),
        isBold: set.contains(feature.feature) || moved.contains(feature.feature))
    }
    return drawing
  }

  private func color(_ feature: CausalFeature) -> RGBColor {
    if set.contains(feature.feature) { return Self.colors.set }
    if moved.contains(feature.feature) { return Self.colors.moved }
    return feature.role == "actionable" ? Self.colors.free : Self.colors.fixed
  }
}
