import XAIExperiments
import XAIFiles
import XAIImages
import XAIPlots
import XAITensor

/// A decision tree, from the left to the right: questions, and answers at their ends.
struct TreePlot: DrawnPlot {
  let title: String
  let nodes: [SurrogateNode]

  private static let margin = 24.0
  private static let row = 30.0
  private static let label = TextStyle(size: 12)
  private static let ink = RGBColor(102, 102, 102)

  /// A node with its place.
  private struct Place {
    let node: Int
    let depth: Int
    let y: Double
  }

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
    nodes.map { $0.question ?? "\($0.answer) (\($0.images))" }.joined(separator: "; ")
  }

  private func text(_ node: Int) -> String {
    nodes[node].question.map { "\($0)?" } ?? "\(nodes[node].answer) (\(nodes[node].images))"
  }

  /// Where nodes are: answers below each other, a question in the middle of its two.
  private var places: [Int: Place] {
    var places: [Int: Place] = [:]
    var leaves = 0
    func visit(_ node: Int, _ depth: Int) -> Double {
      let y: Double
      if let yes = nodes[node].yes, let no = nodes[node].no {
        let (above, below) = (visit(yes, depth + 1), visit(no, depth + 1))
        y = (above + below) / 2
      } else {
        y = Double(leaves)
        leaves += 1
      }
      places[node] = Place(node: node, depth: depth, y: y)
      return y
    }
    if !nodes.isEmpty { _ = visit(0, 0) }
    return places
  }

  private var drawing: Drawing {
    let places = places
    let depth = places.values.map(\.depth).max() ?? 0
    // Each depth is as wide as its longest words.
    var starts = [Self.margin]
    for level in 0..<depth + 1 {
      let widths = places.values.filter { $0.depth == level }.map {
        Self.label.width(of: text($0.node))
      }
      starts.append(starts[level] + (widths.max() ?? 0) + 54)
    }
    let top = 64.0
    let leaves = Double(nodes.count { $0.question == nil })
    var drawing = Drawing(
      width: max(360, starts[depth + 1]), height: top + Self.row * leaves + Self.margin)
    drawing.text(
      title, at: (Self.margin, 32), size: 17, color: RGBColor(17, 17, 17), isBold: true)
    for place in places.values.sorted(by: { $0.node < $1.node }) {
      let (x, y) = (starts[place.depth], top + Self.row * (place.y + 0.5))
      let isAnswer = nodes[place.node].question == nil
      drawing.text(
        text(place.node), at: (x, y + 4), size: 12,
        color: isAnswer ? RGBColor(0, 90, 140) : RGBColor(51, 51, 51), isBold: isAnswer)
      let end = x + Self.label.width(of: text(place.node)) + 6
      for (word, child) in [("yes", nodes[place.node].yes), ("no", nodes[place.node].no)] {
        guard let other = child.flatMap({ places[$0] }) else { continue }
        let target = (x: starts[other.depth] - 6, y: top + Self.row * (other.y + 0.5))
        drawing.line([(end, y), (target.x - 24, target.y), target], color: Self.ink)
        drawing.text(word, at: (target.x - 24, target.y - 4), size: 10, color: Self.ink)
      }
    }
    return drawing
  }
}
