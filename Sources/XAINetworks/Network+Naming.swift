import XAITensor

extension Network {
  /// The node whose weights make the logits, one row for each class.
  public var logits: Node? { nodes.last { !$0.parameterShapes.isEmpty } }

  /// The names of the parameters of some nodes.
  /// - Parameter names: Names of nodes.
  /// - Returns: Such as `conv1.weight`, running statistics included.
  public func parameterNames(of names: some Collection<String>) -> Set<String> {
    let names = Set(names)
    return Set(
      nodes.filter { names.contains($0.name) }.flatMap { $0.parameterShapes.map(\.name) })
  }

  /// The nodes with parameters that a list names.
  ///
  /// A word of the list is a node (`conv1`), all between two nodes (`conv1...conv4`, both included) or
  /// all whose names begin alike (`conv*`). The batch norm of a named layer goes with it.
  /// - Parameter list: Such as `conv1...conv4,fc1`.
  /// - Returns: Their names in the order of the network.
  /// - Throws: `NetworkFailure` of kind `usage` where a word names nothing that has parameters.
  public func parameterNodes(named list: String) throws(NetworkFailure) -> [String] {
    var named: Set<String> = []
    for word in list.split(separator: ",", omittingEmptySubsequences: false) {
      named.formUnion(try nodes(namedBy: word.trimmingSpaces))
    }
    for block in blocks where named.contains(block.linear.name) {
      if let norm = block.batchNorm { named.insert(norm.name) }
    }
    return nodes.filter { named.contains($0.name) && !$0.parameterShapes.isEmpty }.map(\.name)
  }

  private func nodes(namedBy word: String) throws(NetworkFailure) -> [String] {
    var found: [Node]
    if word.hasSuffix("*") {
      found = nodes.filter { $0.name.hasPrefix(word.dropLast()) }
    } else if let dots = word.firstRange(of: "...") {
      let ends = [
        try index(of: String(word[..<dots.lowerBound])),
        try index(of: String(word[dots.upperBound...])),
      ].sorted()
      found = Array(nodes[ends[0]...ends[1]])
    } else {
      found = [nodes[try index(of: word)]]
    }
    found.removeAll { $0.parameterShapes.isEmpty }
    guard !found.isEmpty else {
      throw NetworkFailure(kind: .usage, "\(quoted(word)) names nothing that has parameters")
    }
    return found.map(\.name)
  }

  private func index(of name: String) throws(NetworkFailure) -> Int {
    let name = name.trimmingSpaces
    if let index = nodes.firstIndex(where: { $0.name == name }) { return index }
    let names = nodes.filter { !$0.parameterShapes.isEmpty }.map(\.name)
    let close = Spelling.closest(to: name, in: names)
    throw NetworkFailure(
      kind: .usage,
      "the network has no node \(quoted(name)); "
        + (close.isEmpty
          ? "expected some of \(names.joined(separator: ", "))"
          : "did you mean \(close.joined(separator: " or "))?"))
  }
}
