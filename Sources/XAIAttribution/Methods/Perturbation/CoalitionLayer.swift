import XAIKernels
import XAINetworks
import XAITensor

/// The first linear layer of a network, where players join coalitions.
struct CoalitionLayer {
  let form: NetworkForm
  let grid: WindowGrid
  let algorithm: ConvolutionAlgorithm
  /// The index of the layer's node.
  let index: Int
  /// What players bring: the image less its baseline, `[1, C, H, W]`.
  private let change: Tensor
  private let whole: DeviceTensor
  private let offset: DeviceTensor

  /// Runs the layer with the baseline and with all players.
  init(
    image: Tensor, baseline: Tensor, grid: WindowGrid, form: NetworkForm,
    algorithm: ConvolutionAlgorithm
  ) throws(KernelFailure) {
    guard let index = form.nodes.firstIndex(where: \.isLinear) else {
      preconditionFailure("every architecture has a dense node")
    }
    (self.form, self.grid, self.algorithm) = (form, grid, algorithm)
    self.index = index
    change = image.combined(with: baseline, -)
    let node = form.nodes[self.index]
    whole = try form.sum(node, change, .all, algorithm)
    // W (x0 + d) + b = W d + (W x0 + b): the baseline acts as a bias of each position.
    offset = try form.sum(node, baseline, .all, algorithm, bias: try form.bias(of: node))
  }

  /// The layer's sums over what each of some players leaves to the others.
  func sums(without players: Range<Int>) throws(KernelFailure) -> CoalitionSums {
    let node = form.nodes[index]
    let others = grid.images(change, without: players)
    return CoalitionSums(
      others: try form.sum(node, others, .all, algorithm),
      squares: try form.sum(node, others.map { $0 * $0 }, .squared, algorithm),
      counts: try form.backend.upload(counts(node, without: players)), whole: whole, offset: offset)
  }

  /// The share of the other players' inputs that a coalition of some players has.
  ///
  /// The reference divides by all players at a convolution. Its dense layer knows players of one input
  /// alone, of which k are exactly k / (N - 1) of the others.
  func share(of size: Int) -> Float {
    let isConvolution = form.nodes[index].isConvolution
    let population = isConvolution ? grid.count : grid.count - 1
    return Float(size) / Float(max(population, 1))
  }

  private func counts(_ node: Node, without players: Range<Int>) -> Tensor {
    let channels = Float(change.shape[1])
    if node.isConvolution {
      let kernel = form.hostParameters(of: node).weight.shape[2]
      return grid.pixelsRead(kernel: kernel, without: players).map { $0 * channels }
    }
    let counts = players.map { player in
      let (rows, columns) = grid.extent(of: player)
      return channels * Float(grid.height * grid.width - rows.count * columns.count)
    }
    return Tensor(shape: [players.count, 1], counts)
  }
}

extension NetworkForm {
  /// A part of the first linear node's weights times images.
  fileprivate func sum(
    _ node: Node, _ images: Tensor, _ part: WeightPart, _ algorithm: ConvolutionAlgorithm,
    bias: DeviceTensor? = nil
  ) throws(KernelFailure) -> DeviceTensor {
    let (input, weights) = (try backend.upload(images), try weights(of: node, part))
    return node.isConvolution
      ? try backend.convolution(
        input, weights: weights, bias: bias, mode: .inference, algorithm: algorithm)
      : try backend.dense(try backend.flatten(input), weights: weights, bias: bias)
  }
}
