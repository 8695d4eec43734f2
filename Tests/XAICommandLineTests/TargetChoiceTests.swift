import Testing
import XAICommandLine
import XAIExperiments
import XAINetworks

@Suite struct TargetChoiceTests {
  private static let classes: [Checkpoint.ClassName] = [
    .init(id: "n01", name: "German shepherd, alsatian"), .init(id: "n02", name: "banana"),
    .init(id: "n03", name: "crane"), .init(id: "n04", name: "crane, bird"),
    .init(id: "n05", name: "7"),
  ]

  private func list(_ text: String) throws -> [TargetChoice] {
    try TargetChoice.list(text, classes: Self.classes, count: 5)
  }

  @Test(arguments: [
    ("predicted", [TargetChoice.predicted]), ("true,predicted", [.label, .predicted]),
    ("4,0", [.index(4), .index(0)]), ("n03", [.index(2)]), ("Banana", [.index(1)]),
    ("ALSATIAN, banana", [.index(0), .index(1)]), ("German shepherd, alsatian", [.index(0)]),
    ("banana,n02,1", [.index(1)]), ("crane, bird", [.index(3)]),
  ])
  func `a word may be an index, an identifier or a synonym`(
    text: String, choices: [TargetChoice]
  ) throws {
    #expect(try list(text) == choices)
  }

  @Test(arguments: [
    ("crane", ["names 2 classes", "n03", "n04"]), ("bananna", ["did you mean 'banana'"]),
    ("shepherd", ["did you mean 'German shepherd'"]), ("5", ["0 to 4"]), ("-1", ["0 to 4"]),
    ("", ["is no class"]), ("banana,", ["is no class"]),
  ])
  func `what names no class, or several, is refused with a hint`(
    text: String, fragments: [String]
  ) throws {
    let failure = #expect(throws: CommandFailure.self) { try list(text) }
    for fragment in fragments { #expect(failure?.description.contains(fragment) == true) }
  }
}
