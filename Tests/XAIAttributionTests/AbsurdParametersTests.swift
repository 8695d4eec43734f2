import Testing
import XAIAttribution
import XAINetworks
import XAITensor

/// Numbers that nobody can mean end in a sentence, before anything is computed or taken.
@Suite struct AbsurdParametersTests {
  private func failure(
    of identifier: String, _ name: String, _ value: JSONValue
  ) throws -> AttributionFailure? {
    let lively = try LivelyNetwork(
      Architecture(input: [3, 8, 8], stacks: [[4]], hidden: [5], classes: 3), images: 1)
    let entry = try #require(MethodCatalog.entry(identifier))
    let method = try MethodParameters.applying([name: value], to: entry.method, named: identifier)
    var request = lively.request
    switch method.baselineNeed {
    case .none: break
    case .one: request.baselines = .one(Tensor(shape: request.images.shape))
    case .several: request.baselines = .shared(Tensor(shape: request.images.shape))
    }
    return #expect(throws: AttributionFailure.self, "\(identifier) with \(name) = \(value)") {
      try method.prepared(for: request, on: lively.network)
    }
  }

  @Test(arguments: [Int64.max, 1_000_000_000_000])
  func `counts beyond all reason are refused`(count: Int64) throws {
    let counts = [
      ("integrated-gradients", "steps"), ("integrated-gradients-smooth-grad", "samples"),
      ("gradient-shap", "samples"), ("expected-gradients", "draws"), ("lime", "samples"),
      ("kernel-shap", "samples"), ("rise", "masks"), ("rise", "cells"), ("dasp", "window"),
      ("dasp", "steps"),
    ]
    for (identifier, name) in counts {
      let failure = try failure(of: identifier, name, .integer(count))
      #expect(failure?.kind == .usage, "\(identifier)")
      #expect(failure?.description.contains("\(count)") == true, "\(identifier)")
    }
    for identifier in ["lime", "kernel-shap"] {
      let segments = JSONValue.object(["segments": .integer(count)])
      #expect(try failure(of: identifier, "segmentation", segments)?.kind == .usage)
    }
  }

  @Test func `numbers whose float is zero or infinite are refused`() throws {
    let numbers: [(String, String, Double)] = [
      ("lrp-epsilon", "epsilon", 1e-300), ("lrp-epsilon", "epsilon", 1e308),
      ("lrp-alpha-beta", "alpha", 1e308),
    ]
    for (identifier, name, number) in numbers {
      #expect(try failure(of: identifier, name, .number(number))?.kind == .usage)
    }
    let compact = JSONValue.object(["compactness": .number(1e308)])
    #expect(try failure(of: "lime", "segmentation", compact)?.kind == .usage)
  }
}
