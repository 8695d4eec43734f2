import FoundationEssentials
import Testing
import XAIAttribution
import XAIKernels
import XAINetworks
import XAITensor

@Suite struct MethodSelectionTests {
  /// A method with an optional parameter, which encoders leave out where it is nil.
  struct Optional: AttributionMethod, Equatable {
    struct Options: Codable, Equatable {
      var depth = 2
      var name: String?
    }

    var steps = 8
    var limit: Double?
    var options = Options()

    func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
      AttributionCost(walks: 0)
    }

    func attribute(
      _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
    ) throws -> Attribution { Attribution(maps: request.images) }
  }

  private func changed(_ changes: [String: JSONValue]) throws -> Optional {
    try #require(
      MethodParameters.applying(changes, to: Optional(), named: "optional") as? Optional)
  }

  @Test func `parameters that are not set are listed and can be set`() throws {
    #expect(try MethodParameters(of: Optional()).values["limit"] == .null)
    #expect(
      try MethodParameters(of: Optional()).values["options"]
        == .object(["depth": .integer(2), "name": .null]))
    #expect(try MethodParameters(of: Optional()).names == ["limit", "options", "steps"])
    #expect(try changed(["limit": .number(0.5)]) == Optional(limit: 0.5))
    #expect(
      try changed(["limit": .integer(3), "steps": .integer(2)]) == Optional(steps: 2, limit: 3))
    #expect(try changed([:]) == Optional())
  }

  @Test func `a set parameter can be unset`() throws {
    let set = Optional(limit: 0.5)
    let unset = try MethodParameters.applying(["limit": .null], to: set, named: "optional")
    #expect(unset as? Optional == Optional())
  }

  @Test func `members of an object change one by one`() throws {
    let depth = try changed(["options": .object(["depth": .integer(5)])])
    #expect(depth == Optional(options: .init(depth: 5)))
    let name = try changed(["options": .object(["name": .string("x")])])
    #expect(name.options == .init(depth: 2, name: "x"))
  }

  @Test(arguments: [
    ["step": JSONValue.integer(3)], ["steps": .string("many")], ["steps": .null],
    ["steps": .number(2.5)], ["options": .object(["width": .integer(3)])],
  ])
  func `what is no parameter, or no value of one, is refused`(changes: [String: JSONValue]) {
    let failure = #expect(throws: AttributionFailure.self) { try changed(changes) }
    #expect(failure?.kind == .usage)
    #expect(failure?.description.hasPrefix("optional") == true)
    #expect(failure?.description.contains("limit, options, steps") == true)
  }

  @Test func `every method of the catalog survives its own parameters`() throws {
    for entry in MethodCatalog.entries {
      let own = try MethodParameters(of: entry.method)
      let again = try MethodParameters.applying(
        own.values, to: entry.method, named: entry.identifier)
      #expect(try MethodParameters(of: again) == own, "\(entry.identifier)")
    }
  }

  @Test func `identifiers are unique and groups hold what they say`() throws {
    let identifiers = MethodCatalog.entries.map(\.identifier)
    #expect(Set(identifiers).count == identifiers.count)
    #expect(try MethodSelection(["all"]).choices.map(\.identifier) == identifiers)
    for group in MethodGroup.allCases {
      let choices = try MethodSelection([group.rawValue]).choices
      #expect(choices.allSatisfy { $0.group == group && !$0.isNamed })
      #expect(choices.count == MethodCatalog.entries.count { $0.group == group })
    }
    let group = try MethodSelection(["group1"])
    #expect(group.choices.allSatisfy { $0.group == .gradient && !$0.isNamed })
    let both = try MethodSelection(["group1", "saliency", "saliency"])
    #expect(both.choices.count == group.choices.count)
    #expect(both.choices.filter(\.isNamed).map(\.identifier) == ["saliency"])
  }

  @Test func `a failure has the word, and what is close to it`() throws {
    let unknown = #expect(throws: AttributionFailure.self) { try MethodSelection(["salience"]) }
    #expect(unknown?.code == .unknownMethod("salience", suggestions: ["saliency"]))
    let none = #expect(throws: AttributionFailure.self) { try MethodSelection([]) }
    #expect(none?.code == .noMethod && none?.kind == .usage)
    var selection = try MethodSelection(["saliency"])
    let parameter = #expect(throws: AttributionFailure.self) {
      try selection.apply(["steps": .integer(3)])
    }
    #expect(parameter?.code == .parameterOfNone("parameter 'steps'"))
    #expect(parameter?.description.contains("xai-explain") == false)
  }

  /// What came to groups after their sets.
  private static let later = [
    "gradients": ["score-cam", "ablation-cam", "smooth-grad-cam-plus-plus"],
    "paths": ["guided-integrated-gradients", "blur-integrated-gradients", "xrai"],
  ]

  @Test func `the thesis's sets are what they were, whatever came to their groups`() throws {
    func identifiers(_ words: String) throws -> [String] {
      try MethodSelection([words]).choices.map(\.identifier)
    }
    for (set, group) in [("group1", "gradients"), ("group2", "references"), ("group3", "paths")] {
      let later = Self.later[group] ?? []
      #expect(try identifiers(set) == identifiers(group).filter { !later.contains($0) })
      #expect(try identifiers(group).suffix(later.count) == later[...])
    }
    let relevance = try #require(MethodCatalogTests.contract[.relevance])
    #expect(try identifiers("group4") == relevance)
    let later = try #require(MethodCatalogTests.others[.relevance])
    #expect(try identifiers("relevance") == relevance + later)
  }

  @Test(arguments: MethodGroup.allCases)
  func `a group is read by its name and by that of the thesis`(_ group: MethodGroup) throws {
    let json = try JSONEncoder().encode([group])
    #expect(String(decoding: json, as: UTF8.self) == "[\"\(group.rawValue)\"]")
    #expect(try JSONDecoder().decode([MethodGroup].self, from: json) == [group])
    if let set = group.thesisSet {
      #expect(
        try JSONDecoder().decode([MethodGroup].self, from: Data("[\"\(set)\"]".utf8)) == [group])
    }
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([MethodGroup].self, from: Data("[\"group5\"]".utf8))
    }
  }
}
