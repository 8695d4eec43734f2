import XAITensor

extension Network {
  /// The network for smaller images, with the same parameters.
  ///
  /// It serves the first epochs of a training with growing images (progressive resizing; Howard 2018).
  /// Convolutions take maps of any extent; only the first dense layer knows how many features there are. So the
  /// last pools are left out as long as the maps would be smaller than those of the architecture's own images,
  /// and maps that are larger are brought to their extent by adaptive average pooling. At half the size that is
  /// exact: one pool less, and no other node.
  /// - Parameters:
  ///   - architecture: A validated architecture.
  ///   - height: Rows of the images, at most the architecture's.
  ///   - width: Columns of the images, at most the architecture's.
  /// - Throws: `NetworkFailure` where the images are larger than the architecture's, or so small that even
  ///   without pools their maps are smaller than its own.
  public init(
    _ architecture: Architecture, imagesOf height: Int, by width: Int
  ) throws(NetworkFailure) {
    let own = Network(architecture)
    let input = [architecture.input[0], height, width]
    guard input != architecture.input else {
      self = own
      return
    }
    let maps = own.mapExtent
    let sizes = "\(height) x \(width)"
    let native = architecture.input.dropFirst().map(String.init).joined(separator: " x ")
    guard height <= architecture.input[1], width <= architecture.input[2] else {
      throw NetworkFailure(
        kind: .usage,
        "training images of \(sizes) are larger than the architecture's \(native); sizes of epochs may only "
          + "be smaller")
    }
    let most = architecture.pooling ? architecture.stacks.count : 0
    // Global pooling takes maps of any extent, but an empty one.
    let least = architecture.globalAveragePooling ? [1, 1] : maps
    let fitting = (0...most).last { height >> $0 >= least[0] && width >> $0 >= least[1] }
    guard let pools = fitting else {
      throw NetworkFailure(
        kind: .usage,
        "training images of \(sizes) leave maps that are smaller than the \(maps[0]) x \(maps[1]) of the "
          + "architecture's \(native), even without pools; take at least \(least[0]) x \(least[1])")
    }
    self.init(
      architecture,
      nodes: Expansion.nodes(
        of: architecture, input: input, pools: pools,
        extent: architecture.globalAveragePooling ? nil : maps))
  }

  /// Height and width of the maps in front of the dense layers.
  private var mapExtent: [Int] {
    let entrance = nodes.first { node in node.outputShape.count == 1 && node.inputShape.count == 3 }
    return Array((entrance?.inputShape ?? architecture.input).dropFirst())
  }
}
