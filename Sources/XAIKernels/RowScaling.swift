package import XAITensor

extension Tensor {
  /// The product with a factor for each row along the first axis, computed in Double and rounded.
  /// - Parameter slopes: What each row is multiplied by.
  /// - Returns: The shape of this tensor.
  package func scalingRows(by slopes: [Double]) -> Tensor {
    let row = rowCount
    return Tensor(shape: shape) { scaled in
      withUnsafeElements { elements in
        ThreadTeam.forEach(slopes.count) { index in
          let slope = slopes[index]
          for place in index * row..<(index + 1) * row {
            scaled[place] = Float(Double(elements[place]) * slope)
          }
        }
      }
    }
  }
}
