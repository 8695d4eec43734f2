import XAINetworks
import XAITensor

/// Some epochs with training images of one size: a part of progressive resizing.
public struct ImageSizePhase: Codable, Sendable, Equatable {
  /// Rows of the images; columns follow the aspect of the network's own images.
  public var size: Int
  /// How many epochs.
  public var epochs: Int

  /// A phase.
  /// - Parameters:
  ///   - size: Rows of the images.
  ///   - epochs: How many epochs.
  public init(size: Int, epochs: Int) { (self.size, self.epochs) = (size, epochs) }
}

/// How epochs before the last ones are validated.
///
/// They leave no validation loss, so that neither the best epoch nor patience nor a plateau is decided by a part
/// of the images.
public struct PartialValidation: Codable, Sendable, Equatable, CustomStringConvertible {
  /// Every so many of the validation images are looked at, at least 2.
  ///
  /// In sorted lists that is the same share of every class.
  public var stride: Int
  /// How many epochs at the end are validated on all images, at least 1.
  public var fullEpochs: Int

  /// A rule.
  /// - Parameters:
  ///   - stride: Every so many of the validation images are looked at.
  ///   - fullEpochs: How many epochs at the end are validated on all images.
  public init(stride: Int, fullEpochs: Int) {
    (self.stride, self.fullEpochs) = (stride, fullEpochs)
  }

  /// The rule in words.
  public var description: String {
    "of one image in \(stride) before the last \(fullEpochs) epochs"
  }

  enum CodingKeys: String, CodingKey {
    case stride
    case fullEpochs = "full_epochs"
  }
}

extension [ImageSizePhase] {
  /// The phases as an option gives them: `32:8,64:4`.
  public var text: String { map { "\($0.size):\($0.epochs)" }.joined(separator: ",") }

  /// The same phases in another number of epochs, as near to their shares as whole epochs allow; a phase that
  /// would have none is left out, and the last one has at least one.
  func stretched(to epochs: Int) -> [ImageSizePhase] {
    let total = reduce(0) { $0 + $1.epochs }
    guard total > 0, total != epochs else { return self }
    var (phases, before, done): ([ImageSizePhase], Int, Int) = ([], 0, 0)
    for phase in self {
      before += phase.epochs
      let end = (before * epochs * 2 + total) / (2 * total)
      if end > done { phases.append(ImageSizePhase(size: phase.size, epochs: end - done)) }
      done = end
    }
    if let size = last?.size, phases.last?.size != size {
      phases[phases.count - 1].epochs -= 1
      phases.append(ImageSizePhase(size: size, epochs: 1))
      phases.removeAll { $0.epochs == 0 }
    }
    return phases
  }
}

extension TrainingConfiguration {
  /// Rows and columns of the training images of an epoch.
  /// - Parameter epoch: The epoch's number, from 0; those after the last phase are as it.
  /// - Returns: The network's own extent where no sizes are given.
  public func imageExtent(ofEpoch epoch: Int) -> (height: Int, width: Int) {
    let (height, width) = (architecture.input[1], architecture.input[2])
    guard let sizes, !sizes.isEmpty else { return (height, width) }
    var end = 0
    let phase = sizes.first { phase in
      end += phase.epochs
      return epoch < end
    }
    return Self.extent(ofSize: (phase ?? sizes[sizes.count - 1]).size, of: (height, width))
  }

  private static func extent(
    ofSize size: Int, of native: (height: Int, width: Int)
  ) -> (height: Int, width: Int) {
    (size, max(1, (2 * size * native.width + native.height) / (2 * native.height)))
  }

  /// How an epoch is validated.
  /// - Parameter epoch: The epoch's number, from 0.
  /// - Returns: Every so many images are looked at, and whether the numbers decide: on all images, of the network's
  ///   own size.
  package func validation(ofEpoch epoch: Int) -> (stride: Int, decides: Bool) {
    let stride = partialValidation.map { epoch < epochs - $0.fullEpochs ? $0.stride : 1 } ?? 1
    let isNative = imageExtent(ofEpoch: epoch) == (architecture.input[1], architecture.input[2])
    return (stride, stride == 1 && isNative)
  }

  /// The same training in another number of epochs: sizes, rise and full validations keep their shares.
  /// - Parameter epochs: The number of epochs, at least 1.
  public mutating func stretch(to epochs: Int) {
    guard epochs >= 1 else {
      self.epochs = epochs
      return
    }
    if case .oneCycle(let rise, let lowest) = schedule, epochs > 1 {
      let share = (2 * rise * epochs + self.epochs) / (2 * self.epochs)
      schedule = .oneCycle(
        riseEpochs: min(max(1, share), epochs - 1), lowestMomentum: lowest)
    }
    sizes = sizes?.stretched(to: epochs)
    if let partial = partialValidation {
      partialValidation?.fullEpochs = min(partial.fullEpochs, epochs)
    }
    self.epochs = epochs
  }

  /// Checks sizes and partial validation.
  func validateSizes() throws {
    if let partial = partialValidation {
      guard partial.stride >= 2, 1...max(1, epochs) ~= partial.fullEpochs else {
        throw TrainingFailure(
          .usage,
          "a partial validation needs a stride of at least 2 and between 1 and \(epochs) full epochs at the "
            + "end, but they are \(partial.stride) and \(partial.fullEpochs)")
      }
    }
    guard let sizes else { return }
    guard !sizes.isEmpty, sizes.allSatisfy({ $0.size >= 1 && $0.epochs >= 1 }) else {
      throw TrainingFailure(
        .usage, "sizes of images are SIZE:EPOCHS, both at least 1, but they are \"\(sizes.text)\"")
    }
    let total = sizes.reduce(0) { $0 + min($1.epochs, 1 << 40) }
    guard total == epochs else {
      throw TrainingFailure(
        .usage,
        "the sizes \(sizes.text) are of \(total) epochs, but the training has \(epochs); give as many"
      )
    }
    let native = (height: architecture.input[1], width: architecture.input[2])
    guard sizes.last?.size == native.height else {
      throw TrainingFailure(
        .usage,
        "the sizes \(sizes.text) must end with the network's own, \(native.height): only epochs of that size "
          + "can be the best model")
    }
    for phase in sizes {
      let extent = Self.extent(ofSize: phase.size, of: native)
      _ = try Network(architecture, imagesOf: extent.height, by: extent.width)
    }
  }
}
