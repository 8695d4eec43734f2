import XAITensor

/// Reads the pickle of a state_dict without running anything.
///
/// A pickle is a program that may call any function of Python. This interpreter knows the
/// instructions that a state_dict needs and a list of allowed names (``PickleGlobal``); everything
/// else is refused. Instructions: `pickletools` of the Python standard library.
struct PickleInterpreter {
  /// What is wrong, as a clause.
  struct Problem: Error { let clause: String }

  /// The elements of tuples, lists and dictionaries.
  private(set) var containers: [[PickleValue]] = []

  private let bytes: [UInt8]
  private var position = 0
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Runs to the end.
  /// - Returns: The value that was pickled.
  /// - Throws: What is forbidden or broken.
  mutating func run() throws(Problem) -> PickleValue {
    while true {
      let instruction = UInt8(try number(1))
      if instruction == UInt8(ascii: ".") { return try pop() }
      try execute(instruction)
    }
  }

  private mutating func execute(_ instruction: UInt8) throws(Problem) {
    switch Unicode.Scalar(instruction) {
    case "\u{80}": _ = try take(1)  // PROTO
    case "\u{95}": _ = try take(8)  // FRAME
    case "N": stack.append(.none)
    case "\u{88}": stack.append(.boolean(true))
    case "\u{89}": stack.append(.boolean(false))
    case "K": stack.append(.integer(try number(1)))
    case "M": stack.append(.integer(try number(2)))
    case "J": stack.append(.integer(Int(Int32(truncatingIfNeeded: try number(4)))))
    case "\u{8A}": stack.append(.integer(try long(try number(1))))
    case "G": stack.append(.real(try real()))
    case "X": stack.append(.text(try text(try number(4))))
    case "\u{8C}": stack.append(.text(try text(try number(1))))
    case "c": stack.append(.global(try global(try line(), try line())))
    case "\u{93}":
      let name = try popText()
      stack.append(.global(try global(try popText(), name)))
    case "(": marks.append(stack.count)
    case ")": stack.append(.tuple(store([])))
    case "]": stack.append(.list(store([])))
    case "}": stack.append(.dictionary(store([])))
    case "\u{85}": stack.append(.tuple(store(try pop(1))))
    case "\u{86}": stack.append(.tuple(store(try pop(2))))
    case "\u{87}": stack.append(.tuple(store(try pop(3))))
    case "t": stack.append(.tuple(store(try popToMark())))
    case "a": try extend(with: try pop(1), pairs: false)
    case "e": try extend(with: try popToMark(), pairs: false)
    case "s": try extend(with: try pop(2), pairs: true)
    case "u": try extend(with: try popToMark(), pairs: true)
    case "q": memo[try number(1)] = try top()
    case "r": memo[try number(4)] = try top()
    case "\u{94}": memo[memo.count] = try top()
    case "h": stack.append(try recall(try number(1)))
    case "j": stack.append(try recall(try number(4)))
    case "Q": stack.append(.storage(try storage(try pop())))
    case "R": try reduce()
    case "b": try build()
    default:
      throw Problem(
        clause: "its pickle has the instruction 0x\(String(instruction, radix: 16)) at byte"
          + " \(position - 1), which no state_dict needs")
    }
  }

  // MARK: Objects

  private func global(_ module: String, _ name: String) throws(Problem) -> PickleGlobal {
    guard let global = PickleGlobal(module: module, name: name) else {
      throw Problem(
        clause: "its pickle asks for \(quoted(module + "." + name)), which is not allowed and was"
          + " not run")
    }
    return global
  }

  /// Calls one of the allowed functions.
  private mutating func reduce() throws(Problem) {
    guard case .tuple(let index) = try pop(), case .global(let function) = try pop() else {
      throw Problem(clause: "its pickle calls something that is no function")
    }
    let arguments = containers[index]
    switch (function, arguments.count) {
    case (.orderedDictionary, 0):
      stack.append(.dictionary(store([])))
    case (.rebuildTensor, 6...7):
      stack.append(.tensor(try tensor(arguments)))
    case (.rebuildParameter, 3) where isTensor(arguments[0]):
      stack.append(arguments[0])
    default:
      throw Problem(clause: "its pickle calls a function with arguments that no state_dict has")
    }
  }

  /// Passes over the attributes that PyTorch hangs on the dictionary (`_metadata`).
  private mutating func build() throws(Problem) {
    _ = try pop()
    guard case .dictionary = try top() else {
      throw Problem(clause: "its pickle sets the state of something that is no dictionary")
    }
  }

  /// What a persistent id names: `("storage", type, key, device, count)`.
  private func storage(_ id: PickleValue) throws(Problem) -> TorchStorage {
    if case .tuple(let index) = id, containers[index].count == 5,
      case .text("storage") = containers[index][0],
      case .global(.storage(let type)) = containers[index][1],
      case .text(let key) = containers[index][2],
      case .integer(let count) = containers[index][4], count >= 0
    {
      return TorchStorage(type: type, key: key, count: count)
    }
    throw Problem(clause: "its pickle names a storage in an unknown way")
  }

  private func tensor(_ arguments: [PickleValue]) throws(Problem) -> TorchTensor {
    guard case .storage(let storage) = arguments[0], case .integer(let offset) = arguments[1],
      let shape = integers(arguments[2]), let strides = integers(arguments[3]),
      let tensor = TorchTensor(storage: storage, offset: offset, shape: shape, strides: strides)
    else { throw Problem(clause: "a tensor's shape or strides leave its storage") }
    return tensor
  }

  private func isTensor(_ value: PickleValue) -> Bool {
    if case .tensor = value { true } else { false }
  }

  private func integers(_ value: PickleValue) -> [Int]? {
    guard case .tuple(let index) = value else { return nil }
    let integers = containers[index].compactMap { element in
      if case .integer(let integer) = element { integer } else { nil }
    }
    return integers.count == containers[index].count ? integers : nil
  }

  // MARK: Stack

  private mutating func store(_ elements: [PickleValue]) -> Int {
    containers.append(elements)
    return containers.count - 1
  }

  private func top() throws(Problem) -> PickleValue {
    guard let value = stack.last, stack.count > marks.last ?? 0 else { throw Self.underflow }
    return value
  }

  private mutating func pop() throws(Problem) -> PickleValue {
    let value = try top()
    stack.removeLast()
    return value
  }

  private mutating func pop(_ count: Int) throws(Problem) -> [PickleValue] {
    guard stack.count - (marks.last ?? 0) >= count else { throw Self.underflow }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws(Problem) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw Self.underflow }
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
    default: throw Problem(clause: "its pickle adds elements to something that takes none")
    }
  }

  private func recall(_ index: Int) throws(Problem) -> PickleValue {
    guard let value = memo[index] else {
      throw Problem(clause: "its pickle recalls a value that it never kept")
    }
    return value
  }

  private static var underflow: Problem { Problem(clause: "its pickle takes more than it gave") }

  // MARK: Bytes

  private mutating func take(_ count: Int) throws(Problem) -> ArraySlice<UInt8> {
    guard count <= bytes.count - position else { throw Problem(clause: "its pickle ends early") }
    defer { position += count }
    return bytes[position..<position + count]
  }

  private mutating func number(_ size: Int) throws(Problem) -> Int {
    Int(Array(try take(size)).number(at: 0, size: size))
  }

  /// A signed integer of `size` bytes.
  private mutating func long(_ size: Int) throws(Problem) -> Int {
    guard size <= 8 else { throw Problem(clause: "its pickle has an integer beyond 64 bits") }
    let bits = Array(try take(size)).number(at: 0, size: size)
    let unused = 64 - 8 * size
    return size == 0 ? 0 : Int(Int64(bitPattern: bits << unused) >> unused)
  }

  private mutating func real() throws(Problem) -> Double {
    Double(bitPattern: Array(try take(8).reversed()).number(at: 0, size: 8))
  }

  private mutating func text(_ size: Int) throws(Problem) -> String {
    guard let text = String(validating: try take(size), as: UTF8.self) else {
      throw Problem(clause: "its pickle has a text that is not UTF-8")
    }
    return text
  }

  private mutating func line() throws(Problem) -> String {
    guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else {
      throw Problem(clause: "its pickle ends early")
    }
    let line = try text(end - position)
    position = end + 1
    return line
  }
}
