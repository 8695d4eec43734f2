import XAITensor

/// Reads the pickle of a state_dict without running anything.
///
/// A pickle is a program that may call any function of Python. This interpreter knows the
/// instructions that data need, of protocols 0 to 5, and a list of allowed names
/// (``PickleGlobal``); everything else is refused. Instructions: `pickletools` of the Python
/// standard library.
struct PickleInterpreter {
  /// What is wrong, as a clause.
  struct Problem: Error {
    let clause: String
    /// The name that is not allowed, where that is what is wrong.
    var name: String?

    static var ending: Problem { Problem(clause: "its pickle ends early") }
    static var underflow: Problem { Problem(clause: "its pickle takes more than it gave") }
  }

  /// The elements of tuples, lists and dictionaries.
  private(set) var containers: [[PickleValue]] = []

  /// The storages that it names.
  private(set) var storages: [String: TorchStorage] = [:]

  private var bytes: PickleBytes
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  /// Shapes by the number of their tuple: a pickle may use one for a million tensors.
  private var shapes: [Int: [Int]] = [:]
  /// So many elements may still be copied from one container to another.
  private var copies: Int

  /// Where the pickle ends, once it has run.
  var position: Int { bytes.position }

  init(_ bytes: [UInt8], at position: Int = 0) {
    self.bytes = PickleBytes(bytes, at: position)
    copies = bytes.count
  }

  /// Runs to the end.
  /// - Returns: The value that was pickled.
  /// - Throws: What is forbidden or broken.
  mutating func run() throws(Problem) -> PickleValue {
    while true {
      let instruction = UInt8(try bytes.number(1))
      if instruction == UInt8(ascii: ".") { return try pop() }
      if try pushed(instruction) { continue }
      if try gathered(instruction) { continue }
      try execute(instruction)
    }
  }

  /// Executes an instruction that pushes a value that stands beside it.
  private mutating func pushed(_ instruction: UInt8) throws(Problem) -> Bool {
    switch Unicode.Scalar(instruction) {
    case "N": stack.append(.none)
    case "\u{88}": stack.append(.boolean(true))
    case "\u{89}": stack.append(.boolean(false))
    case "K": stack.append(.integer(try bytes.number(1)))
    case "M": stack.append(.integer(try bytes.number(2)))
    case "J": stack.append(.integer(Int(Int32(truncatingIfNeeded: try bytes.number(4)))))
    case "\u{8A}":
      stack.append(try bytes.long(try bytes.number(1)).map(PickleValue.integer) ?? .opaque)
    case "\u{8B}":
      stack.append(try bytes.long(try bytes.number(4)).map(PickleValue.integer) ?? .opaque)
    case "I", "L": stack.append(try bytes.integerLine())
    case "G": stack.append(.real(try bytes.real()))
    case "F": stack.append(try bytes.realLine())
    case "X": stack.append(.text(try bytes.text(try bytes.number(4))))
    case "\u{8C}": stack.append(.text(try bytes.text(try bytes.number(1))))
    case "\u{8D}": stack.append(.text(try bytes.text(try bytes.number(8))))
    case "V": stack.append(try bytes.unicodeLine())
    case "T": stack.append(try bytes.byteText(try bytes.number(4)))
    case "U": stack.append(try bytes.byteText(try bytes.number(1)))
    case "S": stack.append(try bytes.quotedLine())
    case "C": try skip(try bytes.number(1))
    case "B": try skip(try bytes.number(4))
    case "\u{8E}", "\u{96}": try skip(try bytes.number(8))
    default: return false
    }
    return true
  }

  /// Executes an instruction that makes or fills a container.
  private mutating func gathered(_ instruction: UInt8) throws(Problem) -> Bool {
    switch Unicode.Scalar(instruction) {
    case "(": marks.append(stack.count)
    case ")": stack.append(.tuple(store([])))
    case "]": stack.append(.list(store([])))
    case "}": stack.append(.dictionary(store([])))
    case "\u{85}": stack.append(.tuple(store(try pop(1))))
    case "\u{86}": stack.append(.tuple(store(try pop(2))))
    case "\u{87}": stack.append(.tuple(store(try pop(3))))
    case "t": stack.append(.tuple(store(try popToMark())))
    case "l": stack.append(.list(store(try popToMark())))
    case "d":
      let elements = try popToMark()
      stack.append(.dictionary(store([])))
      try extend(with: elements, pairs: true)
    case "\u{8F}": stack.append(.opaque)
    case "\u{91}":
      _ = try popToMark()
      stack.append(.opaque)
    case "a": try extend(with: try pop(1), pairs: false)
    case "e", "\u{90}": try extend(with: try popToMark(), pairs: false)
    case "s": try extend(with: try pop(2), pairs: true)
    case "u": try extend(with: try popToMark(), pairs: true)
    default: return false
    }
    return true
  }

  private mutating func execute(_ instruction: UInt8) throws(Problem) {
    switch Unicode.Scalar(instruction) {
    case "\u{80}": _ = try bytes.take(1)  // PROTO
    case "\u{95}": _ = try bytes.take(8)  // FRAME
    case "c": stack.append(.global(try global(try bytes.line(), try bytes.line())))
    case "\u{93}":
      let name = try popText()
      stack.append(.global(try global(try popText(), name)))
    case "0": _ = stack.count == marks.last ? try popToMark() : try pop(1)
    case "1": _ = try popToMark()
    case "2": stack.append(try top())
    case "p": memo[try bytes.numberLine()] = try top()
    case "q": memo[try bytes.number(1)] = try top()
    case "r": memo[try bytes.number(4)] = try top()
    case "\u{94}": memo[memo.count] = try top()
    case "g": stack.append(try recall(try bytes.numberLine()))
    case "h": stack.append(try recall(try bytes.number(1)))
    case "j": stack.append(try recall(try bytes.number(4)))
    case "Q": stack.append(.storage(try storage(try pop())))
    case "R": try reduce()
    case "\u{81}": try make(arguments: 1)
    case "\u{92}": try make(arguments: 2)
    case "i":
      let name = try global(try bytes.line(), try bytes.line())
      try make(name, from: try popToMark())
    case "o":
      let elements = try popToMark()
      guard case .global(let name)? = elements.first else { throw Problem.underflow }
      try make(name, from: elements)
    case "b": try build()
    default:
      throw Problem(
        clause: "its pickle has the instruction 0x\(String(instruction, radix: 16)) at byte"
          + " \(bytes.position - 1), which no state_dict needs")
    }
  }
}

// MARK: - Objects

extension PickleInterpreter {
  private func global(_ module: String, _ name: String) throws(Problem) -> PickleGlobal {
    guard let global = PickleGlobal(module: module, name: name) else {
      let name = module + "." + name
      throw Problem(
        clause: "its pickle asks for \(quoted(name)), which is not allowed and was not run",
        name: name)
    }
    return global
  }

  /// Does what one of the allowed functions would.
  private mutating func reduce() throws(Problem) {
    guard case .tuple(let index) = try pop(), case .global(let function) = try pop() else {
      throw Problem(clause: "its pickle calls something that is no function")
    }
    stack.append(try call(function, containers[index]))
  }

  private mutating func call(
    _ function: PickleGlobal, _ arguments: [PickleValue]
  ) throws(Problem) -> PickleValue {
    switch (function, arguments.count) {
    case (.orderedDictionary, 0): return .dictionary(store([]))
    // Python 2 gives the pairs as a list of lists.
    case (.orderedDictionary, 1): return .dictionary(store(try pairs(arguments[0])))
    case (.defaultDictionary, 0...1): return .dictionary(store([]))
    case (.size, 1): if case .tuple = arguments[0] { return arguments[0] }
    case (.rebuildTensor, 4...7): return .tensor(try tensor(arguments))
    case (.rebuildTypedTensor, 7...8):
      if case .global(.type(let type)) = arguments[6] {
        return .tensor(try tensor(arguments, of: type))
      }
    case (.rebuildParameter, 3...4): if case .tensor = arguments[0] { return arguments[0] }
    case (.rebuildFromType, 4):
      if case .global(let inner) = arguments[0], inner != .rebuildFromType,
        case .tuple(let index) = arguments[2]
      {
        return try call(inner, containers[index])
      }
    case (.opaque, _): return .opaque
    default: break
    }
    throw Problem(clause: "its pickle calls a function with arguments that no state_dict has")
  }

  /// Makes an object of the class and the tuples of arguments on the stack.
  private mutating func make(arguments count: Int) throws(Problem) {
    let elements = try pop(1 + count)
    guard case .global(let name) = elements[0] else {
      throw Problem(clause: "its pickle makes an object of something that is no class")
    }
    if case .tuple(let index) = elements[1], name != .opaque {
      stack.append(try call(name, containers[index]))
    } else {
      try make(name, from: elements)
    }
  }

  private mutating func make(
    _ name: PickleGlobal, from elements: [PickleValue]
  ) throws(Problem) {
    guard name == .opaque else {
      throw Problem(clause: "its pickle makes an object in a way that no state_dict needs")
    }
    stack.append(.opaque)
  }

  /// Passes over the attributes that hang on a dictionary (`_metadata`) or an opaque value.
  private mutating func build() throws(Problem) {
    _ = try pop()
    switch try top() {
    case .dictionary, .opaque: break
    default:
      throw Problem(clause: "its pickle sets the state of something that is no dictionary")
    }
  }

  /// What a persistent id names: `("storage", type, key, device, count)`, and before the zip format
  /// what it is a view of.
  private mutating func storage(_ id: PickleValue) throws(Problem) -> TorchStorage {
    if case .tuple(let index) = id, 5...6 ~= containers[index].count,
      case .text("storage") = containers[index][0],
      case .global(.storage(let type)) = containers[index][1],
      case .text(let key) = containers[index][2],
      case .integer(let count) = containers[index][4],
      let storage = TorchStorage(key: key, type: type, count: count)
    {
      let known = storages.updateValue(storage, forKey: key) ?? storage
      guard known.type == type, known.byteCount == storage.byteCount else {
        throw Problem(clause: "its pickle names the storage \(quoted(key)) in two ways")
      }
      guard containers[index].count == 6 else { return storage }
      switch containers[index][5] {
      case .none: return storage
      case .tuple(let view) where containers[view].count == 3:
        if case .integer(let offset) = containers[view][1],
          case .integer(let count) = containers[view][2],
          let view = storage.view(offset: offset, count: count)
        {
          return view
        }
      default: break
      }
    }
    throw Problem(clause: "its pickle names a storage in an unknown way")
  }

  private mutating func tensor(
    _ arguments: [PickleValue], of type: StoredType? = nil
  ) throws(Problem) -> TorchTensor {
    guard case .storage(let whole) = arguments[0], case .integer(let offset) = arguments[1],
      let shape = integers(arguments[2]), let strides = integers(arguments[3]),
      let tensor = TorchTensor(
        storage: type.map(whole.retyped) ?? whole, offset: offset, shape: shape, strides: strides)
    else { throw Problem(clause: "a tensor's shape or strides leave its storage") }
    return tensor
  }

  private mutating func integers(_ value: PickleValue) -> [Int]? {
    guard case .tuple(let index) = value, containers[index].count <= TorchTensor.mostAxes else {
      return nil
    }
    if let known = shapes[index] { return known }
    let integers = containers[index].compactMap { element in
      if case .integer(let integer) = element { integer } else { nil }
    }
    guard integers.count == containers[index].count else { return nil }
    shapes[index] = integers
    return integers
  }

  /// Keys and values in turn, of a list of pairs.
  private mutating func pairs(_ value: PickleValue) throws(Problem) -> [PickleValue] {
    guard case .list(let index) = value else {
      throw Problem(clause: "its pickle makes a dictionary of something that is no list")
    }
    // One list could otherwise become a dictionary again and again.
    copies -= containers[index].count
    guard copies >= 0 else {
      throw Problem(clause: "its pickle makes more dictionaries than it has room for")
    }
    var elements: [PickleValue] = []
    for pair in containers[index] {
      switch pair {
      case .list(let pair) where containers[pair].count == 2,
        .tuple(let pair) where containers[pair].count == 2:
        elements += containers[pair]
      default: throw Problem(clause: "its pickle makes a dictionary of something that is no pair")
      }
    }
    return elements
  }
}

// MARK: - Stack

extension PickleInterpreter {
  private mutating func skip(_ count: Int) throws(Problem) {
    _ = try bytes.take(count)
    stack.append(.opaque)
  }

  private mutating func store(_ elements: [PickleValue]) -> Int {
    containers.append(elements)
    return containers.count - 1
  }

  private func top() throws(Problem) -> PickleValue {
    guard let value = stack.last, stack.count > marks.last ?? 0 else { throw Problem.underflow }
    return value
  }

  private mutating func pop() throws(Problem) -> PickleValue {
    let value = try top()
    stack.removeLast()
    return value
  }

  private mutating func pop(_ count: Int) throws(Problem) -> [PickleValue] {
    guard stack.count - (marks.last ?? 0) >= count else { throw Problem.underflow }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws(Problem) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw Problem.underflow }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  private mutating func popText() throws(Problem) -> String {
    guard case .text(let text) = try pop() else {
      throw Problem(clause: "its pickle looks up a name that is no text")
    }
    return text
  }

  private mutating func extend(with elements: [PickleValue], pairs: Bool) throws(Problem) {
    switch try top() {
    case .list(let index) where !pairs: containers[index] += elements
    case .dictionary(let index) where pairs && elements.count % 2 == 0:
      containers[index] += elements
    case .opaque: break
    default: throw Problem(clause: "its pickle adds elements to something that takes none")
    }
  }

  private func recall(_ index: Int) throws(Problem) -> PickleValue {
    guard let value = memo[index] else {
      throw Problem(clause: "its pickle recalls a value that it never kept")
    }
    return value
  }
}
