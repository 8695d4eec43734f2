import XAINetworks
import XAITensor

extension ExplainedNetwork {
  /// This network with the logit of a class replaced by how far it is above another one's.
  ///
  /// The row of the class in the last layer is `w - w_rival`, its bias `b - b_rival`: one linear seed. Every method
  /// that starts at a logit then tells what speaks for the class and against the rival; of a gradient, and of all
  /// that is linear in it, that is the difference of both maps. Nothing else of the network changes, and all layers
  /// but the last are shared.
  ///
  /// - Note: Probabilities of the result mean nothing: methods that read one need the network itself.
  /// - Parameters:
  ///   - target: The class that is explained.
  ///   - rival: The class that it is compared with.
  /// - Returns: The network; the target keeps its index.
  /// - Throws: `AttributionFailure` where there is no such class, where both are the same, or where the network does
  ///   not end in a dense layer of its own.
  public func contrasting(
    _ target: Int, with rival: Int
  ) throws(AttributionFailure) -> ExplainedNetwork {
    let classes = network.architecture.classes
    for index in [target, rival] where !(0..<classes).contains(index) {
      throw AttributionFailure(
        .usage,
        "The class \(index) is none of the network, which has \(classes); choose one from 0 to \(classes - 1)"
      )
    }
    guard target != rival else {
      throw AttributionFailure(
        .usage, "The class \(target) cannot be compared with itself; choose two classes")
    }
    guard let last = network.nodes.last, last.isDense,
      var weights = parameters["\(last.name).weight"], var bias = parameters["\(last.name).bias"]
    else {
      throw AttributionFailure(
        .usage, "Two classes are compared at a last dense layer, which this network does not have.")
    }
    for column in 0..<weights.rowCount { weights[target, column] -= weights[rival, column] }
    bias[target] -= bias[rival]
    var changed = parameters
    changed["\(last.name).weight"] = weights
    changed["\(last.name).bias"] = bias
    return replacing(
      [last.name], from: ExplainedNetwork(network, parameters: changed, backend: backend))
  }
}
