import XAIKernels
import XAIRepresentations
import XAIStatistics
import XAITensor

/// What layers make of a batch, as products of images with images.
struct LayerRepresentations {
  /// Products of the images' outputs, less their mean, by layer.
  private(set) var grams: [String: Matrix] = [:]
  /// The outputs themselves, by layer.
  private(set) var outputs: [String: Tensor] = [:]
  private let keepsOutputs: Bool

  init(keepsOutputs: Bool) { self.keepsOutputs = keepsOutputs }

  mutating func insert(_ output: Tensor, _ layer: String) {
    grams[layer] = GramProducts.gram(
      output, minus: GramProducts.mean(output), threads: ThreadTeam.count)
    if keepsOutputs { outputs[layer] = output }
  }

  /// The same images in another order.
  func permuted(_ order: [Int]) -> LayerRepresentations {
    var other = self
    other.grams = grams.mapValues { $0.part(rows: order, columns: order) }
    other.outputs = outputs.mapValues { $0.rows(at: order) }
    return other
  }
}

extension Tensor {
  /// The rows in parts.
  func parts(of count: Int) -> [Tensor] {
    stride(from: 0, to: rows, by: count).map { rows($0..<min($0 + count, rows)) }
  }
}
