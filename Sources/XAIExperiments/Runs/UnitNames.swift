import XAIAttribution

/// What the names of maps are made of, each part made once.
final class UnitNames {
  private var methods: [[Int]: UnitMethod] = [:]
  private var baselines: [String: String] = [:]

  /// A method of a network.
  func method(
    _ method: Int, on network: Int, _ make: () throws -> UnitMethod
  ) throws -> UnitMethod {
    if let known = methods[[network, method]] { return known }
    let made = try make()
    methods[[network, method]] = made
    return made
  }

  /// What an image is compared with on a network, by content.
  func baseline(
    _ kind: BaselineKind, _ need: BaselineNeed, of image: Int, on network: Int,
    _ make: () throws -> Baselines?
  ) throws -> String {
    let place = "\(network) \(image) \(need) \(kind)"
    if let known = baselines[place] { return known }
    let made = try make().map { "-" + String($0.values.fingerprint, radix: 16) } ?? ""
    baselines[place] = made
    return made
  }
}
