import XAIFiles
import XAIImages
import XAITensor
import XAIPlots

/// `curves.svg`: loss and accuracy of training and validation over the epochs.
///
/// Colors are those of Okabe and Ito (2008), which people with any color vision can tell apart;
/// markers and dashes differ as well.
public struct CurvesPlot: Sendable {
  /// The heading.
  public var title: String
  /// The points of the curves; numbers that are not finite leave a gap.
  public var epochs: [EpochMetrics]
  /// The epoch that a vertical line marks.
  public var bestEpoch: Int?
  /// Loss and accuracy of training between the epochs' ends.
  public var steps: [StepMetrics]

  /// A plot.
  /// - Parameters:
  ///   - title: The heading.
  ///   - epochs: The points of the curves, epochs ascending.
  ///   - bestEpoch: The epoch that is marked.
  ///   - steps: Loss and accuracy of training between the epochs' ends.
  public init(
    title: String, epochs: [EpochMetrics], bestEpoch: Int?, steps: [StepMetrics] = []
  ) {
    self.steps = steps
    self.title = title
    self.epochs = epochs
    self.bestEpoch = bestEpoch
  }

  /// Writes the plot, replacing an older one.
  /// - Parameter path: The file.
  /// - Throws: `TrainingFailure` when the file cannot be written.
  public func write(to path: String) throws(TrainingFailure) {
    do { try AtomicFile.write(svg(), to: path) } catch { throw TrainingFailure(error) }
  }

  /// The text of the graphic, which depends on nothing but the properties.
  /// - Returns: An SVG document.
  public func svg() -> String {
    var svg = SVG(width: 960, height: 420)
    svg.text(title, at: (64, 34), size: 18, color: "#111111", isBold: true)
    svg.text(summary, at: (64, 56), size: 13, color: "#555555")
    draw(
      Panel(
        name: "loss", left: 64, axisStart: nil, step: { $0.loss },
        curves: [
          Curve(name: "train", style: .train, value: { $0.trainLoss }),
          Curve(name: "validation", style: .validation, value: { $0.validationLoss }),
        ]), into: &svg)
    draw(
      Panel(
        name: "top-1 accuracy, %", left: 544, axisStart: 0, step: { 100 * $0.top1 },
        curves: [
          Curve(name: "train", style: .train, value: { $0.trainTop1 }, scale: 100),
          Curve(name: "validation", style: .validation, value: { $0.validationTop1 }, scale: 100),
        ]), into: &svg)
    return svg.document(title: title, description: summary)
  }

  private var summary: String {
    guard let best = epochs.first(where: { $0.epoch == bestEpoch }) else {
      return epochs.isEmpty ? "no finished epoch" : "no best epoch yet"
    }
    let loss = best.validationLoss.map { fixedPoint($0, digits: 3) } ?? "unknown"
    return "best epoch \(best.epoch): validation loss \(loss)"
      + ", top-1 \(fixedPoint(100 * best.validationTop1, digits: 1)) %"
      + ", top-5 \(fixedPoint(100 * best.validationTop5, digits: 1)) %"
  }
}

/// How a curve looks.
private enum CurveStyle {
  case train, validation

  var color: String {
    switch self {
    case .train: "#0072b2"
    case .validation: "#d55e00"
    }
  }

  var dashes: String? { self == .train ? nil : "7 4" }
}

private struct Curve {
  var name: String
  var style: CurveStyle
  var value: (EpochMetrics) -> Double?
  var scale = 1.0

  /// The curve's number in an epoch, unless it is not finite.
  func number(_ metrics: EpochMetrics) -> Double? {
    guard let number = value(metrics), number.isFinite else { return nil }
    return scale * number
  }
}

private struct Panel {
  var name: String
  var left: Double
  var axisStart: Double?
  var step: (StepMetrics) -> Double
  var curves: [Curve]
  let top = 112.0, width = 380.0, height = 250.0
}

/// Where numbers lie in a panel.
private struct Scale {
  var panel: Panel
  var horizontal: PlotAxis
  var vertical: PlotAxis

  func x(_ epoch: Int) -> Double { x(Double(epoch)) }

  func x(_ epoch: Double) -> Double {
    panel.left + panel.width * horizontal.position(epoch)
  }

  func y(_ number: Double) -> Double {
    panel.top + panel.height * (1 - vertical.position(number))
  }
}

extension CurvesPlot {
  private func draw(_ panel: Panel, into svg: inout SVG) {
    let numbers =
      panel.curves.flatMap { epochs.compactMap($0.number) }
      + steps.map(panel.step).filter(\.isFinite)
    let vertical = PlotAxis(
      containing: numbers.isEmpty ? [] : numbers + (panel.axisStart.map { [$0] } ?? []))
    // Steps begin before the end of the first epoch.
    let first = steps.isEmpty ? epochs.first?.epoch ?? 1 : 0
    let end = max(epochs.last?.epoch ?? 1, Int((steps.last?.epoch ?? 0).rounded(.up)))
    let scale = Scale(
      panel: panel, horizontal: PlotAxis(counting: first...max(first, end)), vertical: vertical)

    drawGrid(scale, into: &svg)
    if let bestEpoch, epochs.contains(where: { $0.epoch == bestEpoch }) {
      drawBest(bestEpoch, at: scale.x(bestEpoch), in: panel, into: &svg)
    }
    drawSteps(panel, scale, into: &svg)
    for curve in panel.curves {
      draw(curve, scale, into: &svg)
    }
    drawLegend(panel, into: &svg)
  }

  /// A thin line of training step by step, at most some hundred points.
  private func drawSteps(_ panel: Panel, _ scale: Scale, into svg: inout SVG) {
    let known = steps.filter { panel.step($0).isFinite }
    guard known.count > 1 else { return }
    let stride = (known.count + 399) / 400
    let points = known.enumerated().filter { $0.offset % stride == 0 }.map { _, row in
      (x: scale.x(row.epoch), y: scale.y(panel.step(row)))
    }
    svg.polyline(points, color: "#8fc1e0", dashes: nil, width: 1)
  }

  private func drawGrid(_ scale: Scale, into svg: inout SVG) {
    let panel = scale.panel
    let (right, bottom) = (panel.left + panel.width, panel.top + panel.height)
    for tick in scale.vertical.ticks {
      svg.line(from: (panel.left, scale.y(tick)), to: (right, scale.y(tick)), color: "#e3e3e3")
      svg.text(
        scale.vertical.label(tick), at: (panel.left - 8, scale.y(tick) + 4), size: 12, anchor: .end)
    }
    for tick in scale.horizontal.ticks {
      let place = scale.x(Int(tick))
      svg.line(from: (place, panel.top), to: (place, bottom), color: "#efefef")
      svg.line(from: (place, bottom), to: (place, bottom + 5), color: "#666666")
      svg.text(scale.horizontal.label(tick), at: (place, bottom + 20), size: 12, anchor: .middle)
    }
    svg.line(from: (panel.left, bottom), to: (right, bottom), color: "#666666")
    svg.line(from: (panel.left, panel.top), to: (panel.left, bottom), color: "#666666")
    let middle = panel.left + panel.width / 2
    svg.text("epoch", at: (middle, bottom + 40), size: 13, anchor: .middle)
    svg.text(
      panel.name, at: (panel.left - 44, panel.top + panel.height / 2), size: 13, anchor: .middle,
      isVertical: true)
  }

  private func drawBest(_ epoch: Int, at x: Double, in panel: Panel, into svg: inout SVG) {
    let color = "#5b5b5b"
    svg.line(
      from: (x, panel.top), to: (x, panel.top + panel.height), color: color, width: 1.5,
      dashes: "2 3")
    // Above the plot, where no curve passes, and not beyond its sides.
    let fraction = (x - panel.left) / panel.width
    let anchor: SVG.Anchor = fraction < 0.15 ? .start : fraction > 0.85 ? .end : .middle
    svg.text(
      "best: epoch \(epoch)", at: (x, panel.top - 7), size: 12, color: color, anchor: anchor)
  }

  private func draw(_ curve: Curve, _ scale: Scale, into svg: inout SVG) {
    let points = epochs.map { metrics in
      curve.number(metrics).map { (x: scale.x(metrics.epoch), y: scale.y($0)) }
    }
    for run in points.split(whereSeparator: { $0 == nil }) where run.count > 1 {
      svg.polyline(run.compactMap(\.self), color: curve.style.color, dashes: curve.style.dashes)
    }
    // Markers would merge into a band in a long run; a lone point must be seen all the same.
    for (index, point) in points.enumerated() {
      let isAlone =
        (index == 0 || points[index - 1] == nil)
        && (index == points.count - 1 || points[index + 1] == nil)
      if let point, points.count <= 40 || isAlone {
        drawMarker(curve.style, at: point, into: &svg)
      }
    }
  }

  private func drawMarker(
    _ style: CurveStyle, at point: (x: Double, y: Double), into svg: inout SVG
  ) {
    switch style {
    case .train: svg.circle(at: point, radius: 3, color: style.color)
    case .validation: svg.square(at: point, side: 5.5, color: style.color)
    }
  }

  private func drawLegend(_ panel: Panel, into svg: inout SVG) {
    var left = panel.left
    let y = panel.top - 30
    for curve in panel.curves {
      svg.polyline(
        [(left, y), (left + 30, y)], color: curve.style.color, dashes: curve.style.dashes)
      drawMarker(curve.style, at: (left + 15, y), into: &svg)
      svg.text(curve.name, at: (left + 38, y + 4), size: 13)
      left += 110
    }
  }
}
