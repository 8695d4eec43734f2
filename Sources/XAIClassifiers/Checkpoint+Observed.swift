public import XAIDatasets
public import XAINetworks
public import XAITensor

extension Checkpoint {
  /// Reads a network's file, completes it by what is known, and tells what was assumed.
  /// - Parameters:
  ///   - path: A safetensors file, or one of `torch.save`.
  ///   - knowledge: What the file does not say, or says wrongly.
  ///   - takesPictures: Whether pictures are shown to the network, so that it matters how.
  ///   - observer: Who is told.
  /// - Returns: The checkpoint; its classes are missing where only data can tell them.
  /// - Throws: What is missing, damaged, left over or does not fit.
  public static func open(
    _ path: String, _ knowledge: CheckpointKnowledge, takesPictures: Bool = true,
    observer: any WorkObserver
  ) throws(ClassifierFailure) -> Checkpoint {
    let checkpoint = try open(path, knowledge)
    for remark in checkpoint.remarks {
      observer.tell(CheckpointRemark.reading(remark, path: path))
    }
    if takesPictures, !checkpoint.saysHowImagesAreNormalised {
      observer.tell(CheckpointRemark.missingNormalization(path: path))
    }
    return checkpoint
  }

  /// The checkpoint with the classes that are known once there are data; where their order is assumed, that is
  /// told.
  /// - Parameters:
  ///   - dataset: The data; nil where there are none.
  ///   - path: The checkpoint's file.
  ///   - knowledge: What is known besides.
  ///   - observer: Who is told.
  /// - Returns: The checkpoint.
  /// - Throws: `ClassifierFailure` where classes are to be those of the data and cannot be.
  public func completed(
    by dataset: (any ImageDataset)?, path: String, _ knowledge: CheckpointKnowledge,
    observer: any WorkObserver
  ) throws(ClassifierFailure) -> Checkpoint {
    guard let dataset else { return self }
    let own = classes.map(\.id)
    if case .sorted? = knowledge.classNames {
      let sorted = try naming(sortedClassesOf: dataset, path: path)
      guard !knowledge.onlyCompletes || own.isEmpty else { return self }
      if !own.isEmpty, own != sorted.classes.map(\.id) {
        observer.tell(CheckpointRemark.replacedClasses(path: path))
      }
      return sorted
    }
    if own.isEmpty, network.architecture.classes == dataset.classes.count {
      observer.tell(
        CheckpointRemark.assumedOrder(
          path: path, dataset: dataset.name, classes: dataset.classes.map(\.id)))
    }
    return self
  }
}
