import XAITensor

/// Makes batches of a split: reads, normalizes, changes and resizes images one after the other.
struct BatchAssembler: Sendable {
  let dataset: any ImageDataset
  let split: Split
  let preprocessing: Preprocessing
  let augmentation: Augmentation
  let draw: (seed: UInt64, epoch: Int)
  /// What makes the images smaller; nil where they stay as they are.
  var resizing: AreaResizing? = nil

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
    let changed = UnsafeMutableBufferPointer<Float>.allocate(capacity: size)
    defer {
      pixels.deallocate()
      plain.deallocate()
      changed.deallocate()
    }
    let extent = resizing?.extent ?? (height: dataset.height, width: dataset.width)
    let shape = [indices.count, 3, extent.height, extent.width]
    let count = 3 * extent.height * extent.width
    let images = try Tensor(shape: shape) { (elements) throws(DatasetFailure) in
      elements.initialize(repeating: 0)
      for (position, index) in indices.enumerated() where !isAbandoned() {
        try dataset.readPixels(at: index, of: split, into: pixels)
        let target = UnsafeMutableBufferPointer(
          rebasing: elements[(position * count)..<((position + 1) * count)])
        let full = resizing == nil ? target : changed
        let change = augmentation.change(
          seed: draw.seed, epoch: draw.epoch, index: index, height: dataset.height,
          width: dataset.width)
        if change == ImageChange() {
          preprocessing.apply(UnsafeBufferPointer(pixels), into: full)
        } else {
          preprocessing.apply(UnsafeBufferPointer(pixels), into: plain)
          change.apply(
            to: UnsafeBufferPointer(plain), height: dataset.height, width: dataset.width,
            into: full)
        }
        resizing?.apply(UnsafeBufferPointer(full), into: target)
      }
    }
    let labels = indices.map { dataset.label(at: $0, of: split) }
    return Batch(images: images, labels: labels, indices: indices)
  }
}
