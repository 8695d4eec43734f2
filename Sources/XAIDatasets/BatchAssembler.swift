import XAITensor

/// Makes batches of a split: reads, normalises and changes images one after the other.
struct BatchAssembler: Sendable {
  let dataset: any ImageDataset
  let split: Split
  let preprocessing: Preprocessing
  let augmentation: Augmentation
  let draw: (seed: UInt64, epoch: Int)

  /// Assembles a batch.
  /// - Parameters:
  ///   - indices: The numbers of its images in the split.
  ///   - isAbandoned: Asked before every image; once true, the rest is left black.
  /// - Returns: The batch.
  /// - Throws: `DatasetFailure` if an image cannot be read.
  func batch(
    _ indices: [Int], unless isAbandoned: () -> Bool
  ) throws(DatasetFailure) -> Batch {
    let size = dataset.bytesPerImage
    let pixels = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: size)
    let plain = UnsafeMutableBufferPointer<Float>.allocate(capacity: size)
    defer {
      pixels.deallocate()
      plain.deallocate()
    }
    let shape = [indices.count, 3, dataset.height, dataset.width]
    let images = try Tensor(shape: shape) { (elements) throws(DatasetFailure) in
      elements.initialize(repeating: 0)
      for (position, index) in indices.enumerated() where !isAbandoned() {
        try dataset.readPixels(at: index, of: split, into: pixels)
        let target = UnsafeMutableBufferPointer(
          rebasing: elements[(position * size)..<((position + 1) * size)])
        let change = augmentation.change(
          seed: draw.seed, epoch: draw.epoch, index: index, height: dataset.height,
          width: dataset.width)
        if change == ImageChange() {
          preprocessing.apply(UnsafeBufferPointer(pixels), into: target)
        } else {
          preprocessing.apply(UnsafeBufferPointer(pixels), into: plain)
          change.apply(
            to: UnsafeBufferPointer(plain), height: dataset.height, width: dataset.width,
            into: target)
        }
      }
    }
    let labels = indices.map { dataset.label(at: $0, of: split) }
    return Batch(images: images, labels: labels, indices: indices)
  }
}
