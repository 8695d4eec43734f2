import Testing
import XAIKernels
import XAITensor
import XAITestSupport

/// Shapes `[N, C, H, W]`: channels below, at and above the block, odd extents, one and more images.
let activationShapes: [[Int]] = [
  [1, 1, 1, 1], [1, 3, 5, 7], [5, 8, 4, 6], [2, 16, 7, 3], [5, 17, 3, 5], [1, 20, 6, 4],
  [3, 33, 2, 2],
]

extension CPUBackend {
  /// An array as an activation.
  func activation(_ array: ReferenceArray) throws -> DeviceTensor {
    try uploadActivation(array.tensor)
  }

  /// An array as a parameter.
  func parameter(_ array: ReferenceArray) throws -> DeviceTensor { try upload(array.tensor) }

  /// The content of a device tensor in Double.
  func array(_ tensor: DeviceTensor) -> ReferenceArray { ReferenceArray(download(tensor)) }

  /// What dropout multiplies each element with.
  func mask(_ shape: [Int], _ dropout: Dropout) throws -> ReferenceArray {
    let ones = try activation(ReferenceArray(shape, repeating: 1))
    return array(try activate(ones, Activation(relu: true, dropout: dropout)))
  }
}

/// Records an issue where a device tensor is too far from the reference.
func expectClose(
  _ actual: ReferenceArray, _ expected: ReferenceArray, relative: Double, _ label: String
) {
  expectClose(actual.tensor, expected.tensor, relative: relative, label)
}
