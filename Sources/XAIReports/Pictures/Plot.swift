import XAIFiles
package import XAIImages
import XAIPlots
import XAITensor

/// What a plot shows: the one description that becomes a scalable graphic, pixels, and what a page draws.
///
/// Labels stand side by side and numbers go up, or, where it is horizontal, labels stand below each
/// other and numbers go to the right. Its JSON is what `drawPlot` of the pages reads (`marks.js`).
package struct Plot: Encodable, Sendable {
  /// How the numbers of a series are drawn.
  package enum Kind: String, Encodable, Sendable { case curve, bar, dot }

  /// A number for each label.
  package struct Series: Encodable, Sendable {
    /// What the legend calls it.
    package var name: String
    /// How it is drawn.
    package var kind: Kind
    /// Its class in the style sheet of pages.
    package var look: String
    /// Its numbers; `nil` leaves a gap.
    package var middle: [Double?]
    /// The lower ends of bands or whiskers.
    package var lower: [Double?]
    /// The upper ends of bands or whiskers.
    package var upper: [Double?]
    /// Whether each number of a curve has a mark of its own.
    package var hasMarks = true

    /// Describes a series; NaN and infinity are no numbers.
    package init(
      _ name: String, kind: Kind = .curve, look: String = "mean", middle: [Double?],
      lower: [Double?], upper: [Double?]
    ) {
      (self.name, self.kind, self.look) = (name, kind, look)
      (self.middle, self.lower) = (middle.map(\.finite), lower.map(\.finite))
      self.upper = upper.map(\.finite)
    }
  }

  /// Labels under a heading.
  package struct Group: Encodable, Sendable {
    /// The heading.
    package var title: String
    /// How many labels follow it.
    package var count: Int

    /// Describes a group.
    package init(_ title: String, count: Int) { (self.title, self.count) = (title, count) }
  }

  /// A number that a line marks, or numbers that an area does.
  package struct Reference: Encodable, Sendable {
    /// The number, or the least of them.
    package var value: Double
    /// The greatest of the numbers of an area.
    package var upTo: Double?
    /// What the legend calls it.
    package var text: String
    /// Its class in the style sheet of pages.
    package var look: String

    /// A line.
    package static func margin(_ value: Double, _ text: String) -> Reference {
      Reference(value: value, upTo: nil, text: text, look: "margin")
    }

    /// An area, which is at least as thick as a line.
    package static func floor(_ range: ClosedRange<Double>, _ text: String) -> Reference {
      Reference(value: range.lowerBound, upTo: range.upperBound, text: text, look: "floor")
    }
  }

  /// The heading.
  package var title: String
  /// Lines below it.
  package var subtitle: [String]
  /// What the numbers belong to.
  package var labels: [String]
  /// The groups of labels, from above, where they have headings.
  package var groups: [Group] = []
  /// What the labels are; empty where that needs no words.
  package var labelWords: String
  /// What the numbers are.
  package var numberWords: String
  /// The curves or bars.
  package var series: [Series]
  /// What lines and areas mark, in the order of the legend.
  package var references: [Reference] = []
  /// Whether labels stand below each other.
  package var isHorizontal: Bool
  /// The least number that the axis shows, so that several plots have the same axis; 0 at most.
  package var least = 0.0
  /// A number that the axis reaches in any case, such as the greatest similarity.
  package var greatest = 1.0
  /// Whether it has to fit on a phone.
  package var isNarrow = false

  /// Plans a plot without references.
  package init(
    title: String, subtitle: [String] = [], labels: [String], labelWords: String = "",
    numberWords: String, series: [Series], isHorizontal: Bool = false
  ) {
    precondition(
      series.allSatisfy {
        [$0.middle, $0.lower, $0.upper].allSatisfy { $0.count == labels.count }
      }, "a series of '\(title)' has not a number for each of \(labels.count) labels")
    (self.title, self.subtitle, self.labels) = (title, subtitle, labels)
    (self.labelWords, self.numberWords) = (labelWords, numberWords)
    (self.series, self.isHorizontal) = (series, isHorizontal)
  }

  /// The plot as a document of scalable graphics.
  package var svg: String { drawing.svg.document(title: title, description: description) }

  /// The plot as an element of an HTML page.
  package var element: String { drawing.svg.element(title: title, description: description) }

  /// The plot as pixels.
  package var picture: RGBImage { drawing.picture() }

  /// The plot as a PDF document.
  package var pdf: [UInt8] { drawing.pdf(title: title) }

  /// Writes the plot as SVG, PDF and PNG.
  /// - Parameter name: The path of the files without their endings.
  /// - Throws: Where a file cannot be written.
  package func write(to name: String) throws {
    let drawing = drawing
    try AtomicFile.write(
      drawing.svg.document(title: title, description: description), to: "\(name).svg",
      durability: .later)
    try AtomicFile.write(drawing.pdf(title: title), to: "\(name).pdf", durability: .later)
    try AtomicFile.write(
      try PNG.encode(drawing.picture(), isDrawn: true), to: "\(name).png", durability: .later)
  }

  private var drawing: Drawing {
    isHorizontal ? BarDrawing(self).drawing : CurveDrawing(self).drawing
  }

  /// What is to be seen, for readers who hear it.
  private var description: String {
    guard isHorizontal else {
      return "\(numberWords) over \(labelWords): \(series.map(\.name).joined(separator: ", ")). "
        + subtitle.joined(separator: " ")
    }
    let rows = labels.enumerated().map { index, label in
      let numbers = series.map { one in
        one.middle[index].map { fixedPoint($0, digits: 3) } ?? "none"
      }
      return "\(label) \(numbers.joined(separator: ", "))"
    }
    return "\(numberWords). \(rows.joined(separator: "; "))"
  }
}

extension Double? {
  /// `nil` for NaN and infinity.
  fileprivate var finite: Double? { flatMap { $0.isFinite ? $0 : nil } }
}
