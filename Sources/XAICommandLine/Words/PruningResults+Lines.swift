package import XAIExperiments

extension PruningExperiment.Outcome {
  /// What a person reads first: the network before, what each order leaves, and how much faster that is.
  package var lines: [String] {
    let first = results.original
    let start =
      "original: top-1 \(Format.percent(first.validation.top1)) on "
      + "\(Format.count(first.validation.images, "validation image")), "
      + "\(Format.count(first.multiplyAdds)) multiply-adds, \(speed(speeds.original))"
    let kept = zip(results.curves, speeds.curves).flatMap { curve, speeds in
      zip(curve.steps, speeds).filter { point, _ in point.file != nil }.map { point, own in
        let share = Double(point.multiplyAdds) / Double(max(first.multiplyAdds, 1))
        return "\(curve.order.name): \(Format.count(point.removed, "filter")) gone, "
          + "\(Format.percent(share)) of the multiply-adds, top-1 "
          + "\(Format.percent(point.validation.top1))"
          + (point.test.map { " (test \(Format.percent($0.top1)))" } ?? "") + ", \(speed(own))"
      }
    }
    return [start] + kept + results.findings
  }

  private func speed(_ imagesPerSecond: Double) -> String {
    "\(Format.count(Int(imagesPerSecond))) images/s"
  }
}
