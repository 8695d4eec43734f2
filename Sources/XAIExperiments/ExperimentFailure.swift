public import XAITensor

/// An experiment that cannot be made.
public struct ExperimentFailure: Failure {
  /// What is wrong, with its values.
  public enum Code: Sendable, Equatable {
    /// The memory that may be taken is too little; all values are bytes.
    case memoryTooLittle(limit: Int, fixed: Int, least: Int)
    /// Images or baselines are to be taken from data, and there are none.
    case noData
    /// Scenes are asked about, and these images are none that the toolkit drew.
    case noScenes(String?)
    /// No folder was opened for what is finished.
    case noFolder
    /// The network does not take pictures of three channels, but so many.
    case notPictures(channels: Int)
    /// A network's logits are NaN or infinite.
    case logitsNotFinite

    /// A file of expected logits has other shapes than the network.
    case logitShapes(path: String, images: [Int], logits: [Int], input: [Int], classes: Int)
    /// Logits that are to be expected hold NaN or infinity.
    case expectedLogitsNotFinite(path: String)
    /// A network's logits are not those that another program computed.
    case logitsDiffer(path: String, deviation: Float, share: Float)

    /// No image is left, of so many.
    case noImageLeft(of: Int)
    /// No method is left that can explain the network.
    case noMethodLeft
    /// A method cannot explain this: a clause that says why.
    case obstacle(String)
    /// A method that was asked for by its name cannot be applied; the cause says why.
    case notApplicable(method: String)
    /// A method failed; the cause says how.
    case method(String)
    /// A network failed where there are several; the cause says how.
    case network(path: String)

    /// One baseline is needed, and a place holds another number of images.
    case baselineImages(path: String, count: Int)
    /// A distribution of baselines was chosen for a method that compares with one.
    case baselineDistribution
    /// A distribution has fewer images than were asked for, besides the explained one.
    case baselineDataTooFew(wanted: Int, found: Int, dataset: String)
    /// Baselines for so many images, where a method compares each with one.
    case baselineCount(source: String, baselines: Int, images: Int, method: String)
    /// A method compares with baselines, and none were given.
    case baselinesMissing(method: String)
    /// Every method compares with baselines, and none were given.
    case everyBaselineMissing

    /// A tensor has another shape than is expected.
    case tensorShape(TensorRole, source: String, found: [Int], expected: String)
    /// A tensor holds NaN or infinity.
    case tensorNotFinite(TensorRole, source: String)
    /// There are neither as many targets as images nor one.
    case targetCount(targets: Int, images: Int)

    /// The true class of an image is wanted, and not known.
    case labelUnknown(image: String, source: String, use: LabelUse)
    /// Two classes that are to be compared are one of an image.
    case sameClass(index: Int, image: String)
    /// The network has one class alone, so that maps of classes cannot be compared.
    case oneClass
    /// There are fewer other classes than are to be drawn.
    case tooFewOtherClasses(wanted: Int, found: Int)

    /// The network knows no class of the data, so that it recognizes no image.
    case recognizesNothing(dataset: String, classes: Int)
    /// The network recognizes images of fewer classes than are wanted.
    case recognizesTooFew(wanted: Int, found: Int, images: Int, dataset: String)

    /// Two networks take images of other shapes.
    case inputsDiffer(paths: [String], inputs: [[Int]])
    /// Two networks have other numbers of classes.
    case classCountsDiffer(paths: [String], counts: [Int])
    /// A class has another identifier in each of two networks.
    case classesDiffer(paths: [String], index: Int, identifiers: [String])

    /// The network has no such layer with weights; these are its layers.
    case unknownLayer(String, layers: [String])
    /// Signals cannot start at a layer, as it has no weights; these have.
    case unknownStart(String, layers: [String])
    /// So few images have no variance.
    case tooFewForVariance(images: Int)
    /// The input of a node overflows where batch norm is recalibrated.
    case recalibrationOverflows(node: String)
    /// A folder holds results of another test.
    case otherTest(folder: String, [UnitStore.Difference])
  }

  /// What a tensor is for.
  public enum TensorRole: Sendable, Equatable {
    /// The images to be explained.
    case images
    /// What they are compared with.
    case baselines
    /// What is added to them.
    case noise
    /// Explanations of them.
    case maps
    /// Where objects are.
    case masks
  }

  /// What the true class of an image is needed for.
  public enum LabelUse: Sendable, Equatable {
    /// It is explained; the image is of the data, or somebody's own.
    case explanation(ofData: Bool)
    /// It is explained on two networks.
    case comparison
    /// It is compared with another class.
    case contrast
  }

  /// What is wrong.
  public let code: Code
  /// What it came from, where another failure caused it.
  public let cause: (any Failure)?

  /// Describes an experiment that cannot be made.
  /// - Parameters:
  ///   - code: What is wrong.
  ///   - cause: What it came from.
  public init(_ code: Code, cause: (any Failure)? = nil) {
    (self.code, self.cause) = (code, cause)
  }

  /// Wrong data where the network, a tensor or the cause is at fault; else something impossible was asked for.
  public var kind: FailureKind {
    if let cause { return cause.kind }
    switch code {
    case .logitsNotFinite, .logitShapes, .expectedLogitsNotFinite, .logitsDiffer, .tensorShape,
      .tensorNotFinite, .baselineCount, .recalibrationOverflows:
      return .badData
    default: return .usage
    }
  }

  /// One sentence: what is wrong, and what to do.
  public var description: String { oneLine(sentence) }
}
