import XAITensor

extension ExperimentFailure {
  /// The failure in the words of a library: without what only a program knows.
  var sentence: String {
    switch code {
    case .memoryTooLittle(let limit, let fixed, let least):
      "\(limit) bytes of memory are too little: the weights and the program take \(fixed); give at least "
        + "\(least)"
    case .noData: "it compares with images of the data, and there are no data"
    case .noScenes(let source):
      "\(source ?? "what was given") has no scenes whose causes are known; ask about test images of shapes, in 64 x 64, "
        + "the size in which they are drawn"
    case .noFolder: "no folder was opened for what is finished; open one first"
    case .notPictures(let channels):
      "the network takes images of \(channels) channels, pictures have 3; explain raw tensors"
    case .logitsNotFinite: "the network's logits are NaN or infinite; its parameters are damaged"
    case .logitShapes(let path, let images, let logits, let input, let classes):
      "\(path): has images \(images) and logits \(logits), expected [N] + \(input) and [N, \(classes)]"
    case .expectedLogitsNotFinite(let path): "\(path): its logits hold NaN or infinity"
    case .logitsDiffer(let path, let deviation, let share):
      "\(path): logits differ by \(deviation), which is \(share) of the largest; expected less than "
        + "\(LogitComparison.largestShare): the network is another one, or was not in evaluation (eval())"
    case .noImageLeft(let count):
      "none of \(grouped(count, "image")) is left: the network is wrong about them, or their class is not "
        + "known; take more, or other ones"
    case .noMethodLeft: "no method is left; choose others"
    case .obstacle(let clause): clause
    case .notApplicable(let method): "\(method) cannot be applied: \(causeText)"
    case .method(let name): "\(name): \(causeText)"
    case .network(let path): "\(path): \(causeText)"
    default: baselineSentence ?? targetSentence ?? networkSentence ?? ""
    }
  }

  private var causeText: String { cause?.description ?? "" }

  private var baselineSentence: String? {
    switch code {
    case .baselineImages(let path, let count):
      "the baseline file \(path) holds \(count) images, expected one"
    case .baselineDistribution:
      "a distribution of baselines suits only methods that average over several; choose these methods, or "
        + "another baseline"
    case .baselineDataTooFew(let wanted, let found, let dataset):
      "\(wanted) baselines of the data: \(dataset) has only \(found) test images, the explained one among "
        + "them; ask for fewer"
    case .baselineCount(let source, let baselines, let images, let method):
      "\(source) has \(baselines) baselines for \(images) images; \(method) compares each image with one"
    case .baselinesMissing(let method): "\(method) needs baselines"
    case .everyBaselineMissing: "every chosen method needs baselines"
    case .tensorShape(let role, let source, let found, let expected):
      "the \(role) \(source) have the shape \(found), expected \(expected)"
    case .tensorNotFinite(let role, let source): "the \(role) \(source) hold NaN or infinity"
    default: nil
    }
  }

  private var targetSentence: String? {
    switch code {
    case .targetCount(let targets, let images):
      "there are \(targets) targets for \(images) images; give one or \(images)"
    case .labelUnknown(let image, _, _): "the true class of \(image) is not known"
    case .sameClass(let index, let image):
      "two of the classes are class \(index) of \(image); name classes that differ"
    case .oneClass: "the network has one class alone; comparing maps of classes needs two"
    case .tooFewOtherClasses(let wanted, let found):
      "\(wanted) random classes: the network has \(found) other classes; ask for fewer"
    case .recognizesNothing(let dataset, let classes):
      "the network knows none of the \(classes) classes of \(dataset), so it recognises no image; choose "
        + "images yourself, or other data"
    case .recognizesTooFew(_, let found, let images, let dataset):
      "of \(images) test images of \(dataset) the network recognises images of \(found) classes; "
        + (found == 0 ? "choose images yourself" : "ask for that many")
    default: nil
    }
  }

  private var networkSentence: String? {
    switch code {
    case .inputsDiffer(let paths, let inputs):
      return
        "\(paths[0]) takes images of \(inputs[0]), \(paths[1]) of \(inputs[1]); compare networks that "
        + "take the same"
    case .classCountsDiffer(let paths, let counts):
      return
        "\(paths[0]) knows \(counts[0]) classes, \(paths[1]) \(counts[1]); compare networks of the same "
        + "classes"
    case .classesDiffer(let paths, let index, let names):
      return
        "class \(index) is '\(names[0])' in \(paths[0]) and '\(names[1])' in \(paths[1]); compare "
        + "networks of the same classes in the same order"
    case .unknownLayer(let name, let layers):
      let close = Spelling.closest(to: name, in: layers).map { "'\($0)'" }
      let hint =
        close.isEmpty
        ? "expected one of \(layers.joined(separator: ", "))"
        : "did you mean \(close.joined(separator: " or "))?"
      return "'\(name)' is no layer with weights of this network; \(hint)"
    case .unknownStart(let name, let layers):
      return
        "signals cannot start at '\(name)', which is no layer with weights of this network; expected "
        + "one of \(layers.joined(separator: ", "))"
    case .tooFewForVariance(let images):
      return "\(images) images have no variance; give at least 2"
    case .recalibrationOverflows(let node):
      return
        "the input of \(node) overflows on the images that recalibrate batch norm; randomize with "
        + "another initializer"
    case .otherTest(let folder, let differences):
      return "'\(folder)' holds results of another test: "
        + "\(differences.map(\.sentence).joined(separator: ", ")); choose another folder"
    default: return nil
    }
  }
}
