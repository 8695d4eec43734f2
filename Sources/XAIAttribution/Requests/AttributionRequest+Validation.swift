public import XAINetworks
import XAITensor

extension AttributionRequest {
  /// Checks that a network can be asked this: what every entry of a method does before anything else.
  /// - Parameter network: The network.
  /// - Throws: `AttributionFailure` where there is no image, where images have another shape than the network
  ///   takes, where a target is none of its classes, or where targets, keys, pixels, bounds, baselines or noise do
  ///   not belong to the images.
  public func validate(for network: Network) throws(AttributionFailure) {
    try requireImages(of: network.architecture.input)
    try requireTargets(below: network.architecture.classes)
    guard keys.count == count else {
      throw AttributionFailure(
        .usage, "There are \(keys.count) keys for \(count) images; give one for each image")
    }
    try requireShape(pixels, images.shape, "pixels")
    try requireShape(bounds?.low, [1] + images.shape.dropFirst(), "bounds of pixels")
    if let baselines { try require(baselines) }
    guard let noise else { return }
    guard Array(noise.shape.dropFirst()) == images.shape, noise.rows > 0 else {
      throw AttributionFailure(
        .usage,
        "the noise has the shape \(noise.shape); for images of the shape \(images.shape) it must be "
          + "[samples] followed by that shape")
    }
  }

  /// Checks also that the network's parameters are those of its nodes.
  /// - Parameter network: The network.
  /// - Throws: `AttributionFailure`.
  func validate(for network: ExplainedNetwork) throws(AttributionFailure) {
    try network.validate()
    try validate(for: network.network)
  }

  /// Checks the request with the targets of each member in place of its own.
  /// - Parameter family: The networks.
  /// - Throws: `AttributionFailure`.
  func validate(for family: NetworkFamily) throws(AttributionFailure) {
    for member in family.members {
      guard member.network.network == family.base.network else {
        throw AttributionFailure(
          .usage,
          "a family has networks of two architectures; explain each of them by itself")
      }
      var request = self
      request.targets = member.targets
      try request.validate(for: member.network)
    }
  }

  private func requireImages(of shape: [Int]) throws(AttributionFailure) {
    guard images.shape.count == 4, Array(images.shape.dropFirst()) == shape else {
      throw AttributionFailure(
        .usage,
        "The images have the shape \(images.shape), but the network takes "
          + "[N, \(shape.map(String.init).joined(separator: ", "))]; resize them, or choose another network"
      )
    }
    guard count > 0 else {
      throw AttributionFailure(.usage, "There is no image to be explained; give at least one")
    }
  }

  private func requireTargets(below classes: Int) throws(AttributionFailure) {
    guard targets.count == count else {
      throw AttributionFailure(
        .usage, "There are \(targets.count) targets for \(count) images; give one for each image")
    }
    if let target = targets.first(where: { !(0..<classes).contains($0) }) {
      throw AttributionFailure(
        .usage,
        "The target \(target) is no class of the network, which has \(classes); choose one from 0 to "
          + "\(classes - 1)")
    }
  }

  private func requireShape(
    _ tensor: Tensor?, _ shape: [Int], _ what: String
  ) throws(AttributionFailure) {
    guard let tensor, tensor.shape != shape else { return }
    throw AttributionFailure(
      .usage, "The \(what) have the shape \(tensor.shape), expected \(shape) as the images")
  }

  private func require(_ baselines: Baselines) throws(AttributionFailure) {
    let shape = baselines.values.shape
    let image = Array(images.shape.dropFirst())
    guard Array(shape.suffix(3)) == image, shape.count == (baselines.kind == .shared ? 4 : 5)
    else {
      throw AttributionFailure(
        .usage,
        "The baselines have the shape \(shape), but images have \(image); give baselines of the images' "
          + "shape")
    }
    if baselines.kind == .perImage && baselines.values.rows != count {
      throw AttributionFailure(
        .usage,
        "There are baselines of \(baselines.values.rows) images for \(count) images; give those of each "
          + "image, or a distribution that all share")
    }
    if baselines.count == 0 {
      throw AttributionFailure(
        .usage, "The distribution of baselines is empty; give at least one baseline")
    }
  }
}

extension ExplainedNetwork {
  /// Checks that there are parameters of the shapes that the nodes have.
  fileprivate func validate() throws(AttributionFailure) {
    for (name, shape) in network.parameterShapes where parameters[name]?.shape != shape {
      let found = parameters[name].map { "the shape \($0.shape)" } ?? "no value"
      throw AttributionFailure(
        .usage,
        "The parameter \(name) of the network has \(found), expected the shape \(shape); explain a network "
          + "with the parameters of its architecture")
    }
  }
}
