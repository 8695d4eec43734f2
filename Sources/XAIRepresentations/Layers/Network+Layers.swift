#if canImport(Glibc)
  import Glibc
#endif
import XAIAttribution
public import XAINetworks
public import XAITensor

extension Network {
  /// The layers that are looked at unless others are named: the rectifier behind the last convolution of each
  /// extent, and that of every hidden dense layer.
  public var representativeLayers: [String] {
    let rectifiers = nodes.filter(\.isActivation)
    return rectifiers.enumerated().filter { position, node in
      guard node.outputShape.count == 3 else { return true }
      let next = rectifiers.indices.contains(position + 1) ? rectifiers[position + 1] : nil
      return next?.outputShape.dropFirst() != node.outputShape.dropFirst()
    }.map(\.element.name)
  }

  /// The rectifier of the last layer that has maps; nil where none has.
  public var lastMapLayer: String? {
    nodes.last { $0.isActivation && $0.outputShape.count == 3 }?.name
  }

  /// The last rectifier: the space in which the network's own last layer decides.
  public var lastHiddenLayer: String? { nodes.last(where: \.isActivation)?.name }

  /// The node whose outputs are the logits.
  public var logitLayer: String { nodes.last?.name ?? "" }
}

extension Tensor {
  /// The softmax of a row, in Double.
  /// - Parameter row: The row's index.
  /// - Returns: Probabilities.
  func softmax(ofRow row: Int) -> [Double] {
    withUnsafeElements { elements in
      let values = elements[row * rowCount..<(row + 1) * rowCount].map(Double.init)
      let largest = values.max() ?? 0
      let exponentials = values.map { exp($0 - largest) }
      let sum = exponentials.reduce(0, +)
      return exponentials.map { $0 / sum }
    }
  }

  /// The index of the largest element of each row, the first one where equal.
  public var largestOfRows: [Int] {
    withUnsafeElements { elements in
      (0..<rows).map { row in
        let start = row * rowCount
        return (1..<Swift.max(rowCount, 1)).reduce(0) {
          elements[start + $1] > elements[start + $0] ? $1 : $0
        }
      }
    }
  }
}
