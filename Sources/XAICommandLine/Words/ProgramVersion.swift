internal import CProgram
import XAIKernels
import XAITensor

/// What the option `--version` of a program says.
public enum ProgramVersion {
  /// One line with everything that numbers may depend on, for reports of faults.
  /// - Parameter program: Its name.
  /// - Returns: Such as `xai-train 0.2.0, commit 1a8c19417b0e, oneDNN 2.6.3, AVX2`. The version of oneDNN is
  ///   that of the library found, the instruction set the best of this processor.
  public static func line(of program: String) -> String {
    line(of: program, commit: String(cString: xai_commit()))
  }

  /// The same for any commit.
  package static func line(of program: String, commit: String) -> String {
    "\(program) \(Toolkit.version), commit \(commit.isEmpty ? "unknown" : commit), "
      + "oneDNN \(CPUBackend.libraryVersion), \(CPUBackend.instructionSet)"
  }
}
