import Testing
import XAIFiles
import XAITensor
import XAITestSupport

@Suite struct TestSupportTests {
  @Test("A program's status, output and variables are seen")
  func programs() throws {
    let result = try runProgram(
      "/bin/sh", ["-c", "echo \"$GREETING\"; echo oops >&2; exit 7"],
      environment: ["GREETING": "hello"])
    #expect(result.status == 7)
    #expect(result.standardOutput == "hello\n")
    #expect(result.standardError == "oops\n")
  }

  @Test("A program that hangs is killed, and one that is missing is named")
  func stubbornPrograms() throws {
    #expect(try RunningProgram("/bin/sleep", ["60"]).wait(atMost: 0.05).status == 137)
    let sleeper = try RunningProgram("/bin/sleep", ["60"])
    sleeper.send(15)
    #expect(sleeper.wait().status == 143)
    let failure = try #require(throws: FileFailure.self) { try runProgram("no-such-program") }
    #expect(failure.description.contains("no-such-program"))
  }

  @Test("The worst element is named")
  func comparison() {
    let deviation = largestDeviation([1.0, 2.5, -4.0], [1.0, 2.0, -4.0])
    #expect(deviation.absolute == 0.5 && deviation.relative == 0.125 && deviation.index == 1)
    #expect(largestDeviation([Double.nan], [.nan]).absolute == 0)
    #expect(largestDeviation([Double.nan, 1], [0, 1]).absolute == .infinity)
    expectClose([1.0, 2.5], [1.0, 2.0], relative: 0.25)
    withKnownIssue {
      expectClose([1.0, 2.5], [1.0, 2.0], relative: 0.2, "law")
    } matching: {
      $0.comments.contains { $0.rawValue.contains("law deviates by 0.25") }
    }
    withKnownIssue {
      expectClose(Tensor(shape: [2]), Tensor(shape: [1, 2]), relative: 1)
    }
  }

  @Test("A temporary folder vanishes with everything in it")
  func temporaryFolder() throws {
    var folder: TemporaryFolder? = try TemporaryFolder()
    let path = try #require(folder?.path)
    try Folder.create(path + "/a/b")
    try AtomicFile.write("x", to: path + "/a/b/c")
    folder = nil
    #expect(!Folder.exists(path))
  }
}
