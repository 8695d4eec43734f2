import XAIKernels
import XAINetworks
import XAITensor

/// The forward pass of images that differ from one clean image in a small rectangle each.
///
/// A change of some pixels reaches one pixel further at each 3x3 convolution, and half as many pixels
/// after a pooling. As long as that is clearly less than the map, only a crop around the change is computed:
/// two pixels wider on every side than the changed input, since the outermost ring of a crop's output is wrong
/// where the crop was cut off. At the image's border nothing is cut off, and the padding with zeros
/// is the network's own. What remains is equal to the whole pass but for the order of sums.
struct PatchWalk {
  private let form: NetworkForm
  private let algorithm: ConvolutionAlgorithm
  private let clean: Recording

  /// Crops of more than this share of a map save nothing.
  private static let largestShare = 0.8

  /// Prepares walks around a clean image.
  /// - Parameters:
  ///   - form: The network, batch norm merged.
  ///   - image: `[1, C, H, W]`.
  ///   - algorithm: How convolutions sum.
  /// - Throws: Where a kernel fails.
  init(
    _ form: NetworkForm, around image: Tensor, algorithm: ConvolutionAlgorithm
  ) throws(KernelFailure) {
    (self.form, self.algorithm) = (form, algorithm)
    clean = try form.record(
      try form.backend.upload(image), keeping: .gates, algorithm: algorithm)
  }

  /// The logits of the clean image, `[1, classes]`.
  var cleanLogits: Tensor { form.backend.download(clean.output) }

  /// The logits of images in which a rectangle shows another picture.
  /// - Parameters:
  ///   - image: `[1, C, H, W]`, the clean image.
  ///   - picture: `[1, C, H, W]`, what the rectangles show.
  ///   - windows: The rectangles of some indices.
  ///   - indices: Which.
  /// - Returns: `[indices, classes]`; the same bytes whichever indices are asked for together.
  /// - Throws: Where a kernel fails.
  func logits(
    of image: Tensor, showing picture: Tensor, in windows: [Rectangle], at indices: Range<Int>
  ) throws(KernelFailure) -> Tensor {
    var state = State(signal: nil, origins: [], all: windows, indices: indices)
    var index = 0
    while let next = try step(&state, at: index, image, picture) { index = next }
    let whole = try wholeMaps(state, at: index, image, picture)
    let recording = try form.record(
      whole, keeping: .logits, nodes: index..<form.nodes.count, algorithm: algorithm)
    return form.backend.download(recording.output)
  }

  /// Patches of activations at a node's input.
  private struct State {
    /// `[M, C, h, w]`; nothing while the patches are still parts of pictures.
    var signal: DeviceTensor?
    /// Where each patch begins.
    var origins: [(row: Int, column: Int)]
    /// What differs from the clean image in each of all windows: the largest of them decides the extent
    /// of crops, so that it does not depend on which windows run together.
    var all: [Rectangle]
    /// Those that run together.
    let indices: Range<Int>
    /// What differs from the clean image in each patch.
    var changed: [Rectangle] { Array(all[indices]) }
  }

  /// Runs the next node or nodes on crops; nothing where whole maps are to be run from here.
  private func step(
    _ state: inout State, at index: Int, _ image: Tensor, _ picture: Tensor
  ) throws(KernelFailure) -> Int? {
    let node = form.nodes[index]
    switch node.operation {
    case .dropout: return index + 1
    case .maxPool:
      guard let signal = state.signal else { return nil }
      state.signal = try form.backend.maxPool(signal)
      state.origins = state.origins.map { ($0.row / 2, $0.column / 2) }
      let (height, width) = (node.outputShape[1], node.outputShape[2])
      state.all = state.all.map { $0.pooled(height, width) }
      return index + 1
    case .convolution: break
    case .batchNorm, .relu, .flatten, .globalAveragePool, .adaptiveAveragePool, .dense: return nil
    }
    let (height, width) = (node.inputShape[1], node.inputShape[2])
    // Pooling windows must not be cut.
    let following = form.nodes[(index + 1)...].first { !$0.isElementwise }
    let alignment = following?.operation == .maxPool ? 2 : 1
    let crops = Array(
      Self.crops(around: state.all, height, width, alignment: alignment)[state.indices])
    guard
      let extent = crops.first,
      Double(extent.rows.count * extent.columns.count)
        <= Self.largestShare * Double(height * width),
      form.nodes[index + 1].operation == .relu
    else { return nil }
    let input = try cut(crops, from: state, at: index, image, picture)
    state.signal = try form.backend.convolution(
      input, weights: try form.weights(of: node), bias: try form.bias(of: node),
      mode: .inferenceWithReLU, algorithm: algorithm)
    state.origins = crops.map { ($0.rows.lowerBound, $0.columns.lowerBound) }
    state.all = state.all.map { $0.widened(by: 1, height, width) }
    return index + 2
  }

  /// Whole maps at a node's input.
  private func wholeMaps(
    _ state: State, at index: Int, _ image: Tensor, _ picture: Tensor
  ) throws(KernelFailure) -> DeviceTensor {
    let shape = form.nodes[index].inputShape
    let whole = Rectangle(rows: 0..<shape[1], columns: 0..<shape[2])
    return try cut(state.changed.map { _ in whole }, from: state, at: index, image, picture)
  }

  private func cut(
    _ crops: [Rectangle], from state: State, at index: Int, _ image: Tensor, _ picture: Tensor
  ) throws(KernelFailure) -> DeviceTensor {
    guard let signal = state.signal, let activations = clean.input(of: index) else {
      return try form.backend.upload(
        Self.pictures(image, showing: picture, in: state.changed, cut: crops))
    }
    return try form.backend.crops(
      of: activations, changedBy: signal,
      at: crops.indices.map {
        PatchCrop(origin: state.origins[$0], changed: state.changed[$0], crop: crops[$0])
      })
  }

  /// Crops of one extent, moved inwards at the border, whose outputs are right one pixel around every
  /// change, and in whole pooling windows where the alignment is 2.
  private static func crops(
    around changed: [Rectangle], _ height: Int, _ width: Int, alignment: Int
  ) -> [Rectangle] {
    func ranges(_ ranges: [Range<Int>], _ side: Int) -> [Range<Int>] {
      let needed = ranges.map { range in
        let first = max(0, range.lowerBound - 1) / alignment * alignment - alignment
        let last = (range.upperBound + alignment) / alignment * alignment + alignment
        return max(0, first)..<min(side, last)
      }
      var length = needed.map(\.count).max() ?? 0
      // So that a crop that is moved to the far border begins with a pooling window.
      length += (side - length) % alignment
      return needed.map { range in
        let start = min(range.lowerBound, side - length)
        return start..<start + length
      }
    }
    let rows = ranges(changed.map(\.rows), height)
    let columns = ranges(changed.map(\.columns), width)
    return zip(rows, columns).map { Rectangle(rows: $0, columns: $1) }
  }

  /// Crops of an image in which rectangles show another picture.
  private static func pictures(
    _ image: Tensor, showing picture: Tensor, in windows: [Rectangle], cut crops: [Rectangle]
  ) -> Tensor {
    let (channels, height, width) = (image.shape[1], image.shape[2], image.shape[3])
    let extent = crops.first.map { [$0.rows.count, $0.columns.count] } ?? [0, 0]
    return Tensor(shape: [crops.count, channels] + extent) { target in
      image.withUnsafeElements { shown in
        picture.withUnsafeElements { hidden in
          var next = 0
          for (window, crop) in zip(windows, crops) {
            for channel in 0..<channels {
              for row in crop.rows {
                let isCovered = window.rows.contains(row)
                for column in crop.columns {
                  let element = (channel * height + row) * width + column
                  target[next] =
                    isCovered && window.columns.contains(column) ? hidden[element] : shown[element]
                  next += 1
                }
              }
            }
          }
        }
      }
    }
  }
}

extension Node {
  /// Whether its outputs depend on their own inputs alone.
  fileprivate var isElementwise: Bool {
    switch operation {
    case .relu, .dropout, .batchNorm: true
    case .convolution, .maxPool, .flatten, .globalAveragePool, .adaptiveAveragePool, .dense: false
    }
  }
}

extension Rectangle {
  /// The rectangle with more pixels on every side, as far as the map reaches.
  fileprivate func widened(by border: Int, _ height: Int, _ width: Int) -> Rectangle {
    Rectangle(
      rows: max(0, rows.lowerBound - border)..<min(height, rows.upperBound + border),
      columns: max(0, columns.lowerBound - border)..<min(width, columns.upperBound + border))
  }

  /// The outputs of 2x2 pooling windows that it touches.
  fileprivate func pooled(_ height: Int, _ width: Int) -> Rectangle {
    func half(_ range: Range<Int>, _ side: Int) -> Range<Int> {
      let first = min(range.lowerBound / 2, side)
      return first..<max(first, min((range.upperBound + 1) / 2, side))
    }
    return Rectangle(rows: half(rows, height), columns: half(columns, width))
  }
}
