import XAIAttribution
import XAIConsole
import XAIClassifiers
import XAIExperiments
import XAINetworks
import XAITensor

/// Makes the methods of a test ready for a network.
struct MethodPreparation {
  private let network: Network
  private let requests: RequestMaker
  private let console: Console

  init(_ network: Network, _ requests: RequestMaker, _ console: Console) {
    (self.network, self.requests, self.console) = (network, requests, console)
  }

  /// Chosen methods with their baselines.
  static func methods(
    _ selection: MethodSelection, _ images: TestImageOptions
  ) throws -> [RandomizationTest.Method] {
    let chosen = try images.baseline.isEmpty ? nil : BaselineKind(images.baseline)
    return selection.choices.map { choice in
      RandomizationTest.Method(
        identifier: choice.identifier, choice: choice,
        baseline: RequestMaker.baseline(of: choice.method, choice.identifier, chosen: chosen))
    }
  }

  /// A method with the parameters that it really uses; nothing where it may be left out, and cannot
  /// explain the network or takes long.
  func prepared(
    _ method: RandomizationTest.Method, for image: ExplainedImage, target: Int, mayBeLeftOut: Bool
  ) throws -> RandomizationTest.Method? {
    var method = method
    let obstacle =
      method.choice.method.obstacle(on: network) ?? method.baseline.flatMap(requests.obstacle)
    if let obstacle {
      guard mayBeLeftOut else {
        throw AttributionFailure(.usage, "\(method.identifier) cannot be applied: \(obstacle)")
      }
      console.warn("\(method.identifier) is left out: \(obstacle)")
      return nil
    }
    let request: AttributionRequest
    do {
      request = try requests.request(
        [image], targets: [target], for: method.choice.method, baseline: method.baseline)
      method.choice.method = try method.choice.method.prepared(for: request, on: network)
    } catch let failure as AttributionFailure {
      guard !mayBeLeftOut else {
        console.warn("\(method.identifier) is left out: \(failure.description)")
        return nil
      }
      throw AttributionFailure(failure.kind, "\(method.identifier): \(failure.description)")
    }
    let walks = method.choice.method.cost(of: request, on: network).walks
    if !method.choice.isNamed && walks > MethodOptions.standardLimit {
      console.note(
        "\(method.identifier) is left out because it takes long; name it with --method")
      return nil
    }
    return method
  }
}

extension [RandomizationTest.Method] {
  /// These methods, and the controls that are not among them.
  func withControls() throws -> [RandomizationTest.Method] {
    let known = Set(map(\.identifier))
    return try self
      + MethodSelection("control").choices.filter { !known.contains($0.identifier) }
      .map { .init(identifier: $0.identifier, choice: $0, baseline: nil) }
  }
}
