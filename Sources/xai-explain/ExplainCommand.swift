import ArgumentParser
import XAICommandLine

/// Explains what a network looks at.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "xai-explain",
    abstract: "Show which pixels a network's answer rests on.",
    version: ProgramVersion.line(of: "xai-explain"),
    groupedSubcommands: [
      CommandGroup(
        name: "Pixels", subcommands: [MethodsCommand.self, AttributeCommand.self]),
      CommandGroup(
        name: "Tests of explanations",
        subcommands: [
          RandomizeCommand.self, ClassSensitivityCommand.self, CompareCommand.self,
          EvaluateCommand.self,
        ]),
      CommandGroup(
        name: "What the network has learned",
        subcommands: [
          ConceptsCommand.self, ProbeCommand.self, DissectCommand.self, SimilarityCommand.self,
          VisualizeCommand.self, SurrogateCommand.self,
        ]),
      CommandGroup(
        name: "Explanations by example",
        subcommands: [
          AnchorsCommand.self, CounterfactualCommand.self, InfluenceCommand.self,
          SuspectsCommand.self, PrototypesCommand.self, RepresentativesCommand.self,
          SegmentCommand.self,
        ]),
      CommandGroup(
        name: "Files and numbers",
        subcommands: [
          ImportCommand.self, ExportCommand.self, MergeCommand.self, RepresentCommand.self,
          ExamplesCommand.self,
        ]),
    ])
}
