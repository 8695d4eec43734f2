import XAITensor

/// Random changes of training images that leave their class as it is.
public enum Augmentation: String, CaseIterable, Codable, Sendable {
  /// Images as they are.
  case none
  /// Half of the images are mirrored left to right.
  case flip
  /// Moved by up to an eighth each way, the gap filled with the mean, then mirrored as by `flip`.
  ///
  /// The same as a random crop after padding by an eighth (Krizhevsky 2009 pads by 4 of 32).
  case flipCrop = "flip-crop"

  /// Draws what happens to one image in one epoch.
  ///
  /// The draw depends on nothing else, so that batches, threads and resuming cannot change it.
  /// - Parameters:
  ///   - seed: The run's seed.
  ///   - epoch: The epoch.
  ///   - index: The image's number in its split.
  ///   - height: The number of rows of the image.
  ///   - width: The number of columns of the image.
  /// - Returns: The change.
  public func change(
    seed: UInt64, epoch: Int, index: Int, height: Int = 64, width: Int = 64
  ) -> ImageChange {
    guard self != .none else { return ImageChange() }
    var stream = RandomStream(seed: seed, purpose: "augmentation", epoch, index)
    var change = ImageChange(isMirrored: stream.integer(below: 2) == 1)
    if self == .flipCrop {
      change.rows = stream.integer(below: 2 * (height / 8) + 1) - height / 8
      change.columns = stream.integer(below: 2 * (width / 8) + 1) - width / 8
    }
    return change
  }
}

/// What happens to one image: a move, then perhaps a reflection.
public struct ImageChange: Sendable, Equatable {
  /// Whether left and right are exchanged.
  public var isMirrored: Bool
  /// How far the image moves down.
  public var rows: Int
  /// How far the image moves to the right, before it is mirrored.
  public var columns: Int

  /// Describes a change.
  /// - Parameters:
  ///   - isMirrored: Whether left and right are exchanged.
  ///   - rows: How far the image moves down.
  ///   - columns: How far the image moves to the right.
  public init(isMirrored: Bool = false, rows: Int = 0, columns: Int = 0) {
    self.isMirrored = isMirrored
    self.rows = rows
    self.columns = columns
  }

  /// Changes a normalised image; what moves in from outside is 0, which is the mean.
  /// - Parameters:
  ///   - image: The elements, one channel after the other.
  ///   - height: The number of rows.
  ///   - width: The number of columns.
  ///   - output: Receives as many elements.
  public func apply(
    to image: UnsafeBufferPointer<Float>, height: Int, width: Int,
    into output: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(image.count == output.count && image.count % (height * width) == 0)
    output.update(repeating: 0)
    guard abs(rows) < height, abs(columns) < width else { return }
    let kept = width - abs(columns)
    for line in 0..<(image.count / width) where 0..<height ~= line % height - rows {
      let first = (line - rows) * width + max(0, -columns)
      let source = UnsafeBufferPointer(rebasing: image[first..<(first + kept)])
      let left = max(0, columns)
      let start = line * width + (isMirrored ? width - left - kept : left)
      let target = UnsafeMutableBufferPointer(rebasing: output[start..<(start + kept)])
      if isMirrored {
        for column in 0..<kept { target[kept &- 1 &- column] = source[column] }
      } else {
        _ = target.update(from: source)
      }
    }
  }
}
