import XAITensor

/// Finds the tensors of a network in what was saved.
///
/// Training programs save a dictionary of which the state dictionary is one value, and averaged
/// weights another.
struct StateDictionary {
  /// Why there is none.
  enum Problem: Error {
    /// What is wrong, as a clause.
    case broken(String)
    /// There are weights, but not those that were asked for; with the keys that there are.
    case notAveraged(String)
  }

  /// The tensors in their order.
  let tensors: [(name: String, tensor: TorchTensor)]
  /// The keys under which they were found, joined by points; nil where they are the whole content.
  let key: String?
  /// The keys of the weights of the other kind, where there are some.
  let otherKey: String?

  private typealias Found = (tensors: [(name: String, tensor: TorchTensor)], key: String?)

  private static let standardKeys = ["state_dict", "model_state_dict", "model", "net"]
  private static let averagedKeys = ["state_dict_ema", "model_ema", "ema", "ema_state_dict"]

  /// Looks for the weights that were asked for.
  /// - Parameters:
  ///   - value: What was saved.
  ///   - containers: The elements of its containers.
  ///   - weights: Which weights are wanted. The averaged ones are also taken for the standard ones
  ///     where there are no others.
  /// - Throws: Why there are none.
  init(
    _ value: PickleValue, _ containers: [[PickleValue]], _ weights: TensorArchive.Weights
  ) throws(Problem) {
    guard case .dictionary(let index) = value else {
      throw Problem.broken("it holds no dictionary of tensors")
    }
    let outer = Self.pairs(containers[index])
    let whole: Found = (Self.tensors(of: outer), nil)
    let averaged = Self.find(Self.averagedKeys, in: outer, containers)
    var standard = Self.find(Self.standardKeys, in: outer, containers)
    // Numbers alone are counters of a training and no network.
    if standard == nil, whole.tensors.contains(where: { !$0.tensor.shape.isEmpty }) {
      standard = whole
    }
    let chosen: Found
    switch weights {
    case .standard:
      guard let found = standard ?? averaged ?? (whole.tensors.isEmpty ? nil : whole) else {
        throw Problem.broken("it holds no tensors\(Self.listing(outer))")
      }
      chosen = found
      otherKey = standard == nil ? nil : averaged?.key
    case .ema:
      guard let averaged else {
        throw Problem.notAveraged(
          "no averaged weights (\(Self.averagedKeys.joined(separator: ", ")))\(Self.listing(outer))"
        )
      }
      chosen = averaged
      otherKey = standard?.key
    }
    (tensors, key) = (chosen.tensors, chosen.key)
  }

  /// The first of some keys whose dictionary, or one within it, holds tensors.
  private static func find(
    _ keys: [String], in outer: [(name: String, value: PickleValue)], _ containers: [[PickleValue]]
  ) -> Found? {
    for key in keys {
      guard case .dictionary(let index)? = outer.last(where: { $0.name == key })?.value else {
        continue
      }
      let inner = pairs(containers[index])
      let direct = tensors(of: inner)
      if !direct.isEmpty { return (direct, key) }
      for innerKey in standardKeys {
        if case .dictionary(let index)? = inner.last(where: { $0.name == innerKey })?.value {
          let nested = tensors(of: pairs(containers[index]))
          if !nested.isEmpty { return (nested, "\(key).\(innerKey)") }
        }
      }
    }
    return nil
  }

  /// The pairs of a dictionary whose keys are texts.
  static func pairs(_ elements: [PickleValue]) -> [(name: String, value: PickleValue)] {
    stride(from: 0, to: elements.count, by: 2).compactMap { position in
      if case .text(let name) = elements[position] { (name, elements[position + 1]) } else { nil }
    }
  }

  private static func tensors(
    of pairs: [(name: String, value: PickleValue)]
  ) -> [(name: String, tensor: TorchTensor)] {
    var tensors: [(name: String, tensor: TorchTensor)] = []
    var places: [String: Int] = [:]
    for (name, value) in pairs {
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

  private static func listing(_ pairs: [(name: String, value: PickleValue)]) -> String {
    let names = pairs.prefix(8).map { quoted($0.name) }.joined(separator: ", ")
    return pairs.isEmpty ? "" : "; its keys are \(names)\(pairs.count > 8 ? ", ..." : "")"
  }
}
