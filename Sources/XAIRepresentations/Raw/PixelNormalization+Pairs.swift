public import XAIAttribution
import XAIFiles
public import XAINetworks
import XAIStatistics
public import XAITensor

extension PixelNormalization {
  /// How a checkpoint's network takes pixels: as the checkpoint says; where it does not, as the images that are
  /// given were made of the tensor `pixels` beside them; else as Tiny ImageNet's.
  /// - Parameters:
  ///   - checkpoint: The checkpoint.
  ///   - images: Normalized images in a file.
  /// - Throws: Where the file cannot be read, or nothing says it for a network of other channels than 3.
  public init(of checkpoint: Checkpoint, _ images: TensorReference) throws {
    if checkpoint.saysHowImagesAreNormalised {
      self.init(
        mean: checkpoint.mean.elements.map(Double.init),
        deviation: checkpoint.standardDeviation.elements.map(Double.init))
      return
    }
    let file = try SafetensorsFile(path: images.path)
    if let shape = file.entry("pixels")?.shape,
      let bytes = try? file.integers("pixels").compactMap({ UInt8(exactly: $0) }),
      let pixels = try? PixelImages(shape: shape, bytes),
      let known = Self(of: try images.tensor(), from: pixels)
    {
      self = known
      return
    }
    let channels = checkpoint.network.architecture.input[0]
    guard channels == Self.tinyImageNet.deviation.count else {
      throw RepresentationFailure(
        .missing("normalization in the checkpoint, and no tensor pixels beside the images; say it"))
    }
    self = .tinyImageNet
    isAssumed = true
  }

  /// The colors of Tiny ImageNet, which networks of this toolkit are trained on.
  public static let tinyImageNet = PixelNormalization(
    mean: [0.4802, 0.4481, 0.3975], deviation: [0.2770, 0.2691, 0.2821])

  /// The normalization that made images of pixels, by least squares for each channel; nil where the images are
  /// not of these pixels, or a channel has one value.
  /// - Parameters:
  ///   - images: `[N, C, H, W]`, normalized.
  ///   - pixels: The same images of 8 bits.
  public init?(of images: Tensor, from pixels: PixelImages) {
    guard images.shape == [pixels.count, pixels.channels, pixels.height, pixels.width] else {
      return nil
    }
    let area = pixels.height * pixels.width
    var (means, deviations) = ([Double](), [Double]())
    let elements = images.elements
    for channel in 0..<pixels.channels {
      var (inputs, outputs) = ([Double](), [Double]())
      for image in 0..<pixels.count {
        for position in 0..<area {
          let byte = pixels.bytes[(image * area + position) * pixels.channels + channel]
          inputs.append(Double(byte) / 255)
          outputs.append(Double(elements[(image * pixels.channels + channel) * area + position]))
        }
      }
      let (inputMean, outputMean) = (inputs.mean, outputs.mean)
      let square = inputs.squaredDeviations
      let product = zip(inputs, outputs).reduce(0) {
        $0 + ($1.0 - inputMean) * ($1.1 - outputMean)
      }
      guard square > 0, product > 0 else { return nil }
      let slope = product / square
      let isExact = zip(inputs, outputs).allSatisfy {
        abs(outputMean + slope * ($0 - inputMean) - $1) < 1e-4 * max(1, slope)
      }
      guard isExact else { return nil }
      deviations.append(1 / slope)
      means.append(inputMean - outputMean / slope)
    }
    self.init(mean: means, deviation: deviations)
  }
}
