import Testing
import XAICommandLine
import XAITensor

@Suite struct ExitStatusTests {
  @Test func `the statuses of failures are those of sysexits`() {
    let statuses = FailureKind.allCases.map(\.exitStatus)
    let kinds: [FailureKind] = [
      .usage, .badData, .missingInput, .software, .cannotCreate, .inputOutput,
    ]
    #expect(FailureKind.allCases == kinds)
    #expect(statuses == [64, 65, 66, 70, 73, 74])
  }
}
