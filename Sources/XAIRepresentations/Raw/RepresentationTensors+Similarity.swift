import XAIAttribution
import XAIFiles
import XAIKernels
import XAINetworks
import XAIStatistics
import XAITensor

extension RepresentationTensors {
  /// CKA between spaces, of the first random images.
  func alignments() throws -> [Named] {
    let spaces =
      try parameters.texts("spaces", of: "cka")
      ?? [LayerOutputs.input] + network.network.representativeLayers
    let images = try images("random.pixels")
    let count = min(try parameters.integer("images", of: "cka", atLeast: 4) ?? 40, images.rows)
    let size = try parameters.integer("batch", of: "cka", atLeast: 4) ?? 8
    let fraction = try parameters.number("fraction", of: "cka") ?? RBFKernel.defaultFraction
    guard count >= 4, size <= count else {
      throw RepresentationFailure(.tooFew("random images", found: count, needed: max(4, size)))
    }
    let outputs = try LayerOutputs(spaces, of: network).all(of: images.rows(0..<count))
    let grams = spaces.compactMap { space in
      outputs[space].map {
        GramProducts.gram($0, minus: GramProducts.mean($0), threads: ThreadTeam.count)
      }
    }
    func table(_ name: String, _ value: (Int, Int) -> Double?) -> Named {
      let values = spaces.indices.flatMap { row in spaces.indices.map { value(row, $0) } }
      return numbers("cka.\(name)", [spaces.count, spaces.count], values)
    }
    let curved = grams.map { RBFKernel.kernel(of: $0, fraction: fraction) }
    return [
      table("biased") { CKA.similarity(grams[$0], grams[$1], .biased) },
      table("unbiased") { CKA.similarity(grams[$0], grams[$1], .unbiased) },
      table("minibatch") { row, column in
        var batches = BatchedCKA()
        for start in stride(from: 0, through: count - size, by: size) {
          let part = Array(start..<start + size)
          batches.append(
            grams[row].part(rows: part, columns: part),
            grams[column].part(rows: part, columns: part))
        }
        return batches.similarity
      },
      table("rbf") { row, column in
        guard let left = curved[row], let right = curved[column] else { return nil }
        return CKA.similarity(left, right, .biased)
      },
    ]
  }

  /// Canonical correlations of two layers, of the first random images.
  func correlations() throws -> [Named] {
    try layers(of: "svcca").flatMap { label in
      let prefix = "svcca.\(label)"
      guard let layers = try parameters.texts("layers", of: prefix), layers.count == 2 else {
        throw RepresentationFailure(
          .value(
            of: "the parameter layers of \(prefix)", found: "missing or of another number",
            expected: "the names of two layers"))
      }
      let share =
        try parameters.number("keep", of: prefix)
        ?? Double(label).map { $0 / 100 } ?? CanonicalCorrelation.defaultShare
      let images = try images("random.pixels")
      let count = min(try parameters.integer("images", of: prefix) ?? 72, images.rows)
      var moments = JointMoments()
      try LayerOutputs(layers, of: network).forEachBatch(of: images.rows(0..<count)) {
        _, outputs in
        guard let first = outputs[layers[0]], let second = outputs[layers[1]] else { return }
        try moments.insert(first, second)
      }
      let analysis = try CanonicalCorrelation(moments, keeping: share)
      return [
        numbers(
          "\(prefix).correlations", [analysis.correlations.count], analysis.correlations),
        integers("\(prefix).kept", [2], analysis.kept),
        numbers("\(prefix).mean", [1], [analysis.mean]),
        numbers("\(prefix).weighted", [1], [analysis.weightedMean]),
      ]
    }
  }
}
