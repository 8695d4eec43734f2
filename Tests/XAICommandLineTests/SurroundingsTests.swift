import Testing
import XAICommandLine
import XAIKernels
import XAITensor

@Suite struct SurroundingsTests {
  @Test func `a program's own fonts lie two folders up`() {
    #expect(
      Surroundings.fontConfiguration(besideProgramAt: "/opt/my xai/bin/xai-eval")
        == "/opt/my xai/share/swift-xai/fonts/fonts.conf")
    #expect(
      Surroundings.fontConfiguration(besideProgramAt: "/bin/xai-eval")
        == "/share/swift-xai/fonts/fonts.conf")
  }

  @Test func `the version says commit, library and instruction set`() {
    let rest = ", oneDNN \(CPUBackend.libraryVersion), \(CPUBackend.instructionSet)"
    #expect(
      ProgramVersion.line(of: "xai-eval", commit: "")
        == "xai-eval \(Toolkit.version), commit unknown" + rest)
    #expect(
      ProgramVersion.line(of: "xai-eval", commit: "1a8c19417b0e")
        == "xai-eval \(Toolkit.version), commit 1a8c19417b0e" + rest)
  }
}
