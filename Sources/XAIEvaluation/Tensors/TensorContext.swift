import XAIAttribution
import XAIFiles
import XAIMetrics
import XAITensor

/// What goes into the raw form, checked; and what several tensors need, computed once.
final class TensorContext {
  let network: JudgedNetwork
  let images: [Tensor]
  let targets: [Int]
  let draws: EvaluationDraws
  let given: GivenTensors
  /// The names of the maps.
  let names: [String]
  /// One row for each map, one column for each image.
  let maps: [[JudgedMap]]
  /// Tie ranks of each image.
  let ties: [[Int]]
  let code: PixelCode?
  private var removals: [String: RemovalEvaluator] = [:]
  private var known: [String: Any] = [:]

  var count: Int { images.count }
  var height: Int { network.input[1] }
  var width: Int { network.input[2] }
  var pixels: Int { height * width }

  init(
    _ input: EvaluationTensors.Input, _ network: JudgedNetwork
  ) throws(EvaluationFailure) {
    let (all, shape) = (input.images, network.input)
    guard all.shape.count == 4, Array(all.shape.dropFirst()) == shape, all.rows > 0 else {
      throw EvaluationFailure(.shape(all.shape, expected: "[N] + \(shape)"), of: "images")
    }
    guard all.isFinite else { throw EvaluationFailure(.notFinite, of: "images") }
    guard input.targets.count == all.rows else {
      throw EvaluationFailure(
        .shape([input.targets.count], expected: "[\(all.rows)], one for each image"), of: "targets")
    }
    for target in input.targets where !(0..<network.classes ~= target) {
      throw EvaluationFailure(.outside(target, of: network.classes), of: "targets")
    }
    self.network = network
    images = (0..<all.rows).map { all.row($0).reshaped(to: shape) }
    (targets, draws) = (input.targets, input.draws)
    let given = GivenTensors(input.given, input.parameters)
    self.given = given
    let count = all.rows
    let (height, width) = (shape[1], shape[2])
    ties = try Self.ties(given, input.draws, count, height, width)
    (maps, names) = try Self.maps(given, ties, count, height, width)
    if let code = input.code { self.code = code } else { code = try Self.lattice(given, all) }
  }

  private static func ties(
    _ given: GivenTensors, _ draws: EvaluationDraws, _ count: Int, _ height: Int, _ width: Int
  ) throws(EvaluationFailure) -> [[Int]] {
    guard given.has("ties") else {
      return (0..<count).map { draws.ties(pixels: height * width, image: $0) }
    }
    let ranks = try given.integers("ties", [count, height, width]).rows(count)
    for ranks in ranks where !Permutation.isOne(ranks) {
      throw EvaluationFailure(.noPermutation(of: height * width), of: "ties")
    }
    return ranks
  }

  private static func maps(
    _ given: GivenTensors, _ ties: [[Int]], _ count: Int, _ height: Int, _ width: Int
  ) throws(EvaluationFailure) -> ([[JudgedMap]], [String]) {
    guard given.has("maps") else { return ([], []) }
    let values = try given.maps("maps", leading: [nil, count], height: height, width: width)
    let number = values.shape[0]
    let names = try given.texts("maps", "names") ?? (0..<number).map { "\($0)" }
    guard names.count == number, Set(names).count == number else {
      throw EvaluationFailure(
        .shape([names.count], expected: "[\(number)], all different"), of: "names of maps")
    }
    let rows = values.rows(number * count)
    let maps = (0..<number).map { map in
      (0..<count).map { image in
        JudgedMap(
          RelevanceMap(height: height, width: width, values: rows[map * count + image]),
          ties: ties[image])
      }
    }
    return (maps, names)
  }

  private static func lattice(
    _ given: GivenTensors, _ images: Tensor
  ) throws(EvaluationFailure) -> PixelCode? {
    guard given.has("inputs/baseline.black") else { return nil }
    let shape = Array(images.shape.dropFirst())
    let black = try given.tensor("inputs/baseline.black", [nil] + shape)
    return PixelCode(latticeOf: images, black: black.row(0).reshaped(to: shape))
  }

  /// Why a tensor cannot be had, where that is not a fault of what is given.
  func obstacle(to name: String) -> String? {
    guard name.hasPrefix("pic."), code == nil else { return nil }
    return "how pixels were normalized is not known, and the images do not lie on 256 levels above "
      + "inputs/baseline.black"
  }

  /// The index of a map.
  func map(named name: String, for tensor: String) throws(EvaluationFailure) -> Int {
    guard let index = names.firstIndex(of: name) else {
      throw EvaluationFailure(.unknown(name, among: names), of: tensor)
    }
    return index
  }

  /// The maps that a tensor is about: those that its parameters name, or all.
  func maps(of tensor: String) throws(EvaluationFailure) -> [Int] {
    guard let chosen = try given.texts(tensor, "maps") else { return Array(maps.indices) }
    var indices: [Int] = []
    for name in chosen { indices.append(try map(named: name, for: tensor)) }
    return indices
  }

  /// The removals of an image against a baseline.
  func removal(_ baseline: String, _ image: Int) throws(EvaluationFailure) -> RemovalEvaluator {
    let key = "\(image)/\(baseline)"
    if let known = removals[key] { return known }
    let name = "inputs/baseline.\(baseline)"
    let tensor = try given.tensor(name, [nil] + network.input)
    guard tensor.rows == count || tensor.rows == 1 else {
      throw EvaluationFailure(
        .shape(tensor.shape, expected: "[\(count)] + \(network.input)"), of: name)
    }
    let row = tensor.row(tensor.rows == 1 ? 0 : image).reshaped(to: network.input)
    let removal = try RemovalEvaluator(
      network, image: images[image], baseline: row, target: targets[image])
    removals[key] = removal
    return removal
  }

  /// Something that several tensors need, made at the first call.
  func shared<Value>(_ key: String, _ make: () throws -> Value) throws -> Value {
    if let value = known[key] as? Value { return value }
    let value = try make()
    known[key] = value
    return value
  }

  /// Numbers of every map and image, `[maps, N] + shape`.
  func perMap(
    _ shape: [Int] = [], of maps: [Int]? = nil, _ body: (Int, Int) throws -> [Double?]
  ) throws -> TensorData {
    let chosen = maps ?? Array(self.maps.indices)
    var values: [Double?] = []
    for map in chosen { for image in images.indices { values += try body(map, image) } }
    return .reals([chosen.count, count] + shape, values)
  }
}

extension TensorData {
  /// Real numbers in 64 bits; what is undefined is NaN.
  static func reals(_ shape: [Int], _ values: [Double?]) -> TensorData {
    .float64(shape: shape, values.map { $0 ?? .nan })
  }

  /// Whole numbers.
  static func wholes(_ shape: [Int], _ values: [Int]) -> TensorData {
    .int64(shape: shape, values.map(Int64.init))
  }
}
