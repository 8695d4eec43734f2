public import XAIKernels
public import XAINetworks

/// One node on the way back, with what the forward pass recorded there.
public struct BackwardStep {
  /// The index of the node.
  public let index: Int
  /// Where the backward pass takes place.
  public let form: NetworkForm
  /// The forward pass of the images.
  public let recording: Recording
  /// The forward pass of the baselines; `nil` where rules compare with none.
  public let reference: Recording?
  /// How convolutions sum.
  public let algorithm: ConvolutionAlgorithm

  /// The node.
  public var node: Node { form.nodes[index] }
  /// What computes.
  public var backend: any Backend { form.backend }

  /// Whether the node is a pooling that ran as one with the convolution before it.
  var hasWinners: Bool { recording.output(of: index)?.hasWinners ?? false }

  /// The node's input in the forward pass; throws where the rule's extent did not ask for it.
  public var input: DeviceTensor {
    get throws(KernelFailure) { try kept(recording.input(of: index), "input") }
  }
  /// The node's output in the forward pass; throws where the rule's extent did not ask for it.
  public var output: DeviceTensor {
    get throws(KernelFailure) { try kept(recording.output(of: index), "output") }
  }
  /// The node's input in the forward pass of the baselines; throws where there is none.
  public var referenceInput: DeviceTensor {
    get throws(KernelFailure) { try kept(reference?.input(of: index), "baseline's input") }
  }
  /// The node's output in the forward pass of the baselines; throws where there is none.
  public var referenceOutput: DeviceTensor {
    get throws(KernelFailure) { try kept(reference?.output(of: index), "baseline's output") }
  }

  private func kept(
    _ tensor: DeviceTensor?, _ what: String
  ) throws(KernelFailure) -> DeviceTensor {
    guard let tensor else {
      throw KernelFailure(
        "the \(what) of \(node.name) was not recorded; a rule that reads it says so by its extent, such as "
          + "everything, and a rule of differences needs the recording of a baseline")
    }
    return tensor
  }
}
