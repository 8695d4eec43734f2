import XAITensor

/// The tensors of a PyTorch checkpoint: `torch.save(model.state_dict(), path)`.
///
/// The pickle inside is interpreted, never executed: of all names of Python only those that a
/// state_dict needs, and those of harmless values beside it, are known, and any other is refused.
/// A dictionary that holds the state_dict under `state_dict`, `model_state_dict`, `model` or `net`
/// is read too; values that are no tensors are passed over. Both formats are read: that of PyTorch
/// 1.6 (August 2020) and later, a zip file, and the older one.
///
/// Opening reads the pickle; elements are read when asked for, from the file that was opened.
public struct TorchFile: Sendable {
  /// What the file says about a tensor.
  public typealias Entry = TensorArchive.Entry

  /// The tensors in the order of the state_dict.
  public let entries: [Entry]
  /// The key under which the state_dict was found, nil where it is the whole content.
  public let dictionaryKey: String?
  /// The key of weights of the other kind that are in the file too.
  public let otherWeightsKey: String?

  let file: InputFile
  let views: [String: TorchView]

  /// Reads what a file says about its tensors.
  /// - Parameters:
  ///   - path: The file.
  ///   - weights: Which weights are read where the file holds several.
  /// - Throws: `.missingInput` where it does not exist, `.badData` where it is broken, asks for
  ///   something that is not allowed, or holds no tensors.
  public init(path: String, weights: TensorArchive.Weights = .standard) throws(FileFailure) {
    try self.init(file: try InputFile(path: path), weights: weights)
  }

  /// Reads what an open file says about its tensors.
  init(file: InputFile, weights: TensorArchive.Weights) throws(FileFailure) {
    let container = try TorchContainer(file)
    let dictionary: StateDictionary
    do throws(StateDictionary.Problem) {
      dictionary = try StateDictionary(container.value, container.containers, weights)
    } catch {
      switch error {
      case .broken(let clause): throw Self.invalid(file, clause)
      case .notAveraged(let clause):
        throw FileFailure(
          .badData, "'\(file.path)' holds \(clause); ask for its weights as they are")
      }
    }
    self.file = file
    (dictionaryKey, otherWeightsKey) = (dictionary.key, dictionary.otherKey)
    let views = try Self.views(dictionary.tensors, container, file)
    entries = views.map { name, view in
      let type = view.tensor.storage.type
      return Entry(
        name: name, shape: view.tensor.shape, typeName: type.name,
        isReadable: type.element != nil)
    }
    self.views = Dictionary(uniqueKeysWithValues: views)
  }

  /// A failure that says that the file is none of `torch.save` that can be read here.
  static func invalid(_ file: InputFile, _ problem: String) -> FileFailure {
    FileFailure(
      .badData,
      "'\(file.path)' is no file of torch.save that can be read: \(problem); save the state_dict"
        + " again, \(ForeignFile.saving), or as safetensors")
  }
}
