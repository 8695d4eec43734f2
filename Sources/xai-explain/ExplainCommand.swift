import ArgumentParser
import XAITensor

/// Explains what a network looks at.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "xai-explain",
    abstract: "Show which pixels a network's answer rests on.",
    version: Toolkit.version,
    subcommands: [
      MethodsCommand.self, AttributeCommand.self, RandomizeCommand.self,
      ClassSensitivityCommand.self, CompareCommand.self, EvaluateCommand.self,
      ConceptsCommand.self, ProbeCommand.self, DissectCommand.self, SimilarityCommand.self,
      VisualizeCommand.self, SurrogateCommand.self, RepresentCommand.self, ExamplesCommand.self,
      SegmentCommand.self, PrototypesCommand.self, InfluenceCommand.self, SuspectsCommand.self,
      AnchorsCommand.self,
      CounterfactualCommand.self, RepresentativesCommand.self,
      ImportCommand.self,
      ExportCommand.self,
    ])
}
