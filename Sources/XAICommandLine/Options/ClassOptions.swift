package import ArgumentParser
package import XAIExperiments
import XAINetworks

/// Which classes are compared.
package struct ClassOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: """
      Two classes or more, separated by commas: an index, an identifier or a name, true, predicted.
      """)
  package var classes: String?
  @Option(
    parsing: .unconditional,
    help: "Without --classes: random other classes for each image; default is 1.",
    transform: Parse.nonNegativeInteger)
  package var randomClasses: Int?

  package init() {}

  package func validate() throws {
    if classes != nil && randomClasses != nil {
      throw ValidationError("expected --classes or --random-classes, not both")
    }
  }

  /// What is compared.
  /// - Parameter session: The network.
  /// - Returns: The contrasts.
  /// - Throws: `CommandFailure` where a word names no class, or several, or there is one alone.
  package func contrasts(of session: Session) throws(CommandFailure) -> ClassContrasts {
    guard let classes else { return .ranked(random: randomClasses ?? 1) }
    let choices = try TargetChoice.list(
      classes, classes: session.network.checkpoint.classes, count: session.classCount,
      option: "--classes")
    guard choices.count > 1 else {
      throw CommandFailure(
        .form,
        "--classes \(classes): a comparison needs at least two different classes; give them separated by "
          + "commas, such as banana,orange")
    }
    return .chosen(choices)
  }
}
