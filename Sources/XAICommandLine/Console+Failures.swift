import ArgumentParser
import Synchronization
public import XAIDatasets
import XAIExperiments
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
  /// Lets failures name an option that may help.
  /// - Parameters:
  ///   - option: The option.
  ///   - remedy: What it does.
  public func offer(_ option: String, as remedy: DatasetFailure.Remedy) {
    offers.withLock { $0[remedy] = option }
  }

  private func advice(on failure: any Failure) -> String? {
    guard let remedy = (failure as? DatasetFailure)?.remedy,
      let option = offers.withLock({ $0[remedy] })
    else { return nil }
    switch remedy {
    case .leaveOutUnreadable: return ", or leave such files out with \(option)"
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
      let sentence = (failure as? ExperimentFailure)?.commandSentence ?? failure.description
      warn(sentence + (advice(on: failure) ?? ""))
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
