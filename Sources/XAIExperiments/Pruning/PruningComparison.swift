import XAIRepresentations
import XAIStatistics
import XAITensor

/// Holds every order of filters against chance.
struct PruningComparison {
  private let chains: [PruningExperiment.Chain]
  private let targets: [Int]

  init(_ chains: [PruningExperiment.Chain], targets: [Int]) {
    (self.chains, self.targets) = (chains, targets)
  }

  /// The curves, with p values adjusted over all orders and steps.
  var curves: [PrunedCurve] {
    let chance = chains.filter { $0.curve.criterion == .random }
    var curves = chains.map { chain in
      PrunedCurve(
        order: chain.curve,
        steps: chain.steps.enumerated().map { index, measurement in
          var point = measurement.point(step: index + 1, removed: targets[index])
          point.test = chain.tests[index + 1].map(PrunedAccuracy.init)
          point.file = chain.files[index + 1]
          return point
        }, chosen: chain.chosen)
    }
    var places: [(curve: Int, step: Int, isBetter: Bool)] = []
    var values: [Double] = []
    for (position, chain) in chains.enumerated() where chain.curve.criterion != .random {
      for (step, measurement) in chain.steps.enumerated() {
        let best = chance.map { $0.steps[step].validation }.max { $0.top1 < $1.top1 }
        guard let best else { continue }
        values.append(measurement.validation.mcNemar(against: best))
        places.append((position, step, measurement.validation.top1 > best.top1))
      }
    }
    for ((place, p), adjusted) in zip(zip(places, values), Holm.adjusted(values)) {
      curves[place.curve].steps[place.step].p = p
      curves[place.curve].steps[place.step].adjustedP = adjusted
      curves[place.curve].steps[place.step].beatsRandom = place.isBetter && adjusted <= 0.05
    }
    return curves
  }

  /// What can be said of each order, in sentences.
  static func findings(_ curves: [PrunedCurve], _ original: PrunedPoint) -> [String] {
    curves.filter { $0.order.criterion != .random }.map { curve in
      let better = curve.steps.count { $0.beatsRandom == true }
      let start =
        "\(curve.order.name): beats the best random order at \(better) of "
        + "\(grouped(curve.steps.count, "step"))"
      if curve.order.isRandomized {
        return start
          + (better == 0
            ? ", as an order that knows nothing of what was learned must not."
            : ", though it knows nothing of what was learned: what it finds is the architecture's.")
      }
      guard better > 0 else { return start + ": it explains nothing here." }
      guard let chosen = curve.chosen.map({ curve.steps[$0 - 1] }) else {
        return start + "; no step keeps the accuracy within the tolerance."
      }
      let left = 100 * Double(chosen.multiplyAdds) / Double(max(original.multiplyAdds, 1))
      return start
        + "; with \(fixedPoint(left, digits: 1)) % of the multiply-adds top-1 is "
        + "\(fixedPoint(100 * chosen.validation.top1, digits: 1)) % instead of "
        + "\(fixedPoint(100 * original.validation.top1, digits: 1)) %."
    }
  }
}
