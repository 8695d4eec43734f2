import XAIFiles
import XAITensor

/// Which tensor of a file is which parameter of a network.
///
/// Files of other programs name tensors in their own way. Three ways are understood: the names of this
/// toolkit; the same behind a prefix that all tensors share (`module.`, `model.`, `_orig_mod.`); and the
/// names of a sequence of layers (`features.0.weight`, `classifier.6.bias`, timm's `pre_logits.fc1.weight`
/// and `head.fc.weight`), which are mapped by their order and must then agree in kind and shape one by one.
struct TensorNames {
  /// The file's tensor of each parameter.
  private(set) var tensors: [String: String] = [:]
  /// What all names begin with, and was dropped.
  private(set) var prefix = ""
  /// The layers of the file in the order in which they became nodes, where names had to be mapped.
  private(set) var mapped: [(layer: String, node: String)] = []

  private typealias Entry = TensorArchive.Entry

  /// Finds the parameters of a network.
  /// - Parameters:
  ///   - network: The network.
  ///   - entries: The tensors of a file that may be parameters.
  ///   - source: The file's name in messages.
  /// - Throws: `NetworkFailure` where they are not those of the network.
  init(_ network: Network, in entries: [TensorArchive.Entry], source: String)
    throws(NetworkFailure)
  {
    let wanted = network.parameterShapes
    var best = Candidate(prefix: "", found: -1)
    let prefixes = Self.sharedPrefixes(of: entries)
    func stripped(_ prefix: String) -> [String: Entry] {
      Dictionary(
        entries.map { (String($0.name.dropFirst(prefix.count)), $0) },
        uniquingKeysWith: { first, _ in first })
    }
    for prefix in prefixes {
      let names = stripped(prefix)
      let found = wanted.count { names[$0.name] != nil }
      if found == wanted.count {
        self.prefix = prefix
        for (name, _) in wanted { tensors[name] = names[name]?.name }
        return
      }
      if found > best.found { best = Candidate(prefix: prefix, found: found) }
    }
    if best.found == 0 {
      // What all names begin with says nothing about the order of layers.
      for prefix in prefixes.reversed() {
        guard let map = LayerSequence(stripped(prefix))?.map(to: network) else { continue }
        self.prefix = prefix
        for (name, entry) in map.tensors { tensors[name] = entry.name }
        mapped = map.layers
        return
      }
    }
    throw Self.missing(wanted.map(\.name), in: entries, best, source)
  }

  /// Refuses dense layers that would slide: timm writes them as convolutions over all positions, which slide
  /// over larger maps, and averages what comes out; that is another function than pooling these maps first.
  /// - Parameters:
  ///   - network: The network.
  ///   - archive: The file.
  /// - Throws: `NetworkFailure` where the network's maps are larger than such a convolution.
  func requireNoSliding(
    _ network: Network, in archive: TensorArchive
  ) throws(NetworkFailure) {
    guard let pool = network.nodes.first(where: { $0.operation == .adaptiveAveragePool }) else {
      return
    }
    let isConvolution = network.parameterShapes.contains { name, shape in
      guard shape.count == 2, let stored = tensors[name].flatMap(archive.entry)?.shape else {
        return false
      }
      return stored.count == 4 && stored.dropFirst(2) == pool.outputShape.dropFirst()
    }
    let isLarger = zip(pool.inputShape, pool.outputShape).contains { $0 > $1 }
    guard isConvolution, isLarger else { return }
    throw NetworkFailure(
      "\(archive.path): its first dense layer is a convolution of \(pool.outputShape[1]) x "
        + "\(pool.outputShape[2]) (timm), which slides over maps of \(pool.inputShape[1]) x "
        + "\(pool.inputShape[2]) and averages; that is not computed here: use images of a size whose maps "
        + "are no larger")
  }

  private struct Candidate {
    let prefix: String
    let found: Int
  }

  /// Wrappers put one part before all names each; nobody wraps a network so often.
  private static let mostPrefixes = 8

  /// What names may begin with: nothing, the first part of all names, the first two, and so on.
  private static func sharedPrefixes(of entries: [Entry]) -> [String] {
    var prefixes = [""]
    while prefixes.count <= mostPrefixes, let last = prefixes.last, let first = entries.first,
      let end = first.name.dropFirst(last.count).firstIndex(of: ".")
    {
      let next = String(first.name[...end])
      guard entries.allSatisfy({ $0.name.hasPrefix(next) }) else { break }
      prefixes.append(next)
    }
    return prefixes
  }

  private static func missing(
    _ wanted: [String], in entries: [Entry], _ best: Candidate, _ source: String
  ) -> NetworkFailure {
    let names = entries.map { String($0.name.dropFirst(best.prefix.count)) }
    let present = Set(names)
    let absent = wanted.filter { !present.contains($0) }
    let first = absent.first ?? ""
    var sentence =
      "\(source): tensor \(first) is missing; the checkpoint is of another architecture"
    let others = names.filter { !wanted.contains($0) }
    guard !others.isEmpty else {
      return NetworkFailure(
        sentence + (names.isEmpty ? ", or holds no parameters" : ""))
    }
    for part in Set(names.compactMap { $0.split(separator: ".").first }).sorted() {
      let own = names.filter { $0.hasPrefix("\(part).") }
      guard Set(own.map { String($0.dropFirst(part.count + 1)) }).isSuperset(of: wanted) else {
        continue
      }
      let rest = names.first { !$0.hasPrefix("\(part).") } ?? ""
      return NetworkFailure(
        .leftovers, .init(path: source, tensor: rest),
        "\(source): all tensors of the architecture are there behind '\(part).', beside others such as "
          + "\(quoted(rest)): pass over these")
    }
    let close = Spelling.closest(to: first, in: others, limit: 1)
    sentence += ", or names its tensors otherwise: it holds "
    sentence += others.prefix(3).map { quoted($0, longest: 80) }.joined(separator: ", ")
    if others.count > 3 { sentence += " and \(others.count - 3) more that it does not use" }
    if let close = close.first { sentence += "; nearest to \(first) is \(quoted(close))" }
    return NetworkFailure(sentence)
  }
}

/// The layers of a file whose names number them: `features.0`, `features.1`, `classifier.0`, ...
private struct LayerSequence {
  /// What a layer's tensors say about it.
  private enum Kind { case convolution, dense, batchNorm }

  private struct Layer {
    let name: String
    var tensors: [String: TensorArchive.Entry] = [:]

    var kind: Kind? {
      guard let weight = tensors["weight"] else { return nil }
      if tensors["running_var"] != nil { return weight.shape.count == 1 ? .batchNorm : nil }
      switch weight.shape.count {
      case 4: return .convolution
      case 2: return .dense
      default: return nil
      }
    }
  }

  /// Parts of networks in the order in which signals pass them, as torchvision and timm name them.
  private static let parts = ["features", "pre_logits", "classifier", "head", "fc"]

  private let layers: [Layer]

  /// Orders layers; nil where names do not say their order.
  init?(_ entries: [String: TensorArchive.Entry]) {
    var layers: [String: Layer] = [:]
    for (name, entry) in entries {
      guard let dot = name.lastIndex(of: ".") else { return nil }
      let (layer, parameter) = (String(name[..<dot]), String(name[name.index(after: dot)...]))
      layers[layer, default: Layer(name: layer)].tensors[parameter] = entry
    }
    let places = layers.values.map { (place: Place($0.name), layer: $0) }
    guard let parts = Self.order(of: places.map { ($0.place.part, $0.layer.kind) }) else {
      return nil
    }
    let ranks = Dictionary(uniqueKeysWithValues: zip(parts, parts.indices))
    self.layers = places.sorted { left, right in
      let (one, other) = (ranks[left.place.part] ?? 0, ranks[right.place.part] ?? 0)
      return one == other
        ? left.place.numbers.lexicographicallyPrecedes(right.place.numbers) : one < other
    }.map(\.layer)
  }

  /// Where a layer stands: `features.10` is number 10 of `features`, `block2.0.1` number 0.1 of `block2`.
  private struct Place {
    /// Sequences within sequences, at most.
    private static let mostNumbers = 8

    var part = ""
    var numbers: [Int] = []

    init(_ layer: String) {
      let words = layer.split(separator: ".", omittingEmptySubsequences: false)
      var rest = words[...]
      while numbers.count < Self.mostNumbers, let last = rest.last {
        // timm numbers `pre_logits.fc1`, `pre_logits.fc2` and has one `head.fc`.
        let isNamed = rest.count == 2 && last.hasPrefix("fc")
        let digits = isNamed ? last.dropFirst(2) : last
        guard let number = isNamed && digits.isEmpty ? 0 : Int(digits), number >= 0 else { break }
        numbers.insert(number, at: 0)
        rest.removeLast()
      }
      part = rest.joined(separator: ".")
    }
  }

  /// The parts of a network in the order of signals; nil where nothing tells.
  private static func order(of layers: [(part: String, kind: Kind?)]) -> [String]? {
    let names = Set(layers.map(\.part))
    if names.isSubset(of: parts) { return parts.filter(names.contains) }
    // Convolutions come before dense layers; more than one part of either must be numbered.
    let spatial = Set(layers.filter { $0.kind == .convolution }.map(\.part))
    guard let first = numbered(spatial), let second = numbered(names.subtracting(spatial)) else {
      return nil
    }
    return first + second
  }

  /// Names that differ in a number at their end alone, by this number; or one name.
  private static func numbered(_ names: Set<String>) -> [String]? {
    guard names.count > 1 else { return Array(names) }
    let split = names.map { name -> (stem: Substring, number: Int?) in
      let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }.count
      return (name.dropLast(digits), Int(name.suffix(digits)))
    }
    guard Set(split.map(\.stem)).count == 1, split.allSatisfy({ $0.number != nil }) else {
      return nil
    }
    return zip(names, split).sorted { ($0.1.number ?? 0) < ($1.1.number ?? 0) }.map(\.0)
  }

  /// Each parameter's tensor, where layers and nodes agree one by one; else nil.
  func map(
    to network: Network
  ) -> (tensors: [(String, TensorArchive.Entry)], layers: [(layer: String, node: String)])? {
    let nodes = network.nodes.filter { !$0.parameterShapes.isEmpty }
    guard nodes.count == layers.count else { return nil }
    var tensors: [(String, TensorArchive.Entry)] = []
    var pairs: [(layer: String, node: String)] = []
    for (layer, node) in zip(layers, nodes) {
      guard Self.agree(layer.kind, node), layer.tensors.count == node.parameterShapes.count else {
        return nil
      }
      for (name, shape) in node.parameterShapes {
        let word = String(name.dropFirst(node.name.count + 1))
        guard let entry = layer.tensors[word], entry.shape.fits(shape) else { return nil }
        tensors.append((name, entry))
      }
      pairs.append((layer.name, node.name))
    }
    return (tensors, pairs)
  }

  private static func agree(_ kind: Kind?, _ node: Node) -> Bool {
    switch (kind, node.operation) {
    case (.convolution, .convolution), (.batchNorm, .batchNorm), (.dense, .dense): true
    // A convolution over all positions is a dense layer (timm).
    case (.convolution, .dense): true
    default: false
    }
  }
}

extension [Int] {
  /// Whether a tensor of this shape holds the weights of another shape: a dense layer may be written as a
  /// convolution over all positions, `[K, C, h, w]` for `[K, C h w]`.
  func fits(_ shape: [Int]) -> Bool {
    self == shape
      || shape.count == 2 && count == 4 && first == shape.first
        && dropFirst().reduce(1, { $0.multipliedReportingOverflow(by: $1).partialValue })
          == shape[1]
  }
}
