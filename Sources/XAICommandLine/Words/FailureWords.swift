import XAIAttribution
import XAIClassifiers
import XAIDatasets
import XAIFiles
import XAIKernels
import XAINetworks
import XAIExperiments
import XAIReports
package import XAITensor
import XAITraining

extension Failure {
  /// The failure in the words of a command line, which names options and programs.
  package var commandSentence: String {
    switch self {
    case let failure as ExperimentFailure: failure.words
    case let failure as ReportFailure: failure.description + " with --overwrite"
    case let failure as AttributionFailure: failure.words
    case let failure as ClassifierFailure: failure.words
    case let failure as DatasetFailure: failure.words
    case let failure as FileFailure: failure.words
    case let failure as KernelFailure: failure.words
    case let failure as NetworkFailure: failure.words
    case let failure as TrainingFailure: failure.words
    default: description
    }
  }
}

extension TrainingFailure {
  fileprivate var words: String {
    switch code {
    case .noRunFolder(let path):
      "\(path): there is no such run folder to resume; start the training without --resume"
    case .noState(let path):
      "\(path): there is no state to resume from; start the training without --resume"
    case .holdsTraining(let path):
      "\(path): holds a training already; continue it with --resume or choose another folder"
    case .otherConfiguration(let folder, let conflicts):
      "\(folder): --resume with another configuration (\(conflicts.joined(separator: "; "))): what was done "
        + "would have come out otherwise, so leave these options out or start in another folder"
    case .batchTooSmall(let size):
      "--batch-size \(size): batch norm needs at least 2 images in a batch"
    case .memoryTooLittle(let parameters, let need, let available):
      "training a network of \(Format.count(parameters)) parameters takes more than "
        + "\(Format.bytes(need)) of memory, and this machine has \(Format.bytes(available)); use a "
        + "smaller network"
    case .splitUnknown(let path, let split):
      "\(path): its metadata names no configuration, so it is unknown which images are its "
        + "\(split.rawValue) split; use --split test"
    case .described: cause?.commandSentence ?? description
    case .holdsModel: description
    }
  }
}

extension ExperimentFailure {
  fileprivate var words: String {
    switch code {
    case .memoryTooLittle(let limit, let fixed, let least):
      "--memory \(Format.bytes(limit)) is too little: the weights and the program take "
        + "\(Format.bytes(fixed)); give at least \(Format.bytes(least))"
    case .noData: "it compares with images of the data; name them with --data"
    case .notPictures: description + " with xai-explain attribute --tensor"
    case .logitShapes, .expectedLogitsNotFinite, .logitsDiffer: "--verify \(description)"
    case .noMethodLeft: "no method is left; choose others with --method"
    case .notApplicable(let method): "\(method) cannot be applied: \(causeWords)"
    case .method(let name): "\(name): \(causeWords)"
    case .network(let path): "\(path): \(causeWords)"
    default: baselineWords ?? imageWords ?? testWords ?? description
    }
  }

  private var causeWords: String { cause?.commandSentence ?? "" }

  private var baselineWords: String? {
    switch code {
    case .baselineImages(let path, let count):
      "--baseline file \(path): holds \(count) images, expected one"
    case .baselineDistribution:
      "--baseline data: a distribution suits only methods that average over several baselines; choose "
        + "these methods with --method, or another baseline"
    case .baselineDataTooFew(let wanted, let found, let dataset):
      "--baseline data:\(wanted): \(dataset) has only \(found) test images, the explained one among them; "
        + "ask for fewer"
    case .baselineCount(let source, let baselines, let images, let method):
      "--baseline-tensor \(source): has \(baselines) baselines for \(images) images; \(method) compares "
        + "each image with one"
    case .baselinesMissing(let method): "\(method) needs --baseline-tensor FILE:NAME"
    case .everyBaselineMissing: "every chosen method needs --baseline-tensor"
    case .tensorShape(let role, let source, let found, let expected):
      "\(role.option) \(source): has the shape \(found), expected \(expected)"
    case .tensorNotFinite(let role, let source): "\(role.option) \(source): holds NaN or infinity"
    default: nil
    }
  }

  private var imageWords: String? {
    switch code {
    case .targetCount(let targets, let images):
      "--target has \(targets) indices for \(images) images; give one or \(images)"
    case .labelUnknown(_, let source, .explanation(ofData: false)):
      "--target true: the class of \(source) is not known; take images of --data with --samples"
    case .labelUnknown(let image, _, .explanation(ofData: true)):
      "--target true: the network does not know the class of \(image)"
    case .labelUnknown(let image, _, let use):
      "\(use == .contrast ? "--classes" : "--target") true: the class of \(image) is not known; take images "
        + "of --data whose classes the network has"
    case .sameClass(let index, let image):
      "--classes: two of them are class \(index) of \(image); name classes that differ"
    case .tooFewOtherClasses(let wanted, let found):
      "--random-classes \(wanted): the network has \(found) other classes; ask for fewer"
    case .recognizesNothing(let dataset, let classes):
      "--samples auto: the network knows none of the \(classes) classes of \(dataset), so it recognises no "
        + "image; choose images with --samples N or --image, or other data"
    case .recognizesTooFew(let wanted, let found, let images, let dataset):
      "--samples auto:\(wanted): of \(images) test images of \(dataset) the network recognises images of "
        + "\(found) classes; "
        + (found == 0 ? "choose images with --samples or --image" : "ask for that many")
    default: nil
    }
  }

  private var testWords: String? {
    switch code {
    case .unknownLayer: "--layers \(description)"
    case .tooFewForVariance: "--batch-norm recalibrate: \(description)"
    case .otherTest(let folder, let differences):
      "'\(folder)' holds results of another test: "
        + "\(differences.map(\.words).joined(separator: ", ")); choose another folder"
    default: nil
    }
  }
}

extension ExperimentFailure.TensorRole {
  fileprivate var option: String {
    switch self {
    case .images: "--tensor"
    case .baselines: "--baseline-tensor"
    case .noise: "--noise-tensor"
    case .maps: "--maps"
    case .masks: "--masks or --boxes"
    }
  }
}

extension UnitStore.Difference {
  fileprivate var words: String {
    let option: String
    switch subject {
    case .version, .checkpoint, .calibration: return sentence
    case .initializer: option = "--initializer"
    case .batchNorm: option = "--batch-norm"
    case .target: option = "--target"
    case .seed: option = "--seed"
    case .setting(let name): option = "--\(name)"
    }
    return "\(option) \(known) there, \(option) \(wanted) here"
  }
}
