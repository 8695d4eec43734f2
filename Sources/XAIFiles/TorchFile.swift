public import XAITensor

/// The tensors of a PyTorch checkpoint: `torch.save(model.state_dict(), path)`.
///
/// The pickle inside is interpreted, never executed: of all names of Python only those that a
/// state_dict needs are known, and any other is refused. A dictionary that holds the state_dict
/// under `state_dict`, `model_state_dict` or `model` is read too; values that are no tensors are
/// passed over.
public struct TorchFile: Sendable {
  /// A pickle describes a tensor in about 150 bytes; interpreting takes up to 50 times its size.
  private static let largestPickle = 1 << 22
  private static let nestedKeys = ["state_dict", "model_state_dict", "model"]

  /// The tensors in the order of the state_dict, converted to Float32.
  public let entries: [(name: String, tensor: Tensor)]

  /// Reads a file.
  /// - Parameter path: The file.
  /// - Throws: `.missingInput` where it does not exist, `.badData` where it is broken, asks for
  ///   something that is not allowed, or holds no tensors.
  public init(path: String) throws(FileFailure) {
    let file = try InputFile(path: path)
    let archive = try ZipArchive(file)
    let suffix = "/data.pkl"
    let pickles = archive.members.keys.filter { $0.hasSuffix(suffix) }
    guard pickles.count == 1, let name = pickles.first, let place = archive.members[name] else {
      throw ZipArchive.invalid(file, "expected one data.pkl in it, found \(pickles.count)")
    }
    guard place.count <= Self.largestPickle else {
      throw ZipArchive.invalid(file, "its pickle has \(place.count) bytes, far too many")
    }
    let folder = String(name.dropLast(suffix.count))
    if let order = archive.members[folder + "/byteorder"] {
      guard try file.bytes(in: order) == Array("little".utf8) else {
        throw ZipArchive.invalid(file, "its numbers are not little-endian")
      }
    }
    let pickle = try file.bytes(in: place)
    let tensors: [(name: String, tensor: TorchTensor)]
    do throws(PickleInterpreter.Problem) {
      var interpreter = PickleInterpreter(pickle)
      let value = try interpreter.run()
      tensors = try Self.stateDictionary(value, interpreter.containers)
    } catch {
      throw ZipArchive.invalid(file, error.clause)
    }
    entries = try Self.read(tensors, archive, folder: folder, file)
  }

  /// The tensors of a state_dict, or of the one inside a dictionary.
  private static func stateDictionary(
    _ value: PickleValue, _ containers: [[PickleValue]]
  ) throws(PickleInterpreter.Problem) -> [(name: String, tensor: TorchTensor)] {
    guard case .dictionary(let index) = value else {
      throw PickleInterpreter.Problem(clause: "it holds no dictionary of tensors")
    }
    let outer = pairs(containers[index])
    for key in nestedKeys {
      if case .dictionary(let inner)? = outer.last(where: { $0.name == key })?.value {
        let tensors = tensors(of: containers[inner])
        if !tensors.isEmpty { return tensors }
      }
    }
    let tensors = tensors(of: containers[index])
    if tensors.isEmpty { throw PickleInterpreter.Problem(clause: "it holds no tensors") }
    return tensors
  }

  private static func pairs(_ elements: [PickleValue]) -> [(name: String, value: PickleValue)] {
    stride(from: 0, to: elements.count, by: 2).compactMap { position in
      if case .text(let name) = elements[position] { (name, elements[position + 1]) } else { nil }
    }
  }

  private static func tensors(
    of elements: [PickleValue]
  ) -> [(name: String, tensor: TorchTensor)] {
    var tensors: [(name: String, tensor: TorchTensor)] = []
    var places: [String: Int] = [:]
    for (name, value) in pairs(elements) {
      guard case .tensor(let tensor) = value else { continue }
      // As in Python, a repeated key keeps its place and gets the new value.
      if let place = places[name] {
        tensors[place].tensor = tensor
      } else {
        places[name] = tensors.count
        tensors.append((name, tensor))
      }
    }
    return tensors
  }
}
