import ArgumentParser
import XAIDatasets
import XAITensor

#if canImport(Glibc)
  import Glibc
#endif

/// Results that were printed and did not arrive.
private struct OutputFailure: Failure {
  let kind = FailureKind.inputOutput
  let description: String

  init(_ code: Int32) {
    description =
      "writing results to standard output failed: \(String(cString: strerror(code))); print them "
      + "to another place"
  }
}

extension Console {
  private func advice(on failure: any Failure) -> String? {
    switch (failure as? DatasetFailure)?.code {
    case .unreadable? where offersSkipping: ", or leave such files out with --skip-corrupt"
    default: nil
    }
  }

  /// Runs a program's work and turns what stops it into one line on standard error and an exit
  /// status: that of the failure's kind, 130 after an interruption, 70 for anything unforeseen.
  ///
  /// Results that could not be printed are a failure, too. Errors of ArgumentParser pass through, so
  /// that it shows the usage and exits with 64.
  /// - Parameter body: The work; it receives this console.
  /// - Throws: `ExitCode`, or an error of ArgumentParser.
  public func reportingFailures(_ body: (Console) throws -> Void) throws {
    Surroundings.prepare()
    do {
      defer { finishProgress() }
      try body(self)
      guard outputError == 0 else { throw OutputFailure(outputError) }
    } catch let failure as any Failure {
      warn(failure.commandSentence + (advice(on: failure) ?? ""))
      throw ExitCode(failure.kind.exitStatus)
    } catch let interrupted as Interrupted {
      warn(interrupted.description)
      throw ExitCode(130)
    } catch let error where error is ExitCode || error is CleanExit || error is ValidationError {
      throw error
    } catch {
      warn("unforeseen error: \(error)")
      throw ExitCode(FailureKind.software.exitStatus)
    }
  }
}
