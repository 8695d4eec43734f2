import XAITensor

/// What a file of `torch.save` consists of: a pickled value, and the bytes of storages.
struct TorchContainer {
  /// A pickle describes a tensor in about 150 bytes; interpreting takes up to 50 times its size.
  static let largestPickle = 1 << 22

  /// The value that was saved.
  let value: PickleValue
  /// The elements of its tuples, lists and dictionaries.
  let containers: [[PickleValue]]
  /// Where the bytes of each storage lie in the file.
  let storages: [String: Range<Int>]

  /// Reads the format that begins like zip, or the older one that begins with a pickle.
  init(_ file: InputFile) throws(FileFailure) {
    let start = try file.bytes(in: 0..<min(file.size, ForeignFile.longestStart))
    if start.starts(with: [0x80]) {
      self = try Self.legacy(file)
    } else if let foreign = ForeignFile.recognize(start) {
      throw foreign.failure(file.path)
    } else {
      self = try Self.zip(file)
    }
  }

  private init(
    _ value: PickleValue, _ interpreter: PickleInterpreter, _ storages: [String: Range<Int>]
  ) {
    self.value = value
    containers = interpreter.containers
    self.storages = storages
  }

  // MARK: The format since August 2020

  private static func zip(_ file: InputFile) throws(FileFailure) -> TorchContainer {
    let archive = try ZipArchive(file)
    if let foreign = ForeignFile.recognize(members: archive.names) {
      throw foreign.failure(file.path)
    }
    let members = try archive.places()
    let suffix = "/data.pkl"
    let pickles = members.keys.filter { $0.hasSuffix(suffix) }
    guard pickles.count == 1, let name = pickles.first, let place = members[name] else {
      throw TorchFile.invalid(file, "expected one data.pkl in it, found \(pickles.count)")
    }
    guard place.count <= largestPickle else {
      throw TorchFile.invalid(file, "its pickle has \(place.count) bytes, far too many")
    }
    let folder = String(name.dropLast(suffix.count))
    if let order = members[folder + "/byteorder"] {
      guard try file.bytes(in: order.prefix(8)) == Array("little".utf8) else {
        throw TorchFile.invalid(file, "its numbers are not little-endian")
      }
    }
    let pickle = try file.bytes(in: place)
    var interpreter = PickleInterpreter(pickle)
    let value = try run(&interpreter, pickle, file)
    let data = folder + "/data/"
    let storages = members.filter { $0.key.hasPrefix(data) }.map {
      (String($0.key.dropFirst(data.count)), $0.value)
    }
    return TorchContainer(value, interpreter, Dictionary(uniqueKeysWithValues: storages))
  }

  // MARK: The format of before

  /// The number with which files began, little-endian: 0x1950a86a20f9469cfc6c.
  private static let magicNumber: [UInt8] = [
    0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
  ]

  /// Five pickles (magic number, version, system, value, keys), then the storages in the order of
  /// the keys: a count of elements in eight bytes, and the elements.
  private static func legacy(_ file: InputFile) throws(FileFailure) -> TorchContainer {
    let bytes = try file.bytes(in: 0..<min(file.size, largestPickle))
    var interpreter = PickleInterpreter(bytes)
    let isMagic: Bool
    do throws(PickleInterpreter.Problem) {
      _ = try interpreter.run()
      isMagic = bytes[..<interpreter.position].dropLast().suffix(10).elementsEqual(magicNumber)
    } catch {
      throw ForeignFile.pickle.failure(file.path, because: error.clause)
    }
    guard isMagic else { throw ForeignFile.pickle.failure(file.path) }

    interpreter = PickleInterpreter(bytes, at: interpreter.position)
    guard case .integer(1001) = try run(&interpreter, bytes, file) else {
      throw TorchFile.invalid(file, "its protocol is unknown, expected 1001")
    }
    interpreter = PickleInterpreter(bytes, at: interpreter.position)
    guard case .dictionary(let index) = try run(&interpreter, bytes, file) else {
      throw TorchFile.invalid(file, "it does not say on which system it was written")
    }
    let system = StateDictionary.pairs(interpreter.containers[index])
    if case .boolean(false)? = system.last(where: { $0.name == "little_endian" })?.value {
      throw TorchFile.invalid(file, "its numbers are not little-endian")
    }
    var saved = PickleInterpreter(bytes, at: interpreter.position)
    let value = try run(&saved, bytes, file)
    var listing = PickleInterpreter(bytes, at: saved.position)
    guard case .list(let keys) = try run(&listing, bytes, file) else {
      throw TorchFile.invalid(file, "it does not list its storages")
    }
    let storages = try storages(
      listing.containers[keys], from: listing.position, named: saved.storages, file)
    return TorchContainer(value, saved, storages)
  }

  private static func storages(
    _ keys: [PickleValue], from start: Int, named: [String: TorchStorage], _ file: InputFile
  ) throws(FileFailure) -> [String: Range<Int>] {
    var storages: [String: Range<Int>] = [:]
    var position = start
    for key in keys {
      guard case .text(let key) = key, let storage = named[key], storages[key] == nil else {
        throw TorchFile.invalid(file, "it lists a storage that its tensors do not name")
      }
      let first = position + 8
      guard first <= file.size, storage.byteCount <= file.size - first else {
        throw TorchFile.invalid(
          file, "the data \(quoted(key)) should have \(storage.byteCount) bytes, but it ends early")
      }
      let count = try file.bytes(in: position..<first).number(at: 0, size: 8)
      guard count == UInt64(storage.elements.count) else {
        throw TorchFile.invalid(
          file,
          "the data \(quoted(key)) have \(count) elements, expected \(storage.elements.count)")
      }
      position = first + storage.byteCount
      storages[key] = first..<position
    }
    return storages
  }

  private static func run(
    _ interpreter: inout PickleInterpreter, _ pickle: [UInt8], _ file: InputFile
  ) throws(FileFailure) -> PickleValue {
    do throws(PickleInterpreter.Problem) {
      return try interpreter.run()
    } catch {
      guard let name = error.name, ForeignFile.isModule(pickle, name) else {
        throw TorchFile.invalid(file, error.clause)
      }
      throw ForeignFile.module.failure(file.path, because: error.clause)
    }
  }
}
